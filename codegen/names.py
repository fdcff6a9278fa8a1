"""Names that are legal wherever they end up: in Python, in TypeScript, and beside what the generated modules define themselves."""

import keyword
import re
from collections.abc import Collection

_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
_WORDS = re.compile(r"[^A-Za-z0-9]+")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

# What a binding passes besides the operation's own arguments.
_TAKEN_ARGUMENTS = frozenset({"services", "request", "body"})
# What the generated modules import or define.
_TAKEN_FUNCTIONS = frozenset({"cast", "check_endpoints", "dataclass", "inspect"})
_TAKEN_TYPES = frozenset({"Any", "Literal", "NotRequired", "TypeAlias", "TypedDict"}) | frozenset(
    {"Binding", "Callable", "Coroutine", "Iterator", "Mapping", "MappingProxyType", "ModuleType"}
    | {"Reply", "Request", "Services"}
)


def pascal_case(text: str) -> str:
    """`create_chat_completion` as `CreateChatCompletion`."""
    return "".join(word[:1].upper() + word[1:] for word in _WORDS.split(text.replace("_", " ")))


def snake_case(text: str) -> str:
    """`anthropic-version` as `anthropic_version`, and `chainId` as `chain_id`."""
    return _WORDS.sub("_", _HUMPS.sub("_", text)).strip("_").lower()


def legal_name(text: str, taken: Collection[str] = ()) -> str:
    """A name in snake_case for anything: `class` as `class_`, `2fa` as `n2fa`, and one that is taken with `_` behind it."""
    name = snake_case(text) or "value"
    if name[0].isdigit():
        name = f"n{name}"
    while keyword.iskeyword(name) or name in taken:
        name += "_"
    return name


def legal_type(text: str) -> str:
    """A name in PascalCase for any schema: `boat-list` as `BoatList`, `2D` as `N2D`, and `None` as `None_`."""
    name = pascal_case(text) or "Value"
    if name[0].isdigit():
        name = f"N{name}"
    return name if is_legal_type(name) else f"{name}_"


def is_legal_function(name: str) -> bool:
    """Whether an operation, a tag or a document can have this name."""
    return _is_snake_case(name) and name not in _TAKEN_FUNCTIONS


def is_legal_argument(name: str) -> bool:
    """Whether an endpoint can take an argument of this name."""
    return _is_snake_case(name) and name not in _TAKEN_ARGUMENTS


def is_legal_type(name: str) -> bool:
    """Whether a schema can have this name."""
    return _PASCAL.fullmatch(name) is not None and not keyword.iskeyword(name) and name not in _TAKEN_TYPES


def _is_snake_case(name: str) -> bool:
    return _SNAKE.fullmatch(name) is not None and not keyword.iskeyword(name)
