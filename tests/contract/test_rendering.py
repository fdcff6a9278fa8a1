"""One error, five dialects: the table of WIRE.md."""

import math
from http import HTTPStatus
from typing import Any

import orjson
import pytest
from connexion.exceptions import BadRequestProblem, UnsupportedMediaTypeProblem
from starlette.exceptions import HTTPException

from tollhouse import errors
from tollhouse.contract.rendering import BODIES, as_api_error, render

TABLE = [
    (errors.InvalidRequest, 400, "invalid_request_error", None, "invalid_request_error", False),
    (errors.UnknownPricing, 400, "invalid_request_error", "unknown_model_pricing", "invalid_request_error", False),
    (errors.InvalidKey, 401, "invalid_request_error", "invalid_api_key", "authentication_error", False),
    (errors.InsufficientCredit, 402, "insufficient_quota", "insufficient_quota", "billing_error", False),
    (errors.ForbiddenModel, 403, "permission_error", "model_not_allowed", "permission_error", False),
    (errors.NotFound, 404, "invalid_request_error", "not_found", "not_found_error", False),
    (errors.ModelNotFound, 404, "invalid_request_error", "model_not_found", "not_found_error", False),
    (errors.MethodNotAllowed, 405, "invalid_request_error", "method_not_allowed", "invalid_request_error", False),
    (errors.RequestTooLarge, 413, "invalid_request_error", "request_too_large", "request_too_large", False),
    (
        errors.UnsupportedMediaType,
        415,
        "invalid_request_error",
        "unsupported_media_type",
        "invalid_request_error",
        False,
    ),
    (errors.RateLimited, 429, "rate_limit_error", "rate_limit_exceeded", "rate_limit_error", None),
    (errors.QuotaExceeded, 429, "insufficient_quota", "insufficient_quota", "rate_limit_error", False),
    (errors.ProviderPaused, 429, "rate_limit_error", "provider_paused", "rate_limit_error", False),
    (errors.Internal, 500, "server_error", None, "api_error", None),
    (errors.UpstreamFailed, 502, "server_error", "upstream_error", "api_error", None),
    (errors.NoActiveKeys, 503, "server_error", "no_active_api_keys", "api_error", None),
    (errors.UpstreamTimeout, 504, "server_error", "upstream_timeout", "timeout_error", None),
]


def rendered(error: errors.ApiError, dialect: str) -> tuple[int, dict[str, str], Any]:
    status, headers, body = render(error, dialect, "req_1")
    return status, headers, orjson.loads(body)


@pytest.mark.parametrize("kind,status,openai,code,anthropic,retry", TABLE)
def test_every_kind_has_its_place_in_every_dialect(
    kind: type[errors.ApiError], status: int, openai: str, code: str | None, anthropic: str, retry: bool | None
) -> None:
    error = kind("What happened.", param="model")
    assert rendered(error, "openai")[::2] == (
        status,
        {"error": {"message": "What happened.", "type": openai, "param": "model", "code": code}},
    )
    assert rendered(error, "anthropic")[::2] == (
        status,
        {"type": "error", "error": {"type": anthropic, "message": "What happened."}, "request_id": "req_1"},
    )
    detail = 422 if kind is errors.InvalidRequest else status
    assert rendered(error, "detail")[::2] == (detail, {"detail": "What happened."})
    one_code = 502 if status in (503, 504) else status
    assert rendered(error, "openproxy")[::2] == (
        one_code,
        {"error": {"message": "What happened.", "type": openai, "code": one_code}},
    )
    _, headers, problem = rendered(error, "problem")
    assert headers["content-type"] == "application/problem+json"
    assert (problem["status"], problem["title"]) == (status, HTTPStatus(status).phrase)
    assert (problem["detail"], problem["instance"]) == ("What happened.", "req_1")
    assert headers.get("x-should-retry") == (None if retry is None else "false")
    assert headers.get("www-authenticate") == ("Bearer" if status == 401 else None)


@pytest.mark.parametrize(
    "seconds,whole,milliseconds",
    [(0.0, "1", "1"), (0.25, "1", "250"), (1.0, "1", "1000"), (1.2, "2", "1200"), (60.0, "60", "60000")],
)
def test_retry_after_is_never_earlier_than_true(seconds: float, whole: str, milliseconds: str) -> None:
    headers = rendered(errors.RateLimited("Later.", retry_after_s=seconds), "openai")[1]
    assert (headers["retry-after"], headers["retry-after-ms"]) == (whole, milliseconds)
    assert "x-should-retry" not in headers


def test_beyond_a_minute_sdks_are_told_not_to_wait() -> None:
    headers = rendered(errors.RateLimited("Later.", retry_after_s=61), "openai")[1]
    assert (headers["retry-after"], headers["x-should-retry"]) == ("61", "false")


@pytest.mark.parametrize("seconds", [math.inf, math.nan, -math.inf, 1e300, -5.0])
def test_nonsense_from_an_upstream_is_still_a_header(seconds: float) -> None:
    headers = rendered(errors.RateLimited("Later.", retry_after_s=seconds), "openai")[1]
    assert 1 <= int(headers["retry-after"]) <= 366 * 86_400


def test_the_end_of_a_months_budget_is_said_as_it_is() -> None:
    assert rendered(errors.QuotaExceeded("Full.", retry_after_s=20 * 86_400), "openai")[1]["retry-after"] == "1728000"


def test_an_upstreams_refusal_keeps_its_status_in_every_dialect() -> None:
    for dialect in BODIES:
        assert rendered(errors.UpstreamRefused("No.", 422), dialect)[0] == 422


def test_details_are_facts_of_the_error_object() -> None:
    error = errors.InsufficientCredit("No.", details={"balance_usd": "0.10"})
    for dialect in ("openai", "anthropic", "openproxy"):
        assert rendered(error, dialect)[2]["error"]["balance_usd"] == "0.10"


@pytest.mark.parametrize(
    "error,kind",
    [
        (BadRequestProblem(detail="No."), errors.InvalidRequest),
        (UnsupportedMediaTypeProblem(detail="No."), errors.UnsupportedMediaType),
        (HTTPException(404), errors.NotFound),
        (HTTPException(405, headers={"Allow": "GET"}), errors.MethodNotAllowed),
        (HTTPException(418), errors.Internal),
        (ValueError("secret"), errors.Internal),
    ],
)
def test_what_the_framework_raises_becomes_one_of_ours(error: Exception, kind: type[errors.ApiError]) -> None:
    assert type(as_api_error(error)) is kind
    assert "secret" not in str(as_api_error(error))


def test_allow_survives() -> None:
    assert as_api_error(HTTPException(405, headers={"Allow": "GET", "x-a": "b"})).headers == {"Allow": "GET"}


def test_the_one_status_for_no_candidate_has_one_type_as_well() -> None:
    error = errors.UpstreamRateLimited("Every provider is rate-limiting.", retry_after_s=3)
    status, headers, body = rendered(error, "openproxy")
    assert (status, body["error"]["type"], headers["retry-after"]) == (502, "server_error", "3")
    assert rendered(error, "openai")[2]["error"]["type"] == "rate_limit_error"
