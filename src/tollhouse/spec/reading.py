"""Reads one file, YAML or JSON, and keeps the line of each part; `git:REV:path` is a file of another revision, and a URL one
that a server gives.

Scalars are read as YAML 1.2's JSON types: `no` and `2026-01-01` are text. Aliases and merge keys are followed.
"""

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import httpx
import yaml

from tollhouse.errors import TollhouseError

Path = tuple[str | int, ...]  # keys and indices from the top: ("paths", "/chat", "post")
Read = Callable[[str], str]  # the text of the file of that name; raises SpecError

DEPTH_MAX = 200
GIT_TIMEOUT_S = 30
HTTP_TIMEOUT_S = 30.0

_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
# JSON writes what is beyond U+FFFF as two escapes, which YAML refuses.
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


class SpecError(TollhouseError):
    """A document that cannot be read or understood at all; the message names file and line."""


@dataclass(frozen=True, slots=True)
class File:
    """One file as read: its value, and the line (from 1) of each part."""

    name: str
    value: Any
    lines: dict[Path, int] = field(default_factory=dict)


def read_text(name: str) -> str:
    """The text of a file on disk, of one at an http or https URL or, as `git:REV:path`, in a revision of the repository here."""
    try:
        if is_url(name):
            return _from_server(name)
        if name.startswith("git:"):
            return _from_git(name)
        return FilePath(name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SpecError(f"{name}: there is no such file.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{name}: cannot be read as UTF-8 text: {error}.") from error


def read_file(name: str, read: Read = read_text) -> File:
    """Read a file; raises SpecError with file and line where it is not YAML or JSON."""
    text = read(name)
    if text.lstrip()[:1] in ("{", "["):
        text = _PAIR.sub(_joined, text)
    file = File(name, {})
    try:
        node = _LOADER(text).get_single_node()
        value = None if node is None else _value(node, (), file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SpecError(
            f"{name}:{mark.line + 1 if mark else 1}: not valid YAML or JSON: {error.problem or error.context}."
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise SpecError(f"{name}:1: not valid YAML or JSON: {' '.join(str(error).split())}.") from error
    return File(name, value, file.lines)


def is_url(name: str) -> bool:
    """Whether a file is one that a server gives."""
    return name.startswith(("http://", "https://"))


def _from_server(url: str) -> str:
    try:
        response = httpx.get(url, timeout=HTTP_TIMEOUT_S)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SpecError(f"{url}: cannot be fetched: {error}.") from error
    if response.status_code != 200:
        raise SpecError(f"{url}: answers {response.status_code}, so there is no document.")
    return response.content.decode()  # JSON and YAML are UTF-8, whatever the answer says (RFC 8259, 8.1)


def _from_git(name: str) -> str:
    _, _, where = name.partition(":")
    revision, _, path = where.partition(":")
    if not path or revision.startswith("-"):
        raise SpecError(f"{name}: write git:REVISION:path, such as git:main:openapi/openai.yaml.")
    command = ["git", "show", f"{revision}:./{path}"]
    try:
        found = subprocess.run(command, capture_output=True, timeout=GIT_TIMEOUT_S, check=False)  # noqa: S603 - no shell, and no option can be given
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise SpecError(f"{name}: git cannot be asked: {error}.") from error
    if found.returncode:
        raise SpecError(f"{name}: {found.stderr.decode(errors='replace').strip()}.")
    return found.stdout.decode()


def _joined(match: re.Match[str]) -> str:
    high, low = int(match[1], 16), int(match[2], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _value(node: yaml.Node, path: Path, file: File) -> Any:
    line = node.start_mark.line + 1
    file.lines.setdefault(path, line)
    if len(path) > DEPTH_MAX:
        raise SpecError(f"{file.name}:{line}: nested more than {DEPTH_MAX} levels deep, or an alias of itself.")
    if isinstance(node, yaml.MappingNode):
        return dict(_entries(node, path, file))
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), file) for index, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode), "there are three kinds of nodes"
    return _scalar(node)


def _entries(node: yaml.MappingNode, path: Path, file: File) -> Iterator[tuple[str, Any]]:
    """The entries of a mapping; those it merges in (`<<`) come first, so that its own replace them."""
    seen: dict[str, int] = {}
    for key_node, value_node in sorted(node.value, key=lambda entry: not _is_merge(entry[0])):
        line, key = key_node.start_mark.line + 1, key_node.value
        if _is_merge(key_node):
            for merged in value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]:
                yield from _value(merged, path, file).items()
            continue
        if not isinstance(key, str):
            raise SpecError(f"{file.name}:{line}: a key must be plain text.")
        if key in seen:
            raise SpecError(f"{file.name}:{line}: {key} is given again; line {seen[key]} has it already.")
        seen[key] = file.lines[*path, key] = line
        yield key, _value(value_node, (*path, key), file)


def _is_merge(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode) and key.value == "<<" and not key.style


def _scalar(node: yaml.ScalarNode) -> str | int | float | bool | None:
    text: str = node.value
    if node.style:  # quoted or a block: always text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
