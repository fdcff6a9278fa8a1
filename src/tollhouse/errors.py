"""Every error a caller can meet, as one tree.

    TollhouseError                      something a person can act on; the message says what to do
    └── ApiError                        becomes a status and a body, in the error dialect of the mount
        ├── InvalidRequest          400 (422 on `detail` mounts)
        │   └── UnknownPricing      400 the model has no price, so it is never sent
        ├── InvalidKey              401 missing, unknown, revoked or expired credentials
        ├── InsufficientCredit      402
        ├── Forbidden               403
        │   └── ForbiddenModel      403
        ├── NotFound                404 unknown path or object
        │   └── ModelNotFound       404
        ├── MethodNotAllowed        405
        ├── RequestTimeout          408 the client did not finish its body
        ├── Conflict                409
        ├── RequestTooLarge         413
        ├── UnsupportedMediaType    415
        ├── HeadersTooLarge         431
        ├── RateLimited             429 try again after `retry_after_s`
        │   └── UpstreamRateLimited 429 every provider of the model is rate-limiting
        ├── QuotaExceeded           429 trying again does not help
        ├── ProviderPaused          429 an administrator has to resume the provider
        ├── Internal                500
        ├── UpstreamRefused         the upstream's own 4xx about this request, with its status
        ├── UpstreamFailed          502 every candidate failed
        │   └── UpstreamOverloaded  502 the provider says in its stream that it has too much to do
        ├── NoActiveKeys            503 nobody could be asked
        ├── UpstreamUnavailable     503 every candidate has failed lately and is left alone for a moment
        ├── Unavailable             503 a store is down or the process is stopping
        └── UpstreamTimeout         504

The table of WIRE.md, "One error type, rendered by dialect", is the source of statuses, types and codes;
`tollhouse.contract.rendering` turns an error into bytes.
"""

from collections.abc import Mapping
from typing import ClassVar


class TollhouseError(Exception):
    """Something went wrong that a person can act on."""


class ApiError(TollhouseError):
    """An error with a place in the wire contract.

    `param` names the offending field, `details` are extra facts for the body (decimal strings, integers),
    `headers` extra response headers, `retry_after_s` the true number of seconds after which a retry can work.
    """

    status: ClassVar[int] = 500
    openai_type: ClassVar[str] = "server_error"
    code: ClassVar[str | None] = None
    anthropic_type: ClassVar[str] = "api_error"
    retry_helps: ClassVar[bool | None] = None  # False is told to SDKs as `x-should-retry: false`

    def __init__(
        self,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        details: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.details = dict(details or {})
        self.headers = dict(headers or {})
        self.retry_after_s = retry_after_s
        self.error_code = code if code is not None else self.code


class InvalidRequest(ApiError):
    status = 400
    openai_type = "invalid_request_error"
    anthropic_type = "invalid_request_error"
    retry_helps = False


class UnknownPricing(InvalidRequest):
    code = "unknown_model_pricing"


class InvalidKey(ApiError):
    status = 401
    openai_type = "invalid_request_error"
    code = "invalid_api_key"
    anthropic_type = "authentication_error"
    retry_helps = False


class InsufficientCredit(ApiError):
    status = 402
    openai_type = "insufficient_quota"
    code = "insufficient_quota"
    anthropic_type = "billing_error"
    retry_helps = False


class Forbidden(ApiError):
    status = 403
    openai_type = "permission_error"
    code = "forbidden"
    anthropic_type = "permission_error"
    retry_helps = False


class ForbiddenModel(Forbidden):
    code = "model_not_allowed"


class NotFound(ApiError):
    status = 404
    openai_type = "invalid_request_error"
    code = "not_found"
    anthropic_type = "not_found_error"
    retry_helps = False


class ModelNotFound(NotFound):
    code = "model_not_found"


class MethodNotAllowed(ApiError):
    status = 405
    openai_type = "invalid_request_error"
    code = "method_not_allowed"
    anthropic_type = "invalid_request_error"
    retry_helps = False


class RequestTimeout(ApiError):
    status = 408
    openai_type = "invalid_request_error"
    code = "request_timeout"
    anthropic_type = "timeout_error"


class Conflict(ApiError):
    status = 409
    openai_type = "invalid_request_error"
    code = "conflict"
    anthropic_type = "invalid_request_error"
    retry_helps = False


class RequestTooLarge(ApiError):
    status = 413
    openai_type = "invalid_request_error"
    code = "request_too_large"
    anthropic_type = "request_too_large"
    retry_helps = False


class UnsupportedMediaType(ApiError):
    status = 415
    openai_type = "invalid_request_error"
    code = "unsupported_media_type"
    anthropic_type = "invalid_request_error"
    retry_helps = False


class HeadersTooLarge(ApiError):
    status = 431
    openai_type = "invalid_request_error"
    code = "headers_too_large"
    anthropic_type = "invalid_request_error"
    retry_helps = False


class RateLimited(ApiError):
    status = 429
    openai_type = "rate_limit_error"
    code = "rate_limit_exceeded"
    anthropic_type = "rate_limit_error"


class UpstreamRateLimited(RateLimited):
    pass


class QuotaExceeded(ApiError):
    status = 429
    openai_type = "insufficient_quota"
    code = "insufficient_quota"
    anthropic_type = "rate_limit_error"
    retry_helps = False


class ProviderPaused(ApiError):
    status = 429
    openai_type = "rate_limit_error"
    code = "provider_paused"
    anthropic_type = "rate_limit_error"
    retry_helps = False


class Internal(ApiError):
    status = 500


class UpstreamRefused(ApiError):
    """What a provider said of the request itself, for mounts that render it anew with the same status."""

    openai_type = "invalid_request_error"
    anthropic_type = "invalid_request_error"
    retry_helps = False

    def __init__(self, message: str, upstream_status: int) -> None:
        super().__init__(message)
        self.upstream_status = upstream_status


class UpstreamFailed(ApiError):
    status = 502
    code = "upstream_error"


class UpstreamOverloaded(UpstreamFailed):
    anthropic_type = "overloaded_error"  # OpenAI has no word of its own for it


class NoActiveKeys(ApiError):
    status = 503
    code = "no_active_api_keys"


class UpstreamUnavailable(ApiError):
    status = 503
    code = "upstream_unavailable"


class Unavailable(ApiError):
    status = 503
    code = "unavailable"


class UpstreamTimeout(ApiError):
    status = 504
    code = "upstream_timeout"
    anthropic_type = "timeout_error"
