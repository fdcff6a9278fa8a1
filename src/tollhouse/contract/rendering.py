"""Errors as status, headers and body, in the dialect of the mount: the one place where an error becomes bytes."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import orjson
from connexion.exceptions import ProblemException
from starlette.exceptions import HTTPException

from tollhouse import errors
from tollhouse.errors import ApiError

# The status of an error whose class the framework raised before our code ran.
_BY_STATUS: Mapping[int, type[ApiError]] = MappingProxyType(
    {
        400: errors.InvalidRequest,
        401: errors.InvalidKey,
        404: errors.NotFound,
        405: errors.MethodNotAllowed,
        413: errors.RequestTooLarge,
        415: errors.UnsupportedMediaType,
    }
)
RETRY_AFTER_MAX_S = 366 * 86_400.0  # beyond the end of any month's budget and any debt of tokens that can be waited for
# Errors that only ever mean "no candidate answered": the `openproxy` seed has one status for them.
_NO_CANDIDATE = (
    errors.UpstreamFailed,
    errors.UpstreamTimeout,
    errors.UpstreamRateLimited,
    errors.UpstreamUnavailable,
    errors.NoActiveKeys,
)


def as_api_error(error: Exception) -> ApiError:
    """Any exception as an ApiError; what nobody foresaw becomes "Proxy error" and keeps its details to the log."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, ProblemException | HTTPException):
        kind = _BY_STATUS.get(error.status_code, errors.Internal)
        message = str(error.detail or kind.__name__)
        return kind(message, headers={k: v for k, v in (error.headers or {}).items() if k.lower() == "allow"})
    return errors.Internal("Proxy error: the gateway failed on this request; its request id finds it in the log.")


def status_of(error: ApiError, dialect: str) -> int:
    """The HTTP status of an error on a mount."""
    if isinstance(error, errors.UpstreamRefused):
        return error.upstream_status
    if dialect == "detail" and type(error) is errors.InvalidRequest:
        return 422
    if dialect == "openproxy" and isinstance(error, _NO_CANDIDATE):
        return 502
    return error.status


def render(error: ApiError, dialect: str, request_id: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an error."""
    status = status_of(error, dialect)
    content_type = "application/problem+json" if dialect == "problem" else "application/json"
    headers = {"content-type": content_type, **error.headers}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    if error.retry_after_s is not None:
        seconds = min(max(0.001, error.retry_after_s), RETRY_AFTER_MAX_S)  # upstreams say "inf" and "nan" too
        headers["retry-after"] = str(-int(-seconds // 1))
        headers["retry-after-ms"] = str(-int(-seconds * 1000 // 1))
    if error.retry_helps is False or (error.retry_after_s or 0) > 60:
        headers["x-should-retry"] = "false"
    return status, headers, orjson.dumps(BODIES[dialect](error, status, request_id))


def _openai(error: ApiError, status: int, request_id: str) -> dict[str, Any]:
    return {
        "error": {
            "message": error.message,
            "type": error.openai_type,
            "param": error.param,
            "code": error.error_code,
            **error.details,
        }
    }


def _anthropic(error: ApiError, status: int, request_id: str) -> dict[str, Any]:
    return {
        "type": "error",
        "error": {"type": error.anthropic_type, "message": error.message, **error.details},
        "request_id": request_id,
    }


def _detail(error: ApiError, status: int, request_id: str) -> dict[str, Any]:
    return {"detail": error.message}


def _openproxy(error: ApiError, status: int, request_id: str) -> dict[str, Any]:
    kind = errors.UpstreamFailed.openai_type if isinstance(error, _NO_CANDIDATE) else error.openai_type
    return {"error": {"message": error.message, "type": kind, "code": status, **error.details}}


def _problem(error: ApiError, status: int, request_id: str) -> dict[str, Any]:
    """RFC 9457."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": error.message,
        "instance": request_id,
        **error.details,
    }


BODIES: Mapping[str, Callable[[ApiError, int, str], dict[str, Any]]] = MappingProxyType(
    {
        "openai": _openai,
        "anthropic": _anthropic,
        "provider": _openai,  # where it is not known which provider is meant
        "detail": _detail,
        "openproxy": _openproxy,
        "problem": _problem,
    }
)
