"""Recorded traffic as values: HAR files, or JSON lines of `{method, url, status, request, response}`."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tollhouse.spec.reading import Read, SpecError, read_text


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. `answers` has the JSON body, or one value for each event of a stream."""

    method: str
    url: str  # the path, without host and query
    status: int
    query: tuple[str, ...] = ()  # names of parameters
    headers: tuple[str, ...] = ()  # names in lower case
    request: Any = None
    media_type: str = "application/json"
    answers: Sequence[Any] = ()


def read_traffic(name: str, read: Read = read_text) -> list[Exchange]:
    """The exchanges of a file; raises SpecError with the line of what is not one."""
    text = read(name)
    try:
        whole = json.loads(text)
    except ValueError:
        return list(_lines(name, text))
    if isinstance(whole, dict) and isinstance(whole.get("log"), dict):
        return [_har_entry(entry) for entry in whole["log"].get("entries", ())]
    return list(_lines(name, text))


def events(body: str) -> list[Any]:
    """The JSON values of a stream's `data:` lines; `[DONE]` and other texts are left out."""
    found = []
    for block in body.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        data = "\n".join(line[5:].removeprefix(" ") for line in block.split("\n") if line.startswith("data:"))
        value = _json(data)
        if value is not None:
            found.append(value)
    return found


def answers_of(media_type: str, body: str) -> list[Any]:
    """The JSON values of a body."""
    if media_type.startswith("text/event-stream"):
        return events(body)
    value = _json(body)
    return [] if value is None else [value]


def exchange(
    method: str, url: str, status: int, request: Any, media_type: str, body: str, headers: Sequence[str] = ()
) -> Exchange:
    """An exchange from what went over the wire."""
    parts = urlsplit(url)
    return Exchange(
        method=method.upper(),
        url=parts.path or "/",
        status=status,
        query=tuple(name for name, _ in parse_qsl(parts.query, keep_blank_values=True)),
        headers=tuple(name.lower() for name in headers),
        request=request,
        media_type=media_type.partition(";")[0].strip() or "application/json",
        answers=answers_of(media_type, body),
    )


def _lines(name: str, text: str) -> Iterator[Exchange]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            response = entry.get("response")
            media_type = entry.get("media_type", "application/json")
            body = response if isinstance(response, str) else json.dumps(response)
            yield exchange(
                entry["method"], entry["url"], int(entry["status"]), entry.get("request"), media_type, body,
                tuple(entry.get("headers") or ()),
            )  # fmt: skip
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SpecError(
                f"{name}:{number}: not an exchange ({error}); a line is {{method, url, status, request, response}}."
            ) from error


def _har_entry(entry: Mapping[str, Any]) -> Exchange:
    """One entry of a HAR 1.2 file."""
    request, response = entry["request"], entry["response"]
    content = response.get("content") or {}
    body = content.get("text") or ""
    if content.get("encoding") == "base64":
        body = base64.b64decode(body).decode(errors="replace")
    return exchange(
        request["method"],
        request["url"],
        int(response["status"]),
        _json((request.get("postData") or {}).get("text") or ""),
        content.get("mimeType") or "",
        body,
        [header["name"] for header in request.get("headers") or ()],
    )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
