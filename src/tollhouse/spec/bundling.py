"""One self-contained document out of many files: every reference becomes local, every part keeps its file and line.

What a reference names moves to `components/{section}/{name}` of the bundle. Sections and names are sorted, a name that is
taken gets a number, so the same files give the same bytes.
"""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin

from tollhouse.spec.reading import File, Path, Read, SpecError, is_url, read_file, read_text

# What a reference stands for when it names a whole file: by the key that holds it.
_SECTIONS = {
    "parameters": "parameters", "responses": "responses", "headers": "headers", "examples": "examples",
    "requestBody": "requestBodies", "links": "links", "callbacks": "callbacks", "securitySchemes": "securitySchemes",
}  # fmt: skip
_KNOWN = {"schemas", "requestBodies", "pathItems", *_SECTIONS.values()}
_LITERAL = {"example", "default", "const", "enum"}  # values of users, in which `$ref` is a word like any other
_NAMES = {"properties", "patternProperties", "schemas", "$defs"}  # below these, keys are names and not keywords


class Place(NamedTuple):
    """Where a part was written."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Spec:
    """A bundled document: `value` refers to nothing outside, `places` knows where each part was written."""

    name: str
    value: dict[str, Any]
    places: Mapping[Path, Place] = field(default_factory=dict)

    @property
    def is_31(self) -> bool:
        """Whether schemas are JSON Schema 2020-12 and not OpenAPI 3.0's own dialect."""
        return not str(self.value.get("openapi", "")).startswith("3.0")

    def at(self, path: Path) -> Any:
        """The part at a path; raises KeyError, IndexError or TypeError where there is none."""
        value: Any = self.value
        for step in path:
            value = value[step]
        return value

    def resolve(self, path: Path) -> Path:
        """Where the part at a path really is, after references."""
        seen = {path}
        while isinstance(value := self.at(path), dict) and isinstance(reference := value.get("$ref"), str):
            path = self.target(reference)
            if path in seen:
                raise SpecError(f"{self.place(path)}: the reference {reference} leads back to itself.")
            seen.add(path)
        return path

    def target(self, reference: str) -> Path:
        """The path that a local reference names."""
        path = _steps(reference.removeprefix("#"))
        try:
            return _typed(self.value, path)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise SpecError(f"{self.name}: $ref {reference!r} leads nowhere.") from error

    def place(self, path: Path) -> Place:
        """File and line of a part, or of the nearest part around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.name, 1))


def bundle(name: str, read: Read = read_text) -> Spec:
    """Read a document with everything it refers to; raises SpecError with file and line."""
    return _Bundle(name, read).spec()


def from_value(value: dict[str, Any], name: str = "spec") -> Spec:
    """A document that is a value already, such as one in a test or a lock file."""
    _require_openapi(File(name, value))
    return Spec(name, value)


def pointer(path: Path) -> str:
    """A path as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


