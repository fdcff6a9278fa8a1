"""Annotations and signatures that are too long for one line, broken as `ruff format` would."""

from collections.abc import Sequence

from codegen.ir import AnyOf, Choice, Field, ListOf, MapOf, Named, Scalar, Type, names_in
from codegen.python import LINE_LENGTH, annotation, literal


def field_line(
    name: str,
    type_: Type,
    *,
    required: bool,
    indent: int,
    prefix: str = "",
    ahead: frozenset[str] = frozenset(),
    key: bool = False,
) -> str:
    """A key of a TypedDict with its annotation, on as many lines as it needs.

    `ahead` are names that are defined further down: an annotation with one of them is in quotes. A `key` is written as in a dict.
    """
    opening, after = (f"{literal(name)}: ", ",") if key else (f"{name}: ", "")
    given = annotation(type_, prefix)
    if names_in(type_) & ahead:
        quoted = literal(given)
        return opening + (quoted if required else f"NotRequired[{quoted}]") + after
    line = opening + (given if required else f"NotRequired[{given}]") + after
    if indent + len(line) <= LINE_LENGTH:
        return line
    margin, deeper = " " * indent, indent + 4
    if not required:
        return f"{opening}NotRequired[\n{' ' * deeper}{_fitting(type_, deeper, prefix)}\n{margin}]{after}"
    if isinstance(type_, AnyOf):
        return f"{opening}(\n{' ' * deeper}{_fitting(type_, deeper, prefix)}\n{margin}){after}"
    return opening + _broken(type_, indent, prefix) + after


def schema_field(field: Field, ahead: frozenset[str], *, indent: int, key: bool = False) -> str:
    """A property of a record as a key of its TypedDict."""
    return field_line(field.name, field.type, required=field.required, indent=indent, ahead=ahead, key=key)


def signature(name: str, parameters: Sequence[str], returned: str, *, indent: int, ends: str, opening: str) -> str:
    """A function's first line, or lines: `opening` is `def` or `async def`, `ends` what follows its colon."""
    tail = f") -> {returned}:{ends}"
    line = f"{opening} {name}({', '.join(parameters)}{tail}"
    if indent + len(line) <= LINE_LENGTH:
        return line
    margin = " " * indent
    return "\n".join([f"{opening} {name}(", *(f"{margin}    {parameter}," for parameter in parameters), margin + tail])


def _fitting(type_: Type, indent: int, prefix: str, before: int = 0, after: int = 0) -> str:
    """A type on one line where it fits between what is before and after it, else broken."""
    line = annotation(type_, prefix)
    return line if indent + before + len(line) + after <= LINE_LENGTH else _broken(type_, indent, prefix)


def _broken(type_: Type, indent: int, prefix: str) -> str:
    """A type over several lines; where it begins, lines are indented by `indent`."""
    margin, deeper, inner = " " * indent, " " * (indent + 4), indent + 4
    match type_:
        case Choice(values):
            return "\n".join(["Literal[", *(f"{deeper}{literal(value)}," for value in values), f"{margin}]"])
        case ListOf(item):
            return f"list[\n{deeper}{_fitting(item, inner, prefix)}\n{margin}]"
        case MapOf(value):
            return f"dict[\n{deeper}str,\n{deeper}{_fitting(value, inner, prefix, after=1)},\n{margin}]"
        case AnyOf(options):
            return f"\n{margin}| ".join(_fitting(option, indent, prefix, before=2) for option in options)
        case Named() | Scalar():
            return annotation(type_, prefix)
