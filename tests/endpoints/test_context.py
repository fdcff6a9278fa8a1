"""What endpoints are given has no HTTP in it that they could answer with."""

from pathlib import Path

import tollhouse.endpoints
from tests.contract.asgi import config
from tollhouse.endpoints.context import Request, Value
from tollhouse.router import Router


def test_a_request_begins_with_nothing_that_was_not_checked() -> None:
    request = Request("req_1", config(), Router(config()), {}, "127.0.0.1")
    assert (request.mount, request.operation, request.principal, request.body) == (None, None, None, None)
    assert request.arguments == {}


def test_a_value_is_a_200_unless_it_says_otherwise() -> None:
    assert Value({}).status == 200


def test_endpoints_know_no_web_framework() -> None:
    [folder] = tollhouse.endpoints.__path__
    for file in Path(folder).glob("*.py"):
        text = file.read_text()
        assert not [
            name for name in ("starlette", "connexion", "uvicorn", "tollhouse.contract") if f"import {name}" in text
        ]
        assert "from starlette" not in text and "from connexion" not in text and "from tollhouse.contract" not in text
