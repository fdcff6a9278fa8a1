"""The checks of request bodies by operation, for those who ask about a call without making it."""

from collections.abc import Callable
from typing import Any

from connexion.spec import Specification

from tollhouse.contract.documents import document_names, load_document, operations
from tollhouse.contract.schemas import Schema, compile_check


def body_check() -> Callable[[str, Any], None]:
    """A function of an operationId and a body that raises what validation would raise, were the body sent there."""
    checks = {operation_id: compile_check(schema, "request body") for operation_id, schema in _schemas().items()}

    def check(operation_id: str, body: Any) -> None:
        checks[operation_id](body)

    return check


def _schemas() -> dict[str, Schema]:
    """The schemas of all bodies that go to a provider, without references."""
    documents = {name: Specification.load(load_document(name)).spec for name in document_names()}
    schemas: dict[str, Schema] = {}
    for document in documents.values():
        for _, _, operation in operations(document):
            if operation["x-billing"] != "none" and "requestBody" in operation:
                schemas[operation["operationId"]] = operation["requestBody"]["content"]["application/json"]["schema"]
    return schemas
