"""Bundling: everything local, deterministic, with the place of every part."""

from collections.abc import Mapping

import pytest

from tollhouse.contract.documents import document_names, documents_dir, load_document
from tollhouse.spec.bundling import Place, Spec, bundle, from_value, pointer
from tollhouse.spec.reading import SpecError

HEAD = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: d\n          content:\n            application/json:\n              schema: "
SCHEMA = ("paths", "/a", "get", "responses", "200", "content", "application/json", "schema")


def bundled(files: Mapping[str, str]) -> Spec:
    def read(name: str) -> str:
        if name not in files:
            raise SpecError(f"{name}: there is no such file.")
        return files[name]

    return bundle("api/main.yaml", read)


@pytest.mark.parametrize("name", document_names())
def test_our_documents_bundle_to_what_the_gateway_serves(name: str) -> None:
    assert bundle(str(documents_dir() / f"{name}.yaml")).value == load_document(name)


def test_parts_of_other_files_become_components_and_keep_their_places() -> None:
    spec = bundled({
        "api/main.yaml": HEAD + '{$ref: "../shared/x.yaml#/schemas/A"}\n',
        "shared/x.yaml": 'schemas:\n  A:\n    type: object\n    properties:\n      b: {$ref: "#/schemas/B"}\n  B:\n    type: string\n',
    })  # fmt: skip
    assert spec.at(SCHEMA) == {"$ref": "#/components/schemas/A"}
    assert spec.at(spec.resolve((*SCHEMA,))) == {
        "type": "object",
        "properties": {"b": {"$ref": "#/components/schemas/B"}},
    }
    assert spec.place(("components", "schemas", "B", "type")) == Place("shared/x.yaml", 7)
    assert spec.place((*SCHEMA, "nothing")) == Place("api/main.yaml", 11)


def test_parts_beside_a_document_at_a_url_are_fetched_from_there() -> None:
    files = {
        "https://api.example/v1/a.yaml": "openapi: 3.0.3\npaths: {}\ncomponents: {schemas: {A: {$ref: ../b.yaml#/B}}}\n",
        "https://api.example/b.yaml": "B: {type: string}\n",
    }
    assert bundle("https://api.example/v1/a.yaml", files.__getitem__).value["components"] == {
        "schemas": {"A": {"type": "string"}}
    }


def test_whole_files_are_named_after_themselves_and_collisions_are_numbered() -> None:
    files = {
        "api/main.yaml": HEAD
        + '{anyOf: [{$ref: "pet.yaml"}, {$ref: "other/pet.yaml"}]}\ncomponents: {schemas: {pet: {type: integer}}}\n',
        "api/pet.yaml": "type: string\n",
        "api/other/pet.yaml": "type: boolean\n",
    }
    spec = bundled(files)
    assert {name: each["type"] for name, each in spec.value["components"]["schemas"].items()} == {
        "pet": "integer", "pet_2": "string", "pet_3": "boolean",
    }  # fmt: skip
    assert bundled(files).value == spec.value


def test_documents_that_refer_to_themselves_end() -> None:
    spec = bundled({
        "api/main.yaml": HEAD + '{$ref: "tree.yaml"}\n',
        "api/tree.yaml": "type: object\nproperties:\n  left: {$ref: tree.yaml}\n",
    })  # fmt: skip
    assert spec.value["components"]["schemas"]["tree"]["properties"]["left"] == {"$ref": "#/components/schemas/tree"}


def test_a_word_in_an_example_is_not_a_reference() -> None:
    spec = bundled({"api/main.yaml": HEAD + '{type: object, example: {$ref: "nowhere.yaml"}}\n'})
    assert spec.at(SCHEMA)["example"] == {"$ref": "nowhere.yaml"}


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("none.yaml#/A", "no such file"),
        ("#/components/schemas/None", "leads nowhere"),
        ("https://example.com/x.yaml", "only files"),
        ("#anchor", "anchors"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_named_with_its_line(reference: str, reason: str) -> None:
    with pytest.raises(SpecError, match=f"api/main.yaml:11: .*{reason}"):
        bundled({"api/main.yaml": HEAD + f'{{$ref: "{reference}"}}\n'})


def test_components_that_only_name_each_other_are_refused() -> None:
    loop = 'components: {schemas: {A: {$ref: "#/components/schemas/B"}, B: {$ref: "#/components/schemas/A"}}}\n'
    with pytest.raises(SpecError, match="refers to itself"):
        bundled({"api/main.yaml": HEAD + f"{{type: string}}\n{loop}"})


@pytest.mark.parametrize("text", ["[]", "swagger: '2.0'", "openapi: 3.2.0\npaths: {}", "openapi: 3.0.3\npaths: []"])
def test_only_openapi_30_and_31_are_documents(text: str) -> None:
    with pytest.raises(SpecError, match="not an OpenAPI"):
        bundled({"api/main.yaml": text})


def test_pointers_escape_what_paths_hold() -> None:
    assert pointer(("paths", "/a/{b}", "x~y", 0)) == "/paths/~1a~1{b}/x~0y/0"
    spec = from_value({"openapi": "3.1.0", "paths": {"/a": {"x": 1}}})
    assert spec.target("#" + pointer(("paths", "/a", "x"))) == ("paths", "/a", "x")
