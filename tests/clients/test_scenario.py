"""One scenario, scenario.yaml, against a live gateway: every client library sees the same, and what the vendors' own libraries see."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest
import yaml

from codegen.package import tollhouse
from codegen.read import read
from codegen.sdk import plan
from tests import nodes
from tests.codegen import spelling
from tests.gateway import ADMIN_TOKEN
from tests.served import Served, eventually
from tests.upstream import Connection, Request, answer_json, by_path, fin, model_of, openai_stream

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
STEPS: list[dict[str, Any]] = yaml.safe_load(
    (HERE / "scenario.yaml").read_text().replace("$admin", json.dumps(ADMIN_TOKEN))
)
pytestmark = pytest.mark.slow

LIBRARIES = ("python, sync", "python, async", "typescript")
# What differs from one run to the next: ids, keys, times, inside of texts and by name.
VOLATILE = re.compile(r"\b(acct|req|op)_\w{8,}|\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)|\d+\.\d s\b")
UNSTABLE = {"id", "key", "key_id", "next_before", "ttfb_ms", "duration_ms"}
TOOL_CALL = {"id": "call_1", "type": "function", "function": {"name": "tide", "arguments": '{"harbour": "Brest"}'}}


async def obedient(request: Request, connection: Connection) -> None:
    """A provider that does what the last message asks for."""
    said = request.json().get("messages", [{}])[-1].get("content") if request.path.endswith("completions") else None
    if said == "Use the tool.":
        message = {"role": "assistant", "content": None, "tool_calls": [TOOL_CALL]}
        choice = {"index": 0, "message": message, "finish_reason": "tool_calls", "logprobs": None}
        usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
        body = {"id": "c", "object": "chat.completion", "created": 1, "choices": [choice], "usage": usage}
        reply = answer_json({**body, "model": model_of(request)})
    elif said == "Break off.":
        reply = openai_stream(["Hel"], done=False, finish_reason=None, end=fin)
    elif said == "Talk for long.":
        reply = openai_stream(["a"] * 400, delay_s=0.02)
    else:
        reply = by_path
    await reply(request, connection)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("gateway")) as running:
        running.upstream.script = obedient
        yield running


@pytest.fixture(scope="module")
def seen(served: Served) -> dict[str, list[dict[str, Any]]]:
    """What each library saw, step by step."""
    return {library: run(library, served) for library in LIBRARIES if library != "typescript" or nodes.newer_node()}


def run(library: str, served: Served) -> list[dict[str, Any]]:
    name, _, flavour = library.partition(", ")
    contract = read(ROOT / "openapi")
    sdk = plan(contract, tollhouse(contract))
    called, optioned = {
        "python": (spelling.in_python, spelling.python_options),
        "typescript": (spelling.in_typescript, spelling.typescript_options),
    }[name]
    steps = []
    for step in STEPS:
        told = {**step, **called(sdk, step)}
        if "client" in step:
            told["client"] = optioned({"base_url": served.urls["main"], **step["client"]})
        steps.append(told)
    program = HERE / "runners" / f"{name}.{'py' if name == 'python' else 'mts'}"
    python = [sys.executable, "-W", "error", str(program), flavour]
    command = python if name == "python" else nodes.running_typescript(program)
    done = subprocess.run(
        command,
        env={"PYTHONPATH": str(ROOT / "clients" / "python" / "src"), "no_proxy": "*"},
        input=json.dumps(steps),
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def of(library: str, seen: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    if library not in seen:
        pytest.skip("there is no node that runs TypeScript")
    return seen[library]


def at(outcome: Any, path: str) -> Any:
    for word in path.split("."):
        outcome = outcome[int(word)] if isinstance(outcome, list) else outcome[word]
    return outcome


def stable(value: Any) -> Any:
    """A value without what differs from one run to the next."""
    if isinstance(value, dict):
        return {key: stable(item) for key, item in value.items() if key not in UNSTABLE}
    if isinstance(value, list):
        return [stable(item) for item in value]
    return VOLATILE.sub("~", value) if isinstance(value, str) else value


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_step_gives_what_it_should(library: str, seen: dict[str, list[dict[str, Any]]]) -> None:
    outcomes = of(library, seen)
    assert len(outcomes) == len(STEPS)
    for step, outcome in zip(STEPS, outcomes, strict=True):
        for path, value in step.get("expect", {}).items():
            assert at(outcome, path) == value, f"{step['call']}({step.get('with')}): {outcome}"
        expects_error = any(path.startswith("error.") for path in step.get("expect", {}))
        assert ("error" in outcome) == expects_error, f"{step['call']}: {outcome.get('error')}"


@pytest.mark.parametrize("library", LIBRARIES[1:])
def test_all_libraries_see_the_same(library: str, seen: dict[str, list[dict[str, Any]]]) -> None:
    for step, outcome, first in zip(STEPS, of(library, seen), seen[LIBRARIES[0]], strict=True):
        assert stable(outcome) == stable(first), step["call"]


def test_the_vendors_libraries_see_the_same(served: Served, seen: dict[str, list[dict[str, Any]]]) -> None:
    outcomes, key, compared = seen[LIBRARIES[0]], served.key(), 0
    for step, outcome in zip(STEPS, outcomes, strict=True):
        if "official" not in step:
            continue
        status = outcome.get("error", {}).get("status")
        if status == 429:
            key = served.key(requests_per_minute=60, burst=1)
            vendors(step, key, served.urls["main"])
        used = "sk-th-nobody" if status == 401 else key
        assert comparable(vendors(step, used, served.urls["main"])) == comparable(outcome), step
        compared += 1
    assert compared == sum("official" in step for step in STEPS) > 5


def vendors(step: dict[str, Any], key: str, base_url: str) -> dict[str, Any]:
    """What the vendor's own library sees: JSON as it came, events as they were parsed, errors by class, status and body."""
    client: Any
    if step["official"] == "openai":
        client = openai.OpenAI(api_key=key, base_url=f"{base_url}/v1", max_retries=0)
        target = {"chat": client.chat.completions, "embeddings": client.embeddings}[step["call"].split(".")[0]]
    else:
        client = anthropic.Anthropic(api_key=key, base_url=base_url, max_retries=0)
        target = client.messages
    given = {name: value for name, value in step["with"].items() if name != "max_retries"}
    with client:
        try:
            if given.get("stream"):
                return {"events": [part.model_dump(mode="json", exclude_unset=True) for part in target.create(**given)]}
            return {"result": target.with_raw_response.create(**given).http_response.json()}
        except (openai.APIStatusError, anthropic.APIStatusError) as error:
            return {
                "error": {"class": type(error).__name__, "status": error.status_code, "body": error.response.json()}
            }


def comparable(outcome: dict[str, Any]) -> Any:
    """An outcome as far as the vendors' libraries tell it; Anthropic's gives no pings."""
    kept = dict(outcome)
    if "error" in kept:
        kept["error"] = {name: kept["error"][name] for name in ("class", "status", "body")}
    if "events" in kept:
        kept["events"] = [event for event in kept["events"] if event.get("type") != "ping"]
    return stable(kept)


def test_leaving_a_stream_stopped_the_provider_each_time(served: Served, seen: dict[str, list[dict[str, Any]]]) -> None:
    long = [each for each in served.upstream.requests if b"Talk for long." in each.body]
    assert len(long) == len(seen)
    for request in long:
        eventually(lambda request=request: request.closed_at is not None, timeout_s=2)


def test_a_stream_that_broke_off_was_not_asked_for_again(served: Served, seen: dict[str, list[dict[str, Any]]]) -> None:
    assert len([each for each in served.upstream.requests if b"Break off." in each.body]) == len(seen)
