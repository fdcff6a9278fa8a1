"""Validation says what stock Connexion says of the same documents; where it does not, the difference is listed here."""

import asyncio
import copy
import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.asgi import call, config, exchange, ours, scope, stock
from tests.contract.bodies import ACCEPTED, REFUSED
from tollhouse.config.snapshot import Limits
from tollhouse.contract.documents import load_document, operations

JSON = "application/json"
ANY_CHAT = orjson.dumps({"model": "m", "messages": [{"role": "user", "content": "Hello!"}]})


class Difference(NamedTuple):
    """A request and how it is answered, by stock Connexion and by us; and why that differs, where it does."""

    why: str
    stock: int
    ours: int
    body: Any = ANY_CHAT
    content_type: str | None = "application/json"
    operation_id: str = "create_chat_completion"


@pytest.fixture(scope="module")
def apps() -> tuple[Any, Any]:
    return stock(config()), ours(config())


PATHS = {
    entry.operation["operationId"]: (
        entry.method,
        f"{at}{entry.path.replace('{account}', 'acme').replace('{key_id}', 'k').replace('{model}', 'm')}",
    )
    for document, at in (("openai", "/v1"), ("anthropic", "/v1"), ("account", "/api"), ("admin", "/admin/api"))
    for entry in operations(load_document(document))
}


def examples() -> Iterator[tuple[str, Any]]:
    """The request bodies that the documents show."""
    for document in ("openai", "anthropic", "account", "admin"):
        for entry in operations(load_document(document)):
            content = entry.operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            values = [content["example"]] if "example" in content else []
            values += [each["value"] for each in content.get("examples", {}).values()]
            yield from ((entry.operation["operationId"], value) for value in values)


EXAMPLES = list(examples())


def verdicts(apps: tuple[Any, Any], operation_id: str, body: Any) -> tuple[int, int]:
    method, path = PATHS[operation_id]
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return call(apps[0], method, path, raw).status, call(apps[1], method, path, raw).status


@pytest.mark.parametrize("operation_id,body", [*ACCEPTED, *EXAMPLES])
def test_both_accept_what_is_valid(apps: tuple[Any, Any], operation_id: str, body: Any) -> None:
    assert verdicts(apps, operation_id, body) == (200, 200)


@pytest.mark.parametrize("operation_id,body", REFUSED)
def test_both_refuse_what_is_not(apps: tuple[Any, Any], operation_id: str, body: Any) -> None:
    assert verdicts(apps, operation_id, body) == (400, 400)


SEEDS = [*ACCEPTED, *EXAMPLES, *REFUSED]
VALUES = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        -1,
        2,
        129,
        0.5,
        1.0,
        1e300,
        2**53,
        -(2**63),
        "",
        "a",
        "user",
        "1.5",
        "é",
        "text",
        [],
        {},
        [1],
        ["a"],
        [[1]],
        [None],
        {"type": "text"},
        {"a": {"b": []}},
    ]
).map(copy.deepcopy)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *itertools.chain.from_iterable(places(part, (*path, step)) for step, part in inner)]


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, Any]:
    """A seed body in which one or two places were replaced, removed or added to."""
    operation_id, seed = draw(st.sampled_from(SEEDS))
    body = copy.deepcopy(seed)
    for _ in range(draw(st.integers(1, 2))):
        *parents, last = draw(st.sampled_from([place for place in places(body) if place] or [("model",)]))
        parent = body
        for step in parents:
            parent = parent[step]
        action = draw(st.sampled_from(["replace", "remove", "add"]))
        if action == "remove" and (isinstance(parent, list) or last in parent):
            del parent[last]
        elif action == "add" and isinstance(parent, dict):
            parent[draw(st.sampled_from(["model", "messages", "stop", "tools", "name", "type", "x"]))] = draw(VALUES)
        else:
            parent[last] = draw(VALUES)
        if not places(body)[1:]:
            break
    return operation_id, body


