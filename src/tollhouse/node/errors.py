"""What can go wrong in the node.

NodeError            a request is refused or fails; `kind` decides status and wire names
NodeStartError       the node cannot start; one line that says what to do
└─ NodeConfigError   config.toml is wrong; every problem at once
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of failure looks on the wire."""

    status: int
    openai_type: str
    openai_code: str | None
    anthropic_type: str


KINDS = {
    "invalid_request": Kind(400, "invalid_request_error", None, "invalid_request_error"),
    "context_length": Kind(400, "invalid_request_error", "context_length_exceeded", "invalid_request_error"),
    "wrong_model_type": Kind(400, "invalid_request_error", "wrong_model_type", "invalid_request_error"),
    "bad_key": Kind(401, "invalid_request_error", "invalid_api_key", "authentication_error"),
    "model_not_found": Kind(404, "invalid_request_error", "model_not_found", "not_found_error"),
    "unknown_url": Kind(404, "invalid_request_error", "unknown_url", "not_found_error"),
    "method": Kind(405, "invalid_request_error", "method_not_allowed", "invalid_request_error"),
    "too_large": Kind(413, "invalid_request_error", "request_too_large", "request_too_large"),
    "media_type": Kind(415, "invalid_request_error", "unsupported_media_type", "invalid_request_error"),
    "rate": Kind(429, "rate_limit_error", "rate_limit_exceeded", "rate_limit_error"),
    "internal": Kind(500, "server_error", None, "api_error"),
    "busy": Kind(503, "server_error", "engine_busy", "api_error"),
}


class NodeError(Exception):
    """A request that is refused or failed. `param` names the field at fault, `headers` go out with the answer."""

    def __init__(
        self, kind: str, message: str, *, param: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.kind = KINDS[kind]
        self.message = message
        self.param = param
        self.headers = headers or {}

    def openai_body(self) -> dict[str, Any]:
        """The body of OpenAI's error format."""
        return {
            "error": {
                "message": self.message,
                "type": self.kind.openai_type,
                "param": self.param,
                "code": self.kind.openai_code,
            }
        }

    def anthropic_body(self, request_id: str) -> dict[str, Any]:
        """The body of Anthropic's error format."""
        error = {"type": self.kind.anthropic_type, "message": self.message}
        return {"type": "error", "error": error, "request_id": request_id}


class NodeStartError(Exception):
    """The node cannot start; the message says what to do."""


class NodeConfigError(NodeStartError):
    """config.toml is wrong. `problems` has one line for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
