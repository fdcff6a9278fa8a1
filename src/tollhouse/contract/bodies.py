"""The checks of request bodies by operation, for those who ask about a call without making it."""

from collections.abc import Callable
from typing import Any

from tollhouse.contract.compiled import checks_of
from tollhouse.generated.operations import OPERATIONS


def body_check() -> Callable[[str, Any], None]:
    """A function of an operationId and a body that raises what validation would raise, were the body sent there."""
    checks = {
        operation_id: check
        for operation_id, operation in OPERATIONS.items()
        if operation.billing != "none" and operation.document != "provider"
        if (check := checks_of(operation.document)[operation_id].body) is not None
    }

    def check_body(operation_id: str, body: Any) -> None:
        checks[operation_id](body)

    return check_body
