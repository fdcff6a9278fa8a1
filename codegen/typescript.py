"""TypeScript's spelling of the contract, laid out as Prettier would: two spaces, double quotes, lines of at most 120 characters."""

import re
import textwrap
from collections.abc import Iterable, Sequence

from codegen import python
from codegen.ir import AnyOf, Choice, ListOf, MapOf, Named, Scalar, ScalarName, Type

LINE_LENGTH = 120

_SCALARS: dict[ScalarName, str] = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
    "anything": "unknown",
    "binary": "Uint8Array",
}
_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def type_text(type_: Type, prefix: str = "") -> str:
    """A type on one line; `prefix` comes before the names of schemas."""
    match type_:
        case Scalar(name):
            return _SCALARS[name]
        case Named(name):
            return f"{prefix}{name}"
        case ListOf(item):
            inner = type_text(item, prefix)
            return f"({inner})[]" if len(options(item)) > 1 else f"{inner}[]"
        case MapOf(value):
            return f"{{ [key: string]: {type_text(value, prefix)} }}"
        case Choice() | AnyOf():
            return " | ".join(options(type_, prefix))


def literal(value: str | int) -> str:
    """A value as a literal, strings in the quotes that they hold fewer of."""
    return str(value).lower() if isinstance(value, bool) else python.literal(value)


def options(type_: Type, prefix: str = "") -> list[str]:
    """The alternatives of a type, each once; a choice is one of its values."""
    match type_:
        case Choice(values):
            found = [literal(value) for value in values]
        case AnyOf(inner):
            found = [option for each in inner for option in options(each, prefix)]
        case _:
            found = [type_text(type_, prefix)]
    return list(dict.fromkeys(found))


def typed(opening: str, type_: Type, *, indent: int, prefix: str = "", extra: Sequence[str] = ()) -> str:
    """`opening`, a type and a semicolon on as many lines as they need; `extra` are further alternatives."""
    alternatives = list(dict.fromkeys([*options(type_, prefix), *extra]))
    line = f"{opening} {' | '.join(alternatives)};"
    if indent + len(line) <= LINE_LENGTH:
        return line
    margin = " " * indent
    if len(alternatives) > 1:
        return (
            opening
            + "".join(f"\n{margin}  | {_option(each, type_, indent + 4, prefix)}" for each in alternatives)
            + ";"
        )
    return f"{opening} {_broken(type_, indent, prefix)};"


def _option(text: str, type_: Type, indent: int, prefix: str) -> str:
    """An alternative of a union, over several lines where it does not fit on one."""
    if indent + len(text) <= LINE_LENGTH or not isinstance(type_, AnyOf):
        return text
    return next((_broken(each, indent, prefix) for each in type_.options if type_text(each, prefix) == text), text)


def _broken(type_: Type, indent: int, prefix: str) -> str:
    """A type over several lines; where it begins, lines are indented by `indent`."""
    margin = " " * indent
    match type_:
        case ListOf(item) if len(found := options(item, prefix)) > 1:
            return "(" + "".join(f"\n{margin}  | {each}" for each in found) + f"\n{margin})[]"
        case ListOf(item):
            return f"{_broken(item, indent, prefix)}[]"
        case MapOf(value):
            return f"{{\n{margin}  {typed('[key: string]:', value, indent=indent + 2, prefix=prefix)}\n{margin}}}"
        case _:
            return type_text(type_, prefix)


def key(name: str) -> str:
    """A property's name, in quotes where it needs them."""
    return name if _PLAIN.fullmatch(name) else literal(name)


def comment(paragraphs: Iterable[str], indent: int = 0) -> str:
    """A documentation comment; nothing where there is nothing to say. Only its first line is not indented."""
    texts = [" ".join(text.replace("*/", "* /").split()) for text in paragraphs]
    texts = [text for text in texts if text]
    if not texts:
        return ""
    if len(texts) == 1 and indent + len(texts[0]) + len("/**  */") <= LINE_LENGTH:
        return f"/** {texts[0]} */"
    margin = " " * indent
    wide = LINE_LENGTH - indent - len(" * ")
    blocks = [textwrap.wrap(text, wide, break_long_words=False, break_on_hyphens=False) for text in texts]
    lines = [line for number, block in enumerate(blocks) for line in ([""] if number else []) + block]
    return "\n".join(["/**", *(f"{margin} * {line}".rstrip() for line in lines), f"{margin} */"])


def first_paragraph(description: str) -> str:
    """The first paragraph of a description."""
    return description.strip().partition("\n\n")[0]


def enclosed(
    opening: str, brackets: tuple[str, str], items: Sequence[str], *, indent: int = 0, after: str = "", inside: str = ""
) -> str:
    """Items between brackets on one line where they fit, else one on each line; `inside` pads the brackets of the former."""
    left, right = brackets
    line = f"{opening}{left}{inside}{', '.join(items)}{inside}{right}{after}"
    if indent + len(line) <= LINE_LENGTH and not any("\n" in item for item in items):
        return line
    margin = " " * indent
    return "\n".join([opening + left, *(f"{margin}  {item}," for item in items), margin + right + after])


def object_text(pairs: Sequence[tuple[str, str]], *, indent: int) -> str:
    """An object as a value; on one line where it fits after `indent` characters and before a comma."""
    items = [f"{key(name)}: {value}" for name, value in pairs]
    return enclosed("", ("{", "}"), items, indent=indent, inside=" ") if items else "{}"


def import_line(names: Iterable[str], module: str) -> str:
    """An import of some names, those that are only types marked as such."""
    return enclosed("import ", ("{", "}"), sorted(names, key=_plain_name), after=f' from "{module}";', inside=" ")


def _plain_name(name: str) -> str:
    return name.removeprefix("type ").lower()
