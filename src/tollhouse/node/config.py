"""The node's `config.toml` as one immutable value."""

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tollhouse.node.errors import NodeConfigError, NodeStartError

MODEL_TYPES = ("chat", "completion", "embedding")
CHAT_CONTEXT_TOKENS = 4096
EMBEDDING_CONTEXT_TOKENS = 512


@dataclass(frozen=True, slots=True)
class NodeModel:
    """One model of the node. `path` is a GGUF file or a folder with exactly one; it need not exist yet."""

    id: str
    path: Path
    type: str  # chat | completion | embedding
    context_tokens: int
    default_temperature: float | None = None
    dimensions: int | None = None  # length of an embedding model's vectors; None takes what the file says

    def file(self) -> Path:
        """The GGUF file. Raises NodeStartError where there is none, or more than one to choose from."""
        found = sorted(self.path.glob("*.gguf")) if self.path.is_dir() else [self.path]
        if len(found) > 1:
            names = ", ".join(path.name for path in found)
            raise NodeStartError(
                f"model '{self.id}': {self.path} holds several GGUF files ({names}); name one as `path`"
            )
        if not found or not found[0].is_file():
            raise NodeStartError(
                f"model '{self.id}': there is no GGUF file at {self.path}; run `make setup` "
                "(or `python -m tollhouse.node.models models`), or correct `path` in config.toml"
            )
        return found[0]


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """One load of config.toml, or the defaults where there is none."""

    models: Mapping[str, NodeModel]
    source: Path | None = None
    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = 8080
    api_key: str | None = field(default=None, repr=False)
    require_auth: bool = False
    requests_per_minute_max: int = 0  # 0 = no limit
    tokens_per_minute_max: int = 0  # 0 = no limit
    cors_origins: tuple[str, ...] = ()  # empty = no cross-origin access


