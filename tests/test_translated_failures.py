"""What goes wrong behind a translation reaches the vendors' own clients as their own errors, and costs what was delivered."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest

from tests.gateway import ENVIRON, bearer
from tests.leaving import until
from tests.translating import Translating, Vendor, completion, message, translating
from tests.upstream import Connection, Reply, Request, answer_json, fin, finish, frame, hang, status, stream
from tollhouse.contract import responding

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = "x" * 40  # 10 tokens where nobody counts


@dataclass(frozen=True)
class Side:
    """A client of one format and the provider of another that serves it."""

    name: str
    path: str
    model: str
    errors: Any  # the client's module
    beat: bytes

    def vendor(self, vendors: Translating) -> Vendor:
        return vendors.gpt if self.model == "gpt-test" else vendors.claude

    def body(self, model: str = "", **fields: Any) -> dict[str, Any]:
        asked: dict[str, Any] = {"model": model or self.model, "stream": True, **fields}
        if self.name == "responses":
            return {"input": "Hello!", "max_output_tokens": 100, **asked}
        return {"messages": [{"role": "user", "content": "Hello!"}], "max_tokens": 100, **asked}

    async def ask(self, vendors: Translating, model: str = "", **fields: Any) -> str:
        """The text of an answer, through the vendor's client; raises its errors."""
        asked = self.body(model, **{"stream": False, **fields})
        if self.name == "messages":
            answer: Any = await vendors.anthropic.messages.create(**asked)
        elif self.name == "chat":
            answer = await vendors.openai.chat.completions.create(**asked)
        else:
            answer = await vendors.openai.responses.create(**asked)
        return "".join([text async for text in self._texts(answer)]) if asked["stream"] else self._text(answer)

    def _text(self, answer: Any) -> str:
        if self.name == "messages":
            return str(answer.content[0].text)
        return str(answer.choices[0].message.content if self.name == "chat" else answer.output_text)

    async def _texts(self, events: Any) -> AsyncIterator[str]:
        async for event in events:
            if self.name == "chat":
                yield event.choices[0].delta.content or ""
            elif self.name == "messages":
                yield event.delta.text if event.type == "content_block_delta" else ""
            elif event.type == "response.failed":  # the client leaves it to its user to raise
                raise openai.APIError(event.response.error.message, request=None, body=None)  # type: ignore[arg-type]
            else:
                yield event.delta if event.type == "response.output_text.delta" else ""

    @asynccontextmanager
    async def raw(self, vendors: Translating, **fields: Any) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of a stream, as they come."""
        client, body = vendors.gateway.client, self.body(**fields)
        async with client.stream("POST", f"/v1/{self.path}", json=body, headers=bearer(vendors.key)) as response:
            assert response.status_code == 200
            yield response.aiter_bytes()


SIDES = [
    Side("chat", "chat/completions", "claude-test", openai, b":"),
    Side("messages", "messages", "gpt-test", anthropic, b"event: ping"),
    Side("responses", "responses", "gpt-test", openai, b":"),
    Side("responses", "responses", "claude-test", openai, b":"),
]
every_side = pytest.mark.parametrize("side", SIDES, ids=lambda side: f"{side.name} on {side.model}")
either = pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])


def begun(vendor: Vendor, end: Reply, more: bytes = b"") -> Reply:
    """A stream that tells TEXT at once, `more` when that has gone on to the client, and then ends so."""

    async def go_on(request: Request, connection: Connection) -> None:
        await asyncio.sleep(0.1)
        await connection.piece(more)
        await end(request, connection)

    answer = completion("") if vendor.format == "chat" else message({"type": "text", "text": ""})
    frames = vendor.frames(answer)
    head = frames[:1] if vendor.format == "chat" else frames[:3]
    return stream([*head, told(vendor, TEXT)], end=go_on if more else end)


def chunk(choice: dict[str, Any]) -> bytes:
    head = {"id": "chatcmpl-01", "object": "chat.completion.chunk", "created": 1, "model": "gpt-test"}
    return frame({**head, "choices": [choice]})


def told(vendor: Vendor, text: str) -> bytes:
    """A frame with a text."""
    if vendor.format == "chat":
        return chunk({"index": 0, "delta": {"content": text}, "finish_reason": None})
    delta = {"type": "text_delta", "text": text}
    return frame({"type": "content_block_delta", "index": 0, "delta": delta}, "content_block_delta")


@every_side
@either
async def test_a_refusal_of_the_provider_is_the_clients_own(vendors: Translating, side: Side, streaming: bool) -> None:
    side.vendor(vendors).reply(status(400, "max_tokens is too large"))
    with pytest.raises(side.errors.BadRequestError, match="max_tokens is too large") as refused:
        await side.ask(vendors, stream=streaming)
    error = refused.value.body.get("error", refused.value.body)
    assert error["type"] == "invalid_request_error"
    assert set(error) == ({"type", "message"} if side.name == "messages" else {"type", "message", "param", "code"})
    row = await vendors.row()
    assert (row["state"], row["cost_usd"]) == ("voided", "0")


@every_side
@either
async def test_a_rate_limit_says_when_to_come_back(vendors: Translating, side: Side, streaming: bool) -> None:
    side.vendor(vendors).reply(status(429, retry_after=3))
    with pytest.raises(side.errors.RateLimitError) as slow:
        await side.ask(vendors, stream=streaming)
    assert slow.value.response.headers["retry-after"] == "3"
    assert (await vendors.row())["state"] == "voided"


@every_side
@pytest.mark.parametrize("code", [500, 503, 529])
async def test_a_provider_in_trouble_is_a_server_error(vendors: Translating, side: Side, code: int) -> None:
    side.vendor(vendors).reply(status(code, "Overloaded"))
    with pytest.raises(side.errors.InternalServerError) as down:
        await side.ask(vendors)
    assert down.value.status_code == 502 and (await vendors.row())["state"] == "voided"


@every_side
async def test_an_error_in_the_middle_of_a_stream_raises_in_the_client(vendors: Translating, side: Side) -> None:
    vendor = side.vendor(vendors)
    error: dict[str, Any] = {"error": {"type": "overloaded_error", "message": "Overloaded"}}
    sent = frame(error) if vendor.format == "chat" else frame({"type": "error", **error}, "error")
    vendor.reply(begun(vendor, finish, sent + told(vendor, "never")))
    with pytest.raises(side.errors.APIError, match="Overloaded"):
        await side.ask(vendors, stream=True)
    row = await vendors.row()
    assert (row["state"], row["output_tokens"], row["usage_source"]) == ("posted", 10, "estimated")


REPORTED = {  # of an error's type and code: those of a chat, of Anthropic and of a response
    ("overloaded_error", None): (("server_error", "upstream_error"), "overloaded_error", "server_error"),
    ("rate_limit_error", None): (
        ("rate_limit_error", "rate_limit_exceeded"),
        "rate_limit_error",
        "rate_limit_exceeded",
    ),
    ("tokens", "rate_limit_exceeded"): (
        ("rate_limit_error", "rate_limit_exceeded"),
        "rate_limit_error",
        "rate_limit_exceeded",
    ),
    ("timeout_error", None): (("server_error", "upstream_timeout"), "timeout_error", "server_error"),
    ("invalid_request_error", None): (("invalid_request_error", None), "invalid_request_error", "server_error"),
    ("insufficient_quota", "insufficient_quota"): (("server_error", "upstream_error"), "api_error", "server_error"),
    ("made_up", None): (("server_error", "upstream_error"), "api_error", "server_error"),
}


@every_side
@pytest.mark.parametrize("words", REPORTED, ids=lambda words: str(words[1] or words[0]))
async def test_an_error_in_a_stream_has_the_type_of_the_clients_format(
    vendors: Translating, side: Side, words: tuple[str, str | None]
) -> None:
    """It says what the provider says, without our key and the provider's host."""
    vendor = side.vendor(vendors)
    message = f"Trouble at {vendor.upstream.url} with {ENVIRON['TEST_UPSTREAM_KEY']}"
    error: dict[str, Any] = {"error": {"type": words[0], "code": words[1], "message": message}}
    sent = frame(error) if vendor.format == "chat" else frame({"type": "error", **error}, "error")
    vendor.reply(begun(vendor, finish, sent))
    async with side.raw(vendors) as chunks:
        received = b"".join([chunk async for chunk in chunks])
    told = json.loads(received.rstrip().rpartition(b"data: ")[2])
    chat, messages, responses = REPORTED[words]
    if side.name == "chat":
        assert (told["error"]["type"], told["error"]["code"]) == chat
    elif side.name == "messages":
        assert (told["type"], told["error"]["type"]) == ("error", messages)
    else:
        assert (told["type"], told["response"]["error"]["code"]) == ("response.failed", responses)
    assert b"sk-upstream" not in received and b"127.0.0.1" not in received
    assert (b"Trouble at" in received) == (words[0] != "insufficient_quota")


