"""The ledger through the admin API: one row per request, its own writes visible, in pages; and the state of the books."""

import asyncio
from fractions import Fraction
from typing import Any

import pytest

from tests.gateway import Gateway, bearer, chat
from tests.served import Served
from tests.upstream import ScriptedUpstream, after, hang, openai_chat, status
from tollhouse.billing.ledger import Entry


def test_a_request_is_there_as_soon_as_it_was_answered(served: Served, key: str) -> None:
    response = served.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    [row] = served.admin.get("/ledger", params={"request": response.headers["x-request-id"]}).json()["rows"]
    assert (row["state"], row["operation"], row["provider"]) == ("posted", "create_chat_completion", "scripted")
    assert (row["input_tokens"], row["output_tokens"], row["cost_usd"]) == (11, 7, "0.000025")
    assert row["stream"] is False and row["attempts"] == [] and row["settled_at"] >= row["created_at"]


def test_pages_go_back_in_time_without_gaps(served: Served, key: str) -> None:
    for _ in range(5):
        served.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    account = served.admin.get("/ledger", params={"limit": 1}).json()["rows"][0]["account"]
    every = served.admin.get("/ledger", params={"account": account}).json()["rows"]
    paged, before = [], None
    while True:
        query = {"account": account, "limit": 2, **({"before": before} if before else {})}
        page = served.admin.get("/ledger", params=query).json()
        paged += page["rows"]
        before = page["next_before"]
        if before is None:
            break
    assert [row["request_id"] for row in paged] == [row["request_id"] for row in every]
    assert [row["created_at"] for row in paged] == sorted((row["created_at"] for row in paged), reverse=True)


@pytest.mark.parametrize("before", ["x", "-1", "1.5", "٣", "9" * 19, ""])
def test_a_cursor_that_is_none_is_refused(served: Served, before: str) -> None:
    assert served.admin.get("/ledger", params={"before": before}).status_code == 400


def test_an_unknown_account_is_404_and_an_unknown_request_is_no_rows(served: Served) -> None:
    assert served.admin.get("/ledger", params={"account": "nobody"}).status_code == 404
    assert served.admin.get("/ledger", params={"request": "req_nope"}).json() == {"rows": [], "next_before": None}


def test_a_row_says_why_its_hold_was_given_back(served: Served, key: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(served.upstream, "script", status(500))
        response = served.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    [row] = served.admin.get("/ledger", params={"request": response.headers["x-request-id"]}).json()["rows"]
    assert row["state"] == "voided" and row["reason"]


def let_go(upstream: ScriptedUpstream) -> None:
    """End the calls that hang: what was dispatched goes on without its client, and a stop waits for it."""
    upstream.script = status(500)
    for connection in list(upstream.connections):
        connection.close()


# The proof


async def proof(gateway: Gateway) -> dict[str, Any]:
    response = await gateway.admin.get("/ledger/proof")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    sums = {name: Fraction(value) for name, value in found["sums"].items()}
    assert sums["balance_usd"] == sums["credited_usd"] + sums["adjusted_usd"] - sums["charged_usd"]
    counts = found["counts"]
    assert found["open_holds"] == counts["hold"] - counts["post"] - counts["void"] - counts["expire"]
    assert (found["entries"], found["sum_of_entries_usd"]) == (sum(counts.values()), "0")
    return found


async def test_the_proof_of_new_books_has_every_kind_and_no_money(gateway: Gateway) -> None:
    found = await proof(gateway)
    assert (found["head"], set(found["counts"].values()), set(found["sums"].values())) == ("00" * 32, {0}, {"0"})
    assert list(found["counts"]) == ["hold", "post", "void", "expire", "refund", "credit", "adjust"]


async def test_the_proof_is_what_the_audit_computes(gateway: Gateway, upstream: ScriptedUpstream) -> None:
    account = (await gateway.account(balance_usd="10"))["id"]
    key = await gateway.key(account)
    body = {"amount_usd": "-1.5", "reference": "r", "reason": "a mistake"}
    assert (await gateway.admin.post(f"/accounts/{account}/adjustments", json=body)).status_code == 200
    for _ in range(3):
        assert (await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))).status_code == 200
    upstream.script = hang
    running = asyncio.ensure_future(gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key)))
    while not gateway.app.services.relay.means.ledger.open_holds:
        await asyncio.sleep(0.01)
    found, report = await proof(gateway), await gateway.audit()
    assert (found["head"], found["entries"]) == (report.head, report.entries)
    counts = found["counts"]
    assert (counts["hold"], counts["post"], counts["void"]) == (report.requests, report.posted, report.voided)
    assert (counts["expire"], counts["refund"], found["open_holds"]) == (report.expired, report.refunded, report.held)
    assert (counts["credit"], counts["adjust"], report.held) == (1, 1, 1)
    sums = {name: Fraction(value) * 10**9 for name, value in found["sums"].items()}
    assert sums["charged_usd"] == report.charged_nano - report.refunded_nano == 3 * 25_000
    assert (sums["credited_usd"], sums["adjusted_usd"]) == (report.credited_nano, report.adjusted_nano)
    assert sums["held_usd"] > 0
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    let_go(upstream)