def load_config(path: Path | None = None, *, data_dir: Path | None = None) -> NodeConfig:
    """Read a config.toml; without a path `./config.toml` where it exists, else the defaults.

    Raises NodeConfigError with every problem: file, line, key, what is accepted, the nearest spelling.
    """
    if path is None:
        path = Path("config.toml")
        if not path.is_file():
            return NodeConfig(models=default_models(data_dir))
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except FileNotFoundError as error:
        raise NodeConfigError([f"{path}: there is no such file"]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise NodeConfigError([f"{path}: cannot be read: {error}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise NodeConfigError([f"{path}: not valid TOML: {error}"]) from error
    return _Reader(path, text).config(document, data_dir)


def default_models(data_dir: Path | None = None) -> Mapping[str, NodeModel]:
    """The two models that `make setup` fetches, wherever the models directory is."""
    chat = NodeModel(
        "smollm2-135m", _find_model("smollm2-135m.gguf", data_dir), "chat", CHAT_CONTEXT_TOKENS, default_temperature=0.2
    )
    embedding = NodeModel(
        "all-minilm-l6-v2",
        _find_model("all-minilm-l6-v2.gguf", data_dir),
        "embedding",
        EMBEDDING_CONTEXT_TOKENS,
        dimensions=384,
    )
    return MappingProxyType({chat.id: chat, embedding.id: embedding})


def models_directories(data_dir: Path | None = None) -> list[Path]:
    """Where model files are looked for, in order."""
    named = os.environ.get("TOLLHOUSE_MODELS_DIR")
    data = data_dir or Path(os.environ.get("TOLLHOUSE_DATA_DIR") or "data")
    checkout = Path(__file__).resolve().parents[3]
    return [*([Path(named)] if named else []), Path("models"), checkout / "models", data / "models"]


def _find_model(name: str, data_dir: Path | None) -> Path:
    """The first directory that has the file; the first directory of all where none has it."""
    places = [directory / name for directory in models_directories(data_dir)]
    return next((place for place in places if place.is_file()), places[0])


@dataclass(frozen=True, slots=True)
class _Expected:
    """What a key accepts, in words and as a test."""

    words: str
    accepts: Callable[[Any], bool]


def _is_count(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_origin(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\*|[a-z][a-z0-9+.-]*://[^/\s]+", value) is not None


_ADDRESS = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]+):(?P<port>\d{1,5})")
_BOOLEAN = _Expected("true or false", lambda value: isinstance(value, bool))
_TEXT = _Expected("a text that is not empty", lambda value: isinstance(value, str) and value != "")
_LIMIT = _Expected("a whole number, 0 for no limit", lambda value: _is_count(value, 0))
_COUNT = _Expected("a whole number from 1", lambda value: _is_count(value, 1))
_TABLE = _Expected("a table", lambda value: isinstance(value, dict))

TOP_KEYS = {"api": _TABLE}
API_KEYS = {
    "enabled": _BOOLEAN,
    "address": _Expected(
        'host:port, such as "127.0.0.1:8080"',
        lambda value: (
            isinstance(value, str) and (match := _ADDRESS.fullmatch(value)) is not None and int(match["port"]) <= 65535
        ),
    ),
    "api_key": _TEXT,
    "require_auth": _BOOLEAN,
    "max_requests_per_minute": _LIMIT,
    "max_tokens_per_minute": _LIMIT,
    "cors_enabled": _BOOLEAN,
    "cors_origins": _Expected(
        'a list of origins such as "http://localhost:3000", or "*"',
        lambda value: isinstance(value, list) and all(_is_origin(origin) for origin in value),
    ),
    "models": _TABLE,
}
MODEL_KEYS = {
    "path": _TEXT,
    "type": _Expected(" or ".join(f'"{name}"' for name in MODEL_TYPES), lambda value: value in MODEL_TYPES),
    "context_length": _COUNT,
    "default_temperature": _Expected(
        "a number from 0 to 2",
        lambda value: isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 2,
    ),
    "dimensions": _COUNT,
}


class _Reader:
    """Checks one document and collects what is wrong with it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = _key_lines(text)
        self.problems: list[str] = []

    def config(self, document: dict[str, Any], data_dir: Path | None) -> NodeConfig:
        api = self.checked(self.checked(document, TOP_KEYS, ()).get("api", {}), API_KEYS, ("api",))
        models = {
            name: model
            for name, table in api.get("models", {}).items()
            if (model := self.model(name, table)) is not None
        }
        if api.get("require_auth") and "api_key" not in api:
            self.report(("api", "require_auth"), 'is true, so `api_key = "…"` must be set too')
        if self.problems:
            raise NodeConfigError(self.problems)
        address = _ADDRESS.fullmatch(api.get("address", "127.0.0.1:8080"))
        assert address is not None
        return NodeConfig(
            models=MappingProxyType(models) if models else default_models(data_dir),
            source=self.path,
            enabled=api.get("enabled", True),
            host=address["host"].strip("[]"),
            port=int(address["port"]),
            api_key=api.get("api_key"),
            # A key that nobody has to show would only look like protection.
            require_auth=api.get("require_auth", "api_key" in api),
            requests_per_minute_max=api.get("max_requests_per_minute", 0),
            tokens_per_minute_max=api.get("max_tokens_per_minute", 0),
            cors_origins=tuple(api.get("cors_origins", ["*"])) if api.get("cors_enabled", False) else (),
        )

    def model(self, name: str, table: Any) -> NodeModel | None:
        where = ("api", "models", name)
        if not isinstance(table, dict):
            self.report(where, f"must be a table: [api.models.{name}]")
            return None
        values = self.checked(table, MODEL_KEYS, where)
        for required in ("path", "type"):
            if required not in table:
                self.report((*where, required), f"is missing; it takes {MODEL_KEYS[required].words}")
        if "dimensions" in values and values.get("type") in ("chat", "completion"):
            self.report((*where, "dimensions"), 'belongs to models of type "embedding"')
        if not {"path", "type"} <= values.keys():
            return None
        default = EMBEDDING_CONTEXT_TOKENS if values["type"] == "embedding" else CHAT_CONTEXT_TOKENS
        return NodeModel(
            id=name,
            path=self.path.parent / Path(values["path"]).expanduser(),
            type=values["type"],
            context_tokens=values.get("context_length", default),
            default_temperature=values.get("default_temperature"),
            dimensions=values.get("dimensions"),
        )

    def checked(self, table: dict[str, Any], keys: Mapping[str, _Expected], where: tuple[str, ...]) -> dict[str, Any]:
        """The entries of a table that are right; the others are reported."""
        good = {}
        for key, value in table.items():
            if key not in keys:
                self.report((*where, key), f"is unknown; {_suggestion(key, keys)}")
            elif not keys[key].accepts(value):
                self.report((*where, key), f"must be {keys[key].words}, not {value!r}{_nearest_value(key, value)}")
            else:
                good[key] = value
        return good

    def report(self, key: tuple[str, ...], problem: str) -> None:
        line = self.lines.get(key) or self.lines.get(key[:-1])
        self.problems.append(f"{self.path}{f':{line}' if line else ''}: {'.'.join(key)} {problem}")


def _suggestion(key: str, keys: Mapping[str, _Expected]) -> str:
    near = difflib.get_close_matches(key, keys, n=1)
    return f"did you mean '{near[0]}'?" if near else f"accepted are {', '.join(keys)}"


def _nearest_value(key: str, value: Any) -> str:
    near = difflib.get_close_matches(str(value), MODEL_TYPES, n=1) if key == "type" else []
    return f"; did you mean '{near[0]}'?" if near else ""


def _key_lines(text: str) -> dict[tuple[str, ...], int]:
    """The line of every table and key. tomllib gives no positions, and headers and bare assignments are easy to see."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[([^\[\]]+)\]", line):
            table = _dotted(header[1])
            lines.setdefault(table, number)
        elif assignment := re.match(r"""\s*([\w"'. -]+?)\s*=""", line):
            lines.setdefault((*table, *_dotted(assignment[1])), number)
    return lines


def _dotted(name: str) -> tuple[str, ...]:
    parts: list[tuple[str, str]] = re.findall(r"""["']([^"']*)["']|([\w-]+)""", name)
    return tuple(quoted or bare for quoted, bare in parts)
