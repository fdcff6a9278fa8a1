"""A published document as it is for one API key: what that key may call, and its models by name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tollhouse.contract.documents import Document, operations
from tollhouse.contract.published import KEY_SCHEMES

Resolve = Callable[[Mapping[str, Any]], dict[str, Any]]


def narrowed(document: Document, models: Sequence[str]) -> Document:
    """The operations of a merged document that a key may call, with `models` as the choice of each body's `model`.

    What needs another credential is left out, and so is what needs a model where there is none. Changes `document`, and
    returns it. Two bodies that share a schema share the choice, too.
    """
    resolve = _resolver(document)
    for method, path, operation in operations(document):
        named = list(_model_properties(operation, resolve))
        if not _takes_keys(operation) or (named and not models):
            del document["paths"][path][method.lower()]
            continue
        for properties in named:
            properties["model"] = _chosen(resolve(properties["model"]), models)
        if named:
            _correct_examples(resolve(operation["requestBody"]), models)
    kept = [operation for _, _, operation in operations(document)]
    document["paths"] = {path: item for path, item in document["paths"].items() if operations({"paths": {path: item}})}
    document["tags"] = [tag for tag in document["tags"] if any(tag["name"] in each["tags"] for each in kept)]
    document["components"] = _used_components(document)
    return document


def _takes_keys(operation: Mapping[str, Any]) -> bool:
    """Whether a key is enough, or nothing is needed at all."""
    alternatives = operation["security"]
    return not alternatives or any(set(each) <= set(KEY_SCHEMES) for each in alternatives)


def _resolver(document: Document) -> Resolve:
    def resolve(node: Mapping[str, Any]) -> dict[str, Any]:
        """What a reference leads to; everything in a merged document is among its components."""
        while "$ref" in node:
            section, name = node["$ref"].rsplit("/", 2)[1:]
            node = document["components"][section][name]
        return node  # type: ignore[return-value]  # parsed JSON: what is no reference is a dict

    return resolve


def _model_properties(operation: Mapping[str, Any], resolve: Resolve) -> Iterator[dict[str, Any]]:
    """The `properties` of a request's body that have a `model`: of its schema, and of those it is put together from."""
    for media in resolve(operation.get("requestBody", {})).get("content", {}).values():
        waiting = [media.get("schema", {})]
        while waiting:
            schema = resolve(waiting.pop())
            if "model" in schema.get("properties", {}):
                yield schema["properties"]
            for key in ("allOf", "anyOf", "oneOf"):
                waiting += schema.get(key, ())


def _chosen(schema: Mapping[str, Any], models: Sequence[str]) -> dict[str, Any]:
    """The schema of `model` as a choice. Null, where it is taken, has to be listed (OpenAPI 3.0.3, "enum")."""
    kept = {name: value for name, value in schema.items() if name not in ("default", "example")}
    return {**kept, "enum": [*models, *([None] if schema.get("nullable") else [])]}


def _correct_examples(body: Mapping[str, Any], models: Sequence[str]) -> None:
    """Examples with a model of this key instead of one that it may not use."""
    for media in body.get("content", {}).values():
        examples = [media.get("example"), *(each.get("value") for each in media.get("examples", {}).values())]
        for example in examples:
            if isinstance(example, dict) and example.get("model") not in (None, *models):
                example["model"] = models[0]


def _used_components(document: Document) -> dict[str, dict[str, Any]]:
    """The components that the operations need, directly or not, in their order; of security schemes those for keys."""
    components = document["components"]
    used: set[tuple[str, str]] = set()
    waiting: list[Any] = [document["paths"]]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            waiting += node.values()
            reference = node.get("$ref")
            if isinstance(reference, str):
                section, name = reference.rsplit("/", 2)[1:]
                if (section, name) not in used:
                    used.add((section, name))
                    waiting.append(components[section][name])
    used |= {("securitySchemes", scheme) for scheme in KEY_SCHEMES}
    found = {
        section: {name: entry for name, entry in entries.items() if (section, name) in used}
        for section, entries in components.items()
    }
    return {section: entries for section, entries in found.items() if entries}
