"""The fuzzing of `make fuzz`, short and seeded: every mount against its documents. Its parts are tested here, too."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fuzz.contract import Effort, fuzz_mount
from fuzz.gateway import FuzzedGateway
from fuzz.mounts import Mount, mounts, operation_objects, published
from fuzz.report import Run, render
from fuzz.streams import StreamFault, check_stream
from fuzz.tally import Tally
from fuzz.upstreams import healthy
from tests.upstream import answer, frame, openai_chat, stream
from tollhouse.contract.documents import document_names, load_document

SEED = 1
WIDE = ("openai", "anthropic")  # whose coverage takes a thousand cases on each mount, which `make fuzz` does
MOUNTS = mounts()
OPENAI = next(mount for mount in MOUNTS if mount.document == "openai" and mount.at == "/v1")
CHUNKS = load_document("openai")["components"]["schemas"]["ChatCompletionChunk"]
CHUNK = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m",
         "choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": None}]}  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FuzzedGateway]:
    """For tests that leave nothing behind but a script, which each of them sets."""
    with FuzzedGateway(tmp_path_factory.mktemp("shared")) as gateway:
        yield gateway


@pytest.fixture
def gateway(mount: Mount, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FuzzedGateway]:
    """The shared one, but for mounts that pause providers and delete keys."""
    if mount.document in ("account", "admin"):
        with FuzzedGateway(tmp_path) as gateway:
            yield gateway
    else:
        shared: FuzzedGateway = request.getfixturevalue("shared")
        shared.upstream.script = healthy
        yield shared


@pytest.mark.parametrize("mount", MOUNTS, ids=lambda mount: mount.name)
def test_a_mount_keeps_its_contract(gateway: FuzzedGateway, mount: Mount) -> None:
    tally = fuzz_mount(gateway, mount, SEED, Effort(examples=3, seconds=None, coverage=mount.document not in WIDE))
    assert not tally.failures, "\n".join(f"{key}: {text}" for key, text in tally.failures.items())
    operations = {f"{method} {path}" for method, path, _ in operation_objects(published(gateway, mount))}
    assert set(tally.cases) == operations, "every operation is called"
    assert len({check for _, check in tally.checks}) >= 14


def test_every_mount_that_is_shipped_is_fuzzed(shared: FuzzedGateway) -> None:
    assert {mount.listener for mount in MOUNTS} == set(shared.urls)
    assert {mount.document for mount in MOUNTS} == set(document_names())


@pytest.mark.parametrize(
    ("reply", "check"),
    [
        (stream([frame({**CHUNK, "choices": "none"}), b"data: [DONE]\n\n"]), "stream_conformance"),
        (openai_chat(created="yesterday"), "response_schema_conformance"),
        (openai_chat(text="Traceback (most recent call last): ..."), "no_leak"),
        (answer(b"{}", 418, content_type="application/json"), "status_code_conformance"),
    ],
    ids=["a bad event", "a bad body", "a leak", "an unknown status"],
)
def test_what_is_wrong_is_found(shared: FuzzedGateway, monkeypatch: pytest.MonkeyPatch, reply: Any, check: str) -> None:
    shared.upstream.script = reply
    monkeypatch.setattr("fuzz.contract.published", _only("/chat/completions"))
    tally = fuzz_mount(shared, OPENAI, SEED, Effort(examples=3, seconds=None, coverage=False))
    assert check in {name for _, name, _ in tally.failures}


def _only(path: str) -> Any:
    def narrowed(gateway: FuzzedGateway, mount: Mount) -> dict[str, Any]:
        document = published(gateway, mount)
        return {**document, "paths": {path: document["paths"][path]}}

    return narrowed


def _check(content: bytes, path: str = "/chat/completions") -> int:
    return check_stream(content, CHUNKS, load_document("openai"), path)


def test_a_good_stream_is_good() -> None:
    assert _check(frame(CHUNK) + frame(CHUNK) + b"data: [DONE]\n\n") == 3
    assert _check(frame(CHUNK) + frame({"error": {"message": "it broke"}})) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        frame(CHUNK),
        frame(CHUNK) + b"data: [DONE]",
        frame({**CHUNK, "created": "x"}) + b"data: [DONE]\n\n",
        b"data: {\n\n" + b"data: [DONE]\n\n",
    ],
    ids=["empty", "no end", "a cut end", "a wrong type", "not JSON"],
)
def test_a_bad_stream_is_bad(content: bytes) -> None:
    with pytest.raises(StreamFault):
        _check(content)


def test_the_report_says_what_failed_where() -> None:
    tally = Tally()
    tally.cases["GET /x"] = 2
    tally.checks["GET /x", "no_leak"] = 2
    tally.answered["GET /x", 200] = 2
    tally.failures["GET /x", "no_leak", "Leak"] = "it leaks"
    run = Run(1, 0.5, {"schemathesis": "4"}, [(Mount("main", "system", ""), tally)], None, 0)
    page = render(run)
    assert "| `GET /x` | 2 | 2 | 200: 2 | 1 |" in page and "**1 failures**" in page
    assert render(run) == page and json.dumps(page)
