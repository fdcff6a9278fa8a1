"""A gateway whose models each speak one vendor's format, with the other vendor's clients before it.

`gpt-test` is served in OpenAI's format alone, `claude-test` in Anthropic's alone, `pooled` in both. The scripted vendors
read every request by their own documents, and `tell` a whole answer however it is asked for: at once or streamed.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anthropic import AsyncAnthropic
from openai import AsyncOpenAI

from tests.dialects.oracles import assert_fits
from tests.dialects.streams import completion_chunks, message_events
from tests.gateway import Gateway, provider
from tests.upstream import Connection, Reply, Request, ScriptedUpstream, answer_json, frame, stream
from tests.upstream import usage as openai_usage

PRICES = {"gpt-test": (1, 2, 0.5), "claude-test": (3, 15, 0.3)}  # of a token in µUSD: in, out, read from the cache
PIECE = 5  # characters of a delta


@dataclass
class Vendor:
    """One scripted provider."""

    upstream: ScriptedUpstream
    format: str
    wrong: list[str] = field(default_factory=list)  # what was asked for and is not in the vendor's format

    def forget(self) -> None:
        self.upstream.requests.clear()
        self.wrong.clear()
        self.tell(self.hello)

    @property
    def hello(self) -> dict[str, Any]:
        """An answer in the vendor's format."""
        return completion("Hello there") if self.format == "chat" else message({"type": "text", "text": "Hello there"})

    def tell(self, *answers: Mapping[str, Any]) -> None:
        """Answer with these, one after the other; the last one again and again."""
        left = list(answers)

        async def reply(request: Request, connection: Connection) -> None:
            told = left.pop(0) if len(left) > 1 else left[0]
            whole = answer_json(told)
            await (self.streamed(told) if request.json().get("stream") else whole)(request, connection)

        self.reply(reply)

    def reply(self, reply: Reply) -> None:
        async def reading(request: Request, connection: Connection) -> None:
            self._read(request)
            await reply(request, connection)

        self.upstream.script = reading

    def streamed(self, answer: Mapping[str, Any], **options: Any) -> Reply:
        return stream(self.frames(answer), **options)

    def frames(self, answer: Mapping[str, Any]) -> list[bytes]:
        """A whole answer as the vendor's stream, its texts and arguments in pieces."""
        if self.format == "messages":
            return [frame(event, event["type"]) for event in message_events(dict(answer), PIECE)]
        chunks = completion_chunks(dict(answer), PIECE)
        return [frame("[DONE]" if isinstance(chunk, bytes) else chunk) for chunk in chunks]

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The bodies that arrived."""
        return [request.json() for request in self.upstream.requests]

    def _read(self, request: Request) -> None:
        """What a vendor checks before it answers; noted rather than raised, because a test is not here to fail."""
        headers, path = request.headers, request.path
        try:
            assert_fits(self.format, "request", request.json())
            if self.format == "messages":
                assert path == "/v1/messages" and headers["anthropic-version"]
                assert headers["x-api-key"].startswith("sk-upstream") and "authorization" not in headers
            else:
                assert path == "/v1/chat/completions" and "x-api-key" not in headers
                assert headers["authorization"].startswith("Bearer sk-upstream")
        except (AssertionError, KeyError) as error:
            self.wrong.append(f"{path} {dict(headers)}: {error}")


@dataclass
class Translating:
    gateway: Gateway
    gpt: Vendor
    claude: Vendor
    openai: AsyncOpenAI
    anthropic: AsyncAnthropic
    key: str

    def forget(self) -> None:
        self.gpt.forget()
        self.claude.forget()
        self.gateway.app.services.relay.means.health.forget()

    async def row(self) -> dict[str, Any]:
        """The newest ledger row, after an audit of everything so far."""
        report = await self.gateway.audit()
        assert report.drift == 0 and report.held == 0, report.findings
        return (await self.gateway.rows(limit=1))[0]

    async def assert_charged(self, model: str, tokens: tuple[int, int, int]) -> None:
        """The newest row charges what the client was told: fresh input, output, and input from the cache."""
        row = await self.row()
        shown = (row["input_tokens"], row["output_tokens"], row["cache_read_tokens"])
        assert (row["state"], row["usage_source"], shown) == ("posted", "reported", tokens)
        micro_usd = sum(count * price for count, price in zip(tokens, PRICES[model], strict=True))
        assert abs(float(row["cost_usd"]) * 1e6 - micro_usd) < 1e-6


@asynccontextmanager
async def translating(directory: Path, *, on_disconnect: str = "cancel", **limits: Any) -> AsyncIterator[Translating]:
    """`on_disconnect` is that of both providers; `limits` are those of routes.yaml."""
    async with AsyncExitStack() as stack:
        gpt = Vendor(await stack.enter_async_context(ScriptedUpstream()), "chat")
        claude = Vendor(await stack.enter_async_context(ScriptedUpstream()), "messages")
        entries = {
            "gpt": provider(
                gpt.upstream.url,
                models={"gpt-test": {}, "pooled": {"upstream": "gpt-test", "weight": 1}},
                on_disconnect=on_disconnect,
            ),
            "claude": provider(
                claude.upstream.url,
                "anthropic",
                models={"claude-test": {}, "pooled": {"upstream": "claude-test", "weight": 100}},
                on_disconnect=on_disconnect,
            ),
        }
        routes = {"limits": {"requests_per_minute": 0, **limits}}
        gateway = await stack.enter_async_context(
            Gateway(directory, gpt.upstream.url, providers=entries, routes=routes)
        )
        gateway.app.services.relay._generator.random = lambda: 0.5  # the order is then that of the weights
        key, base = await gateway.key(), gateway.urls["main"]
        openai = await stack.enter_async_context(AsyncOpenAI(api_key=key, base_url=f"{base}/v1", max_retries=0))
        anthropic = await stack.enter_async_context(AsyncAnthropic(api_key=key, base_url=base, max_retries=0))
        yield Translating(gateway, gpt, claude, openai, anthropic, key)


# Answers of the vendors.


def message(*blocks: Mapping[str, Any], stop_reason: str = "end_turn", **counts: int) -> dict[str, Any]:
    """An answer of Anthropic's, with all that its document requires."""
    unsaid = dict.fromkeys(("cache_creation", "inference_geo", "server_tool_use", "service_tier"))
    usage = {"input_tokens": 11, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 7}
    answer = {
        "id": "msg_01", "type": "message", "role": "assistant", "model": "claude-test",
        "content": [{"citations": [], **block} if block["type"] == "text" else dict(block) for block in blocks],
        "stop_reason": stop_reason, "stop_sequence": None, "stop_details": None, "container": None,
        "usage": {**unsaid, **usage, **counts},
    }  # fmt: skip
    assert_fits("messages", "answer", answer)
    return answer


def tool_use(name: str, given: str, **arguments: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": given, "name": name, "input": arguments, "caller": {"type": "direct"}}


def completion(
    content: str | None = None,
    *,
    calls: Iterable[Mapping[str, Any]] = (),
    reason: str = "stop",
    cached: int = 0,
    prompt: int = 11,
    output: int = 7,
    **fields: Any,
) -> dict[str, Any]:
    """An answer of OpenAI's; `fields` go into its message."""
    told = {"role": "assistant", "content": content, "refusal": None, **fields}
    if calls:
        told["tool_calls"] = list(calls)
    answer = {
        "id": "chatcmpl-01", "object": "chat.completion", "created": 1_700_000_000, "model": "gpt-test",
        "choices": [{"index": 0, "message": told, "logprobs": None, "finish_reason": reason}],
        "usage": openai_usage(prompt, output, cached),
    }  # fmt: skip
    assert_fits("chat", "answer", answer)
    return answer


def function_call(name: str, given: str, arguments: str) -> dict[str, Any]:
    return {"id": given, "type": "function", "function": {"name": name, "arguments": arguments}}