@every_side
async def test_a_stream_that_breaks_off_raises_in_the_client(vendors: Translating, side: Side) -> None:
    vendor = side.vendor(vendors)
    vendor.reply(begun(vendor, fin))
    with pytest.raises(side.errors.APIError, match="stream broke"):
        await side.ask(vendors, stream=True)
    assert (await vendors.row())["output_tokens"] == 10


@every_side
@either
async def test_an_answer_that_is_none_of_the_format_costs_nothing(
    vendors: Translating, side: Side, streaming: bool
) -> None:
    vendor = side.vendor(vendors)
    whole = {"choices": [{"message": 7}], "content": [7], "usage": {"prompt_tokens": 5, "completion_tokens": 5}}
    bad = frame({"type": "message_start", "message": 7}, "message_start")
    bad = frame({"choices": [{"index": 0, "delta": {"content": 7}}]}) if vendor.format == "chat" else bad
    vendor.reply(stream([bad]) if streaming else answer_json(whole))
    with pytest.raises(side.errors.InternalServerError):
        await side.ask(vendors, stream=streaming)
    row = await vendors.row()
    assert (row["state"], row["cost_usd"]) == ("voided", "0")


def broken(vendor: Vendor, text: str) -> bytes:
    """A frame that cannot be translated; that of a chat has a text in it, and the end of the answer."""
    if vendor.format == "messages":
        delta = {"type": "input_json_delta", "partial_json": text}
        return frame({"type": "content_block_delta", "index": "x", "delta": delta}, "content_block_delta")
    return chunk({"index": 0, "delta": {"content": text, "tool_calls": 7}, "finish_reason": "tool_calls"})


