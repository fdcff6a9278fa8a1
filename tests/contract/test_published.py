"""The merged document of each base path is valid, complete and says who may call what."""

import json
from typing import Any

import openapi_spec_validator
import pytest

from tests.served import Served
from tollhouse.config.snapshot import Listener, Mount
from tollhouse.contract.documents import load_document, operations
from tollhouse.contract.published import merged, published

OPENAI, ANTHROPIC = Mount("openai", "/v1", "openai"), Mount("anthropic", "/v1", "anthropic")
ADMIN, SYSTEM = Mount("admin", "/admin/api", "problem"), Mount("system", "", "detail")


def ids(document: Any) -> set[str]:
    return {entry.operation["operationId"] for entry in operations(document)}


@pytest.mark.parametrize(
    "mounts", [[OPENAI, ANTHROPIC], [ANTHROPIC, OPENAI], [SYSTEM], [ADMIN], [SYSTEM, ADMIN, OPENAI]]
)
def test_a_merged_document_is_valid_and_has_every_operation(mounts: list[Mount]) -> None:
    document = merged(mounts[0].at, mounts)
    openapi_spec_validator.validate(document)
    assert ids(document) == set().union(*(ids(load_document(mount.document)) for mount in mounts))
    assert document["servers"] == [{"url": mounts[0].at or "/"}]


def resolved(node: Any, whole: Any) -> Any:
    if isinstance(node, list):
        return [resolved(item, whole) for item in node]
    if isinstance(node, dict):
        if "$ref" in node:
            target = whole
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            return resolved(target, whole)
        return {key: resolved(value, whole) for key, value in node.items()}
    return node


def test_components_of_one_name_keep_their_own_meaning() -> None:
    whole = merged("/v1", [OPENAI, ANTHROPIC])
    for name in ("openai", "anthropic"):
        part = load_document(name)
        for path, item in part["paths"].items():
            assert resolved(item, part) == resolved(whole["paths"][path], whole)


def test_security_is_that_of_the_mount() -> None:
    public = Mount("openai", "/v1", "openai", public=frozenset({"list_models"}))
    assert merged("/v1", [public])["paths"]["/models"]["get"]["security"] == []
    assert merged("/v1", [public])["paths"]["/models/{model}"]["get"]["security"]
    optional = merged("/v1", [Mount("openai", "/v1", "openai", auth="optional")])
    assert {} in optional["paths"]["/chat/completions"]["post"]["security"]
    assert {} not in optional["paths"]["/stats"]["get"]["security"]
    assert {} not in merged("/v1", [OPENAI])["paths"]["/chat/completions"]["post"]["security"]
    assert merged("", [SYSTEM])["paths"]["/health"]["get"]["security"] == []


def test_each_base_path_of_a_listener_has_its_document() -> None:
    documents = published(Listener("main", "127.0.0.1", 0, (SYSTEM, OPENAI, ANTHROPIC, ADMIN)))
    assert set(documents) == {"/openapi.json", "/v1/openapi.json", "/admin/api/openapi.json"}
    assert all(json.loads(text)["openapi"] == "3.0.3" for text in documents.values())


@pytest.mark.parametrize("at", ["", "/api/v1", "/v1", "/proxy/v1", "/admin/api"])
def test_it_is_served_without_a_key_and_points_to_what_is_there(served: Served, at: str) -> None:
    response = served.client.get(f"{at}/openapi.json")
    assert response.status_code == 200 and response.headers["content-type"] == "application/json"
    assert response.headers["x-request-id"]
    for method, path, _ in operations(response.json()):
        if "{" not in path:
            assert served.client.request("TRACE", at + path).status_code == 405, f"{method} {path} is not there"
    assert served.client.head(f"{at}/openapi.json").status_code == 200
    refused = served.client.post(f"{at}/openapi.json")
    assert refused.status_code == 405 and refused.headers["allow"] == "GET, HEAD"


def test_the_other_listener_has_its_own(served: Served) -> None:
    assert set(served.openproxy.get("/v1/openapi.json").json()["paths"]) >= {"/chat/completions", "/messages"}
    assert served.openproxy.get("/admin/api/openapi.json").status_code == 404


def test_an_optional_key_makes_no_session_optional() -> None:
    account = Mount("account", "/api", "detail", auth="optional")
    document = merged("/api", [account])
    assert document["paths"]["/usage"]["get"]["security"] == [{"session": []}]
    assert document["paths"]["/models/public"]["get"]["security"] == []