class _Bundle:
    def __init__(self, name: str, read: Read) -> None:
        self._name, self._read_text = name, read
        self._files: dict[str, File] = {}
        self._places: dict[Path, Place] = {}
        self._components: dict[str, dict[str, Any]] = {}
        self._moved: dict[tuple[str, Path], Path] = {}  # what is written there, and where it is in the bundle

    def spec(self) -> Spec:
        root = self._file(self._name)
        _require_openapi(root)
        own = root.value.get("components") or {}
        for section, entries in own.items():
            for name, entry in entries.items() if isinstance(entries, dict) else ():
                self._keep(section, name, entry, root)
        value = {key: self._copy(part, root, (key,), (key,)) for key, part in root.value.items() if key != "components"}
        if self._components:
            value["components"] = {
                section: dict(sorted(entries.items())) for section, entries in sorted(self._components.items())
            }
            self._places[("components",)] = Place(root.name, root.lines.get(("components",), 1))
        return Spec(self._name, value, self._places)

    def _keep(self, section: str, name: str, entry: Any, root: File) -> None:
        """A component of the document itself keeps its name; one that only brings in another file's gives it its own."""
        source: Path = ("components", section, name)
        target_file, target_path = root, source
        seen = {(root.name, source)}
        while isinstance(entry, dict) and isinstance(entry.get("$ref"), str) and len(entry) == 1:
            target_file, target_path, entry = self._follow(entry["$ref"], target_file, target_path)
            if (target_file.name, target_path) in seen:
                raise SpecError(f"{root.name}:{root.lines.get(source, 1)}: the component {name} refers to itself.")
            seen.add((target_file.name, target_path))
        if target_file is root and target_path != source:  # another name for a component that is here anyway
            entry, target_path = root.value["components"][section][name], source
        self._move(section, name, entry, target_file, target_path, alias=(root.name, source))

    def _move(self, section: str, name: str, entry: Any, file: File, path: Path, alias: Any = None) -> Path:
        """Make a part a component, unless it is one already; where it is then."""
        if (file.name, path) in self._moved:
            return self._moved[file.name, path]
        entries = self._components.setdefault(section, {})
        free, number = name, 2
        while free in entries or (alias is None and self._is_own(section, free)):
            free, number = f"{name}_{number}", number + 1
        target = ("components", section, free)
        self._moved[file.name, path] = target
        if alias:
            self._moved[alias] = target
        entries[free] = None  # taken before descending, so that what refers to itself ends here
        entries[free] = self._copy(entry, file, path, target)
        return target

    def _is_own(self, section: str, name: str) -> bool:
        own = self._file(self._name).value.get("components") or {}
        return name in (own.get(section) or {})

    def _copy(self, value: Any, file: File, source: Path, target: Path) -> Any:
        """A copy of a part in which every reference is local, with the places of everything in it."""
        self._places[target] = Place(file.name, self._line(file, source))
        if isinstance(value, list):
            return [self._copy(item, file, (*source, i), (*target, i)) for i, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str) and not _is_literal(source):
            if len(source) == 2 and source[0] == "paths":  # a path item of another file: it stays where it is used
                other, path, item = self._follow(reference, file, source)
                return self._copy(item, other, path, target)
            local = "#" + pointer(self._local(reference, file, source))
            others = {key: self._copy(v, file, (*source, key), (*target, key)) for key, v in value.items()}
            return {**others, "$ref": local}
        return {key: self._copy(v, file, (*source, key), (*target, key)) for key, v in value.items()}

    def _local(self, reference: str, file: File, source: Path) -> Path:
        other, path, entry = self._follow(reference, file, source)
        if (other.name, path) in self._moved:
            return self._moved[other.name, path]
        if other.name == self._name and path[:1] == ("components",) and len(path) == 3:
            section, name = str(path[1]), str(path[2])
            self._keep(section, name, entry, other)
            return self._moved[other.name, path]
        if other.name == self._name and path[:1] == ("paths",):
            return path  # it is in the bundle, at the same place
        section = str(path[-2]) if len(path) > 1 and path[-2] in _KNOWN else _section(source)
        stem = posixpath.basename(other.name).split(".")[0]
        return self._move(section, str(path[-1]) if path else stem, entry, other, path)

    def _follow(self, reference: str, file: File, source: Path) -> tuple[File, Path, Any]:
        """The file, the path in it and the value that a reference names."""
        line = self._line(file, (*source, "$ref"))
        name, _, fragment = reference.partition("#")
        if "://" in name:
            raise SpecError(f"{file.name}:{line}: $ref to {name}: only files are followed; keep a copy beside it.")
        if fragment and not fragment.startswith("/"):
            raise SpecError(f"{file.name}:{line}: $ref {reference!r}: anchors are not followed; use a JSON pointer.")
        try:
            other = self._file(_beside(file.name, unquote(name))) if name else file
            path = _typed(other.value, _steps(fragment))
        except SpecError as error:
            raise SpecError(f"{file.name}:{line}: $ref {reference!r}: {error}") from error
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise SpecError(f"{file.name}:{line}: $ref {reference!r} leads nowhere.") from error
        value = other.value
        for step in path:
            value = value[step]
        return other, path, value

    def _file(self, name: str) -> File:
        if name not in self._files:
            self._files[name] = read_file(name, self._read_text)
        return self._files[name]

    def _line(self, file: File, path: Path) -> int:
        while path and path not in file.lines:
            path = path[:-1]
        return file.lines.get(path, 1)


def _require_openapi(file: File) -> None:
    version = file.value.get("openapi") if isinstance(file.value, dict) else None
    if not str(version).startswith(("3.0", "3.1")) or not isinstance(file.value.get("paths", {}), dict):
        raise SpecError(f"{file.name}:1: not an OpenAPI 3.0 or 3.1 document: `openapi` is {version!r}.")


def _is_literal(path: Path) -> bool:
    """Whether a part lies inside an example, a default or another value that is not ours to read."""
    return any(
        (step in _LITERAL and (index == 0 or path[index - 1] not in _NAMES))
        or (step == "value" and index > 1 and path[index - 2] == "examples")
        for index, step in enumerate(path)
    )


def _section(source: Path) -> str:
    for step in reversed(source):
        if isinstance(step, str) and step in ("schema", "properties", "items", "allOf", "anyOf", "oneOf"):
            return "schemas"
        if step in _SECTIONS:
            return _SECTIONS[str(step)]
    return "schemas"


def _steps(fragment: str) -> tuple[str, ...]:
    return tuple(unquote(step).replace("~1", "/").replace("~0", "~") for step in fragment.split("/")[1:])


def _typed(value: Any, steps: tuple[str, ...]) -> Path:
    """The steps of a pointer with the indices of lists as numbers; raises KeyError and others where they lead nowhere."""
    path: list[str | int] = []
    for step in steps:
        key: str | int = int(step) if isinstance(value, list) else step
        value = value[key]
        path.append(key)
    return tuple(path)


def _beside(name: str, other: str) -> str:
    """The file that a document means by a relative name; one of a git revision stays in it, and one of a server there."""
    if is_url(name):
        return urljoin(name, other)
    prefix, separator, path = name.rpartition(":") if name.startswith("git:") else ("", "", name)
    return prefix + separator + posixpath.normpath(posixpath.join(posixpath.dirname(path), other))
