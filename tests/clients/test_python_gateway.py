"""The Python client against a whole gateway: every surface, sync and async."""

import time
from collections.abc import Iterator

import httpx
import pytest

import tollhouse_client as th
from tests.gateway import ADMIN_TOKEN
from tests.served import Served, eventually
from tests.upstream import by_path, fin, openai_stream, status
from tollhouse_client import AsyncTollhouse, Tollhouse, types

MESSAGES: list[types.ChatMessage] = [{"role": "user", "content": "Hello!"}]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture
def client(served: Served) -> Iterator[Tollhouse]:
    served.upstream.script = by_path
    key = served.key()
    with Tollhouse(
        api_key=key,
        admin_token=ADMIN_TOKEN,
        session_token=served.session(served.account_id),
        base_url=served.urls["main"],
        max_retries=0,
        timeout=10,
    ) as running:
        yield running


@pytest.fixture
def options(served: Served) -> dict[str, str]:
    served.upstream.script = by_path
    return {"api_key": served.key(), "admin_token": ADMIN_TOKEN, "base_url": served.urls["main"]}


def test_a_chat_is_a_dict_that_keeps_every_field(client: Tollhouse, served: Served) -> None:
    answer = client.chat.create_chat_completion(model="gpt-test", messages=MESSAGES, extra_body={"lucky_number": 7})
    assert answer["choices"][0]["message"]["content"] == "Hello there"
    assert type(answer) is dict
    assert served.upstream.requests[-1].json()["lucky_number"] == 7


def test_a_streamed_chat_ends_with_done(client: Tollhouse) -> None:
    with client.chat.create_chat_completion(model="gpt-test", messages=MESSAGES, stream=True) as stream:
        assert stream.request_id is not None and stream.request_id.startswith("req_")
        assert "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in stream) == "Hello there"


def test_a_message_and_its_stream(client: Tollhouse) -> None:
    asked: list[types.InputMessage] = [{"role": "user", "content": "Hello!"}]
    answer = client.messages.create_message(model="claude-test", messages=asked, max_tokens=20)
    assert answer["content"][0]["text"] == "Hello there"
    events = list(client.messages.create_message(model="claude-test", messages=asked, max_tokens=20, stream=True))
    assert (events[0]["type"], events[-1]["type"]) == ("message_start", "message_stop")


def test_embeddings_models_and_stats(client: Tollhouse) -> None:
    assert client.embeddings.create_embedding(model="embed-test", input="a")["data"][0]["embedding"] == [0.5, -0.25]
    assert "gpt-test" in {model["id"] for model in client.models.list_models()["data"]}
    assert client.models.get_model(model="org/m:free")["id"] == "org/m:free"
    assert client.stats.get_stats()["totalRequests"] == 1
    assert client.quotes.create_quote(model="gpt-test", extra_body={"messages": MESSAGES})["allowed"] is True


def test_the_life_of_a_key(client: Tollhouse, served: Served) -> None:
    account = client.accounts.create_account(name=f"life-{time.monotonic_ns()}", balance_usd="1")
    key = client.keys.create_key(account=account["id"], name="first", models=["gpt-test"])
    rotated = client.keys.rotate_key(key_id=key["id"], overlap="0")
    assert rotated["key"] != key["key"]
    renamed = client.keys.update_key(key_id=rotated["id"], name="second", requests_per_minute=None)
    assert (renamed["name"], renamed["requests_per_minute"]) == ("second", None)
    client.keys.revoke_key(key_id=rotated["id"])
    with (
        Tollhouse(api_key=rotated["key"], base_url=served.urls["main"]) as revoked,
        pytest.raises(th.AuthenticationError) as raised,
    ):
        revoked.chat.create_chat_completion(model="gpt-test", messages=MESSAGES)
    assert raised.value.code == "invalid_api_key"
    assert [each["is_active"] for each in client.keys.list_keys(account=account["id"])["keys"]] == [False, False]


def test_each_operation_uses_the_credential_of_its_document(client: Tollhouse) -> None:
    assert client.user.get_user_profile()["address"] is None
    made = client.api_keys.create_api_key(name="mine")
    assert made["id"] in {key["id"] for key in client.api_keys.list_api_keys()["apiKeys"]}
    assert client.system.get_health() == {"status": "healthy", "service": "ocf-entry"}


def test_usage_as_a_report_and_as_csv(client: Tollhouse, served: Served) -> None:
    client.chat.create_chat_completion(model="gpt-test", messages=MESSAGES)
    report = client.usage.get_usage(by="model")
    assert not isinstance(report, str) and report["total"]["requests"] == 1
    table = client.usage.get_all_usage(account=served.account_id, by="model", written_as="csv")
    assert isinstance(table, str) and table.splitlines()[1].startswith("gpt-test,1,")


def test_pages_go_on_to_the_last_row(client: Tollhouse, served: Served) -> None:
    for _ in range(5):
        client.chat.create_chat_completion(model="gpt-test", messages=MESSAGES)
    page = client.ledger.list_ledger_rows(account=served.account_id, limit=2)
    assert len(page.items) == 2 and page.has_next
    assert len({row["request_id"] for row in page}) == 5
    assert client.log.list_log_rows(account=served.account_id, limit=1).body["next_before"] is not None


