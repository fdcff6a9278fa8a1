"""What can go wrong in a call.

APIError
├── APIConnectionError             no answer came, or only half of one
│   └── APITimeoutError            ... in time
├── UnexpectedAnswerError          an answer came that is not what the operation gives
└── APIStatusError                 the server refused: `status`, `body`, `code`, `type`, `request_id`, `retry_after_s`
    ├── BadRequestError            400
    ├── AuthenticationError        401
    ├── PaymentRequiredError       402
    ├── PermissionDeniedError      403
    ├── NotFoundError              404
    ├── MethodNotAllowedError      405
    ├── RequestTimeoutError        408
    ├── ConflictError              409
    ├── RequestTooLargeError       413
    ├── UnsupportedMediaTypeError  415
    ├── UnprocessableEntityError   422
    ├── RateLimitError             429
    └── ServerError                any 5xx
        ├── InternalServerError    500
        ├── BadGatewayError        502
        ├── UnavailableError       503
        └── GatewayTimeoutError    504
"""

import json
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .retries import retry_after_s

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class APIError(Exception):
    """Anything that goes wrong in a call; `request_id` is the server's id of it, where it gave one."""

    def __init__(self, message: str, *, request_id: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.request_id = request_id


class APIConnectionError(APIError):
    """The server could not be reached, or the connection broke; the cause is in `__cause__`."""


class APITimeoutError(APIConnectionError):
    """The server took longer than the timeout."""


class UnexpectedAnswerError(APIError):
    """The server answered with something that the operation does not give; `body` is its beginning."""

    def __init__(self, message: str, *, body: str, request_id: str | None) -> None:
        super().__init__(message, request_id=request_id)
        self.body = body


class APIStatusError(APIError):
    """The server refused. `body` is what it said: parsed JSON, or the text where it is none."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        body: Any,
        request_id: str | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> None:
        super().__init__(message, request_id=request_id)
        self.status = status
        self.body = body
        self.headers = headers
        self.code = _described(body, "code")
        self.type = _described(body, "type")

    @property
    def retry_after_s(self) -> float | None:
        """Seconds after which another attempt can succeed, where the server says so."""
        return retry_after_s(self.headers, time.time())

    def __str__(self) -> str:
        where = f" ({self.request_id})" if self.request_id else ""
        return f"{self.status}: {self.message}{where}"


class BadRequestError(APIStatusError):
    """400: the request is wrong."""


class AuthenticationError(APIStatusError):
    """401: the credential is missing, wrong or over."""


class PaymentRequiredError(APIStatusError):
    """402: there is not enough credit."""


class PermissionDeniedError(APIStatusError):
    """403: the credential does not allow this."""


class NotFoundError(APIStatusError):
    """404: there is no such thing."""


class MethodNotAllowedError(APIStatusError):
    """405: the path does not take this method."""


class RequestTimeoutError(APIStatusError):
    """408: the request arrived too slowly."""


class ConflictError(APIStatusError):
    """409: it does not fit the state of things."""


class RequestTooLargeError(APIStatusError):
    """413: the body is too large."""


class UnsupportedMediaTypeError(APIStatusError):
    """415: the body is in a format that the operation does not take."""


class UnprocessableEntityError(APIStatusError):
    """422: the body does not fit its schema."""


class RateLimitError(APIStatusError):
    """429: too many requests, or a quota or budget is used up."""


class ServerError(APIStatusError):
    """5xx: the server failed."""


class InternalServerError(ServerError):
    """500: the server failed."""


class BadGatewayError(ServerError):
    """502: whoever the server asked failed."""


class UnavailableError(ServerError):
    """503: the server does not take requests now."""


class GatewayTimeoutError(ServerError):
    """504: whoever the server asked took too long."""


BY_STATUS: Mapping[int, type[APIStatusError]] = MappingProxyType(
    {
        400: BadRequestError,
        401: AuthenticationError,
        402: PaymentRequiredError,
        403: PermissionDeniedError,
        404: NotFoundError,
        405: MethodNotAllowedError,
        408: RequestTimeoutError,
        409: ConflictError,
        413: RequestTooLargeError,
        415: UnsupportedMediaTypeError,
        422: UnprocessableEntityError,
        429: RateLimitError,
        500: InternalServerError,
        502: BadGatewayError,
        503: UnavailableError,
        504: GatewayTimeoutError,
    }
)

# The status that an error inside a stream would have had, by its code where that says more than its type (OpenAI's and Anthropic's words).
_STATUS_IN_STREAMS: Mapping[str, int] = MappingProxyType(
    {
        "upstream_error": 502,
        "no_active_api_keys": 503,
        "upstream_timeout": 504,
        "invalid_request_error": 400,
        "authentication_error": 401,
        "billing_error": 402,
        "permission_error": 403,
        "not_found_error": 404,
        "request_too_large": 413,
        "rate_limit_error": 429,
        "insufficient_quota": 429,
        "timeout_error": 504,
        "overloaded_error": 503,
    }
)


def error_of_answer(status: int, headers: Mapping[str, str], content: bytes, request_id: str | None) -> APIStatusError:
    """The error that an answer with a status of 300 or more is."""
    text = content.decode("utf-8", errors="replace")
    try:
        body: Any = json.loads(text)
    except ValueError:
        body = text
    kind = BY_STATUS.get(status, ServerError if status >= 500 else APIStatusError)
    return kind(_message(body, status), status=status, body=body, request_id=request_id, headers=headers)


def error_in_stream(body: Any, request_id: str | None) -> APIStatusError:
    """The error that an event in a stream is: of the class that the same error has as an answer, 500 where that cannot be told."""
    code, kind = _described(body, "code"), _described(body, "type")
    status = int(code) if isinstance(code, int) else 500
    for word in (kind, code):
        status = _STATUS_IN_STREAMS.get(str(word), status)
    known = BY_STATUS.get(status, ServerError if status >= 500 else APIStatusError)
    return known(_message(body, status), status=status, body=body, request_id=request_id)


def _message(body: Any, status: int) -> str:
    """The sentence in an error body, in whichever of the usual places it is."""
    if isinstance(body, str) and body.strip():
        return body.strip()[:500]
    for key in ("message", "detail", "title"):
        if isinstance(found := _described(body, key), str):
            return found
    if isinstance(body, dict) and body.get("detail"):
        return json.dumps(body["detail"], ensure_ascii=False)
    return f"status {status}"


def _described(body: Any, key: str) -> Any:
    """A field of `error` in an error body, or of the body itself."""
    if not isinstance(body, dict):
        return None
    inner = body.get("error")
    if isinstance(inner, str) and key == "message":
        return inner
    return inner.get(key) if isinstance(inner, dict) else body.get(key)
