"""One model in this process: llama.cpp through xllamacpp, with asyncio in front and threads behind."""

import asyncio
import os
import secrets
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tollhouse.node import loopback
from tollhouse.node.config import NodeModel
from tollhouse.node.errors import NodeError, NodeStartError

SLOTS = 4  # requests a model works on at the same time
# llama.cpp's threads wait for each other after every layer. Where they cannot all run at once they collapse: on two
# busy cores two threads wrote 1 token/s and one wrote 50; idle, it was 190 against 155. So half of the cores.
THREADS = max(1, (os.cpu_count() or 2) // 2)
PROMPT_BATCH_TOKENS = 128  # a cancelled call stops after at most one batch of its prompt
EMBEDDING_SLICE = 32  # inputs handed over at once; a client that leaves stops the rest
WAITING_MAX = 256

Chunk = dict[str, Any]
Arrivals = AsyncGenerator[tuple[int, Chunk]]


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Vectors as the engine wrote them (lists of floats, or base64 of little-endian float32), and their input tokens."""

    vectors: list[Any]
    prompt_tokens: int


def load_engine(model: NodeModel) -> "Engine":
    """Load a model, which takes some tenths of a second. Raises NodeStartError with what to do."""
    path = model.file()
    try:
        import xllamacpp
    except ImportError as error:
        raise NodeStartError("xllamacpp is not installed; run `pip install 'tollhouse[node]'`") from error
    key = secrets.token_urlsafe(32)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_parallel = SLOTS
    parameters.n_ctx = model.context_tokens * SLOTS  # llama.cpp divides it among the slots
    parameters.cpuparams.n_threads = THREADS
    parameters.cpuparams_batch.n_threads = THREADS
    parameters.n_batch = parameters.n_ubatch = PROMPT_BATCH_TOKENS
    if model.type == "embedding":
        parameters.embedding = True
        parameters.n_batch = parameters.n_ubatch = model.context_tokens  # an input must fit into one batch
    parameters.cache_ram_mib = 0  # it would keep up to 8 GiB of old prompts
    parameters.fit_params = False
    parameters.warmup = False
    parameters.verbosity = 0
    _lock_listener(parameters, key)
    try:
        server = xllamacpp.Server(parameters)
    except RuntimeError as error:
        raise NodeStartError(f"model '{model.id}': llama.cpp cannot load {path}: {error}") from error
    return Engine(model, server, key)


def _lock_listener(parameters: Any, key: str) -> None:
    """xllamacpp (seen in 2026.10) always opens llama.cpp's HTTP server on a loopback port, with no key and any origin."""
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [key]
    parameters.cors_origins = ""
    parameters.cors_origins_explicit = True
    parameters.cors_credentials = False
    parameters.ui = False


class Engine:
    """A loaded model. Its methods belong to one event loop; the model itself runs in threads."""

    def __init__(self, model: NodeModel, server: Any, key: str) -> None:
        self.model = model
        self.door = loopback.Door(server.listening_address, key)
        self._server = server
        self._threads = ThreadPoolExecutor(SLOTS, thread_name_prefix=f"engine-{model.id}")
        self._running: set[Callable[[NodeError], None]] = set()
        self._waiting = 0
        facts = self.door.facts()
        self.calls_tools = facts.calls_tools
        self.dimensions = facts.vector_length
        self._check(facts.trained_context_tokens)

    def _check(self, trained_tokens: int) -> None:
        """What config.toml says of the model must be what the file says."""
        wrong = None
        if self.model.context_tokens > trained_tokens:
            wrong = (
                f"context_length is {self.model.context_tokens}, but the model was trained for {trained_tokens} tokens"
            )
        if self.model.type == "embedding" and self.model.dimensions not in (None, self.dimensions):
            wrong = f"dimensions is {self.model.dimensions}, but the model's vectors have {self.dimensions}"
        if wrong:
            self.close()
            raise NodeStartError(f"model '{self.model.id}': {wrong}; correct it in config.toml")

    async def generate(self, operation: str, bodies: list[Chunk]) -> Arrivals:
        """Run OpenAI bodies side by side (`operation`: chat or completion); yields (which body, chunk) as they come.

        Closing the generator, or cancelling who waits on it, stops the model. Raises NodeError.
        """
        handler = self._server.handle_chat_completions if operation == "chat" else self._server.handle_completions
        arrivals: asyncio.Queue[tuple[int, Chunk | NodeError | None]] = asyncio.Queue()
        cancelled = threading.Event()
        loop = asyncio.get_running_loop()

        def emit(index: int, item: Chunk | NodeError | None) -> None:
            try:
                loop.call_soon_threadsafe(arrivals.put_nowait, (index, item))
            except RuntimeError:  # the loop is closed: nobody waits any more
                cancelled.set()

        def fail(error: NodeError) -> None:
            cancelled.set()
            arrivals.put_nowait((0, error))

        self._admit(len(bodies))
        self._running.add(fail)
        try:
            for index, body in enumerate(bodies):
                self._threads.submit(_run, handler, body, index, emit, cancelled)
            unfinished = len(bodies)
            while unfinished:
                index, item = await arrivals.get()
                if isinstance(item, NodeError):
                    raise item
                if item is None:
                    unfinished -= 1
                else:
                    yield index, item
        finally:
            cancelled.set()
            self._running.discard(fail)
            self._waiting -= len(bodies)

    async def embed(self, inputs: list[Any], encoding: str) -> Embeddings:
        """Vectors of texts or token lists, in order; `encoding` is float or base64. Raises NodeError."""
        loop = asyncio.get_running_loop()
        vectors: list[Any] = []
        prompt_tokens = 0
        self._admit(1)
        try:
            for start in range(0, len(inputs), EMBEDDING_SLICE):
                body = {"input": inputs[start : start + EMBEDDING_SLICE], "encoding_format": encoding}
                answer = await loop.run_in_executor(self._threads, _embed, self._server, body)
                vectors += [item["embedding"] for item in sorted(answer["data"], key=lambda item: item["index"])]
                prompt_tokens += answer["usage"]["prompt_tokens"]
        finally:
            self._waiting -= 1
        return Embeddings(vectors, prompt_tokens)

    def _admit(self, calls: int) -> None:
        if self._waiting + calls > WAITING_MAX:
            raise NodeError("busy", "Too many requests wait for this model.", headers={"Retry-After": "5"})
        self._waiting += calls

    def interrupt(self) -> None:
        """End every running generation with an error; for the event loop's thread, before the node ends."""
        for fail in tuple(self._running):
            fail(NodeError("busy", "The node is shutting down."))

    def close(self) -> None:
        """Free the model; it waits for calls that still run."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._server = None  # its destructor ends llama.cpp's loop and listener


def _run(
    handler: Callable[..., None],
    body: Chunk,
    index: int,
    emit: Callable[[int, Chunk | NodeError | None], None],
    cancelled: threading.Event,
) -> None:
    """One generation in a worker thread. The engine stops when its callback returns True."""

    def on_chunk(chunk: Chunk) -> bool:
        if not cancelled.is_set():
            emit(index, loopback.engine_error(chunk["error"]) if "error" in chunk else chunk)
        return cancelled.is_set()

    outcome: NodeError | None = NodeError("internal", "The engine failed.")
    try:
        if not cancelled.is_set():
            handler(body, on_chunk)
        outcome = None
    except (ValueError, TypeError, RuntimeError) as error:
        # What the engine raises, rather than reports in a chunk, is about the request: it happens before any model work.
        outcome = NodeError("invalid_request", str(error))
    finally:
        emit(index, outcome)


def _embed(server: Any, body: Chunk) -> Chunk:
    try:
        answer: Chunk = server.handle_embeddings(body)
    except (ValueError, TypeError, RuntimeError) as error:
        raise NodeError("invalid_request", str(error), param="input") from error
    if "error" in answer:
        raise loopback.engine_error(answer["error"], param="input")
    return answer
