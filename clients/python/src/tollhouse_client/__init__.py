"""The client of the Tollhouse LLM gateway. Generated; do not edit."""

from . import params, types
from ._client import AsyncTollhouse, Tollhouse
from ._runtime.answers import RawResponse
from ._runtime.errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadGatewayError,
    BadRequestError,
    ConflictError,
    GatewayTimeoutError,
    InternalServerError,
    MethodNotAllowedError,
    NotFoundError,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    RequestTooLargeError,
    ServerError,
    UnavailableError,
    UnexpectedAnswerError,
    UnprocessableEntityError,
    UnsupportedMediaTypeError,
)
from ._runtime.operations import CallOptions, File
from ._runtime.pages import AsyncPage, Page
from ._runtime.streams import AsyncStream, Stream

__version__ = "1.0.0"

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncPage",
    "AsyncStream",
    "AsyncTollhouse",
    "AuthenticationError",
    "BadGatewayError",
    "BadRequestError",
    "CallOptions",
    "ConflictError",
    "File",
    "GatewayTimeoutError",
    "InternalServerError",
    "MethodNotAllowedError",
    "NotFoundError",
    "Page",
    "PaymentRequiredError",
    "PermissionDeniedError",
    "RateLimitError",
    "RawResponse",
    "RequestTimeoutError",
    "RequestTooLargeError",
    "ServerError",
    "Stream",
    "Tollhouse",
    "UnavailableError",
    "UnexpectedAnswerError",
    "UnprocessableEntityError",
    "UnsupportedMediaTypeError",
    "__version__",
    "params",
    "types",
]
