"""Names that are legal wherever they end up: in Python, in TypeScript, and beside what the generated modules define themselves."""

import keyword
import re

_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
_WORDS = re.compile(r"[^A-Za-z0-9]+")

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
    """`anthropic-version` as `anthropic_version`."""
    return _WORDS.sub("_", text).strip("_").lower()


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
