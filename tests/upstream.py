"""A scriptable upstream on a real socket: the one fake provider of the test suite.

    async with ScriptedUpstream() as upstream:
        upstream.reply(status(429, retry_after=3), openai_chat("hello"))   # one reply per request, in order
        upstream.script = hang                                             # what answers when the queue is empty
        ... upstream.url, upstream.requests[0].json(), upstream.requests[0].closed_at

`with ScriptedUpstream.in_thread() as upstream` is the same for tests without an event loop. A reply is any
`async def (request, connection)`; those at the end of this file are ready-made. Without a script it answers by path, as a provider
in good health. Times are `time.monotonic()`.
"""

import asyncio
import gzip
import json
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self, cast

HEAD_BYTES_MAX = 1 << 24


@dataclass(slots=True)
class Request:
    """A request as it arrived; header names in lower case, the last value of each, all of them in `header_list`."""

    method: str
    path: str  # with the query
    headers: Mapping[str, str]
    header_list: Sequence[tuple[str, str]]
    connection: "Connection" = field(repr=False)
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def closed_at(self) -> float | None:
        """When the client closed the connection this request came on; None while it is open or if we closed it."""
        return self.connection.closed_at

    async def wait_closed(self, timeout_s: float = 1.0) -> float:
        """Wait until the client has closed; returns when. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            await self.connection.wait_closed()
        assert self.closed_at is not None, "this side closed the connection"
        return self.closed_at


Reply = Callable[[Request, "Connection"], Awaitable[None]]


class ScriptedUpstream:
    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.requests: list[Request] = []
        self.script: Reply = by_path
        self.connections: set[Connection] = set()
        self.connections_accepted = 0
        self._replies: deque[Reply] = deque()
        self._failures: list[Exception] = []

    def reply(self, *replies: Reply) -> None:
        """Queue replies, one per request; the script takes over when they are used up."""
        self._replies.extend(replies)

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), "127.0.0.1", 0, backlog=1024, ssl=self._tls)
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Stop at once. Raises what a script raised, unless the test is failing already."""
        self._server.close()
        await asyncio.sleep(0)  # lets connections that were just accepted come into the set
        connections = list(self.connections)
        for connection in connections:
            connection.stop()
        await asyncio.gather(*(connection.wait_stopped() for connection in connections))
        await self._server.wait_closed()
        if self._failures and exception[0] is None:
            raise self._failures[0]

    @classmethod
    @contextmanager
    def in_thread(cls) -> "Iterator[ScriptedUpstream]":
        """Run it in its own thread and loop, for synchronous clients. `reply` and `script` may be used from outside."""
        upstream, ready = cls(), threading.Event()
        stop: list[Callable[[], object]] = []
        failures: list[BaseException] = []

        async def serve() -> None:
            async with upstream:
                stopped = asyncio.Event()
                loop = asyncio.get_running_loop()
                stop.append(lambda: loop.call_soon_threadsafe(stopped.set))
                ready.set()
                await stopped.wait()

        def run() -> None:
            try:
                asyncio.run(serve())
            except BaseException as error:
                failures.append(error)
            finally:
                ready.set()

        thread = threading.Thread(target=run, name="scripted-upstream")
        thread.start()
        ready.wait()
        try:
            yield upstream
        finally:
            for call in stop:
                call()
            thread.join()
        if failures:
            raise failures[0]

    async def answer(self, request: Request) -> None:
        self.requests.append(request)
        reply = self._replies.popleft() if self._replies else self.script
        await reply(request, request.connection)

    def note_failure(self, error: Exception) -> None:
        self._failures.append(error)


