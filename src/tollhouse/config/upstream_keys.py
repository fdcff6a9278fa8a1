"""Credentials of a provider: `{env: NAME}`, `{file: PATH}`, or `{none: true}` for a provider that needs none."""

from collections.abc import Mapping
from pathlib import Path

from tollhouse.config.document import Node
from tollhouse.config.problems import nearest
from tollhouse.config.snapshot import UpstreamKey

NO_KEY = UpstreamKey(id="none", weight=1, value="")
KEY_BYTES_MAX = 16 * 1024
A_KEY_IS = "a key is one line of visible ASCII, without spaces"


def build_keys(keys: Node, directory: Path, environ: Mapping[str, str]) -> tuple[UpstreamKey, ...]:
    """The keys of one provider; those whose variable or file is missing have the value None, and a warning."""
    built: dict[str, UpstreamKey] = {}
    for node in keys.items():
        key = _key(node, directory, environ)
        if key is not None and key.id in built:
            node.error(f"{key.id} is listed twice", "keep one of them and add the weights")
        elif key is not None:
            built[key.id] = key
    return tuple(built.values())


def _key(node: Node, directory: Path, environ: Mapping[str, str]) -> UpstreamKey | None:
    sources = [source for source in ("env", "file", "none") if node.has(source)]
    if len(sources) != 1:
        if isinstance(node.value, dict):
            node.error("must have exactly one of env, file and none", "such as {env: OPENAI_API_KEY}")
        return None
    source = sources[0]
    if source == "none":
        return UpstreamKey(id="none", weight=node.integer("weight", 1), value="")
    name = node.get(source, str, "")
    found = _from_environment(node, name, environ) if source == "env" else _from_file(node, directory / name)
    return UpstreamKey(
        id=f"{source}:{name}", weight=node.integer("weight", 1), value=_checked(node.child(source), found)
    )


def _from_environment(node: Node, name: str, environ: Mapping[str, str]) -> str | None:
    value = environ.get(name, "").strip()
    if not value:
        hint = nearest(name, (variable for variable in environ if variable.endswith(("KEY", "TOKEN"))))
        node.child("env").warn(f"the variable {name} is not set, so this key is not used", hint)
    return value or None


def _from_file(node: Node, path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            data = file.read(KEY_BYTES_MAX + 1)
    except OSError as error:
        node.child("file").warn(f"cannot read {path} ({error.strerror}), so this key is not used")
        return None
    except ValueError:  # a NUL in the name
        node.child("file").error("cannot be the name of a file")
        return None
    value = data.decode("utf-8", errors="replace").strip()
    if not value:
        node.child("file").warn(f"{path} is empty, so this key is not used")
    return value or None


def _checked(node: Node, value: str | None) -> str | None:
    """A key travels in a header, so it must be one line of visible ASCII. The finding never shows the value."""
    if value is not None and not is_key(value):
        node.error("holds something that is not a key", A_KEY_IS)
        return None
    return value


def is_key(value: str) -> bool:
    """Whether a text can be a key of a provider."""
    return 0 < len(value) <= KEY_BYTES_MAX and all("!" <= character <= "~" for character in value)
