"""Runs the scenario with the Python client: steps on standard input, what came of each on standard output.

`python.py sync` uses the synchronous client, `python.py async` the other one.
"""

import asyncio
import inspect
import json
import sys
from typing import Any

import tollhouse_client as th

CLIENT = {"sync": th.Tollhouse, "async": th.AsyncTollhouse}[sys.argv[1]]


def filled(value: Any, outcomes: dict[str, Any]) -> Any:
    """A value with what earlier steps gave in the place of `{$of: path}`."""
    if isinstance(value, list):
        return [filled(item, outcomes) for item in value]
    if not isinstance(value, dict):
        return value
    if "$of" not in value:
        return {key: filled(item, outcomes) for key, item in value.items()}
    found: Any = outcomes
    for word in value["$of"].split("."):
        found = found[int(word)] if isinstance(found, list) else found[word]
    return found


async def waited(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


async def parts_of(answer: Any, parts: list[Any], stop_after: int | None) -> None:
    """Collect the parts of a stream or of pages, one by one: those before an error count."""
    if hasattr(answer, "__aiter__"):
        async for part in answer:
            parts.append(part)
            if len(parts) == stop_after:
                break
    else:
        for part in answer:
            parts.append(part)
            if len(parts) == stop_after:
                break
    if stop_after:
        await waited(answer.aclose() if hasattr(answer, "aclose") else answer.close())


async def outcome_of(client: Any, step: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    outcome: dict[str, Any] = {}
    resource, method = step["call"].split(".")
    target = getattr(client, resource)
    try:
        answer = await waited(getattr(target.with_raw_response if step.get("raw") else target, method)(**given))
        if step.get("raw"):
            outcome |= {"status": answer.status, "content_type": answer.headers["content-type"]}
            outcome["has_request_id"] = bool(answer.request_id)
            answer = answer.parse()
        if isinstance(answer, th.Stream | th.AsyncStream):
            await parts_of(answer, outcome.setdefault("events", []), step.get("stop_after"))
        elif isinstance(answer, th.Page | th.AsyncPage):
            await parts_of(answer, outcome.setdefault("items", []), None)
        else:
            outcome["result"] = answer
    except th.APIStatusError as error:
        known = ("status", "message", "code", "type", "body")
        outcome["error"] = {"class": type(error).__name__, **{name: getattr(error, name) for name in known}}
    return outcome


async def main() -> None:
    client, outcomes, named = None, [], {}
    for step in json.load(sys.stdin):
        if "client" in step:
            client = CLIENT(**filled(step["client"], named))
        outcome = await outcome_of(client, step, filled(step["with"], named))
        outcomes.append(outcome)
        named[step.get("as")] = outcome
    json.dump(outcomes, sys.stdout)


asyncio.run(main())
