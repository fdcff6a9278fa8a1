"""The page about settings, printed from the schemas that check the files and from the table of variables. A pure function."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

PAGE = "docs/settings.md"

_HEAD = """# Settings

Three files in one folder say what is served, and variables of the environment hold addresses and secrets. `tollhouse check` names every
mistake in them with file, line and fix; a running gateway takes up what is saved, whole or not at all. In the names below `*` is a name of yours
and `[]` each item of a list.

This page is generated from `src/tollhouse/config/` by `make generate`.

## The environment

An empty variable is as good as an unset one. Keys of providers are in variables whose names `providers.yaml` gives.

| Variable | What |
|---|---|
"""

Schema = Mapping[str, Any]


def page(variables: Mapping[str, str], schemas: Mapping[str, Schema]) -> str:
    """The whole page; `schemas` by the name of the file that each is for."""
    head = _HEAD + "".join(f"| `{name}` | {text} |\n" for name, text in variables.items())
    return head + "".join(_section(file, schema) for file, schema in schemas.items())


def _section(file: str, schema: Schema) -> str:
    rows = "".join(_rows(schema, schema, ""))
    return (
        f"\n## `{file}`\n\n{schema['description']}\n\n| Setting | What | Takes | Default |\n|---|---|---|---|\n{rows}"
    )


def _rows(root: Schema, node: Schema, path: str) -> Iterator[str]:
    """A row for each property of an object, with those of the objects in it behind it."""
    required = node.get("required", ())
    for name, given in node.get("properties", {}).items():
        found = _resolved(root, given)
        if name.startswith("$"):  # for editors and people
            continue
        default = "" if found.get("default") is None else f"`{_spelled(found['default'])}`"
        cells = (found.get("description", ""), _takes(root, found), "required" if name in required else default)
        yield " | ".join([f"| `{path}{name}`", *map(_cell, cells)]) + " |\n"
        yield from _below(root, found, f"{path}{name}")


def _below(root: Schema, node: Schema, path: str) -> Iterator[str]:
    yield from _rows(root, node, f"{path}.")
    others, items = node.get("additionalProperties"), node.get("items")
    if isinstance(others, Mapping):
        yield from _below(root, _resolved(root, others), f"{path}.*")
    if isinstance(items, Mapping):
        yield from _below(root, _resolved(root, items), f"{path}[]")


def _resolved(root: Schema, node: Schema) -> dict[str, Any]:
    """A node with what its reference says; its own words win."""
    reference = node.get("$ref")
    shared = root["$defs"][reference.removeprefix("#/$defs/")] if reference else {}
    return {**shared, **{key: value for key, value in node.items() if key != "$ref"}}


def _takes(root: Schema, node: Schema) -> str:
    if "const" in node:
        return f"`{_spelled(node['const'])}`"
    if "enum" in node:
        return ", ".join(f"`{_spelled(value)}`" for value in node["enum"])
    kind = node.get("type", "")
    if kind == "array" and isinstance(node.get("items"), Mapping):
        inner = _takes(root, _resolved(root, node["items"]))
        return f"list of {inner}" if inner else "list"
    named = " or ".join([kind] if isinstance(kind, str) else kind)
    bounds = [f"{word} {node[key]}" for key, word in _BOUNDS.items() if key in node]
    return " ".join([named, *([f"({', '.join(bounds)})"] if bounds else [])])


_BOUNDS = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most"}


def _spelled(value: Any) -> str:
    """A value as the files have it; texts without quotes."""
    return value if isinstance(value, str) else json.dumps(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