async def test_money_that_no_entry_explains_shows_in_the_sum(gateway: Gateway) -> None:
    await gateway.account(balance_usd="10")
    gateway.app._store._change("UPDATE balances SET balance_nano = balance_nano + ?", (5,))
    found = (await gateway.admin.get("/ledger/proof")).json()
    assert found["sum_of_entries_usd"] == "0.000000005"


async def test_proof_and_reconciliation_are_exact_while_calls_run(gateway: Gateway, upstream: ScriptedUpstream) -> None:
    upstream.script = after(0.01, openai_chat())
    key = await gateway.key(requests_per_minute=0)
    stop = False

    async def call() -> None:
        while not stop:
            answer = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
            assert answer.status_code == 200

    calling = [asyncio.ensure_future(call()) for _ in range(8)]
    held, posted = 0, 0
    async with asyncio.timeout(60):
        while posted < 100:
            found = await proof(gateway)
            held, posted = held + found["open_holds"], found["counts"]["post"]
            found = (await gateway.admin.get("/ledger/reconciliation")).json()
            assert (found["drift"], found["findings"]) == (0, [])
    stop = True
    await asyncio.gather(*calling)
    assert held, "calls ran"


# The reconciliation


async def test_books_that_agree_say_so(gateway: Gateway) -> None:
    await gateway.account()
    found = (await gateway.admin.get("/ledger/reconciliation")).json()
    assert (found["accounts"], found["open_holds"], found["drift"], found["findings"]) == (2, 0, 0, [])
    assert (found["totals"], found["rows"], found["next_before"]) == (
        {"crashed": 0, "expired": 0, "refunded": 0}, [], None,
    )  # fmt: skip


async def test_memory_that_has_drifted_is_named(gateway: Gateway) -> None:
    account = (await gateway.account())["id"]
    ledger = gateway.app.services.relay.means.ledger
    ledger.accounts[account].balance_nano += 1
    ledger.restore("req_ghost", account, None, 5, 0)
    found = (await gateway.admin.get("/ledger/reconciliation")).json()
    assert found["drift"] == 3 and [line.split(" is ")[0] for line in found["findings"]] == [
        f"account {account}: its balance", f"account {account}: its held sum", "hold of req_ghost: it",
    ]  # fmt: skip


async def test_what_nobody_paid_for_is_listed_in_pages_with_totals(
    gateway: Gateway, upstream: ScriptedUpstream
) -> None:
    account = (await gateway.account())["id"]
    key = await gateway.key(account)
    await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    [charged] = await gateway.rows(account=account)
    means = gateway.app.services.relay.means
    [_, entry] = gateway.app._store.entries_of(charged["request_id"])
    posted = Entry(**{name: entry[name] for name in Entry._fields})
    means.journal.append(means.ledger.refund(posted, posted.at_us, "the store failed before the answer was delivered"))
    upstream.script = hang
    running = asyncio.ensure_future(gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key)))
    while not means.ledger.open_holds:
        await asyncio.sleep(0.01)
    expired = means.ledger.expire(next(iter(means.ledger.open_holds)), "no end after a day")
    assert expired is not None
    means.journal.append(expired)

    first = (await gateway.admin.get("/ledger/reconciliation", params={"limit": 1})).json()
    second = (await gateway.admin.get("/ledger/reconciliation", params={"before": first["next_before"]})).json()
    assert first["totals"] == second["totals"] == {"crashed": 0, "expired": 1, "refunded": 1}
    [late], [returned] = first["rows"], second["rows"]
    assert (late["kind"], late["reason"], late["provider"]) == ("expired", "no end after a day", None)
    assert (returned["kind"], returned["request_id"], returned["provider"]) == (
        "refunded", charged["request_id"], "scripted",
    )  # fmt: skip
    assert returned["account"] == account and Fraction(returned["held_usd"]) > 0
    assert (first["drift"], second["next_before"]) == (0, None)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    let_go(upstream)


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 1001}, {"before": "x"}])
def test_a_page_that_is_none_is_refused(served: Served, query: dict[str, object]) -> None:
    assert served.admin.get("/ledger/reconciliation", params=query).status_code == 400


@pytest.mark.parametrize("path", ["/ledger", "/ledger/proof", "/ledger/reconciliation"])
async def test_a_store_that_cannot_be_read_is_503(gateway: Gateway, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    assert (await gateway.admin.get(path)).status_code == 200
    monkeypatch.setattr(gateway.app._store, "path", gateway.data_dir / "gone" / "away")
    response = await gateway.admin.get(path)
    assert response.status_code == 503 and response.headers["retry-after"]