class Connection(asyncio.Protocol):
    """One accepted connection. It answers its requests one after the other and keeps alive."""

    def __init__(self, upstream: ScriptedUpstream) -> None:
        self.closed_at: float | None = None
        self._upstream = upstream
        self._reader = asyncio.StreamReader(limit=HEAD_BYTES_MAX)
        self._closed = asyncio.Event()  # the client has hung up, or we have
        self._lost = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()

    # What replies use.

    async def send(self, data: bytes) -> None:
        """Write raw bytes. Raises ConnectionResetError once the connection is closed."""
        if self._closed.is_set():
            raise ConnectionResetError
        self._transport.write(data)
        await self._writable.wait()

    async def respond(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        await self.send(head(status, {**headers, "content-length": str(len(body))}) + body)

    async def start(self, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Open a chunked response; `piece` and `finish` go on with it."""
        await self.send(head(status, {**(headers or {}), "transfer-encoding": "chunked"}))

    async def piece(self, data: bytes) -> None:
        await self.send(b"%x\r\n%b\r\n" % (len(data), data))

    async def finish(self) -> None:
        await self.send(b"0\r\n\r\n")

    def close(self) -> None:
        """Close in an orderly way: what was written arrives, then FIN."""
        self._closed.set()
        self._transport.close()

    def reset(self) -> None:
        """Close with RST; what has not been sent is lost."""
        self._closed.set()
        raw = self._transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    async def wait_closed(self) -> None:
        await self._closed.wait()

    # What the server uses.

    def stop(self) -> None:
        self._task.cancel()
        self._transport.abort()

    async def wait_stopped(self) -> None:
        await asyncio.wait([self._task])
        await self._lost.wait()

    async def _serve(self) -> None:
        try:
            while not self._closed.is_set():
                request = await self._read_request()
                await self._upstream.answer(request)
                if request.headers.get("connection", "").lower() == "close":
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has gone
        except Exception as error:
            self._upstream.note_failure(error)
        self.close()

    async def _read_request(self) -> Request:
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n"))[:-4].decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        header_list = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        headers = dict(header_list)
        if headers.get("expect", "").lower() == "100-continue":
            await self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        request = Request(method, path, headers, header_list, self)
        if "chunked" in headers.get("transfer-encoding", ""):
            request.body = await self._read_chunked()
        else:
            request.body = await self._reader.readexactly(int(headers.get("content-length", 0)))
        return request

    async def _read_chunked(self) -> bytes:
        body = b""
        while size := int((await self._reader.readuntil(b"\r\n")).split(b";")[0], 16):
            body += (await self._reader.readexactly(size + 2))[:-2]
        while await self._reader.readuntil(b"\r\n") != b"\r\n":
            pass  # trailers
        return body

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is not a subclass
        self._upstream.connections.add(self)
        self._upstream.connections_accepted += 1
        self._task = asyncio.get_running_loop().create_task(self._serve())

    def data_received(self, data: bytes) -> None:
        self._reader.feed_data(data)

    def eof_received(self) -> None:
        self._note_closed_by_client()

    def connection_lost(self, error: Exception | None) -> None:
        self._note_closed_by_client()
        self._upstream.connections.discard(self)
        self._lost.set()

    def _note_closed_by_client(self) -> None:
        if not self._closed.is_set():
            self.closed_at = time.monotonic()
            self._closed.set()
        self._reader.feed_eof()
        self._writable.set()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()


def head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Scripted\r\n{lines}\r\n".encode("latin-1")


@contextmanager
def refusing() -> Iterator[str]:
    """The URL of a port where connections are refused: bound, so that nobody else takes it, and never listened to."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@contextmanager
def unaccepting() -> Iterator[str]:
    """The URL of a port where connecting takes for ever: it listens, and its queue is full."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def plain_port() -> Iterator[str]:
    """The URL of a port that hangs up on every connection without a word, on TLS handshakes for example."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    listener.accept()[0].close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)  # wakes the accept
            thread.join()


# Replies: bodies


def answer(body: bytes, status: int = 200, **headers: str) -> Reply:
    """Any body. Header names are written with underscores: `content_type="text/html"`."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}

    async def reply(request: Request, connection: Connection) -> None:
        await connection.respond(status, names, body)

    return reply


def answer_json(body: Any, status: int = 200, **headers: str) -> Reply:
    return answer(json.dumps(body).encode(), status, content_type="application/json", **headers)


STATUS_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def status(code: int, message: str = "scripted error", retry_after: float | None = None) -> Reply:
    """An error whose body both OpenAI's and Anthropic's clients can read."""
    kind = STATUS_TYPES.get(code, "api_error")
    body = {"type": "error", "error": {"type": kind, "message": message, "param": None, "code": None}}
    return answer_json(body, code, **({} if retry_after is None else {"retry_after": f"{retry_after:g}"}))


def usage(prompt: int = 11, completion: int = 7, cached: int | None = None) -> dict[str, Any]:
    """OpenAI's usage object."""
    tokens: dict[str, Any] = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
    return tokens if cached is None else {**tokens, "prompt_tokens_details": {"cached_tokens": cached}}


USAGE = usage()
ANTHROPIC_USAGE = {"input_tokens": 11, "output_tokens": 7}
RESPONSE_USAGE = {**ANTHROPIC_USAGE, "total_tokens": 18}


def openai_chat(text: str = "Hello there", usage: Mapping[str, Any] | None = USAGE, **fields: Any) -> Reply:
    """A chat completion; `usage=None` leaves it out. Further fields go into the body."""
    body: dict[str, Any] = {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
    }
    if usage is not None:
        body["usage"] = usage

    async def reply(request: Request, connection: Connection) -> None:
        await answer_json({**body, "model": model_of(request), **fields})(request, connection)

    return reply


def openai_completion(text: str = "Hello there", **fields: Any) -> Reply:
    """A text completion; further fields go into the body."""

    async def reply(request: Request, connection: Connection) -> None:
        await answer_json({**_completion(model_of(request), text, "stop"), "usage": USAGE, **fields})(
            request, connection
        )

    return reply


def _completion(model: str, text: str, reason: str | None) -> dict[str, Any]:
    choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": reason}
    shell = {"id": "cmpl-scripted", "object": "text_completion", "created": 1_700_000_000, "model": model}
    return {**shell, "choices": [choice]}


def response_usage(prompt: int = 11, output: int = 7, cached: int = 0) -> dict[str, Any]:
    """The usage object of a response."""
    return {
        "input_tokens": prompt,
        "input_tokens_details": {"cached_tokens": cached},
        "output_tokens": output,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": prompt + output,
    }


def response_body(text: str = "Hello there", usage: Mapping[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """A complete response; `usage=None` is how one says that nobody counted."""
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    item = {"id": "msg_scripted", "type": "message", "status": "completed", "role": "assistant", "content": [part]}
    return {
        "id": "resp_scripted", "object": "response", "created_at": 1_700_000_000, "status": "completed", "error": None,
        "incomplete_details": None, "instructions": None, "model": "scripted-model", "output": [item],
        "parallel_tool_calls": True, "metadata": {}, "tool_choice": "auto", "tools": [], "temperature": 1.0,
        "top_p": 1.0, "usage": usage, **fields,
    }  # fmt: skip


def openai_response(
    text: str = "Hello there", usage: Mapping[str, Any] | None = RESPONSE_USAGE, **fields: Any
) -> Reply:
    async def reply(request: Request, connection: Connection) -> None:
        await answer_json(response_body(text, usage, model=model_of(request), **fields))(request, connection)

    return reply


def openai_embeddings(vectors: Sequence[Sequence[float]] = ((0.5, -0.25),), prompt_tokens: int = 3) -> Reply:
    """An embeddings answer with floats, whatever encoding was asked for."""
    data = [{"object": "embedding", "index": index, "embedding": list(vector)} for index, vector in enumerate(vectors)]
    tokens = {"prompt_tokens": prompt_tokens, "total_tokens": prompt_tokens}

    async def reply(request: Request, connection: Connection) -> None:
        body = {"object": "list", "data": data, "model": model_of(request), "usage": tokens}
        await answer_json(body)(request, connection)

    return reply


def openai_moderation(flagged: bool = True, **fields: Any) -> Reply:
    """A verdict on whatever was sent; further fields go into the body."""
    verdict = {"flagged": flagged, "categories": {"violence": flagged}, "category_scores": {"violence": 0.93}}

    async def reply(request: Request, connection: Connection) -> None:
        body = {"id": "modr-scripted", "model": model_of(request), "results": [verdict], **fields}
        await answer_json(body)(request, connection)

    return reply


def anthropic_message(text: str = "Hello there", usage: Mapping[str, Any] | None = ANTHROPIC_USAGE) -> Reply:
    async def reply(request: Request, connection: Connection) -> None:
        body = {**_anthropic_shell(request), "content": [{"type": "text", "text": text}], "stop_reason": "end_turn"}
        await answer_json(body if usage is None else {**body, "usage": usage})(request, connection)

    return reply


# Replies: streams. `end` is the reply that ends one: finish, or a fault.


async def finish(request: Request, connection: Connection) -> None:
    await connection.finish()


def stream(frames: Iterable[bytes], delay_s: float = 0.0, end: Reply = finish) -> Reply:
    """These bytes as an event stream, each its own chunk, with a delay before each."""
    frames = list(frames)

    async def reply(request: Request, connection: Connection) -> None:
        await connection.start(200, {"content-type": "text/event-stream; charset=utf-8"})
        for frame in frames:
            if delay_s:
                await asyncio.sleep(delay_s)
            await connection.piece(frame)
        await end(request, connection)

    return reply


def frame(data: Any, event: str | None = None) -> bytes:
    """One event, as providers write it; `data` is a string or becomes JSON."""
    text = data if isinstance(data, str) else json.dumps(data, separators=(",", ":"))
    return (f"event: {event}\n" if event else "").encode() + f"data: {text}\n\n".encode()


def openai_stream(
    texts: Iterable[str] = ("Hello", " there"),
    usage: Mapping[str, Any] | None = USAGE,
    delay_s: float = 0.0,
    end: Reply = finish,
    done: bool = True,
    finish_reason: str | None = "stop",
) -> Reply:
    """Chat chunks; the usage frame comes only where `stream_options.include_usage` asks for it, as at OpenAI.

    A stream that breaks off: `openai_stream(["Hel"], end=reset, done=False, finish_reason=None, usage=None)`.
    """
    texts = list(texts)

    async def reply(request: Request, connection: Connection) -> None:
        asked = (request.json().get("stream_options") or {}).get("include_usage")
        shell = {"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": 1_700_000_000}
        shell["model"] = model_of(request)
        null_usage = {"usage": None} if asked else {}

        def chunk(delta: Mapping[str, str], reason: str | None) -> bytes:
            return frame({**shell, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}], **null_usage})

        frames = [chunk({"role": "assistant", "content": ""}, None)]
        frames += [chunk({"content": text}, None) for text in texts]
        if finish_reason:
            frames.append(chunk({}, finish_reason))
        if asked and usage is not None:
            frames.append(frame({**shell, "choices": [], "usage": usage}))
        if done:
            frames.append(b"data: [DONE]\n\n")
        await stream(frames, delay_s, end)(request, connection)

    return reply


def openai_completion_stream(texts: Iterable[str] = ("Hello", " there")) -> Reply:
    """A text completion in parts; the usage comes only where `stream_options.include_usage` asks for it."""
    texts = list(texts)

    async def reply(request: Request, connection: Connection) -> None:
        model, last = model_of(request), len(texts) - 1
        frames = [frame(_completion(model, text, "stop" if at == last else None)) for at, text in enumerate(texts)]
        if (request.json().get("stream_options") or {}).get("include_usage"):
            frames.append(frame({**_completion(model, "", None), "choices": [], "usage": USAGE}))
        await stream([*frames, b"data: [DONE]\n\n"])(request, connection)

    return reply


def responses_stream(
    texts: Iterable[str] = ("Hello", " there"),
    usage: Mapping[str, Any] | None = RESPONSE_USAGE,
    delay_s: float = 0.0,
    end: Reply = finish,
    last: str | None = "response.completed",
    **fields: Any,
) -> Reply:
    """The events of a response with one message; `last=None` stops after the deltas. Further fields go into the last response."""
    texts = list(texts)

    async def reply(request: Request, connection: Connection) -> None:
        whole = response_body("".join(texts), usage, model=model_of(request), **fields)
        begun = {**whole, "status": "in_progress", "output": [], "usage": None, "error": None}
        item = whole["output"][0] if whole["output"] else {}
        place = {"item_id": "msg_scripted", "output_index": 0, "content_index": 0}
        part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
        events: list[tuple[str, dict[str, Any]]] = [
            ("response.created", {"response": begun}),
            ("response.in_progress", {"response": begun}),
            (
                "response.output_item.added",
                {"output_index": 0, "item": {**item, "status": "in_progress", "content": []}},
            ),
            ("response.content_part.added", {**place, "part": part}),
            *(("response.output_text.delta", {**place, "delta": text, "logprobs": []}) for text in texts),
        ]
        if last is not None:
            done = {**part, "text": "".join(texts)}
            events += [
                ("response.output_text.done", {**place, "text": done["text"], "logprobs": []}),
                ("response.content_part.done", {**place, "part": done}),
                ("response.output_item.done", {"output_index": 0, "item": item}),
                (last, {"response": {**whole, "status": last.removeprefix("response.")}}),
            ]
        frames = [
            frame({"type": name, "sequence_number": number, **event}, name)
            for number, (name, event) in enumerate(events)
        ]
        await stream(frames, delay_s, end)(request, connection)

    return reply


def anthropic_stream(
    texts: Iterable[str] = ("Hello", " there"),
    usage: Mapping[str, Any] | None = ANTHROPIC_USAGE,
    delay_s: float = 0.0,
    end: Reply = finish,
    complete: bool = True,
) -> Reply:
    """A message stream with a ping; `complete=False` stops after the deltas."""
    texts = list(texts)

    async def reply(request: Request, connection: Connection) -> None:
        def event(name: str, **fields: Any) -> bytes:
            return frame({"type": name, **fields}, name)

        message = {**_anthropic_shell(request), "content": [], "stop_reason": None}
        delta: dict[str, Any] = {"delta": {"stop_reason": "end_turn", "stop_sequence": None}}
        if usage is not None:
            message["usage"] = {**usage, "output_tokens": 1}
            delta["usage"] = {"output_tokens": usage.get("output_tokens")}
        frames = [
            event("message_start", message=message),
            event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
            event("ping"),
            *(event("content_block_delta", index=0, delta={"type": "text_delta", "text": text}) for text in texts),
        ]
        if complete:
            frames += [event("content_block_stop", index=0), event("message_delta", **delta), event("message_stop")]
        await stream(frames, delay_s, end)(request, connection)

    return reply


async def by_path(request: Request, connection: Connection) -> None:
    """A provider in good health."""
    path = request.path.partition("?")[0]
    streamed = request.method == "POST" and bool(request.body) and request.json().get("stream")
    if path.endswith("/chat/completions"):
        reply = openai_stream() if streamed else openai_chat()
    elif path.endswith("/completions"):
        reply = openai_completion_stream() if streamed else openai_completion()
    elif path.endswith("/responses"):
        reply = responses_stream() if streamed else openai_response()
    elif path.endswith("/messages/count_tokens"):
        reply = answer_json({"input_tokens": ANTHROPIC_USAGE["input_tokens"]})
    elif path.endswith("/messages"):
        reply = anthropic_stream() if streamed else anthropic_message()
    elif path.endswith("/embeddings"):
        reply = openai_embeddings()
    elif path.endswith("/moderations"):
        reply = openai_moderation()
    else:
        reply = status(404, f"nothing is scripted at {path}")
    await reply(request, connection)


# Replies: faults


async def reset(request: Request, connection: Connection) -> None:
    """RST, at once. As the `end` of a stream it waits a moment, so that what was sent arrives."""
    await asyncio.sleep(0.05)
    connection.reset()


async def fin(request: Request, connection: Connection) -> None:
    """Close in an orderly way without an answer, or in the middle of one."""
    connection.close()


async def hang(request: Request, connection: Connection) -> None:
    """Send nothing (more) until the client gives up."""
    await connection.wait_closed()


def reset_mid_body(data: bytes = b"hello") -> Reply:
    return stream([data], end=reset)


def fin_mid_body(data: bytes = b"hello") -> Reply:
    return stream([data], end=fin)


def hang_mid_body(data: bytes = b"hello") -> Reply:
    return stream([data], end=hang)


def raw(data: bytes, end: Reply = fin) -> Reply:
    """Exactly these bytes on the wire, head included."""

    async def reply(request: Request, connection: Connection) -> None:
        await connection.send(data)
        await end(request, connection)

    return reply


def short_body(data: bytes = b"hello", declared_bytes: int = 100) -> Reply:
    """A Content-Length that is not kept."""
    return raw(head(200, {"content-length": str(declared_bytes)}) + data)


garbage = raw(b"\x16\x03\x01\x00\x02garbage")


def huge_header(size_bytes: int = 1 << 20) -> Reply:
    return raw(head(200, {"x-huge": "a" * size_bytes, "content-length": "0"}))


def gzip_body(data: bytes = b"x" * 1000) -> Reply:
    return answer(gzip.compress(data, mtime=0), content_encoding="gzip", content_type="application/json")


def redirect(location: str, code: int = 302) -> Reply:
    return answer(b"", code, location=location)


html = answer(b"<!doctype html><title>Welcome</title><p>It works!", content_type="text/html")
bad_json = answer(b'{"id": "chatcmpl-1", "choices": [', content_type="application/json")


def stale_keep_alive(body: bytes = b"{}", after_s: float = 0.05) -> Reply:
    """Answer as if the connection stayed open, then close it."""

    async def reply(request: Request, connection: Connection) -> None:
        await connection.respond(200, {"content-type": "application/json"}, body)
        await asyncio.sleep(after_s)
        connection.close()

    return reply


def slowly(data: bytes, delay_s: float = 0.01, **headers: str) -> Reply:
    """A body byte by byte, each in its own packet."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}

    async def reply(request: Request, connection: Connection) -> None:
        await connection.send(head(200, {**names, "content-length": str(len(data))}))
        for byte in data:
            await asyncio.sleep(delay_s)
            await connection.send(bytes([byte]))

    return reply


def informational_first(then: Reply, code: int = 103) -> Reply:
    """A 1xx response before the real one (100 where the client expects it comes by itself)."""

    async def reply(request: Request, connection: Connection) -> None:
        await connection.send(head(code, {"link": "</style.css>"}))
        await then(request, connection)

    return reply


def after(delay_s: float, then: Reply) -> Reply:
    async def reply(request: Request, connection: Connection) -> None:
        await asyncio.sleep(delay_s)
        await then(request, connection)

    return reply


def model_of(request: Request) -> str:
    body = request.json() if request.body else {}
    return str(body.get("model", "scripted-model"))


def _anthropic_shell(request: Request) -> dict[str, Any]:
    return {
        "id": "msg_scripted",
        "type": "message",
        "role": "assistant",
        "model": model_of(request),
        "stop_sequence": None,
    }
