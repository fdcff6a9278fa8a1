"""A document for one key is valid, has what the key may call and nothing else, and offers its models only."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import openapi_spec_validator
import pytest
from connexion.json_schema import Draft4RequestValidator
from openapi_core import OpenAPI

from tests.contract.test_published import ADMIN, ANTHROPIC, OPENAI, SYSTEM, ids, resolved
from tollhouse.config.snapshot import Mount
from tollhouse.contract.documents import Document, document_names, load_document, operations
from tollhouse.contract.narrowed import narrowed
from tollhouse.contract.published import merged

MODELS = ("gpt-test", "org/m:free")
PROVIDER, ACCOUNT, WEB = (
    Mount("provider", "/v1", "provider"),
    Mount("account", "/api", "detail"),
    Mount("web", "", "detail"),
)
MERGED = {
    "/v1": merged("/v1", [OPENAI, ANTHROPIC, PROVIDER]),
    "": merged("", [SYSTEM, WEB]),
    "/api": merged("/api", [ACCOUNT]),
    "/admin/api": merged("/admin/api", [ADMIN]),
    "all": merged("/x", [Mount(name, "/x", "detail") for name in document_names() if name != "provider"]),
}


def document(at: str, models: tuple[str, ...] = MODELS) -> Document:
    return narrowed(copy.deepcopy(MERGED[at]), models)


def bodies(document: Document) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(operationId, the schema of its body without references, its media type) of what takes JSON."""
    for _, _, operation in operations(document):
        media = resolved(operation.get("requestBody", {}), document).get("content", {}).get("application/json")
        if media is not None:
            yield operation["operationId"], media["schema"], media


@pytest.mark.parametrize("models", [MODELS, ("one",), ()], ids=len)
@pytest.mark.parametrize("at", MERGED)
def test_it_is_a_valid_document_without_loose_ends(at: str, models: tuple[str, ...]) -> None:
    narrow = document(at, models)
    openapi_spec_validator.validate(narrow)
    OpenAPI.from_dict(narrow).check_spec()
    text = json.dumps(narrow)
    for section, entries in narrow["components"].items():
        for name in entries:
            assert section == "securitySchemes" or f'"#/components/{section}/{name}"' in text, (
                f"{name} is used by nothing"
            )


def test_a_key_calls_what_takes_keys_and_what_is_open() -> None:
    assert ids(document("/v1")) == ids(MERGED["/v1"])
    assert ids(document("")) == ids(MERGED[""]), "nothing there needs anything"
    assert document("/admin/api")["paths"] == {} and document("/admin/api")["tags"] == []
    assert ids(document("/api")) == {
        "get_sign_in_challenge", "connect_wallet", "use_sign_in_link", "list_public_catalogue",
    }  # fmt: skip
    assert (
        "adminToken" not in json.dumps(document("all"))
        and "session" not in document("all")["components"]["securitySchemes"]
    )


def test_the_model_of_every_body_is_one_of_the_keys_own() -> None:
    named = {name: schema for name, schema, _ in bodies(document("/v1")) if "model" in schema.get("properties", {})}
    assert set(named) == {
        "create_chat_completion", "create_completion", "create_response", "create_embedding", "create_moderation",
        "create_quote", "create_message", "count_message_tokens",
    }  # fmt: skip
    for name, schema in named.items():
        choice = schema["properties"]["model"]
        assert [each for each in choice["enum"] if each is not None] == list(MODELS), name
        judge = Draft4RequestValidator({"type": "object", "properties": {"model": choice}})
        assert judge.is_valid({"model": "gpt-test"}) and not judge.is_valid({"model": "gpt-4o"}), name
        assert judge.is_valid({"model": None}) == (name in ("create_moderation", "create_quote")), name


def test_examples_name_models_that_the_key_may_use() -> None:
    seen = 0
    for name, schema, media in bodies(document("/v1")):
        examples = (
            [media["example"]] if "example" in media else [each["value"] for each in media.get("examples", {}).values()]
        )
        for example in examples:
            assert Draft4RequestValidator(schema).is_valid(example), (name, example)
            seen += "model" in example
    assert seen > 5


def test_what_is_answered_stays_as_it_was() -> None:
    before, after = MERGED["/v1"], document("/v1")
    for method, path, operation in operations(after):
        whole = before["paths"][path][method.lower()]
        assert resolved(operation["responses"], after) == resolved(whole["responses"], before), path


def test_without_a_model_there_is_nothing_to_call_with_one() -> None:
    left = ids(document("/v1", ()))
    assert {"list_models", "get_model", "get_stats"} <= left
    assert not left & {"create_chat_completion", "create_message", "create_quote", "create_moderation"}


def test_two_documents_with_a_body_of_the_same_shape_are_both_narrowed() -> None:
    """The schema of a component that came twice has two names."""
    again = merged("/x", [Mount("openai", "/x", "openai"), Mount("anthropic", "/x", "anthropic")])
    names = {
        name for name, schema, _ in bodies(narrowed(again, MODELS)) if "enum" in schema["properties"].get("model", {})
    }
    assert {"create_message", "create_chat_completion"} <= names
    assert (
        load_document("openai")["components"]["schemas"]["CreateChatCompletionRequest"]["properties"]["model"].get(
            "enum"
        )
        is None
    )
