"""Errors have the class of their status, and say what the body says."""

import json
from typing import Any

import pytest

from codegen.runtime.python import errors
from codegen.runtime.python.errors import BY_STATUS, APIStatusError, ServerError, error_in_stream, error_of_answer


def of_body(body: Any, status: int = 400) -> APIStatusError:
    return error_of_answer(status, {}, json.dumps(body).encode(), "req_1")


@pytest.mark.parametrize("status", sorted(BY_STATUS))
def test_each_status_has_a_class_of_its_own(status: int) -> None:
    error = of_body({}, status)
    assert type(error) is BY_STATUS[status] and error.status == status
    assert isinstance(error, ServerError) == (status >= 500)
    assert [kind for kind in BY_STATUS.values() if kind is type(error)] == [type(error)]


def test_other_statuses_have_the_class_above() -> None:
    assert type(of_body({}, 418)) is APIStatusError
    assert type(of_body({}, 529)) is ServerError
    assert type(of_body({}, 302)) is APIStatusError


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        ({"error": {"message": "no", "type": "t", "code": "c"}}, "no", "c"),
        ({"type": "error", "error": {"type": "t", "message": "no"}}, "no", None),
        ({"detail": "no"}, "no", None),
        ({"detail": [{"loc": ["body"]}]}, '[{"loc": ["body"]}]', None),
        ({"title": "no", "status": 400}, "no", None),
        ({"error": "no"}, "no", None),
        ("no", "no", None),
        ([], "status 400", None),
    ],
)
def test_the_message_is_found_wherever_it_is(body: Any, message: str, code: str | None) -> None:
    error = of_body(body)
    assert (error.message, error.code, error.body) == (message, code, body)
    assert str(error) == f"400: {message} (req_1)"


def test_a_body_that_is_no_json_stays_text() -> None:
    error = error_of_answer(502, {"retry-after": "4"}, b"<html>\xff", None)
    assert (error.body, error.message, error.retry_after_s) == ("<html>\ufffd", "<html>\ufffd", 4.0)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error": {"message": "m", "type": "server_error", "code": "upstream_error"}}, errors.BadGatewayError),
        ({"error": {"message": "m", "type": "server_error", "code": "upstream_timeout"}}, errors.GatewayTimeoutError),
        ({"error": {"message": "m", "type": "rate_limit_error", "code": "provider_paused"}}, errors.RateLimitError),
        ({"type": "error", "error": {"type": "overloaded_error"}}, errors.UnavailableError),
        ({"type": "error", "error": {"type": "api_error"}}, errors.InternalServerError),
        ({"error": {"message": "m", "type": "x", "code": 404}}, errors.NotFoundError),
        ({"error": "m"}, errors.InternalServerError),
    ],
)
def test_an_error_in_a_stream_has_the_class_that_it_would_have_had(body: Any, kind: type[APIStatusError]) -> None:
    error = error_in_stream(body, "req_1")
    assert type(error) is kind and error.body == body and error.request_id == "req_1"


def test_the_docstring_draws_every_class() -> None:
    drawn = errors.__doc__ or ""
    for name, kind in vars(errors).items():
        if isinstance(kind, type) and issubclass(kind, errors.APIError):
            assert f" {name} " in drawn.replace("\n", " \n") or drawn.startswith(name) or f"\n{name}\n" in drawn, name
