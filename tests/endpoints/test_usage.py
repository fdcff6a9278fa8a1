"""Usage through both APIs: the sums of the ledger's rows, of the caller's own account and nobody else's."""

import csv
import datetime as dt
import io
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway import Gateway, bearer, chat, message, nano
from tests.served import Served
from tests.upstream import ScriptedUpstream
from tollhouse.billing.ledger import Entry
from tollhouse.endpoints import usage
from tollhouse.endpoints.usage import GROUPS
from tollhouse.storage.base import USAGE_SHOWN, StoreError
from tollhouse.times import now_us


class Account:
    """An account with two keys that has made some calls."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.first, self.first_id = served.key(), served.key_id
        listed = served.admin.get("/accounts").json()["accounts"]
        self.id, self.name = listed[-1]["id"], listed[-1]["name"]
        created = served.admin.post(f"/accounts/{self.id}/keys", json={"name": "second"}).json()
        self.second, self.second_id = created["key"], created["id"]
        for key, path, body in [
            (self.first, "chat/completions", chat()),
            (self.first, "chat/completions", chat(stream=True)),
            (self.first, "chat/completions", chat(model="org/m:free")),
            (self.second, "chat/completions", chat()),
            (self.second, "messages", message()),
            (self.second, "embeddings", {"model": "embed-test", "input": "Hello"}),
        ]:
            answer = served.client.post(f"/v1/{path}", json=body, headers=bearer(key))
            assert answer.status_code == 200, answer.text
        self.session = served.session(self.id)
        refused = served.client.post("/v1/chat/completions", json=chat(model="nobodys"), headers=bearer(self.first))
        assert refused.status_code == 400

    def usage(self, caller: str | None = None, **query: Any) -> Any:
        answer = self.ask(caller, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ask(self, caller: str | None = None, **query: Any) -> httpx.Response:
        query = {"from" if name == "start" else name: value for name, value in query.items()}
        return self.served.client.get("/api/usage", params=query, headers=bearer(caller or self.session))

    def rows(self) -> list[dict[str, Any]]:
        return list(self.served.admin.get("/ledger", params={"account": self.id}).json()["rows"])


@pytest.fixture(scope="module")
def account(served: Served) -> Account:
    return Account(served)


def facts_of(row: dict[str, Any], by: list[str]) -> tuple[Any, ...]:
    began = row["created_at"]
    facts = {
        "day": began[:10], "hour": f"{began[:13]}:00:00Z", "model": row["requested_model"], "key": row["key_id"],
        "provider": row["provider"], "account": row["account"],
    }  # fmt: skip
    return tuple(facts[name] for name in by)


def added_up(rows: list[dict[str, Any]], by: list[str]) -> dict[tuple[Any, ...], Counter[str]]:
    """What a report must say, from rows of the ledger."""
    groups: dict[tuple[Any, ...], Counter[str]] = {}
    for row in rows:
        if row["state"] == "posted":
            sums = groups.setdefault(facts_of(row, by), Counter())
            sums["requests"] += 1
            sums["cost_nano"] += nano(row["cost_usd"])
            for name in USAGE_SHOWN:
                if name.endswith("_tokens"):
                    sums[name] += row[name]
    return groups


def said(report: dict[str, Any]) -> dict[tuple[Any, ...], Counter[str]]:
    """The rows of a report in the same form."""
    groups = {}
    for row in report["data"]:
        assert list(row) == [*report["by"], *USAGE_SHOWN]
        sums = Counter({name: row[name] for name in USAGE_SHOWN[:-1]})
        sums["cost_nano"] = nano(row["cost_usd"])
        groups[tuple(row[name] for name in report["by"])] = sums
    assert len(groups) == len(report["data"])
    return groups


# The caller's own account


@pytest.mark.parametrize("by", [*GROUPS, "day,model", "hour,key,provider,model,day", "provider, key"])
def test_usage_is_the_sum_of_the_ledgers_rows(account: Account, by: str) -> None:
    report = account.usage(by=by)
    wanted = added_up(account.rows(), report["by"])
    assert said(report) == wanted and wanted
    total = sum(wanted.values(), Counter())
    assert {name: report["total"][name] for name in USAGE_SHOWN[:-1]} == {
        name: total[name] for name in USAGE_SHOWN[:-1]
    }
    assert nano(report["total"]["cost_usd"]) == total["cost_nano"]


def test_a_report_says_what_it_is_about(account: Account) -> None:
    today = dt.datetime.now(dt.UTC).date()
    report = account.usage()
    assert (report["object"], report["account"], report["by"]) == ("usage", account.id, ["day", "model"])
    assert (report["from"], report["to"]) == (str(today - dt.timedelta(days=29)), str(today))
    assert [row["model"] for row in report["data"]] == ["claude-test", "embed-test", "gpt-test", "org/m:free"]
    assert report["total"]["requests"] == 6
    assert account.usage(by="model,model,day")["by"] == ["model", "day"]


def test_a_client_sees_its_own_call(served: Served, account: Account) -> None:
    key = served.key()
    session = served.session(served.account_id)
    for number in range(1, 4):
        served.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
        assert account.usage(session)["total"]["requests"] == number


def test_a_session_sees_every_key_of_the_account_and_asks_for_one(account: Account) -> None:
    whole = account.usage(by="key")
    assert [row["key"] for row in whole["data"]] == sorted([account.first_id, account.second_id])
    one = account.usage(by="key", key=account.first_id)
    assert one["data"] == [row for row in whole["data"] if row["key"] == account.first_id]
    assert one["total"]["requests"] == 3


def test_nobody_elses_usage_is_visible(served: Served, account: Account) -> None:
    stranger = served.session()
    assert account.usage(stranger, by=",".join(GROUPS))["data"] == []
    for key_id in (account.first_id, "nobodys", ""):
        answer = account.ask(stranger, key=key_id)
        assert answer.status_code == 404 and "data" not in answer.json()
        assert answer.json()["detail"] == f"This account has no API key with the id {key_id}."
    assert account.usage(stranger, account=account.id)["data"] == []  # a parameter that this operation does not have
    assert account.ask(stranger, by="account").status_code == 422


def test_usage_needs_a_session_and_takes_no_key(served: Served, account: Account) -> None:
    for headers in ({}, bearer("sk_rc_nonsense"), bearer(account.first), {"x-api-key": account.first}, bearer("a.b.c")):
        refused = served.client.get("/api/usage", headers=headers)
        assert refused.status_code == 401 and set(refused.json()) == {"detail"}
        assert refused.headers["www-authenticate"] == "Bearer"


async def test_a_mount_that_needs_no_keys_shows_nobodys_usage(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    mounts: list[dict[str, Any]] = [
        {"document": "account", "at": "/api", "auth": "optional"}, {"document": "admin", "at": "/admin/api"}
    ]  # fmt: skip
    routes = {"listeners": {"main": {"bind": "127.0.0.1:0", "mounts": mounts}}}
    async with Gateway(tmp_path, upstream.url, routes=routes) as gateway:
        assert (await gateway.client.get("/api/usage")).status_code == 401
        session = await gateway.session((await gateway.account())["id"])
        assert (await gateway.client.get("/api/usage", headers=bearer(session))).status_code == 200


def test_the_admin_token_is_no_session(served: Served, account: Account) -> None:
    assert account.ask(served.admin.headers["authorization"].removeprefix("Bearer ")).status_code == 401


# Spans of time


def test_a_span_is_days_or_hours(account: Account) -> None:
    hour = dt.datetime.fromisoformat(account.rows()[0]["created_at"]).replace(minute=0, second=0, microsecond=0)
    today, yesterday = hour.date(), hour.date() - dt.timedelta(days=1)
    whole = account.usage()["total"]
    assert account.usage(start=today, to=today)["total"] == whole
    assert account.usage(start="2020-01-01", to="9999-12-31", by="model")["total"] == whole
    assert account.usage(start=yesterday, to=yesterday)["data"] == []
    assert account.usage(start=f"{today}T00:00:00Z", to=f"{today + dt.timedelta(days=1)}T00:00:00Z")["total"] == whole
    assert account.usage(start="2026-01-01", to=hour.strftime("%Y-%m-%dT%H:%M:%SZ"), by="hour")["data"] == []
    later = (hour + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert account.usage(start=f"{yesterday}T07:00:00", to=later, by="hour")["total"] == whole
    assert account.usage(start=f"{today}T00:00:00Z", to=later)["from"] == f"{today}T00:00:00Z"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"start": "yesterday"}, ["from:", "'yesterday'", "2026-11-21", "2026-11-21T13:00:00Z"]),
        ({"to": "2026-02-30"}, ["to:", "'2026-02-30'", "2026-11-21"]),
        ({"to": "2026-02-03T12:30:00Z"}, ["to:", "whole hour"]),
        ({"start": ""}, ["from:"]),
        ({"start": "2026-11-22", "to": "2026-11-21"}, ["from:", "to:", "before"]),
        ({"by": "week"}, ["by:", "'week'", "day, hour, model, key, provider"]),
        ({"by": "day,modle"}, ["by:", 'did you mean "model"?']),
        ({"by": ""}, ["by:", "accepted"]),
        ({"by": "account"}, ["by:", "accepted: day"]),
        ({"by": "hour", "start": "2020-01-01", "to": "2022-01-02"}, ["by:", "731 days"]),
        ({"format": "xml"}, ["format", "json", "csv"]),
        ({"by": "x" * 5000}, ["by:"]),
    ],
)  # fmt: skip
def test_what_is_no_span_and_no_group_is_refused_in_words(
    account: Account, query: dict[str, str], words: list[str]
) -> None:
    answer = account.ask(**query)
    assert answer.status_code == 422, answer.text
    detail = answer.json()["detail"]
    assert all(word in detail for word in words) and len(detail) < 300 and "?." not in detail, detail


def test_two_years_of_hours_are_not_too_many(account: Account) -> None:
    assert account.usage(by="hour", start="2020-01-01", to="2021-12-31")["data"] == []
    assert account.usage(by="day,hour", start="2020-01-01T01:00:00Z", to="2022-01-01T01:00:00Z")["data"] == []


async def test_an_answer_of_too_many_rows_is_refused(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    account = (await gateway.account())["id"]
    key, session = await gateway.key(account), await gateway.session(account)
    for model in ("gpt-test", "gpt-test", "embed-test"):
        path = "embeddings" if model == "embed-test" else "chat/completions"
        body = {"model": model, "input": "x"} if model == "embed-test" else chat()
        assert (await gateway.client.post(f"/v1/{path}", json=body, headers=bearer(key))).status_code == 200
    monkeypatch.setattr(usage, "ROWS_MAX", 2)
    assert (await gateway.client.get("/api/usage", headers=bearer(session))).status_code == 200
    monkeypatch.setattr(usage, "ROWS_MAX", 1)
    refused = await gateway.client.get("/api/usage", headers=bearer(session))
    assert refused.status_code == 422 and "more than 1 rows" in refused.json()["detail"]


# CSV


def test_csv_has_the_same_rows(account: Account) -> None:
    answer = account.ask(by="hour,key,model", format="csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    read = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    report = account.usage(by="hour,key,model")
    assert read == [{name: str(value) for name, value in row.items()} for row in report["data"]]
    assert answer.text.splitlines()[0] == ",".join(["hour", "key", "model", *USAGE_SHOWN])


async def test_a_store_that_cannot_be_read_is_a_503_with_retry_after(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Any:
        raise StoreError("disk I/O error")

    session = await gateway.session((await gateway.account())["id"])
    monkeypatch.setattr(gateway.app.services.accounts.store, "usage", fail)
    for answer in (await gateway.client.get("/api/usage", headers=bearer(session)), await gateway.admin.get("/usage")):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1"), answer.text


async def test_csv_holds_no_formula(gateway: Gateway, tmp_path: Path) -> None:
    account_id = (await gateway.account())["id"]
    session = await gateway.session(account_id)
    response = await gateway.client.get("/api/usage", params={"format": "csv"}, headers=bearer(session))
    assert response.text == ",".join(["day", "model", *USAGE_SHOWN]) + "\r\n"
    name = '=cmd|"/c calc"!A1'
    store = gateway.app.services.accounts.store
    hour = now_us() // 3_600_000_000
    for table, window in (("usage_hours", hour), ("usage_days", hour // 24)):
        store._write.execute(  # type: ignore[attr-defined]
            f"INSERT INTO {table} VALUES (?, ?, '', ?, 'p', 1, 1, 0, 0, 0, 1, 5)", (window, account_id, name)
        )
    response = await gateway.client.get("/api/usage", params={"format": "csv", "by": "model"}, headers=bearer(session))
    [row] = csv.DictReader(io.StringIO(response.text, newline=""))
    assert row["model"] == f"'{name}" and row["cost_usd"] == "0.000000005"


# Refunds


async def test_what_was_refunded_is_not_in_it(gateway: Gateway) -> None:
    account = (await gateway.account())["id"]
    key, session = await gateway.key(account), await gateway.session(account)
    ids = []
    for _ in range(2):
        answer = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
        ids.append(answer.headers["x-request-id"])
    means = gateway.app.services.relay.means
    await means.journal.flush()
    with gateway.app.services.accounts.store.books() as books:
        entries = list(books.entries)
    [began] = [row["at_us"] for row in entries if row["kind"] == "hold" and row["request_id"] == ids[0]]
    [row] = [row for row in entries if row["kind"] == "post" and row["request_id"] == ids[0]]
    posted = Entry(**{name: row[name] for name in Entry._fields})
    means.journal.append(means.ledger.refund(posted, began, "its answer could not be sent"))
    report = (await gateway.client.get("/api/usage", headers=bearer(session))).json()
    assert (report["total"]["requests"], report["total"]["cost_usd"]) == (1, "0.000025")
    assert (await gateway.audit()).findings == []


# Every account, for administrators


def test_administrators_see_every_account_or_one(served: Served, account: Account) -> None:
    assert served.client.post("/v1/chat/completions", json=chat()).status_code == 200  # of the anonymous account
    whole = served.admin.get("/usage", params={"by": "account,model"}).json()
    assert whole["account"] is None and len({row["account"] for row in whole["data"]}) > 1
    one = served.admin.get("/usage", params={"by": "account,model", "account": account.name}).json()
    assert one["account"] == account.id
    assert one["data"] == [row for row in whole["data"] if row["account"] == account.id]
    own = account.usage(by="day,hour,key")
    assert served.admin.get("/usage", params={"by": "day,hour,key", "account": account.id}).json() == own
    mine = served.admin.get("/usage", params={"key": account.second_id, "by": "key"}).json()
    assert [row["key"] for row in mine["data"]] == [account.second_id]


def test_calls_without_a_key_are_usage_of_the_anonymous_account(served: Served) -> None:
    assert served.client.post("/v1/chat/completions", json=chat()).status_code == 200
    [row] = served.admin.get("/usage", params={"by": "account,key", "account": "anonymous"}).json()["data"]
    assert (row["account"], row["key"], row["cost_usd"]) == ("anonymous", None, "0") and row["requests"] >= 1


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ({"account": "nobody"}, 404, "nobody"), ({"key": "nobodys"}, 404, "nobodys"), ({"by": "week"}, 400, "account"),
        ({"from": "x"}, 400, "from:"), ({"format": "xml"}, 400, "format"),
    ],
)  # fmt: skip
def test_administrators_are_refused_in_words_too(served: Served, query: dict[str, str], status: int, word: str) -> None:
    answer = served.admin.get("/usage", params=query)
    assert answer.status_code == status and word in answer.json()["detail"]


def test_a_key_of_another_account_is_not_found(served: Served, account: Account) -> None:
    served.key()
    answer = served.admin.get("/usage", params={"account": account.id, "key": served.key_id})
    assert answer.status_code == 404
    assert served.client.get("/admin/api/usage", headers=bearer(account.first)).status_code == 401


def test_the_document_is_published(served: Served, account: Account) -> None:
    document = served.client.get("/api/openapi.json").json()
    assert document["paths"]["/usage"]["get"]["operationId"] == "get_usage"
    assert served.client.post("/api/usage", headers=bearer(account.first)).status_code == 405


def test_the_mount_hides_nothing_that_is_below_it(served: Served, account: Account) -> None:
    assert served.client.get("/api/v1/models/org/m:free", headers=bearer(account.first)).status_code == 200
    for path in ("/api", "/api/", "/api/usage/", "/api/nothing"):
        assert served.client.get(path, headers=bearer(account.first)).status_code == 404
