"""What is fuzzed: every document of every mount, as a live gateway publishes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fuzz.gateway import FuzzedGateway
from tollhouse.contract.documents import document_names, load_document, operations

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mount:
    """One document at one base path of a listener. `name` is what a report calls it."""

    listener: str
    document: str
    at: str

    @property
    def name(self) -> str:
        return f"{self.document} at {self.listener}:{self.at or '/'}"


def mounts() -> list[Mount]:
    """Those of the shipped routes.yaml, in its order."""
    shipped = yaml.safe_load((Path(__file__).parents[1] / "routes.yaml").read_text())
    return [
        Mount(listener, mount["document"], mount["at"])
        for listener, entry in shipped["listeners"].items()
        for mount in entry["mounts"]
        if mount["document"] in document_names()
    ]


def published(gateway: FuzzedGateway, mount: Mount) -> Document:
    """The mount's operations, out of the document that its base path publishes (which may be that of several mounts)."""
    answer = gateway.client.get(f"{gateway.urls[mount.listener]}{mount.at}/openapi.json")
    assert answer.status_code == 200, answer.text
    document: Document = answer.json()
    own = {operation["operationId"] for _, _, operation in operations(load_document(mount.document))}
    paths: Document = {}
    for path, item in document["paths"].items():
        kept = {name: value for name, value in item.items() if name not in METHODS or value.get("operationId") in own}
        if any(name in METHODS for name in kept):
            paths[path] = kept
    document["paths"] = paths
    return document


def operation_objects(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(METHOD, path, operation object) of a document."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]
