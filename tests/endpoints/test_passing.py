"""Calls below a provider through a whole gateway: what goes up, what comes back, and what it costs."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.gateway import ENVIRON, Gateway, bearer, chat, message, provider
from tests.upstream import (
    Connection,
    Reply,
    Request,
    ScriptedUpstream,
    answer,
    answer_json,
    anthropic_stream,
    by_path,
    fin,
    fin_mid_body,
    frame,
    html,
    openai_stream,
    redirect,
    reset,
    status,
    stream,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

ID = "resp_68af4030592c81938ec0a5fbab4a3e9f"
MP3 = b"ID3\x04\x00" + bytes(range(256)) * 40
ENDPOINTS = [
    "chat/completions", "chat/completions/*", "embeddings", "moderations", "images/*", "audio/*", "rerank", "files", "files/*",
    "models", "responses/*", "jobs", "batches",
]  # fmt: skip
MODELS: dict[str, Any] = {
    "image-test": {"input_usd_per_mtok": "0", "output_usd_per_mtok": "0", "request_usd": "0.04", "kind": "image"},
    "both-test": {"input_usd_per_mtok": "1", "output_usd_per_mtok": "2", "request_usd": "0.01", "kind": "image"},
    "speech-test": {"input_usd_per_mtok": "1", "output_usd_per_mtok": "2", "max_output_tokens": 500, "kind": "audio"},
    "priceless": {"input_usd_per_mtok": "0", "output_usd_per_mtok": "0", "kind": "image"},
    "mod-test": {"input_usd_per_mtok": "4", "output_usd_per_mtok": "0", "kind": "moderation"},
    "elsewhere": {"input_usd_per_mtok": "1", "output_usd_per_mtok": "1", "kind": "chat"},
}


class Passing:
    def __init__(self, gateway: Gateway, upstream: ScriptedUpstream, other: ScriptedUpstream, key: str) -> None:
        self.gateway, self.upstream, self.other, self.key = gateway, upstream, other, key

    async def call(self, method: str, path: str, *, key: str = "", **options: Any) -> httpx.Response:
        headers = {**bearer(key or self.key), **options.pop("headers", {})}
        return await self.gateway.client.request(method, f"/v1/{path}", headers=headers, **options)

    async def post(self, path: str, body: Any, **options: Any) -> httpx.Response:
        return await self.call("POST", path, json=body, **options)

    async def row(self, response: httpx.Response) -> dict[str, Any]:
        """The one ledger row of a response, after an audit."""
        report = await self.gateway.audit()
        assert report.drift == 0, report.findings
        [row] = await self.gateway.rows(request=response.headers["x-request-id"])
        return row


def charged(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("state", "cost_usd", "input_tokens", "output_tokens", "usage_source"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Passing]:
    async with ScriptedUpstream() as upstream, ScriptedUpstream() as other:
        models = {name: {} for name in MODELS if name != "elsewhere"}
        models |= {
            "gpt-test": {},
            "unpriced": {},
            "fast": {"upstream": "gpt-test"},
            "drawing": {"upstream": "image-test"},
        }
        defaults = {"moderations": "mod-test", "rerank": "gpt-test"}
        entries = {
            "other": provider(other.url, models={"gpt-test": {"weight": 1000}, "elsewhere": {}}),
            "openai": provider(
                upstream.url, models=models, endpoints=ENDPOINTS, default_models=defaults, free_endpoints=["jobs"],
                shared_endpoints=["batches"], keys=[{"env": "TEST_UPSTREAM_KEY"}, {"env": "TEST_SECOND_KEY"}],
                rest_after_failures=3,
            ),
            "anthropic": provider(upstream.url, "anthropic", endpoints=["*"]),
            "dark": provider(upstream.url, keys=[], models={"elsewhere": {}}, endpoints=["*"]),
        }  # fmt: skip
        entries = json.loads(json.dumps(entries))
        limits = {"limits": {"requests_per_minute": 0}}
        with pytest.MonkeyPatch.context() as patched:
            patched.setitem(ENVIRON, "TEST_SECOND_KEY", "sk-second-canary-0123456789")
            directory = tmp_path_factory.mktemp("passing")
            async with Gateway(directory, upstream.url, providers=entries, models=MODELS, routes=limits) as gateway:
                yield Passing(gateway, upstream, other, await gateway.key())


@pytest.fixture
def way(running: Passing) -> Passing:
    running.upstream.script = running.other.script = by_path
    running.upstream.requests.clear()
    running.other.requests.clear()
    running.gateway.app.services.relay.means.health.forget()
    return running


# What the contract knows


@pytest.mark.parametrize("prefix", ["openai", "openai/v1"])
async def test_a_chat_below_a_provider_is_served_by_that_provider_alone(way: Passing, prefix: str) -> None:
    response = await way.post(f"{prefix}/chat/completions", chat())
    assert response.status_code == 200, response.text
    assert way.other.requests == [] and [each.path for each in way.upstream.requests] == ["/v1/chat/completions"]
    row = await way.row(response)
    assert (row["operation"], row["provider"]) == ("create_chat_completion", "openai")
    assert charged(row) == ("posted", "0.000025", 11, 7, "reported")


async def test_its_keys_are_tried_one_after_the_other_and_no_other_provider(way: Passing) -> None:
    way.upstream.script = status(500)
    response = await way.post("openai/chat/completions", chat())
    assert response.status_code == 502 and way.other.requests == [] and len(way.upstream.requests) == 2
    assert charged(await way.row(response))[:2] == ("voided", "0")


async def test_a_stream_below_a_provider_is_metered_as_anywhere(way: Passing) -> None:
    way.upstream.script = openai_stream()
    response = await way.post("openai/chat/completions", chat(stream=True))
    assert response.text.endswith("data: [DONE]\n\n") and '"choices":[]' not in response.text
    assert charged(await way.row(response)) == ("posted", "0.000025", 11, 7, "reported")


async def test_a_message_below_a_provider(way: Passing) -> None:
    for streaming, reply in ((False, by_path), (True, anthropic_stream())):
        way.upstream.script = reply
        response = await way.post("anthropic/v1/messages?beta=true", message(stream=streaming))
        assert response.status_code == 200 and way.upstream.requests[-1].path == "/v1/messages?beta=true"
        assert charged(await way.row(response)) == ("posted", "0.000138", 11, 7, "reported")


async def test_a_default_model_is_the_one_of_this_provider(way: Passing) -> None:
    assert (await way.post("openai/moderations", {"input": "x"})).status_code == 200
    assert way.upstream.requests[0].json() == {"input": "x", "model": "mod-test"}


@pytest.mark.parametrize(
    ("path", "body", "code", "phrase"),
    [
        ("openai/chat/completions", chat(model="unpriced"), 400, "Unknown model pricing"),
        ("openai/chat/completions", chat(model="elsewhere"), 404, "openai does not offer the model elsewhere"),
        ("openai/chat/completions", {"model": "gpt-test"}, 400, "messages"),
        ("openai/chat/completions", b"{", 400, "not valid JSON"),
        ("dark/chat/completions", chat(model="elsewhere"), 503, "No active API keys for dark"),
        ("dark/files", {}, 503, "No active API keys for dark"),
        ("anthropic/messages", message(model="nobody"), 400, "Unknown model pricing"),
    ],
)
async def test_refusals_are_those_of_the_operation(way: Passing, path: str, body: Any, code: int, phrase: str) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body)
    response = await way.call("POST", path, content=content)
    assert response.status_code == code and phrase in response.text, response.text
    assert way.upstream.requests == [] and ("request_id" in response.json()) == path.startswith("anthropic")


async def test_known_endpoints_take_json_only(way: Passing) -> None:
    response = await way.call("POST", "openai/chat/completions", data={"model": "gpt-test"})
    assert response.status_code == 415


# Anything else that names a model


async def test_an_answer_with_usage_is_charged_by_it(way: Passing) -> None:
    body = {"created": 1, "data": [{"b64_json": "QUJD" * 1000}], "usage": {"input_tokens": 5, "output_tokens": 9}}
    way.upstream.script = answer_json(body, 201)
    response = await way.post("openai/images/generations?size=1&api_key=mine", {"model": "fast", "prompt": "x", "n": 3})
    assert (response.status_code, response.json()) == (201, body)
    [request] = way.upstream.requests
    assert (request.path, request.json()) == (
        "/v1/images/generations?size=1",
        {"model": "gpt-test", "prompt": "x", "n": 3},
    )
    row = await way.row(response)
    assert charged(row) == ("posted", "0.000023", 5, 9, "reported")
    assert (row["operation"], row["status"], row["requested_model"]) == ("post_provider_endpoint", 201, "fast")


async def test_an_answer_without_usage_costs_the_models_price_of_one(way: Passing) -> None:
    way.upstream.script = answer_json({"data": [{"url": "https://x"}]})
    response = await way.post("openai/images/generations", {"model": "drawing", "prompt": "x"})
    row = await way.row(response)
    assert charged(row) == ("posted", "0.04", 0, 0, "estimated") and row["held_usd"] == "0.04"


async def test_tokens_are_charged_beside_the_answers_own_price(way: Passing) -> None:
    way.upstream.script = answer_json({"data": [], "usage": {"input_tokens": 5, "output_tokens": 9}})
    response = await way.post("openai/images/generations", {"model": "both-test", "prompt": "x"})
    assert charged(await way.row(response)) == ("posted", "0.010023", 5, 9, "reported")


async def test_an_account_that_cannot_pay_for_one_answer_is_refused(way: Passing) -> None:
    account = await way.gateway.account("poor", "0.0399")
    key = await way.gateway.key(account["id"])
    response = await way.post("openai/images/generations", {"model": "image-test", "prompt": "x"}, key=key)
    assert response.status_code == 402 and response.json()["error"]["needed_usd"] == "0.04"
    assert way.upstream.requests == []


@pytest.mark.parametrize(
    ("body", "phrase"),
    [
        ({"model": "priceless", "prompt": "x"}, "request_usd"),
        ({"model": "image-test", "prompt": "x", "n": 2}, "one at a time"),
        ({"prompt": "x"}, "free_endpoints"),
        ({"model": "unpriced", "prompt": "x"}, "Unknown model pricing"),
    ],
)
async def test_what_can_be_neither_metered_nor_priced_is_refused_before_anything_is_sent(
    way: Passing, body: dict[str, Any], phrase: str
) -> None:
    response = await way.post("openai/images/generations", body)
    assert response.status_code == 400 and phrase in response.json()["error"]["message"]
    assert way.upstream.requests == []


async def test_a_model_outside_the_keys_list_is_403(way: Passing) -> None:
    key = await way.gateway.key(models=["gpt-test"])
    response = await way.post("openai/images/generations", {"model": "image-test", "prompt": "x"}, key=key)
    assert response.status_code == 403 and way.upstream.requests == []
    assert (await way.post("openai/jobs", {}, key=key)).status_code == 404  # the script's: it went up


async def test_a_default_model_is_written_into_the_body(way: Passing) -> None:
    way.upstream.script = answer_json({"results": [], "usage": {"prompt_tokens": 4, "total_tokens": 4}})
    response = await way.post("openai/rerank", {"query": "x"})
    assert way.upstream.requests[0].json() == {"query": "x", "model": "gpt-test"}
    assert charged(await way.row(response)) == ("posted", "0.000004", 4, 0, "reported")


async def test_a_binary_answer_is_charged_when_it_begins_and_streamed(way: Passing) -> None:
    """Its client has the first bytes, and the charge is there, while upstream still speaks."""
    more = asyncio.Event()

    async def speak(request: Request, connection: Connection) -> None:
        await connection.start(
            200, {"content-type": "audio/mpeg", "content-disposition": 'attachment; filename="a.mp3"'}
        )
        await connection.piece(MP3)
        await more.wait()
        await connection.piece(MP3)
        await connection.finish()

    way.upstream.script = speak
    body = {"model": "speech-test", "input": "Hello", "voice": "alloy"}
    asked = way.gateway.client.stream("POST", "/v1/openai/audio/speech", json=body, headers=bearer(way.key))
    async with asked as response:
        pieces = response.aiter_raw()
        received = await anext(pieces)
        row = await way.row(response)
        assert row["state"] == "posted" and row["cost_usd"] == row["held_usd"] and row["usage_source"] == "estimated"
        more.set()
        async for piece in pieces:
            received += piece
    assert received == MP3 * 2
    assert response.headers["content-type"] == "audio/mpeg" and "a.mp3" in response.headers["content-disposition"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "sandbox"


async def test_a_form_goes_up_with_the_upstreams_name_of_the_model(way: Passing) -> None:
    way.upstream.script = answer_json(
        {"text": "hi", "usage": {"type": "tokens", "input_tokens": 6, "output_tokens": 2}}
    )
    response = await way.call(
        "POST", "openai/audio/transcriptions", data={"model": "fast"}, files={"file": ("a.mp3", MP3, "audio/mpeg")}
    )
    assert response.json()["text"] == "hi"
    [request] = way.upstream.requests
    assert b'name="model"\r\n\r\ngpt-test\r\n' in request.body and MP3 in request.body
    assert charged(await way.row(response)) == ("posted", "0.00001", 6, 2, "reported")


async def test_text_answers_pass_and_are_charged(way: Passing) -> None:
    way.upstream.script = answer(b"1\n00:00 --> 00:01\nhi", content_type="text/plain; charset=utf-8")
    files = {"file": ("a.mp3", MP3)}
    response = await way.call("POST", "openai/audio/transcriptions", data={"model": "image-test"}, files=files)
    assert response.text.endswith("hi") and charged(await way.row(response))[1] == "0.04"


EVENTS = [
    frame({"type": "response.created", "response": {"usage": None}}, "response.created"),
    frame({"type": "response.output_text.delta", "delta": "Hello"}, "response.output_text.delta"),
    frame({"type": "response.completed", "response": {"usage": {"input_tokens": 8, "output_tokens": 3}}}, "response.completed"),
]  # fmt: skip


@pytest.mark.parametrize("events", [EVENTS, [*EVENTS[:2], EVENTS[2].replace(b"response.completed", b"x.done")]])
async def test_an_unknown_event_stream_passes_unchanged_and_is_metered(way: Passing, events: list[bytes]) -> None:
    way.upstream.script = stream(events)
    response = await way.post("openai/responses/compact", {"model": "gpt-test", "input": "x", "stream": True})
    assert response.content == b"".join(events)
    assert way.upstream.requests[0].json() == {"model": "gpt-test", "input": "x", "stream": True}
    assert charged(await way.row(response)) == ("posted", "0.000014", 8, 3, "reported")


async def test_an_unknown_event_stream_that_breaks_says_so_and_costs_what_came(way: Passing) -> None:
    way.upstream.script = stream(EVENTS[:2], end=reset)
    response = await way.post("openai/responses/compact", {"model": "gpt-test", "input": "x" * 40, "stream": True})
    assert "The upstream stream broke" in response.text
    state, _, _, output, source = charged(await way.row(response))
    assert (state, output, source) == ("posted", 2, "estimated")


async def test_a_page_instead_of_an_answer_is_a_failed_candidate(way: Passing) -> None:
    way.upstream.script = html
    response = await way.post("openai/images/generations", {"model": "image-test", "prompt": "x"})
    assert response.status_code == 502 and "<" not in response.text and len(way.upstream.requests) == 2
    assert charged(await way.row(response))[:2] == ("voided", "0")


@pytest.mark.parametrize("failure", [fin, fin_mid_body(b""), redirect("http://169.254.169.254/"), status(503)])
async def test_nothing_delivered_is_nothing_charged(way: Passing, failure: Reply) -> None:
    way.upstream.script = failure
    response = await way.post("openai/audio/speech", {"model": "image-test", "input": "x"})
    assert response.status_code == 502 and charged(await way.row(response))[:2] == ("voided", "0")


async def test_upstreams_own_errors_pass_byte_for_byte_and_cost_nothing(way: Passing) -> None:
    for code in (400, 404, 409, 422):
        way.upstream.script = status(code, "no such thing")
        response = await way.post("openai/audio/speech", {"model": "image-test", "input": "x"})
        assert response.status_code == code and response.json()["error"]["message"] == "no such thing"
        assert charged(await way.row(response))[:2] == ("voided", "0")


# What costs nothing


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", f"responses/{ID}?include=x"), ("DELETE", f"responses/{ID}"), ("POST", f"responses/{ID}/cancel"),
     ("GET", "models"), ("GET", "batches"), ("POST", "jobs"), ("PATCH", "jobs"), ("PUT", "jobs"), ("POST", "files")],
)  # fmt: skip
async def test_reads_deletions_and_free_endpoints_are_one_row_without_a_price(
    way: Passing, method: str, path: str
) -> None:
    way.upstream.script = answer_json({"id": ID, "usage": {"input_tokens": 9, "output_tokens": 9}})
    account = await way.gateway.account(f"broke-{method}-{len(path)}", "0")
    response = await way.call(method, f"openai/{path}", key=await way.gateway.key(account["id"]))
    assert response.status_code == 200 and response.json()["id"] == ID
    [request] = way.upstream.requests
    assert (request.method, request.path) == (method, f"/v1/{path}")
    row = await way.row(response)
    assert charged(row) == ("posted", "0", 0, 0, "none") and (row["held_usd"], row["account"]) == ("0", account["id"])


async def test_a_stored_answer_can_be_read_as_a_stream(way: Passing) -> None:
    way.upstream.script = stream(EVENTS)
    response = await way.call("GET", f"openai/responses/{ID}?stream=true")
    assert response.content == b"".join(EVENTS) and response.headers["content-type"].startswith("text/event-stream")
    assert charged(await way.row(response))[:2] == ("posted", "0")


async def test_a_file_is_streamed_with_ranges_and_cannot_run_in_a_browser(way: Passing) -> None:
    page = b"<script>alert(1)</script>"
    way.upstream.script = answer(page, 206, content_type="text/html", content_range="bytes 0-24/25", set_cookie="a=b")
    response = await way.call(
        "GET", "openai/files/file-3bhGkxlo4XFrqiabUM7NDt/content", headers={"range": "bytes=0-24"}
    )
    assert (response.status_code, response.content) == (206, page)
    assert response.headers["content-range"] == "bytes 0-24/25" and "set-cookie" not in response.headers
    assert response.headers["content-security-policy"] == "sandbox"
    assert way.upstream.requests[0].headers["range"] == "bytes=0-24"


async def test_head_has_the_headers_of_get(way: Passing) -> None:
    way.upstream.script = answer(MP3, content_type="audio/mpeg")
    response = await way.call("HEAD", "openai/files/file-3bhGkxlo4XFrqiabUM7NDt/content")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(len(MP3))
    assert way.upstream.requests[0].method == "GET"


async def test_an_empty_answer_passes(way: Passing) -> None:
    way.upstream.script = answer(b"", 204)
    response = await way.call("DELETE", f"openai/responses/{ID}")
    assert (response.status_code, response.content) == (204, b"")


async def test_an_answer_that_breaks_off_breaks_off_at_the_client(way: Passing) -> None:
    way.upstream.script = fin_mid_body(MP3)
    with pytest.raises(httpx.RemoteProtocolError):
        await way.call("GET", "openai/files/file-3bhGkxlo4XFrqiabUM7NDt/content")


async def test_a_client_that_leaves_lets_go_of_the_upstream(way: Passing) -> None:
    way.upstream.script = stream([MP3] * 5000, delay_s=0.01)
    path = "/v1/openai/files/file-3bhGkxlo4XFrqiabUM7NDt/content"
    async with way.gateway.client.stream("GET", path, headers=bearer(way.key)) as response:
        await anext(response.aiter_raw())
    async with asyncio.timeout(3):
        while way.upstream.connections:
            await asyncio.sleep(0.02)


async def test_a_client_that_leaves_a_stream_asked_for_in_a_form_lets_go_of_the_upstream(way: Passing) -> None:
    way.upstream.script = stream([frame({"type": "transcript.text.delta", "delta": "Hello"})] * 5000, delay_s=0.01)
    form: dict[str, Any] = {"data": {"model": "speech-test", "stream": "true"}, "files": {"file": ("a.mp3", MP3)}}
    path = "/v1/openai/audio/transcriptions"
    async with way.gateway.client.stream("POST", path, headers=bearer(way.key), **form) as response:
        await anext(response.aiter_raw())
    async with asyncio.timeout(3):
        while way.upstream.connections:
            await asyncio.sleep(0.02)
    assert (await way.row(response))["state"] == "posted"


@pytest.mark.parametrize("asked", ["true", "True", "1", " on "])
async def test_streams_asked_for_in_a_form_count_as_open_streams_of_the_key(way: Passing, asked: str) -> None:
    way.upstream.script = stream([frame({"type": "transcript.text.delta", "delta": "Hello"})] * 300, delay_s=0.01)
    form: dict[str, Any] = {"data": {"model": "speech-test", "stream": asked}, "files": {"file": ("a.mp3", MP3)}}
    key, path = await way.gateway.key(concurrency=1), "openai/audio/transcriptions"
    async with way.gateway.client.stream("POST", f"/v1/{path}", headers=bearer(key), **form) as response:
        chunks = response.aiter_raw()  # to be kept: a stream that nobody holds is closed
        await anext(chunks)
        refused = await way.call("POST", path, key=key, **form)
        assert refused.status_code == 429 and refused.json()["error"]["limit"] == "concurrency", refused.text
        whole = {**form, "data": {"model": "speech-test", "stream": "false"}}
        way.upstream.script = answer_json({"text": "Hello", "usage": {"input_tokens": 3, "output_tokens": 1}})
        assert (await way.call("POST", path, key=key, **whole)).status_code == 200
    row = await way.row(response)
    assert (row["state"], row["stream"]) == ("posted", True)
    assert (await way.call("POST", path, key=key, **form)).status_code == 200


async def test_a_client_that_leaves_after_upstream_has_begun_pays(way: Passing) -> None:
    begun = asyncio.Event()

    async def speak(request: Request, connection: Connection) -> None:
        await connection.start(200, {"content-type": "audio/mpeg"})
        begun.set()
        await connection.wait_closed()

    way.upstream.script = speak
    body = {"model": "speech-test", "input": "Hello", "stream": True}
    asking = asyncio.ensure_future(way.post("openai/audio/speech", body))
    await begun.wait()
    await asyncio.sleep(0.1)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    async with asyncio.timeout(3):
        while way.upstream.connections:
            await asyncio.sleep(0.02)
    row = (await way.gateway.rows())[0]
    assert (row["state"], row["cost_usd"]) == ("posted", row["held_usd"])


@pytest.mark.parametrize("code", [401, 402, 403, 500])
async def test_what_fails_without_a_model_says_nothing_of_models(way: Passing, code: int) -> None:
    """Otherwise anybody could have a provider rest with reads that it cannot answer, or that our key is not for."""
    way.upstream.script = status(code)
    for _ in range(12):
        assert (await way.call("GET", f"openai/responses/{ID}")).status_code in (502, 503)
    way.upstream.script = by_path
    assert (await way.post("openai/chat/completions", chat())).status_code == 200


async def test_what_fails_on_an_unknown_endpoint_says_nothing_of_the_models_chats(way: Passing) -> None:
    way.upstream.script = status(500)
    for _ in range(6):
        response = await way.post("openai/images/generations", {"model": "image-test", "prompt": "x"})
        assert response.status_code in (502, 503)
    circuits = way.gateway.app.services.relay.means.health.cooling
    assert circuits and all(model.endswith(" elsewhere") for _, _, model in circuits)


# What goes up


async def test_only_listed_headers_go_up(way: Passing) -> None:
    headers = {"cookie": "s=1", "x-forwarded-for": "1.2.3.4", "idempotency-key": "k", "openai-beta": "b", "accept": "audio/*",
               "x-api-key": way.key, "openai-organization": "org"}  # fmt: skip
    way.upstream.script = answer_json({})
    assert (await way.call("GET", f"openai/responses/{ID}", headers=headers)).status_code == 200
    [request] = way.upstream.requests
    assert set(request.headers) == {"host", "authorization", "openai-beta", "accept", "user-agent"}
    assert request.headers["authorization"].startswith("Bearer sk-") and way.key not in str(request.header_list)


async def test_ambiguous_json_is_refused_wherever_it_goes(way: Passing) -> None:
    for body in (b'{"model": "image-test", "model": "fast"}', b'{"a": NaN}', b'{"model": "image-test"'):
        response = await way.call("POST", "openai/images/generations", content=body)
        assert response.status_code == 400, body
    assert way.upstream.requests == []


async def test_other_bytes_pass_where_they_cost_nothing(way: Passing) -> None:
    way.upstream.script = answer_json({})
    response = await way.call("POST", "openai/jobs", content=MP3, headers={"content-type": "audio/mpeg"})
    assert response.status_code == 200
    [request] = way.upstream.requests
    assert (request.body, request.headers["content-type"]) == (MP3, "audio/mpeg")
    refused = await way.call("POST", "openai/audio/x", content=MP3, headers={"content-type": "audio/mpeg"})
    assert refused.status_code == 400


async def test_calls_without_a_model_count_in_rates_and_reports(way: Passing) -> None:
    account = await way.gateway.account("slow", "1")
    key = await way.gateway.key(account["id"], requests_per_minute=1)
    way.upstream.script = answer_json({})
    assert (await way.call("GET", "openai/models", key=key)).status_code == 200
    assert (await way.call("GET", "openai/models", key=key)).status_code == 429
    usage = await way.gateway.client.get("/api/usage", headers=bearer(await way.gateway.session(account["id"])))
    assert usage.status_code == 200, usage.text
