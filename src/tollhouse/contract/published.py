"""The contract as clients may read it: one OpenAPI document per base path of a listener, at `{at}/openapi.json`."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from tollhouse.config.snapshot import Listener, Mount
from tollhouse.contract.documents import Document, load_document, operations

FILE = "openapi.json"
KEY_SCHEMES = ("bearer", "xApiKey", "apiKey")  # what `auth: optional` makes optional
ALWAYS_KEYED = frozenset(
    {"get_stats"}
)  # but not here: it is about the account of the key, and anonymous callers share one


def published(listener: Listener) -> Mapping[str, bytes]:
    """The documents of a listener as JSON, by the path where they are served."""
    mounts: dict[str, list[Mount]] = {}
    for mount in listener.mounts:
        mounts.setdefault(mount.at, []).append(mount)
    return {f"{at}/{FILE}": orjson.dumps(merged(at, each)) for at, each in mounts.items()}


def merged(at: str, mounts: Sequence[Mount]) -> Document:
    """The documents of one base path as one. Names of components that came with a later one begin with its own name."""
    parts = [_as_mounted(mount) for mount in mounts]
    parts[1:] = [_renamed(part, mount.document) for part, mount in zip(parts[1:], mounts[1:], strict=True)]
    components: dict[str, dict[str, Any]] = {}
    paths: dict[str, dict[str, Any]] = {}
    for part in parts:
        for section, entries in part["components"].items():
            components[section] = components.get(section, {}) | entries
        for path, item in part["paths"].items():
            paths[path] = paths.get(path, {}) | item
    return {
        "openapi": parts[0]["openapi"],
        "info": {
            "title": " and ".join(part["info"]["title"] for part in parts),
            "version": parts[0]["info"]["version"],
            "description": "\n\n".join(part["info"]["description"] for part in parts),
        },
        "servers": [{"url": at or "/"}],
        "tags": list({tag["name"]: tag for part in parts for tag in part["tags"]}.values()),
        "paths": paths,
        "components": components,
    }


def _as_mounted(mount: Mount) -> Document:
    """A mount's document with the security that holds there."""
    document = load_document(mount.document)
    for method, path, operation in operations(document):
        security = operation.get("security", [])
        if operation["operationId"] in mount.public:
            security = []
        elif mount.auth == "optional" and _takes_keys(security) and operation["operationId"] not in ALWAYS_KEYED:
            security = [*security, {}]
        document["paths"][path][method.lower()]["security"] = security
    return document


def _takes_keys(security: Sequence[Mapping[str, Any]]) -> bool:
    return any(scheme in KEY_SCHEMES for each in security for scheme in each)


def _renamed(part: Document, prefix: str) -> Document:
    """A document whose components begin with `prefix`. Security schemes keep their names: all documents share them."""

    def rewritten(node: Any) -> Any:
        if isinstance(node, list):
            return [rewritten(item) for item in node]
        if isinstance(node, dict):
            return {key: reference(value) if key == "$ref" else rewritten(value) for key, value in node.items()}
        return node

    def reference(text: str) -> str:
        stem, _, name = text.rpartition("/")
        return f"{stem}/{prefix}_{name}"

    document: Document = rewritten(part)
    for section, entries in document["components"].items():
        if section != "securitySchemes":
            document["components"][section] = {f"{prefix}_{name}": entry for name, entry in entries.items()}
    return document