@every_side
async def test_a_stream_that_cannot_be_translated_any_more_is_broken_and_costs_what_was_told(
    vendors: Translating, side: Side
) -> None:
    vendor = side.vendor(vendors)
    vendor.reply(begun(vendor, finish, broken(vendor, "y" * 400) + told(vendor, "z" * 400)))
    async with side.raw(vendors) as chunks:
        texts = b"".join([chunk async for chunk in chunks]).decode()
    assert TEXT in texts and "yyyy" not in texts and "zzzz" not in texts
    with pytest.raises(side.errors.APIError, match="stream broke"):
        await side.ask(vendors, stream=True)
    row = await vendors.row()
    assert (row["state"], row["output_tokens"], row["usage_source"]) == ("posted", 10, "estimated")


@every_side
async def test_nothing_follows_what_could_not_be_translated(vendors: Translating, side: Side) -> None:
    """An event that is still incomplete then, without its blank line, is not told either."""
    vendor = side.vendor(vendors)
    vendor.reply(begun(vendor, finish, broken(vendor, "y") + told(vendor, "z" * 400).rstrip(b"\n")))
    async with side.raw(vendors) as chunks:
        texts = b"".join([chunk async for chunk in chunks]).decode()
    assert TEXT in texts and "zzzz" not in texts and "stream broke" in texts and ".." not in texts
    assert (await vendors.row())["output_tokens"] == 10


@every_side
async def test_a_client_that_hangs_up_pays_what_was_told_and_upstream_is_closed(
    vendors: Translating, side: Side
) -> None:
    vendor = side.vendor(vendors)
    vendor.reply(begun(vendor, hang))
    async with side.raw(vendors) as chunks:
        received = b""
        while TEXT.encode() not in received:
            received += await anext(chunks)
        left = time.monotonic()
    assert await vendor.upstream.requests[0].wait_closed() - left < 1
    await until(lambda: not vendors.gateway.app.services.relay.means.ledger.open_holds)
    row = await vendors.row()
    assert (row["state"], row["output_tokens"], row["usage_source"]) == ("posted", 10, "estimated")


