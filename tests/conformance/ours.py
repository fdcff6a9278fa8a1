"""Our own documents, without references, as the operations and checks that tests ask for."""

import functools
from collections.abc import Mapping
from typing import Any

from connexion.spec import Specification

from tollhouse.contract.documents import load_document, operations
from tollhouse.contract.schemas import Check, compile_check

WIRE = ("anthropic", "openai")


@functools.cache
def operation(operation_id: str) -> Mapping[str, Any]:
    """An operation of the wire documents."""
    documents = [Specification.load(load_document(name)).spec for name in WIRE]
    found = {each.operation["operationId"]: each.operation for document in documents for each in operations(document)}
    return found[operation_id]


@functools.cache
def answer_check(operation_id: str, status: int = 200, media_type: str = "application/json") -> Check:
    """Raises InvalidRequest where an answer, or one event of a stream, is not as our document says."""
    response = operation(operation_id)["responses"][str(status)]
    return compile_check(response["content"][media_type]["schema"], f"{operation_id} {status}")


@functools.cache
def request_check(operation_id: str) -> Check:
    """Raises InvalidRequest where a body is not as our document says."""
    return compile_check(operation(operation_id)["requestBody"]["content"]["application/json"]["schema"], operation_id)
