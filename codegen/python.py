"""Python's spelling of the contract, laid out as `ruff format` would: lines of at most 120 characters."""

import json
import keyword
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from codegen.ir import (
    Alias,
    AnyOf,
    Choice,
    Field,
    ListOf,
    MapOf,
    Named,
    Operation,
    Parameter,
    Scalar,
    ScalarName,
    Type,
    names_in,
)

LINE_LENGTH = 120

_SCALARS: dict[ScalarName, str] = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "anything": "Any",
    "binary": "bytes",
}


@dataclass(frozen=True, slots=True)
class Argument:
    """What an endpoint takes by name, and the expression that its binding passes."""

    name: str
    annotation: str
    value: str


def annotation(type_: Type, prefix: str = "") -> str:
    """A type as an annotation; `prefix` comes before the names of schemas."""
    match type_:
        case Scalar(name):
            return _SCALARS[name]
        case Choice(values):
            return f"Literal[{', '.join(literal(value) for value in values)}]"
        case ListOf(item):
            return f"list[{annotation(item, prefix)}]"
        case MapOf(value):
            return f"dict[str, {annotation(value, prefix)}]"
        case AnyOf(options):
            return " | ".join(annotation(option, prefix) for option in options)
        case Named(name):
            return f"{prefix}{name}"


def field_annotation(field: Field) -> str:
    """The annotation of a key of a TypedDict."""
    given = annotation(field.type)
    return given if field.required else f"NotRequired[{given}]"


def alias_line(alias: Alias, ahead: frozenset[str] = frozenset()) -> str:
    """The definition of an alias; a union that is too long gets a line for each option, a choice in it one for each value.

    `ahead` are names that are defined further down, or by this line: a definition with one of them is in quotes.
    """
    opening = f"{alias.name}: TypeAlias = "
    if names_in(alias.type) & ahead:
        return opening + literal(annotation(alias.type))
    if len(opening) + len(annotation(alias.type)) <= LINE_LENGTH or not isinstance(alias.type, AnyOf):
        return opening + annotation(alias.type)
    options = "\n    | ".join(_option(option) for option in alias.type.options)
    return f"{opening}(\n    {options}\n)"


def _option(option: Type) -> str:
    """An option of a union, after an indent of four."""
    if not isinstance(option, Choice):
        return annotation(option)
    return enclosed("Literal", ("[", "]"), [literal(value) for value in option.values], indent=4)


def import_line(module: str, imported: Iterable[str]) -> str:
    """An import of some names, in isort's order."""
    return enclosed(f"from {module} import ", ("(", ")"), sorted(imported), may_stay_open=True)


def arguments(operation: Operation) -> list[Argument]:
    """What the endpoint of an operation takes by name: path and query parameters, then the body."""
    taken = [_argument(parameter) for parameter in operation.parameters]
    if operation.body is not None:
        body = annotation(operation.body.type)
        taken.append(Argument("body", body, f"cast({body}, request.body)"))
    return taken


def endpoint_call(operation: Operation) -> str:
    """The call of an endpoint by its binding."""
    passed = ["services", "request", *(f"{argument.name}={argument.value}" for argument in arguments(operation))]
    return enclosed(f"return await {operation.tag}.{operation.operation_id}", ("(", ")"), passed, indent=4)


def expected_endpoint(operation: Operation) -> str:
    """What the check of endpoints knows about one: file, name, and annotations by argument."""
    items = [f"{literal(argument.name)}: {literal(argument.annotation)}" for argument in arguments(operation)]
    taken = enclosed("", ("{", "}"), items, indent=8, after=",")
    return enclosed("_Expected", ("(", ")"), [operation.tag, literal(operation.operation_id), taken], indent=4)


def is_attribute(name: str) -> bool:
    """Whether a name can be written without quotes, and stays itself in a class."""
    return name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__")


def literal(value: str | int | None) -> str:
    """A value as a literal, strings in the quotes that they hold fewer of."""
    if not isinstance(value, str):
        return repr(value)
    doubled = json.dumps(value, ensure_ascii=False)
    if value.count('"') <= value.count("'"):
        return doubled
    inner = doubled[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inner}'"


def mentions(text: str, name: str) -> bool:
    """Whether a name is in a text, as a word of its own."""
    return re.search(rf"(?<![\w.\"]){name}\b", text) is not None


def names(values: Iterable[str]) -> str:
    """Strings as a tuple."""
    items = [literal(value) for value in values]
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def docstring(description: str, indent: int) -> str:
    """The first paragraph of a description as a docstring."""
    text = _escaped(" ".join(description.partition("\n\n")[0].split()))
    margin = " " * indent
    first, *rest = textwrap.wrap(f'"""{text}"""', LINE_LENGTH - indent, break_long_words=False, break_on_hyphens=False)
    if rest:
        rest = textwrap.wrap(" ".join(rest).removesuffix('"""'), LINE_LENGTH - indent, break_on_hyphens=False)
        return "\n".join([first, *(margin + line for line in rest), f'{margin}"""'])
    return first


def _escaped(text: str) -> str:
    """A text as it can stand in a docstring."""
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    return f"{text} " if text.endswith('"') else text


def _argument(parameter: Parameter) -> Argument:
    name, given = literal(parameter.name), annotation(parameter.type)
    if parameter.required:
        return Argument(parameter.argument, given, f"cast({given}, request.arguments[{name}])")
    if parameter.default is not None:
        value = f"request.arguments.get({name}, {literal(parameter.default)})"
        return Argument(parameter.argument, given, f"cast({given}, {value})")
    return Argument(parameter.argument, f"{given} | None", f"cast({given} | None, request.arguments.get({name}))")


def enclosed(
    opening: str,
    brackets: tuple[str, str],
    items: list[str],
    *,
    indent: int = 0,
    after: str = "",
    may_stay_open: bool = False,
) -> str:
    """Items between brackets on one line where they fit, else one on each line; brackets that may stay open then do.

    `after` is what follows on the same line, which has to fit too.
    """
    left, right = ("", "") if may_stay_open else brackets
    line = f"{opening}{left}{', '.join(items)}{right}"
    if indent + len(line) + len(after) <= LINE_LENGTH:
        return line
    margin = " " * indent
    return "\n".join([opening + brackets[0], *(f"{margin}    {item}," for item in items), margin + brackets[1]])