@every_side
async def test_heartbeats_are_of_the_clients_format(
    vendors: Translating, side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Upstream's own pings do not pass."""
    monkeypatch.setattr(responding, "SILENCE_S", 0.05)
    vendor = side.vendor(vendors)
    quiet = [frame({"type": "ping"}, "ping")] if vendor.format == "messages" else [b": waiting\n\n"]
    go_on = asyncio.Event()

    async def waiting(request: Request, connection: Connection) -> None:
        await connection.piece(quiet[0])
        await go_on.wait()
        await connection.finish()

    vendor.reply(begun(vendor, waiting))
    async with side.raw(vendors) as chunks:
        received = b""
        while received.count(side.beat) < 2 or TEXT.encode() not in received:
            received += await anext(chunks)
        go_on.set()
        received += b"".join([chunk async for chunk in chunks])
    assert b"waiting" not in received
    assert (b"event: ping" in received) == (side.name == "messages")


# Pools of both formats.


@pytest.mark.parametrize("side", SIDES[:2], ids=lambda side: side.name)
@either
async def test_a_provider_of_the_clients_own_format_goes_first(
    vendors: Translating, side: Side, streaming: bool
) -> None:
    native = vendors.gpt if side.name == "chat" else vendors.claude
    assert await side.ask(vendors, "pooled", stream=streaming) == "Hello there"
    assert len(native.asked) == 1 and side.vendor(vendors).asked == []


@pytest.mark.parametrize("side", SIDES[:2], ids=lambda side: side.name)
@either
async def test_a_translated_provider_answers_when_the_native_one_is_down(
    vendors: Translating, side: Side, streaming: bool
) -> None:
    native = vendors.gpt if side.name == "chat" else vendors.claude
    native.reply(status(503))
    side.vendor(vendors).tell(side.vendor(vendors).hello)
    assert await side.ask(vendors, "pooled", stream=streaming) == "Hello there"
    row = await vendors.row()
    assert (row["state"], row["provider"]) == ("posted", "claude" if side.name == "chat" else "gpt")
    assert json.loads(row["attempts"])[0]["status"] == 503 if isinstance(row["attempts"], str) else row["attempts"]
    assert len(native.asked) == len(side.vendor(vendors).asked) == 1


async def test_what_no_other_provider_can_say_is_the_native_ones_failure(vendors: Translating) -> None:
    vendors.gpt.reply(status(503))
    with pytest.raises(openai.InternalServerError, match="gpt answered 503"):
        await SIDES[0].ask(vendors, "pooled", logprobs=True)
    assert vendors.claude.asked == [] and (await vendors.row())["state"] == "voided"


async def test_a_provider_whose_format_cannot_say_it_is_passed_over(vendors: Translating) -> None:
    """The first by weight is of Anthropic's format, which has no form of an answer without a schema."""
    responses = SIDES[2]
    assert await responses.ask(vendors, "pooled") == "Hello there"
    assert (len(vendors.claude.asked), len(vendors.gpt.asked)) == (1, 0)
    assert await responses.ask(vendors, "pooled", text={"format": {"type": "json_object"}}) == "Hello there"
    assert (len(vendors.claude.asked), len(vendors.gpt.asked)) == (1, 1)
    assert (await vendors.row())["provider"] == "gpt"


async def test_who_is_passed_over_is_no_attempt(tmp_path: Path) -> None:
    async with translating(tmp_path, attempts=1) as vendors:
        vendors.forget()
        assert await SIDES[2].ask(vendors, "pooled", text={"format": {"type": "json_object"}}) == "Hello there"
        assert (len(vendors.claude.asked), len(vendors.gpt.asked)) == (0, 1)


@either
async def test_an_answer_that_cannot_be_translated_is_the_next_providers_turn(
    vendors: Translating, streaming: bool
) -> None:
    bad = stream([frame({"type": "message_start", "message": 7}, "message_start")])
    vendors.claude.reply(bad if streaming else answer_json({"content": [7], "usage": {"output_tokens": 5}}))
    assert await SIDES[2].ask(vendors, "pooled", stream=streaming) == "Hello there"
    await vendors.assert_charged("gpt-test", (11, 7, 0))


async def test_the_names_of_dropped_fields_are_bounded(vendors: Translating) -> None:
    hostile = {f"field-{number:04}{'x' * 200}\r\nset-cookie: a": 1 for number in range(3000)}
    body = SIDES[0].body(stream=False, **hostile)
    response = await vendors.gateway.client.post("/v1/chat/completions", json=body, headers=bearer(vendors.key))
    assert response.status_code == 200 and "set-cookie" not in response.headers
    names = response.headers["x-tollhouse-dropped"].split(", ")
    assert len(names) == 21 and names[-1] == "and 2980 more" and all(len(name) <= 64 for name in names)