@settings(max_examples=400, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(mutations())
def test_both_agree_on_mutations(apps: tuple[Any, Any], case: tuple[str, Any]) -> None:
    judged, ours = verdicts(apps, *case)
    assert judged == ours, case


AGREED = [
    ("an empty body", b"", 400),
    ("null", b"null", 400),
    ("an array", b"[]", 400),
    ("a string", b'"a"', 400),
    ("a number", b"1", 400),
    ("white space", b"  ", 400),
    ("a trailing comma", b'{"model":"m",}', 400),
    ("single quotes", b"{'model':'m'}", 400),
    ("two values", b"{} {}", 400),
    ("half of a value", ANY_CHAT[:-1], 400),
    ("a raw control character", b'{"model":"a\tb"}', 400),
    ("a leading zero", b'{"model": 01}', 400),
    ("white space around", b" \r\n\t" + ANY_CHAT + b"\n", 200),
    ("escapes", ANY_CHAT.replace(b'"m"', b'"\\u00e9\\ud83d\\ude00\\/"'), 200),
]


@pytest.mark.parametrize("raw,status", [case[1:] for case in AGREED], ids=[case[0] for case in AGREED])
def test_both_agree_on_json(apps: tuple[Any, Any], raw: bytes, status: int) -> None:
    assert verdicts(apps, "create_chat_completion", raw) == (status, status)


def with_field(value: bytes) -> bytes:
    return ANY_CHAT[:-1] + b',"x":' + value + b"}"


# Every difference from stock Connexion, and its reason.
DIFFERENCES = [
    Difference("duplicate keys: nobody may read the other one", 200, 400, with_field(b'1,"x":2')),
    Difference("duplicate keys, one of them escaped", 200, 400, with_field(b'1,"\\u0078":2')),
    Difference("NaN is not JSON", 200, 400, with_field(b"NaN")),
    Difference("Infinity is not JSON", 200, 400, with_field(b"Infinity")),
    Difference("-Infinity is not JSON", 200, 400, with_field(b"-Infinity")),
    Difference("a number that no double holds", 200, 400, with_field(b"1e999")),
    Difference("an integer beyond 64 bits", 200, 400, with_field(b"18446744073709551616")),
    Difference("a negative integer beyond 64 bits", 200, 400, with_field(b"-9223372036854775809")),
    Difference("a lone surrogate has no UTF-8", 200, 400, with_field(b'"\\ud800"')),
    Difference("a lone surrogate as a key", 200, 400, with_field(b'{"\\udfff":1}')),
    Difference("deeper than 64", 200, 400, with_field(b"[" * 64 + b"]" * 64)),
    Difference("so deep that stock Connexion fails", 500, 400, with_field(b"[" * 100_000 + b"]" * 100_000)),
    Difference("invalid UTF-8, on which stock Connexion fails", 500, 400, with_field(b'"\xff"')),
    Difference(
        "a charset nobody knows, on which stock Connexion fails", 500, 200, ANY_CHAT, "application/json;charset=x"
    ),
    Difference(
        "JSON is UTF-8 whatever its charset says (RFC 8259)", 500, 200, ANY_CHAT, "application/json;charset=utf-16"
    ),
    Difference(
        "Python's `$` passes a line end, JSON Schema's does not", 200, 400, b'{"name":"a\\n"}', JSON, "create_account"
    ),
    Difference("a chunked body has no Content-Length, and none is required", 400, 200, [ANY_CHAT[:9], ANY_CHAT[9:]]),
]


@pytest.mark.parametrize("case", DIFFERENCES, ids=[case.why for case in DIFFERENCES])
def test_every_difference_is_deliberate(apps: tuple[Any, Any], case: Difference) -> None:
    headers = {"content-type": case.content_type}
    answers = [call(app, *PATHS[case.operation_id], case.body, headers).status for app in apps]
    assert answers == [case.stock, case.ours]


MEDIA_TYPES = {
    None: 200,
    "application/json": 200,
    "application/json; charset=utf-8": 200,
    "application/json;charset=UTF-8": 200,
    "Application/JSON": 200,
    "text/plain": 415,
    "application/x-www-form-urlencoded": 415,
    "multipart/form-data; boundary=x": 415,
    "application/vnd.api+json": 415,
    "application/jsonp": 415,
}


@pytest.mark.parametrize("media_type,status", MEDIA_TYPES.items())
def test_both_agree_on_media_types(apps: tuple[Any, Any], media_type: str | None, status: int) -> None:
    headers = {"content-type": media_type}
    answers = [call(app, "POST", "/v1/chat/completions", ANY_CHAT, headers).status for app in apps]
    assert answers == [status, status]


QUERIES = {
    "": 200, "limit=1": 200, "limit=1000": 200, "limit=0": 400, "limit=1001": 400, "limit=abc": 400, "limit=1.5": 400,
    "limit=-1": 400, "account=acme&request=r&before=3": 200, "unknown=1": 200, "limit=5&limit=7": 200, "account=": 200,
    "account=%ff": 200, "limit=%31": 200,
}  # fmt: skip


@pytest.mark.parametrize("query,status", QUERIES.items())
def test_both_agree_on_parameters(apps: tuple[Any, Any], query: str, status: int) -> None:
    answers = [call(app, "GET", "/admin/api/ledger", query=query).status for app in apps]
    assert answers == [status, status]


def test_parameters_arrive_converted_and_with_defaults(apps: tuple[Any, Any]) -> None:
    def arguments(query: str) -> Any:
        return call(apps[1], "GET", "/admin/api/ledger", query=query).json()["arguments"]

    assert arguments("") == {"limit": 100}
    assert arguments("limit=7&request=r%201&account=&nope=1") == {"limit": 7, "request": "r 1", "account": ""}
    assert call(apps[1], "GET", "/v1/models/org/m:free").json()["arguments"] == {"model": "org/m:free"}


@pytest.mark.parametrize("number", ["٣", "1_0", " 1", "9" * 19, "0x1", ""])
def test_an_integer_parameter_is_written_in_ascii_digits(apps: tuple[Any, Any], number: str) -> None:
    assert call(apps[1], "GET", "/admin/api/ledger", query=f"limit={number}").status == 400


def test_a_refusal_names_the_field(apps: tuple[Any, Any]) -> None:
    body = orjson.dumps({"model": "m", "messages": [{"role": "user", "content": [{"type": "text"}, {}]}]})
    error = call(apps[1], "POST", "/v1/chat/completions", body).json()["error"]
    assert error["param"] == "messages.0.content.1" and '"type" is a required property' in error["message"]


def limited(**limits: Any) -> Any:
    return ours(config(limits=Limits(**limits)))


def test_the_body_limit_counts_what_comes_and_what_is_announced() -> None:
    app, size = limited(body_bytes=len(ANY_CHAT)), len(ANY_CHAT)
    path = "/v1/chat/completions"
    assert call(app, "POST", path, ANY_CHAT).status == 200
    assert call(app, "POST", path, [ANY_CHAT[:5], ANY_CHAT[5:]]).status == 200
    assert call(app, "POST", path, ANY_CHAT + b" ").status == 413
    assert call(app, "POST", path, [ANY_CHAT, b" "]).status == 413
    assert call(app, "POST", path, b"{}", {"content-length": str(size + 1)}).status == 413
    assert call(app, "POST", path, b"{}", {"content-length": "9" * 30}).status == 413


def test_the_rest_of_a_body_has_a_deadline() -> None:
    app = limited(body_timeout_s=0.05)
    first = {"type": "http.request", "body": b"{", "more_body": True}
    response = asyncio.run(exchange(app, scope("POST", "/v1/chat/completions", {"host": "gateway"}), [first]))
    assert response.status == 408 and response.header("connection") == "close"


def test_the_depth_limit_is_configurable() -> None:
    app = limited(json_depth=3)
    assert call(app, "POST", "/v1/chat/completions", ANY_CHAT).status == 200
    assert call(app, "POST", "/v1/chat/completions", with_field(b"[[[]]]")).status == 400
