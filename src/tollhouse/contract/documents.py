"""The OpenAPI documents as self-contained values: found, read and bundled.

A document in `openapi/` refers to shared parts with relative references, such as `components/usage.yaml#/schemas/CompletionUsage`.
Bundling follows them and rewrites each to `#/components/{section}/{name}` (OpenAPI 3.0.3, "Reference Object"), so that what
`load_document` returns needs no other file.
"""

import functools
import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import yaml

Document = dict[str, Any]

_PACKAGE = Path(__file__).resolve().parents[1]
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DocumentError(ValueError):
    """A document that cannot be read or bundled; the message names the file and the reference."""


class DocumentedOperation(NamedTuple):
    """One operation of a document: its method in upper case, its path below the mount, and the operation object itself."""

    method: str
    path: str
    operation: Mapping[str, Any]


def documents_dir() -> Path:
    """The folder of the documents: inside an installed package, else at the root of the checkout."""
    installed = _PACKAGE / "openapi"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "openapi"


def document_names(directory: Path | None = None) -> tuple[str, ...]:
    """The names of all documents, sorted: `openai` is `openai.yaml`."""
    return tuple(sorted(path.stem for path in (directory or documents_dir()).glob("*.yaml")))


def load_document(name: str, directory: Path | None = None) -> Document:
    """One document, bundled, of the gateway's own or those of a folder. The caller may change what it gets.

    Raises DocumentError when there is no such document, or when a reference leads nowhere.
    """
    if directory is not None:
        return _bundled(name, directory)
    document: Document = orjson.loads(_own(name))
    return document


@functools.cache  # as many as there are documents
def _own(name: str) -> bytes:
    """A document of the gateway's own as JSON, which is read in a hundredth of the time that its YAML takes."""
    return orjson.dumps(_bundled(name, documents_dir()))


def _bundled(name: str, directory: Path) -> Document:
    known = document_names(directory)
    if name not in known:
        raise DocumentError(f"There is no document {name!r} in {directory}; there are: {', '.join(known)}.")
    return _Bundle(directory).document(f"{name}.yaml")


def operations(document: Mapping[str, Any]) -> list[DocumentedOperation]:
    """The operations of a document, in its own order."""
    return [
        DocumentedOperation(method.upper(), path, item[method])
        for path, item in document["paths"].items()
        for method in item
        if method in _METHODS
    ]


def claimed_paths(directory: Path | None = None) -> Mapping[str, set[tuple[str, str]]]:
    """What each document claims below its mount, as (METHOD, path), for finding mounts that collide."""
    return {
        name: {(entry.method, entry.path) for entry in operations(load_document(name, directory))}
        for name in document_names(directory)
    }


class _Bundle:
    """The bundling of one document: what was read so far, and which component came from where."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._files: dict[str, Document] = {}
        self._origins: dict[tuple[str, str], str] = {}
        self._components: dict[str, dict[str, Any]] = {}

    def document(self, file: str) -> Document:
        """The document in `file` with everything it refers to, directly or not, among its components, sorted by name."""
        source = self._read(file)
        for section, entries in source.get("components", {}).items():
            for name, entry in entries.items():
                if str(entry.get("$ref", "")).endswith(f"/{section}/{name}"):
                    self._rewritten(entry, file)  # Only brings the shared component in, under the same name.
                else:
                    self._add(section, name, entry, file)
        bundled: Document = {key: self._rewritten(value, file) for key, value in source.items() if key != "components"}
        bundled["components"] = {
            section: dict(sorted(entries.items())) for section, entries in sorted(self._components.items())
        }
        return bundled

    def _rewritten(self, node: Any, file: str) -> Any:
        """A copy of `node` in which every reference is local; the components it needs are added on the way."""
        if isinstance(node, list):
            return [self._rewritten(item, file) for item in node]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str):
            return {"$ref": self._local(reference, file)}
        return {str(key): self._rewritten(value, file) for key, value in node.items()}

    def _local(self, reference: str, file: str) -> str:
        target_file, _, pointer = reference.partition("#/")
        target = _relative(target_file, file) if target_file else file
        steps = pointer.split("/")
        entry: Any = self._read(target, wanted_by=file)
        for step in steps:
            if not isinstance(entry, dict) or step not in entry:
                raise DocumentError(f"{file}: $ref {reference!r} leads nowhere: {target} has no {step!r} there.")
            entry = entry[step]
        if len(steps) < 2:
            raise DocumentError(
                f"{file}: $ref {reference!r} must end in a section and a name, such as #/schemas/Model."
            )
        section, name = steps[-2:]
        self._add(section, name, entry, target)
        return f"#/components/{section}/{name}"

    def _add(self, section: str, name: str, entry: Any, file: str) -> None:
        origin = self._origins.setdefault((section, name), file)
        if origin != file:
            raise DocumentError(
                f"{section}/{name} is defined twice, in {origin} and in {file}; one of them needs another name."
            )
        entries = self._components.setdefault(section, {})
        if name not in entries:
            entries[name] = None  # Taken before descending, so that a component that refers to itself ends here.
            entries[name] = self._rewritten(entry, file)

    def _read(self, file: str, wanted_by: str = "") -> Document:
        if file not in self._files:
            try:
                with (self._directory / file).open(encoding="utf-8") as stream:
                    content = yaml.load(stream, Loader=_LOADER)  # noqa: S506 - both loaders are safe ones
            except FileNotFoundError as error:
                raise DocumentError(
                    f"{wanted_by}: $ref to {file}, which does not exist in {self._directory}."
                ) from error
            except yaml.YAMLError as error:
                raise DocumentError(f"{file} is not YAML: {error}") from error
            if not isinstance(content, dict):
                raise DocumentError(f"{file} must hold a mapping.")
            self._files[file] = content
        return self._files[file]


def _relative(target: str, file: str) -> str:
    """The file that `file` means by `target`, as seen from the folder of the documents."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), target))