def test_errors_are_classes_with_the_parsed_body(client: Tollhouse) -> None:
    with pytest.raises(th.NotFoundError) as unknown:
        client.models.get_model(model="nobody")
    assert unknown.value.code == "model_not_found" and unknown.value.body["error"]["code"] == "model_not_found"
    assert unknown.value.request_id is not None and unknown.value.request_id in str(unknown.value)
    account = client.accounts.create_account(name="twice")["id"]
    client.accounts.credit_account(account=account, amount_usd="1", reference="bill-1")
    with pytest.raises(th.ConflictError):
        client.accounts.credit_account(account=account, amount_usd="2", reference="bill-1")
    with pytest.raises(th.AuthenticationError):
        client.user.get_user_profile(extra_headers={"authorization": "Bearer nonsense"})


def test_who_has_no_money_is_told_so_and_not_tried_again(client: Tollhouse, served: Served) -> None:
    account = client.accounts.create_account(name=f"poor-{time.monotonic_ns()}")
    key = client.keys.create_key(account=account["id"], name="poor")["key"]
    with (
        Tollhouse(api_key=key, base_url=served.urls["main"], max_retries=5) as poor,
        pytest.raises(th.PaymentRequiredError) as raised,
    ):
        poor.chat.create_chat_completion(model="gpt-test", messages=MESSAGES)
    assert raised.value.headers["x-should-retry"] == "false"


def test_raw_answers_have_status_headers_and_request_id(client: Tollhouse) -> None:
    raw = client.chat.with_raw_response.create_chat_completion(model="gpt-test", messages=MESSAGES)
    assert raw.status == 200 and raw.headers["Content-Type"] == "application/json"
    assert raw.request_id is not None and raw.request_id == raw.headers["request-id"]
    assert raw.parse()["choices"][0]["finish_reason"] == "stop"


def test_a_failure_in_a_stream_is_its_error(client: Tollhouse, served: Served) -> None:
    served.upstream.reply(openai_stream(["Hel"], done=False, finish_reason=None, end=fin))
    with (
        client.chat.create_chat_completion(model="gpt-test", messages=MESSAGES, stream=True) as stream,
        pytest.raises(th.BadGatewayError) as raised,
    ):
        list(stream)
    assert raised.value.code == "upstream_error" and raised.value.request_id == stream.request_id


def test_closing_a_stream_stops_the_upstream(client: Tollhouse, served: Served) -> None:
    served.upstream.reply(openai_stream(["a"] * 200, delay_s=0.05))
    stream = client.chat.create_chat_completion(model="gpt-test", messages=MESSAGES, stream=True)
    next(stream)
    stream.close()
    eventually(lambda: served.upstream.requests[-1].closed_at is not None, timeout_s=2)
    with pytest.raises(StopIteration):
        next(stream)


def test_a_lost_gateway_is_a_connection_error(served: Served) -> None:
    with (
        Tollhouse(base_url="http://127.0.0.1:1", max_retries=0) as nowhere,
        pytest.raises(th.APIConnectionError) as raised,
    ):
        nowhere.system.get_livez()
    assert isinstance(raised.value.__cause__, httpx.ConnectError)


async def test_the_async_client_does_the_same(options: dict[str, str], served: Served) -> None:
    async with AsyncTollhouse(**options, max_retries=0, timeout=10) as client:
        answer = await client.chat.create_chat_completion(model="gpt-test", messages=MESSAGES)
        assert answer["choices"][0]["message"]["content"] == "Hello there"
        async with await client.chat.create_chat_completion(model="gpt-test", messages=MESSAGES, stream=True) as stream:
            assert len([chunk async for chunk in stream]) > 1
        rows = [row async for row in await client.ledger.list_ledger_rows(account=served.account_id, limit=1)]
        assert len(rows) == 2
        raw = await client.models.with_raw_response.list_models()
        assert raw.status == 200 and raw.parse()["object"] == "list"
        with pytest.raises(th.NotFoundError):
            await client.keys.get_key(key_id="key_none")


async def test_closing_an_async_stream_stops_the_upstream(options: dict[str, str], served: Served) -> None:
    served.upstream.reply(openai_stream(["a"] * 200, delay_s=0.05))
    async with AsyncTollhouse(**options) as client:
        stream = await client.chat.create_chat_completion(model="gpt-test", messages=MESSAGES, stream=True)
        async for _ in stream:
            break
        await stream.aclose()
        eventually(lambda: served.upstream.requests[-1].closed_at is not None, timeout_s=2)


def test_a_rate_limit_is_waited_for(served: Served, client: Tollhouse) -> None:
    account = client.accounts.create_account(name=f"slow-{time.monotonic_ns()}", balance_usd="1")
    key = client.keys.create_key(account=account["id"], name="slow", requests_per_minute=60, burst=1)["key"]
    with Tollhouse(api_key=key, base_url=served.urls["main"], max_retries=2) as slow:
        began = time.monotonic()
        for _ in range(2):
            slow.chat.create_chat_completion(model="gpt-test", messages=MESSAGES)
    assert 0.5 < time.monotonic() - began < 5


def test_a_failed_upstream_is_tried_again(served: Served, options: dict[str, str]) -> None:
    served.upstream.reply(*[status(500)] * 2)
    with Tollhouse(**options, max_retries=3) as patient:
        answer = patient.chat.create_chat_completion(model="gpt-test", messages=MESSAGES)
    assert answer["choices"][0]["message"]["content"] == "Hello there"
