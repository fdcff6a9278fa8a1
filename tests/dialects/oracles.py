"""What the vendors' own OpenAPI documents say: the names of all fields, and whether a body fits.

Where they are not beside this checkout, our documents judge bodies, and nobody lists the fields.
"""

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs
from connexion.spec import Specification

from tests.oracles import MISSING, PRESENT, document, nullable, resolved
from tollhouse.contract.documents import load_document

__all__ = ["MISSING", "PRESENT", "assert_fits", "paths", "schema", "validator"]

# Where each format is: the vendor's document and path, our document and path.
PLACES = {
    "chat": ("openai.json", "/chat/completions", "openai", "/chat/completions"),
    "messages": ("anthropic.yaml", "/v1/messages", "anthropic", "/messages"),
    "responses": ("openai.json", "/responses", "openai", "/responses"),
}
# Anthropic's document gives no schema to the stream of its operation, but it names one.
COMBINATIONS = ("allOf", "anyOf", "oneOf")
EVENTS = {"messages": "#/components/schemas/MessageStreamEvent"}


@functools.cache
def _ours(name: str) -> Any:
    return nullable(Specification.load(load_document(name)).spec)


def schema(format_: str, what: str) -> tuple[Any, dict[str, Any]]:
    """The document and in it the schema of a `request`, an `answer` or a `frame`."""
    file, path, our_file, our_path = PLACES[format_]
    if PRESENT:
        whole, operation = document(file), document(file)["paths"][path]["post"]
    else:
        whole = _ours(our_file)
        operation = next(item["post"] for key, item in whole["paths"].items() if key.endswith(our_path))
    if what == "request":
        return whole, operation["requestBody"]["content"]["application/json"]["schema"]
    if what == "frame" and PRESENT and format_ in EVENTS:
        return whole, {"$ref": EVENTS[format_]}
    media_type = "application/json" if what == "answer" else "text/event-stream"
    return whole, operation["responses"]["200" if PRESENT or "200" in operation["responses"] else 200]["content"][
        media_type
    ]["schema"]


@functools.cache
def validator(format_: str, what: str) -> jsonschema_rs.Draft202012Validator:
    whole, wanted = schema(format_, what)
    return jsonschema_rs.Draft202012Validator({**wanted, "components": whole.get("components", {})})


def assert_fits(format_: str, what: str, body: Any) -> None:
    """Fail with all that is wrong where a body is not as the format's document wants it."""
    wrong = [
        f"{list(error.instance_path)}: {error.message[:300]}" for error in validator(format_, what).iter_errors(body)
    ]
    assert not wrong, f"{wrong}\n{json.dumps(body)[:2000]}"


def paths(format_: str, what: str) -> set[str]:
    """Every field that a schema names, spelled as the tables spell it."""
    whole, wanted = schema(format_, what)
    return set(_paths(whole, wanted, "", frozenset()))


def _paths(whole: Any, schema: Any, prefix: str, stack: frozenset[str]) -> Iterator[str]:
    for part, seen in _alternatives(whole, schema, stack):
        for name, inner in part.get("properties", {}).items():
            if name == "type" and prefix.endswith("]") and not prefix.endswith("[]"):
                continue  # the brackets say it
            path = f"{prefix}.{name}" if prefix else name
            yield path
            yield from _paths(whole, inner, path, seen)
        if "items" in part:
            for item, inside in _alternatives(whole, part["items"], seen):
                if "properties" not in item:
                    continue
                for kind in _kinds(whole, item):
                    path = f"{prefix}[{kind}]"
                    if kind:
                        yield path
                    yield from _paths(whole, item, path, inside)


def _alternatives(whole: Any, schema: Any, stack: frozenset[str]) -> Iterator[tuple[Any, frozenset[str]]]:
    """The schemas that a schema consists of or chooses from, references resolved; what contains itself only once."""
    if not isinstance(schema, Mapping):
        return
    reference = schema.get("$ref")
    if reference is not None:
        if reference not in stack:
            yield from _alternatives(whole, resolved(whole, reference), stack | {reference})
        return
    for key in COMBINATIONS:
        for part in schema.get(key, ()):
            yield from _alternatives(whole, part, stack)
    yield {key: value for key, value in schema.items() if key not in COMBINATIONS}, stack


def _kinds(whole: Any, item: Any) -> list[str]:
    """The types that tell one part of a list from another; one empty text where nothing tells."""
    found: list[str] = []
    kind = item.get("properties", {}).get("type")
    for part, _ in _alternatives(whole, kind, frozenset()) if kind is not None else ():
        found += [part["const"]] if "const" in part else part.get("enum", [])
    return found or [""]
