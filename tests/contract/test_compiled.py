"""What is compiled once serves every listener and every reload, and none of them changes it for another."""

import copy

import pytest
from connexion.spec import Specification

from tests.gateway import Gateway
from tollhouse.contract.compiled import Mounted, checks_of
from tollhouse.contract.documents import document_names, load_document, operations

CHECKED = [name for name in document_names() if name != "provider"]  # whose bodies are read as what they turn out to be


@pytest.mark.parametrize("name", CHECKED)
def test_every_operation_of_a_document_has_its_checks(name: str) -> None:
    asked = {each.operation["operationId"]: each.operation for each in operations(load_document(name))}
    assert set(checks_of(name)) == set(asked)
    for operation_id, checks in checks_of(name).items():
        assert checks.takes_body == ("requestBody" in asked[operation_id]), operation_id
        assert (checks.body is not None) == checks.takes_body, operation_id


def test_a_base_path_is_written_into_one_mount_only() -> None:
    first, second = Mounted("openai"), Mounted("openai")
    first.base_path = "/here"
    second.base_path = "/there"
    assert (first.base_path, second.base_path) == ("/here", "/there")
    assert first["paths"] is second["paths"], "what does not differ is there once"
    assert Mounted("openai").base_path == "/v1"


async def test_listeners_and_reloads_change_nothing_that_the_next_ones_get(gateway: Gateway) -> None:
    """Connexion 3.3 writes base paths into a document and adds the parameters of a path to those of its operations."""
    before = {name: copy.deepcopy(dict(Mounted(name))) for name in document_names()}
    await gateway.app.use(gateway.app.snapshot.config)
    assert {name: dict(Mounted(name)) for name in document_names()} == before
    assert {name: Specification.load(load_document(name)).spec for name in document_names()} == before
