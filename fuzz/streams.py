"""Event streams against their documents: a check of every answer that is `text/event-stream`."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

EVENT_STREAM = "text/event-stream"
NAMED = ("/messages", "/responses")  # operations whose events have names, below any mount
DONE = "[DONE]"
LAST = frozenset({"message_stop", "response.completed", "response.incomplete", "response.failed", "error"})


class StreamFault(AssertionError):
    """A stream is not what its document says."""


def check_stream(content: bytes, schema: Mapping[str, Any], document: Mapping[str, Any], path: str) -> int:
    """How many events a stream has; raises StreamFault where one of them, or its end, is not as documented."""
    validator = jsonschema_rs.validator_for(
        {**as_json_schema(schema), "components": as_json_schema(document["components"])}
    )
    if content and not content.endswith(b"\n\n"):
        raise StreamFault(f"the stream ends inside an event: {content[-80:]!r}")
    events = list(read_events(content))
    for name, payload in events:
        if payload == DONE:
            continue
        try:
            event = json.loads(payload)
        except ValueError as error:
            raise StreamFault(f"an event is not JSON: {payload[:200]}") from error
        if path.endswith(NAMED) and name != event.get("type"):
            raise StreamFault(f"the event {event.get('type')} is named {name}")
        failed = isinstance(event, dict) and isinstance(event.get("error"), dict)
        if not failed and (fault := next(validator.iter_errors(event), None)) is not None:
            raise StreamFault(f"{fault.message} at {list(fault.instance_path)}: {payload[:300]}")
    _check_end(events, path)
    return len(events)


def _check_end(events: list[tuple[str | None, str]], path: str) -> None:
    if not events:
        raise StreamFault("the stream has no event")
    name, payload = events[-1]
    ended = name in LAST if path.endswith(NAMED) else payload == DONE or "error" in json.loads(payload)
    if not ended:
        raise StreamFault(f"the stream ends without saying so: {payload[:200]}")


def read_events(content: bytes) -> Iterator[tuple[str | None, str]]:
    """(name, data) of every event that has data (WHATWG HTML, "Parsing an event stream")."""
    for block in content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        name, lines = None, []
        for line in block.split("\n"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                lines.append(value)
        if lines:
            yield name, "\n".join(lines)


def as_json_schema(node: Any) -> Any:
    """A schema of OpenAPI 3.0 as JSON Schema: `nullable` is a type of its own there."""
    if isinstance(node, list):
        return [as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    converted = {key: as_json_schema(value) for key, value in node.items() if key not in ("nullable", "example")}
    if node.get("nullable") is True:
        return {"anyOf": [converted, {"type": "null"}]}
    return converted
