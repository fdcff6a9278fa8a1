"""Arguments become a request: each where it belongs, and nothing that was not given."""

import base64
import json
from typing import Any

import httpx
import pytest

from codegen.runtime.python.operations import Argument, Operation, Scheme, Settings
from codegen.runtime.python.outgoing import Outgoing, outgoing

ARGUMENTS = (
    Argument("boat", "path", "boat", required=True),
    Argument("from_", "query", "from"),
    Argument("tags", "query", "tags"),
    Argument("ids", "query", "ids", joined=True),
    Argument("tide_at", "header", "Tide-At", joined=True),
    Argument("name", "body", "name"),
    Argument("crew", "body", "crewSize"),
)


def operation(body: str | None = "application/json", **fields: Any) -> Operation[Any, Any]:
    return Operation(
        **{"name": "sail", "method": "POST", "path": "/boats/{boat}", "arguments": ARGUMENTS, "body": body} | fields
    )


def settings(kind: Any = "bearer", **credentials: str) -> Settings:
    schemes = {"lock": Scheme(kind, "lock-key", "api_key"), "other": Scheme("header", "x-other", "other_key")}
    return Settings("http://h", credentials, schemes, {"user-agent": "u"}, None, 2)


def sent(given: dict[str, Any], to: Operation[Any, Any] | None = None, by: Settings | None = None) -> httpx.Request:
    with httpx.Client() as client:
        return outgoing(to or operation(), given, by or settings()).build(client)


def test_each_argument_goes_where_it_belongs() -> None:
    request = sent(
        {"boat": "a/b ü", "from_": "x&y", "tags": ["a", "b"], "ids": [1, 2], "tide_at": True, "name": "Eos", "crew": 3}
    )
    assert request.url.raw_path == b"/boats/a%2Fb%20%C3%BC?from=x%26y&tags=a&tags=b&ids=1%2C2"
    assert request.headers["tide-at"] == "true" and request.headers["content-type"] == "application/json"
    assert json.loads(request.content) == {"name": "Eos", "crewSize": 3}


def test_what_is_left_out_is_not_sent_and_none_is_null_in_a_body() -> None:
    assert sent({"boat": "a"}).content == b""
    assert sent({"boat": "a"}, operation(body_required=True)).content == b"{}"
    assert sent({"boat": "a", "name": None, "from_": None}).content == b'{"name":null}'
    assert sent({"boat": "a", "from_": None}).url.query == b""


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_value_that_would_lead_elsewhere_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="boat cannot be"):
        sent({"boat": value})


def test_unknown_and_missing_arguments_are_type_errors() -> None:
    with pytest.raises(TypeError, match=r"sail\(\) takes no argument 'colour'; what is not described goes in extra"):
        sent({"boat": "a", "colour": "red"})
    with pytest.raises(TypeError, match=r"sail\(\) misses the arguments boat"):
        sent({})


def test_extras_are_added_and_win() -> None:
    given = {"extra_body": {"name": "Iris", "x": 1}, "extra_query": {"debug": True}, "extra_headers": {"accept": "a/b"}}
    request = sent({"boat": "a", "name": "Eos", "max_retries": 7, "timeout": 3.0, **given})
    assert json.loads(request.content) == {"name": "Iris", "x": 1}
    assert request.url.query == b"debug=true" and request.headers["accept"] == "a/b"
    assert request.extensions["timeout"]["read"] == 3.0


@pytest.mark.parametrize(
    ("kind", "header", "value"),
    [
        ("bearer", "authorization", "Bearer a:b"),
        ("basic", "authorization", f"Basic {base64.b64encode(b'a:b').decode()}"),
        ("header", "lock-key", "a:b"),
        ("cookie", "cookie", "lock-key=a:b"),
    ],
)
def test_a_credential_goes_where_its_scheme_says(kind: str, header: str, value: str) -> None:
    request = sent({"boat": "a"}, operation(security=("lock", "other")), settings(kind, api_key="a:b", other_key="no"))
    assert request.headers[header] == value and "x-other" not in request.headers


def test_a_credential_in_the_query() -> None:
    assert sent({"boat": "a"}, operation(security=("lock",)), settings("query", api_key="k")).url.query == b"lock-key=k"


def test_the_first_scheme_with_a_credential_is_used_and_none_is_needed() -> None:
    protected = operation(security=("lock", "other"))
    assert sent({"boat": "a"}, protected, settings(other_key="k")).headers["x-other"] == "k"
    assert "authorization" not in sent({"boat": "a"}, protected).headers
    assert "authorization" not in sent({"boat": "a"}, operation(), settings(api_key="k")).headers


def test_forms_texts_and_bytes() -> None:
    form = sent({"boat": "a", "name": "ü&", "crew": [1, 2]}, operation("application/x-www-form-urlencoded"))
    assert form.content == b"name=%C3%BC%26&crewSize=1&crewSize=2"
    body = (Argument("body", "content", "", required=True),)
    text = sent({"body": "ü"}, operation("text/plain", path="/", arguments=body))
    assert text.content == "ü".encode() and text.headers["content-type"] == "text/plain"
    assert sent({"body": b"\x00"}, operation("application/octet-stream", path="/", arguments=body)).content == b"\x00"
    listed = sent({"body": [1, 2]}, operation(path="/", arguments=body))
    assert listed.content == b"[1,2]"


def test_a_form_with_files() -> None:
    request = sent({"boat": "a", "name": ("eos.png", b"\x00png"), "crew": 3}, operation("multipart/form-data"))
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    content = request.read()
    assert b'name="name"; filename="eos.png"' in content and b'name="crewSize"\r\n\r\n3\r\n' in content


def test_a_request_can_be_built_again() -> None:
    with httpx.Client() as client:
        made: Outgoing = outgoing(operation("multipart/form-data"), {"boat": "a", "name": b"x"}, settings())
        first, second = (made.build(client).read().count(b"\r\n") for _ in range(2))
    assert first == second > 0
