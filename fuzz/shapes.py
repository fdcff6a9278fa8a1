"""Values drawn from the vendors' own schemas, where their documents are beside this checkout; else from ours.

A small generator rather than a complete one: an answer has to look like the vendor's and be drawn in milliseconds, and what a schema
forbids beyond types, `enum`, `const` and `required` is drawn on purpose anyway, as a broken variant.
"""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from tollhouse.contract.documents import load_document

ORACLES = Path(__file__).resolve().parents[2] / "shared" / "oracles"
DEPTH_MAX = 5
ITEMS_MAX = 2

# Schemas by format: (vendor's file, its schema of an answer, its schema of an event), (our document, ours, ours).
SCHEMAS = {
    "chat": (
        ("openai.json", "CreateChatCompletionResponse", "CreateChatCompletionStreamResponse"),
        ("openai", "ChatCompletion", "ChatCompletionChunk"),
    ),
    "completions": (("openai.json", "CreateCompletionResponse", "CreateCompletionResponse"), ("openai", "Completion", "Completion")),
    "embeddings": (("openai.json", "CreateEmbeddingResponse", None), ("openai", "EmbeddingList", None)),
    "moderations": (("openai.json", "CreateModerationResponse", None), ("openai", "Moderation", None)),
    "responses": (("openai.json", "Response", "ResponseStreamEvent"), ("openai", "ModelResponse", "ResponseStreamEvent")),
    "messages": (("anthropic.yaml", "Message", "MessageStreamEvent"), ("anthropic", "Message", "MessageStreamEvent")),
    "count_tokens": (("anthropic.yaml", "CountMessageTokensResponse", None), ("anthropic", "MessageTokensCount", None)),
}  # fmt: skip


@functools.cache
def _components(file: str, oracles: Path) -> Mapping[str, Any]:
    if "." not in file:
        return load_document(file)["components"]["schemas"]  # type: ignore[no-any-return]
    text = (oracles / file).read_text()
    document = json.loads(text) if file.endswith(".json") else yaml.load(text, Loader=yaml.CSafeLoader)
    return document["components"]["schemas"]  # type: ignore[no-any-return]


def source(format_: str, oracles: Path = ORACLES) -> str:
    """The file that answers of a format are drawn from."""
    theirs, ours = SCHEMAS[format_]
    return theirs[0] if (oracles / theirs[0]).is_file() else f"openapi/{ours[0]}.yaml"


def drawn(draw: st.DrawFn, format_: str, *, event: bool = False, oracles: Path = ORACLES) -> Any:
    """An answer of a format, or one event of a stream."""
    theirs, ours = SCHEMAS[format_]
    file, whole, part = theirs if (oracles / theirs[0]).is_file() else ours
    components = _components(file, oracles)
    return _Generator(draw, components).value(components[part if event and part else whole], 0)


class _Generator:
    def __init__(self, draw: st.DrawFn, components: Mapping[str, Any]) -> None:
        self._draw = draw
        self._components = components

    def value(self, schema: Any, depth: int) -> Any:
        if not isinstance(schema, dict):
            return self._draw(SCALARS)
        if "$ref" in schema:
            return self.value(self._components[schema["$ref"].rpartition("/")[2]], depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._draw(st.sampled_from(schema["enum"]))
        if schema.get("nullable") and self._chance(4):
            return None
        for several in ("oneOf", "anyOf"):
            if several in schema:
                return self._chosen(schema, several, depth)
        if "allOf" in schema:
            parts = [self.value(part, depth) for part in schema["allOf"]]
            own = self._object(schema, depth) if "properties" in schema else {}
            objects = [part for part in parts if isinstance(part, dict)]
            return functools.reduce(lambda one, other: one | other, objects, own) if objects or own else parts[0]
        return self._typed(schema, depth)

    def _chosen(self, schema: Mapping[str, Any], several: str, depth: int) -> Any:
        value = self.value(self._draw(st.sampled_from(schema[several])), depth)
        return {**self._object(schema, depth), **value} if isinstance(value, dict) and "properties" in schema else value

    def _typed(self, schema: Mapping[str, Any], depth: int) -> Any:
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = self._draw(st.sampled_from(kind))
        if kind == "object" or (kind is None and "properties" in schema):
            return self._object(schema, depth)
        if kind == "array":
            count = 0 if depth > DEPTH_MAX else self._draw(st.integers(min(schema.get("minItems", 0), 1), ITEMS_MAX))
            return [self.value(schema.get("items"), depth + 1) for _ in range(count)]
        return self._draw(BY_TYPE.get(str(kind), SCALARS))

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        return {
            name: self.value(part, depth + 1)
            for name, part in schema.get("properties", {}).items()
            if name in required or (depth < DEPTH_MAX and self._chance(2))
        }

    def _chance(self, of: int) -> bool:
        return self._draw(st.integers(0, of - 1)) == 0


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["Hello there", "\u2028", "a\r\nb", "data: [DONE]", "漢字", "\x00"]
)
INTEGERS = st.integers(0, 1000)
NUMBERS = st.floats(-1000, 1000, allow_nan=False)
BY_TYPE: Mapping[str, st.SearchStrategy[Any]] = {
    "string": TEXTS,
    "integer": INTEGERS,
    "number": NUMBERS,
    "boolean": st.booleans(),
    "null": st.none(),
}
SCALARS = st.one_of(TEXTS, INTEGERS, NUMBERS, st.booleans(), st.none())
