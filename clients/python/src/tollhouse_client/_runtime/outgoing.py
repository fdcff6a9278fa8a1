"""An operation and its arguments as a request, before any network."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from .operations import Argument, CallOptions, Operation, Settings

_OPTIONS = frozenset(CallOptions.__annotations__)
_ACCEPT = "application/json, text/*;q=0.9, */*;q=0.8"
_ACCEPT_EVENTS = "text/event-stream, application/json;q=0.9"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request that can be sent more than once, and how to send it."""

    method: str
    url: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    content: bytes | None
    files: tuple[tuple[str, Any], ...]
    timeout: Any
    max_retries: int

    def build(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """The request for an HTTP client."""
        return client.build_request(
            self.method,
            self.url,
            params=self.query or None,
            headers=self.headers,
            content=self.content,
            files=self.files or None,
            timeout=self.timeout,
        )


def outgoing(
    operation: Operation[Any, Any], given: Mapping[str, Any], settings: Settings, *, streams: bool = False
) -> Outgoing:
    """The request of a call. Raises TypeError for arguments that are unknown or missing, ValueError for values that fit nowhere."""
    _check(operation, given)
    present = {argument: given[argument.name] for argument in operation.arguments if argument.name in given}
    path = operation.path
    query: list[tuple[str, str]] = []
    headers = {"accept": _ACCEPT_EVENTS if streams else _ACCEPT, **settings.headers}
    for argument, value in present.items():
        if argument.place == "path":
            path = path.replace(f"{{{argument.wire}}}", _segment(argument, value))
        elif argument.place == "query":
            query += _pairs(argument, value)
        elif argument.place == "header" and value is not None:
            headers[argument.wire] = ",".join(_texts(value))
    query += [(name, text) for name, value in given.get("extra_query", {}).items() for text in _texts(value)]
    _authorize(operation, settings, headers, query)
    content, files = _body(operation, present, given.get("extra_body", {}), headers)
    headers.update(given.get("extra_headers", {}))
    standing = httpx.USE_CLIENT_DEFAULT if settings.timeout is None else settings.timeout
    return Outgoing(
        method=operation.method,
        url=settings.base_url + path,
        query=tuple(query),
        headers=headers,
        content=content,
        files=files,
        timeout=given.get("timeout", standing),
        max_retries=given.get("max_retries", settings.max_retries),
    )


def _check(operation: Operation[Any, Any], given: Mapping[str, Any]) -> None:
    known = {argument.name for argument in operation.arguments} | _OPTIONS
    for name in given:
        if name not in known:
            raise TypeError(f"{operation.name}() takes no argument {name!r}; what is not described goes in extra_body")
    if missing := [each.name for each in operation.arguments if each.required and each.name not in given]:
        raise TypeError(f"{operation.name}() misses the arguments {', '.join(missing)}")


def _segment(argument: Argument, value: Any) -> str:
    """A value as one segment of a path. An empty one, or one of dots, would lead to another path."""
    text = ",".join(_texts(value))
    if text in ("", ".", ".."):
        raise ValueError(f"{argument.name} cannot be {text!r}: it is a part of the path")
    return quote(text, safe="")


def _pairs(argument: Argument, value: Any) -> list[tuple[str, str]]:
    texts = _texts(value)
    if argument.joined and isinstance(value, list | tuple):
        texts = [",".join(texts)]
    return [(argument.wire, text) for text in texts]


def _texts(value: Any) -> list[str]:
    """A value as texts: none for None, one for each item of a list, else one."""
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, Mapping):
        return [json.dumps(value, ensure_ascii=False)]
    return [str(value)]


def _authorize(
    operation: Operation[Any, Any], settings: Settings, headers: dict[str, str], query: list[tuple[str, str]]
) -> None:
    """Add the first credential of those that the operation takes that the client has."""
    for scheme in (settings.schemes[name] for name in operation.security):
        credential = settings.credentials.get(scheme.option)
        if credential is None:
            continue
        match scheme.kind:
            case "bearer":
                headers["authorization"] = f"Bearer {credential}"
            case "basic":
                headers["authorization"] = f"Basic {base64.b64encode(credential.encode()).decode()}"
            case "header":
                headers[scheme.parameter] = credential
            case "query":
                query.append((scheme.parameter, credential))
            case "cookie":
                headers["cookie"] = f"{scheme.parameter}={credential}"
        return


def _body(
    operation: Operation[Any, Any], present: Mapping[Argument, Any], extra: Mapping[str, Any], headers: dict[str, str]
) -> tuple[bytes | None, tuple[tuple[str, Any], ...]]:
    """The content, or the parts of a form with files; the header that says what it is is added."""
    whole = [value for argument, value in present.items() if argument.place == "content"]
    fields = {argument.wire: value for argument, value in present.items() if argument.place == "body"} | dict(extra)
    if operation.body is None or not (whole or fields or operation.body_required):
        return None, ()
    value = {**whole[0], **extra} if whole and extra else whole[0] if whole else fields
    if operation.body == "multipart/form-data":
        return None, tuple(_parts(value))
    headers["content-type"] = operation.body
    if operation.body == "application/x-www-form-urlencoded":
        return urlencode([(name, text) for name, each in value.items() for text in _texts(each)]).encode(), ()
    if operation.body.endswith("json"):
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(), ()
    return value if isinstance(value, bytes) else str(value).encode(), ()


def _parts(fields: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """The parts of a form: files by content or by name and content, everything else as text."""
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, bytes):
                yield name, (name, each)
            elif isinstance(each, tuple):
                yield name, each
            else:
                for text in _texts(each):
                    yield name, (None, text)
