"""Providers in every kind of trouble: what the client sees, what the ledger says, who is asked next."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.gateway import Gateway, bearer, chat, provider
from tests.provider_faults import FAULTS, HUGE, STREAM_FAULTS
from tests.relaying import UPSTREAM_KEY, Relaying
from tests.upstream import (
    Connection,
    Reply,
    Request,
    ScriptedUpstream,
    after,
    answer,
    answer_json,
    frame,
    hang,
    openai_chat,
    openai_embeddings,
    refusing,
    reset,
    status,
    stream,
    unaccepting,
)
from tollhouse import attempt

pytestmark = pytest.mark.asyncio(loop_scope="module")

CASES = [
    *((name, streaming, *case) for name, case in FAULTS.items() for streaming in (False, True)),
    *((name, True, *case) for name, case in STREAM_FAULTS.items()),
]
# An answer that is too large is not bought once more, so no other provider makes up for it.
MENDED = [case for case in CASES if case[0] != "answers with a huge body"]
IDS = [f"{name}{', streaming' if streaming else ''}" for name, streaming, _, _ in CASES]
MENDED_IDS = [name for name in IDS if not name.startswith("answers with a huge body")]


@pytest.fixture
def way(shared: Relaying, monkeypatch: pytest.MonkeyPatch) -> Relaying:
    monkeypatch.setattr(attempt, "ANSWER_BYTES_MAX", HUGE - 1000)
    shared.forget()
    return shared


@pytest.mark.parametrize(("name", "streaming", "reply", "code"), CASES, ids=IDS)
async def test_a_fault_of_the_only_provider_costs_nothing(
    way: Relaying, name: str, streaming: bool, reply: Reply, code: int
) -> None:
    way.first.script = reply
    response = await way.chat("solo", stream=streaming)
    assert response.status_code == code, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.json()["error"]["message"]
    row = await way.row_of(response)
    assert (row["state"], row["cost_usd"], row["status"], len(row["attempts"])) == ("voided", "0", code, 1)
    assert way.gateway.app.services.relay.means.ledger.open_holds == {}


@pytest.mark.parametrize(("name", "streaming", "reply", "code"), MENDED, ids=MENDED_IDS)
async def test_a_fault_of_the_first_provider_is_not_seen_where_the_second_is_well(
    way: Relaying, name: str, streaming: bool, reply: Reply, code: int
) -> None:
    way.first.script = reply
    response = await way.chat("pooled", stream=streaming)
    assert response.status_code == 200, response.text
    if streaming:
        assert response.text.endswith("data: [DONE]\n\n") and "error" not in response.text
    else:
        assert response.json()["choices"][0]["message"]["content"] == "Hello there"
    [tried], [served] = way.first.requests, way.second.requests
    assert tried.json() == {**served.json(), "model": "cheap"}
    assert (served.json()["model"], served.path) == ("dear", tried.path)
    row = await way.row_of(response)
    assert (row["state"], row["provider"], row["served_model"], row["requested_model"]) == (
        "posted", "second", "dear", "pooled",
    )  # fmt: skip
    assert row["cost_usd"] == "0.00025"  # 11 × 10 + 7 × 20 per million: the served model's price
    assert [attempt["provider"] for attempt in row["attempts"]] == ["first"]


@pytest.mark.parametrize("code", [400, 404, 413, 422])
async def test_an_error_about_the_request_passes_byte_for_byte(way: Relaying, code: int) -> None:
    body = b'{"error": {"message":"no such \\u00e9", "type":"x", "param": null , "extra": [1]}}'
    way.first.script = answer(body, code, content_type="application/json", set_cookie="a=b", x_internal="1")
    for response in (
        await way.chat("solo"), await way.chat("solo", stream=True), await way.chat("solo", base="/proxy/v1"),
        await way.message("claude-solo"), await way.chat("pooled"),
    ):  # fmt: skip
        assert (response.status_code, response.content) == (code, body)
        assert "set-cookie" not in response.headers and "x-internal" not in response.headers
        row = await way.row_of(response)
        assert (row["state"], row["cost_usd"], row["status"]) == ("voided", "0", code)
    assert way.second.requests == []


@pytest.mark.parametrize("code", [400, 404, 422])
async def test_an_error_about_the_request_is_rendered_anew_on_our_own_dialects(way: Relaying, code: int) -> None:
    way.first.script = status(code, "the prompt is too long")
    detail = await way.chat("solo", base="/api/v1")
    assert (detail.status_code, detail.json()) == (code, {"detail": "the prompt is too long"})
    openproxy = await way.chat("solo", base=f"{way.gateway.urls['openproxy']}/v1")
    assert openproxy.status_code == code
    assert openproxy.json()["error"] == {
        "message": "the prompt is too long", "type": "invalid_request_error", "code": code,
    }  # fmt: skip
    for response in (detail, openproxy):
        assert (await way.row_of(response))["state"] == "voided"


async def test_an_error_page_is_never_passed_on(way: Relaying) -> None:
    way.first.script = answer(b"<html>not found</html>", 404, content_type="text/html")
    response = await way.chat("solo")
    assert (response.status_code, response.headers["content-type"]) == (404, "application/json")
    assert "html" not in response.text and response.json()["error"]["type"] == "invalid_request_error"
    row = await way.row_of(response)
    assert (row["state"], row["status"]) == ("voided", 404)


@pytest.mark.parametrize(
    ("first", "second", "seconds"),
    [(9.0, 4.0, "4"), (4.0, 9.0, "4"), (0.0, 9.0, "1"), (9.0, 0.0, "1"), (3.0, None, "3"), (None, None, "1")],
)
async def test_when_all_are_rate_limited_the_soonest_retry_is_told(
    way: Relaying, first: float | None, second: float | None, seconds: str
) -> None:
    way.first.script, way.second.script = status(429, retry_after=first), status(429, retry_after=second)
    response = await way.chat("pooled")
    assert (response.status_code, response.headers["retry-after"]) == (429, seconds)
    assert "x-should-retry" not in response.headers
    assert len((await way.row_of(response))["attempts"]) == 2


@pytest.mark.parametrize("value", ["inf", "nan", "-5", "1e308", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"])
async def test_an_absurd_retry_after_is_survived(way: Relaying, value: str) -> None:
    way.first.script = answer_json({"error": {"message": "slow down"}}, 429, retry_after=value)
    response = await way.chat("solo")
    assert response.status_code == 429
    assert 1 <= int(response.headers["retry-after"]) <= 86_400


async def test_mixed_failures_are_502(way: Relaying) -> None:
    way.first.script, way.second.script = status(429, retry_after=3), status(500)
    response = await way.chat("pooled")
    assert response.status_code == 502
    assert [attempt["status"] for attempt in (await way.row_of(response))["attempts"]] == [429, 500]


async def test_when_all_time_out_it_is_504(way: Relaying) -> None:
    way.first.script = way.second.script = hang
    response = await way.chat("pooled")
    assert (response.status_code, response.json()["error"]["code"]) == (504, "upstream_timeout")


async def test_failures_of_every_candidate_are_502_in_openproxy(way: Relaying) -> None:
    way.first.script = hang
    response = await way.chat("solo", base=f"{way.gateway.urls['openproxy']}/v1")
    assert (response.status_code, response.json()["error"]["code"]) == (502, 502)


async def test_anthropic_faults_fail_over_too(way: Relaying) -> None:
    way.first.script = status(529, "Overloaded")
    response = await way.message("claude-pooled")
    assert response.status_code == 200 and response.json()["content"][0]["text"] == "Hello there"
    row = await way.row_of(response)
    assert (row["provider"], row["attempts"][0]["status"]) == ("second-anthropic", 529)
    error = await way.message("claude-solo")
    assert (error.status_code, error.json()["error"]["type"]) == (502, "api_error")
    assert error.json()["request_id"] == error.headers["request-id"]


@pytest.mark.parametrize("streaming", [False, True])
async def test_a_provider_that_cannot_be_reached_is_passed_over(tmp_path: Path, streaming: bool) -> None:
    alone = {"upstream": "gpt-test"}
    timeouts = {"connect_s": 0.5, "first_byte_s": 5, "idle_s": 5}
    async with ScriptedUpstream() as well:
        with refusing() as refused, unaccepting() as stuck:
            entries = {
                "refused": provider(refused, models={"gpt-test": {"weight": 100}, "alone": alone}),
                "stuck": provider(stuck, models={"gpt-test": {"weight": 100}}, timeouts=timeouts),
                "well": provider(well.url, models={"gpt-test": {"weight": 1}}),
            }
            async with Gateway(tmp_path, well.url, providers=entries) as gateway:
                gateway.app.services.relay._generator.random = lambda: 0.5
                key = await gateway.key()
                for model, code, attempts in (("gpt-test", 200, 2), ("alone", 502, 1)):
                    body = chat(model=model, stream=streaming)
                    response = await gateway.client.post("/v1/chat/completions", json=body, headers=bearer(key))
                    assert response.status_code == code, response.text
                    assert len((await gateway.rows())[0]["attempts"]) == attempts
                assert (await gateway.audit()).drift == 0


async def test_our_key_is_in_no_response_row_or_log(way: Relaying, capfd: pytest.CaptureFixture[str]) -> None:
    """Providers that quote the key they were given, in every place where their words go on."""

    def quoting(reply: Any) -> Reply:
        async def quote(request: Request, connection: Connection) -> None:
            await reply(request.headers.get("authorization", request.headers.get("x-api-key")))(request, connection)

        return quote

    def begun(key: str) -> Reply:
        first = {"choices": [{"index": 0, "delta": {"content": "Hel"}}]}
        return stream([frame(first), in_band(key), b"data: [DONE]\n\n"])

    def in_band(key: str) -> bytes:
        return frame({"type": "error", "error": {"message": f"bad key {key}"}}, "error")

    replies = [
        *(quoting(lambda key, code=code: status(code, f"bad key {key}")) for code in (400, 401, 404, 429, 500)),
        quoting(lambda key: answer(f"<p>{key}".encode(), 404, content_type="text/html")),
        quoting(lambda key: stream([in_band(key)])),
        quoting(begun),
        quoting(lambda key: answer_json({"detail": f"bad key {key}"})),  # an answer, as far as anybody can tell
        quoting(lambda key: stream([frame({"detail": f"bad key {key}"}), b"data: [DONE]\n\n"])),
    ]
    for reply in replies:
        way.first.script = reply
        for response in (
            await way.chat("solo", stream=True), await way.chat("solo", base="/api/v1", stream=True),
            await way.message("claude-solo", stream=True), await way.chat("solo"),
        ):  # fmt: skip
            assert UPSTREAM_KEY not in response.text + str(response.headers)
            assert UPSTREAM_KEY not in json.dumps(await way.row_of(response))
    await way.gateway.app.services.relay.means.journal.flush()
    for path in way.gateway.data_dir.iterdir():
        assert UPSTREAM_KEY.encode() not in path.read_bytes(), path
    out, err = capfd.readouterr()
    assert UPSTREAM_KEY not in out + err and "upstream_failed" in out + err


async def test_the_clients_key_and_headers_do_not_go_up(way: Relaying) -> None:
    headers = {
        **bearer(way.key), "cookie": "session=1", "x-forwarded-for": "1.2.3.4", "openai-organization": "org",
        "openai-beta": "assistants=v2", "anthropic-beta": "b", "connection": "keep-alive, x-secret", "x-secret": "1",
        "accept-encoding": "gzip", "user-agent": "curious/1", "idempotency-key": "k", "authorization-2": way.key,
    }  # fmt: skip
    response = await way.gateway.client.post("/v1/chat/completions", json=chat(model="solo"), headers=headers)
    assert response.status_code == 200
    [request] = way.first.requests
    assert set(request.headers) - {"host", "content-length", "user-agent", "accept"} == {
        "authorization", "content-type", "openai-beta",
    }  # fmt: skip
    assert request.headers["authorization"] == f"Bearer {UPSTREAM_KEY}"
    assert request.headers["openai-beta"] == "assistants=v2"
    assert way.key not in str(request.header_list) + request.body.decode()


async def test_only_our_headers_go_down(way: Relaying) -> None:
    way.first.script = answer_json(
        {"choices": []}, set_cookie="a=b", server="nginx", openai_organization="org-secret", keep_alive="timeout=5",
        x_request_id="theirs", trailer="x", proxy_authenticate="Basic",
    )  # fmt: skip
    response = await way.chat("solo")
    assert response.status_code == 200
    ours = {"x-request-id", "request-id", "x-tollhouse-provider", "x-tollhouse-model"}
    assert set(response.headers) <= {"content-type", "content-length", "date", *ours}
    assert (response.headers["x-tollhouse-provider"], response.headers["x-tollhouse-model"]) == ("first", "cheap")
    assert response.headers["x-request-id"].startswith("req_")


async def test_the_body_goes_up_as_it_was_validated(way: Relaying) -> None:
    body = {
        "model": "solo", "messages": [{"role": "user", "content": "é \u2028 \U0001f600"}], "stream": True,
        "stream_options": {"include_usage": False, "x": 1}, "seed": 9007199254740993, "unknown": {"a": [None, 1.5, True]},
        "user": None,
    }  # fmt: skip
    response = await way.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(way.key))
    assert response.status_code == 200
    assert way.first.requests[0].json() == {
        **body, "model": "cheap", "stream_options": {"include_usage": True, "x": 1},
    }  # fmt: skip


async def test_an_answer_passes_byte_for_byte(way: Relaying) -> None:
    body = b'{"usage":{"prompt_tokens":1,"completion_tokens":2}, "choices": [] ,"z":"\\u00e9", "big": 1e400 }'
    way.first.script = answer(body.replace(b"1e400", b"1E5"), content_type="application/json; charset=utf-8")
    response = await way.chat("solo")
    assert response.content == body.replace(b"1e400", b"1E5")
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    way.first.script = answer(b'{"choices": []}', content_type="text/plain")
    assert (await way.chat("solo")).headers["content-type"] == "application/json"


@pytest.mark.parametrize("vectors", [[["a"]], [[None]], [[[1.0]]]])
async def test_embeddings_that_are_no_numbers_pass_as_they_are(way: Relaying, vectors: Any) -> None:
    way.first.script = openai_embeddings(vectors)
    body = {"model": "embed-test", "input": "a", "encoding_format": "base64"}
    response = await way.gateway.client.post("/v1/embeddings", json=body, headers=bearer(way.key))
    assert [item["embedding"] for item in response.json()["data"]] == vectors
    assert (await way.row_of(response))["state"] == "posted"


async def test_a_slow_provider_is_waited_for(way: Relaying) -> None:
    way.first.script = after(0.3, openai_chat("late"))
    response = await way.chat("pooled")
    assert response.json()["choices"][0]["message"]["content"] == "late"
    row = await way.row_of(response)
    assert row["duration_ms"] >= row["ttfb_ms"] >= 280


async def test_a_400_that_only_quotes_the_words_of_a_spent_account_is_about_the_request(way: Relaying) -> None:
    body = {"error": {"message": "Invalid prompt: 'insufficient_quota, credit balance is too low'", "code": "invalid"}}
    way.first.script = answer_json(body, 400)
    response = await way.chat("pooled")
    assert (response.status_code, response.json()) == (400, body) and way.second.requests == []


async def test_an_answer_that_is_too_large_is_not_bought_once_more(way: Relaying) -> None:
    way.first.script = answer_json({"id": "x" * HUGE})
    response = await way.chat("pooled")
    assert response.status_code == 502 and way.second.requests == []


@pytest.mark.parametrize("code", [401, 429, 500])
async def test_an_error_that_says_too_much_fails_over_like_any(way: Relaying, code: int) -> None:
    way.first.script = answer(b"<html>" + b"x" * attempt.ERROR_BYTES_MAX, code)
    assert (await way.chat("pooled")).headers["x-tollhouse-provider"] == "second"


async def test_a_refusal_that_says_too_much_is_still_the_clients(way: Relaying) -> None:
    way.first.script = answer(b"x" * (attempt.ERROR_BYTES_MAX + 1), 404)
    response = await way.chat("pooled")
    assert response.status_code == 404 and way.second.requests == []


# orjson reads 1024 levels and writes 254.
DEEP = '{"a":' + "[" * 400 + "]" * 400 + "}"


def calling(arguments: str) -> dict[str, Any]:
    """What a model says that calls a tool."""
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": arguments}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


async def test_arguments_too_deep_to_be_translated_are_the_clients_error(way: Relaying) -> None:
    result = {"role": "tool", "tool_call_id": "call_1", "content": "x"}
    messages = [{"role": "user", "content": "x"}, calling(DEEP), result]
    response = await way.chat("claude-solo", messages=messages)
    assert response.status_code == 400 and way.first.requests == []


async def test_an_answer_too_deep_to_be_translated_is_a_failed_candidate(way: Relaying) -> None:
    choice = {"index": 0, "finish_reason": "tool_calls", "message": calling(DEEP)}
    usage = {"prompt_tokens": 1, "completion_tokens": 1}
    way.first.script = answer_json({"id": "x", "model": "cheap", "created": 1, "choices": [choice], "usage": usage})
    response = await way.message("solo")
    assert response.status_code == 502
    assert (await way.row_of(response))["state"] == "voided"


async def test_embeddings_too_deep_to_be_written_pass_as_they_are(way: Relaying) -> None:
    body = b'{"data":[{"embedding":[0.5]}],"usage":{"prompt_tokens":1},"x":' + DEEP.encode() + b"}"
    way.first.script = answer(body, content_type="application/json")
    asked = {"model": "embed-test", "input": "x", "encoding_format": "base64"}
    response = await way.gateway.client.post("/v1/embeddings", json=asked, headers=bearer(way.key))
    assert (response.status_code, response.content) == (200, body)


async def test_openproxy_has_one_status_for_upstreams_that_cannot(way: Relaying) -> None:
    way.first.script = way.second.script = status(429, retry_after=3)
    url = way.gateway.urls["openproxy"]
    body = {"model": "pooled", "messages": [{"role": "user", "content": "hi"}]}
    response = await way.gateway.client.post(f"{url}/v1/chat/completions", json=body, headers=bearer(way.key))
    assert (response.status_code, response.json()["error"]["code"]) == (502, 502)


async def test_clients_are_told_no_internal_hosts(way: Relaying) -> None:
    way.first.script = reset
    response = await way.chat("solo")
    assert response.status_code == 502 and "127.0.0.1" not in response.text and "first broke off" in response.text
    [attempt_made] = (await way.row_of(response))["attempts"]
    assert "127.0.0.1" in attempt_made["reason"]


@pytest.mark.parametrize("streaming", [False, True])
async def test_nothing_is_dispatched_without_a_hold(
    way: Relaying, monkeypatch: pytest.MonkeyPatch, streaming: bool
) -> None:
    means = way.gateway.app.services.relay.means
    admit = means.admission.admit

    def admitted_and_expired(request_id: str, *call: Any) -> Any:
        admitted = admit(request_id, *call)
        entry = means.ledger.expire(request_id, "no end after a day")
        assert entry is not None
        means.journal.append(entry)
        return admitted

    monkeypatch.setattr(means.admission, "admit", admitted_and_expired)
    response = await way.chat(stream=streaming)
    assert (response.status_code, way.first.requests) == (500, [])
    assert (await way.row_of(response))["state"] == "expired"
