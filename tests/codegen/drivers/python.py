"""Makes the calls of a case with a generated Python library: a job on standard input, what came of it on standard output.

Each call is made twice, with the sync and the async client, and has to give the same both times; so the server replies to each twice.
"""

import asyncio
import base64
import importlib
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, "src")
library = importlib.import_module(next(path.name for path in Path("src").iterdir() if path.name.endswith("_client")))
CLIENTS = [name for name in library.__all__ if isinstance(getattr(library._client, name, None), type)]


def received(value: Any) -> Any:
    """A value of the job with bytes for bytes."""
    if isinstance(value, dict):
        return base64.b64decode(value["$bytes"]) if "$bytes" in value else {k: received(v) for k, v in value.items()}
    return [received(item) for item in value] if isinstance(value, list) else value


def printed(value: Any) -> Any:
    return {"$bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def failure(error: Exception) -> dict[str, Any]:
    known = ("status", "message", "code", "type", "body", "request_id")
    return {"class": type(error).__name__, **{name: getattr(error, name) for name in known if hasattr(error, name)}}


def in_sync(client: Any, call: dict[str, Any]) -> dict[str, Any]:
    outcome: dict[str, Any] = {}
    resource, method = call["call"].split(".")
    try:
        answer = getattr(getattr(client, resource), method)(**received(call["with"]))
        if isinstance(answer, library.Stream | library.Page):
            parts: list[Any] = outcome.setdefault("events" if isinstance(answer, library.Stream) else "items", [])
            for part in answer:
                parts.append(part)  # one by one: those before an error count
        else:
            outcome["result"] = printed(answer)
    except (library.APIError, TypeError) as error:
        outcome["error"] = failure(error)
    return outcome


async def in_async(client: Any, call: dict[str, Any]) -> dict[str, Any]:
    outcome: dict[str, Any] = {}
    resource, method = call["call"].split(".")
    try:
        answer = await getattr(getattr(client, resource), method)(**received(call["with"]))
        if isinstance(answer, library.AsyncStream | library.AsyncPage):
            parts: list[Any] = outcome.setdefault("events" if isinstance(answer, library.AsyncStream) else "items", [])
            async for part in answer:
                parts.append(part)  # one by one: those before an error count
        else:
            outcome["result"] = printed(answer)
    except (library.APIError, TypeError) as error:
        outcome["error"] = failure(error)
    return outcome


async def main() -> None:
    job = json.load(sys.stdin)
    sync_name, async_name = sorted(CLIENTS, key=lambda name: name.startswith("Async"))
    outcomes = []
    async with getattr(library, async_name)(**job["options"]) as later:
        with getattr(library, sync_name)(**job["options"]) as now:
            for call in job["calls"]:
                outcomes += [in_sync(now, call), await in_async(later, call)]
    json.dump(outcomes, sys.stdout)


asyncio.run(main())
