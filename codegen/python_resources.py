"""A resource of the Python client library as text: its four classes, their methods, their overloads."""

from dataclasses import dataclass

from codegen import python
from codegen.layout import signature
from codegen.names import pascal_case
from codegen.sdk import Argument, Method, Resource

TYPES = "types."


@dataclass(frozen=True, slots=True)
class Flavour:
    """One of the four classes of a resource: sync or async, results or raw answers."""

    prefix: str
    suffix: str
    opening: str
    wait: str
    stream: str
    page: str

    @property
    def raw(self) -> bool:
        """Whether its methods give answers with their status and headers."""
        return bool(self.suffix)


FLAVOURS = tuple(
    Flavour(prefix, suffix, opening, wait, f"{prefix}Stream", f"{prefix}Page")
    for prefix, opening, wait in (("", "def", ""), ("Async", "async def", "await "))
    for suffix in ("", "WithRawResponse")
)


def resource_values(resource: Resource) -> dict[str, object]:
    """The four classes of a resource and what they import."""
    classes = [_class(resource, flavour) for flavour in FLAVOURS]
    text = "\n".join(str(each["signatures"]) for class_ in classes for each in class_["methods"])  # type: ignore[attr-defined]
    imports = [
        python.import_line(".._runtime.answers", {"RawResponse"}),
        python.import_line(".._runtime.async_transport", {"AsyncTransport"}),
        *_imports(text, ".._runtime.operations", ("CallOptions",)),
        *_imports(text, ".._runtime.pages", ("AsyncPage", "Page")),
        *_imports(text, ".._runtime.streams", ("AsyncStream", "Stream")),
        python.import_line(".._runtime.transport", {"Transport"}),
    ]
    modules = [name for name in ("params", "types") if f"{name}." in text]
    return {
        "resource": resource,
        "classes": classes,
        "typing": python.import_line("typing", used_names(text, ("Any", "Literal", "Unpack", "overload"))),
        "siblings": python.import_line("..", ["_operations", *modules]),
        "imports": imports,
    }


def _imports(text: str, module: str, names: tuple[str, ...]) -> list[str]:
    used = used_names(text, names)
    return [python.import_line(module, used)] if used else []


def _class(resource: Resource, flavour: Flavour) -> dict[str, object]:
    return {
        "name": f"{flavour.prefix}{resource.class_name}{flavour.suffix}",
        "flavour": flavour,
        "transport": f"{flavour.prefix}Transport",
        "raw": f"{flavour.prefix}{resource.class_name}WithRawResponse",
        "methods": [_method(method, flavour) for method in resource.methods],
    }


def _method(method: Method, flavour: Flavour) -> dict[str, object]:
    """A method of one class: its signatures, of which all but the last are overloads, and the call in its body."""
    takes = f"**given: Unpack[{'params.' + params_name(method) if taken(method) else 'CallOptions'}]"
    switch, result = method.switch, _returned(result_type(method), flavour)
    stream = _returned(f"{flavour.stream}[{part_type(method)}]", flavour)
    if method.paging:
        parts = [(["self", takes], _returned(f"{flavour.page}[{part_type(method)}, {result_type(method)}]", flavour))]
        call = "page"
    elif switch:
        off = f"{switch.name}: Literal[False] | None = None"
        parts = [
            (["self", "*", off, takes], result),
            (["self", "*", f"{switch.name}: Literal[True]", takes], stream),
            (["self", "*", f"{switch.name}: bool", takes], f"{result} | {stream}"),
            (["self", "**given: Any"], "Any"),
        ]
        call = "call_or_stream"
    else:
        parts = [(["self", takes], stream if method.event and method.result is None else result)]
        call = "stream" if method.event and method.result is None else "call"
    *overloads, last = parts
    printed = [f"@overload\n    {_signature(method, each, flavour, ' ...')}" for each in overloads]
    return {
        "overloads": printed,
        "signature": _signature(method, last, flavour, ""),
        "signatures": "\n".join([*printed, _signature(method, last, flavour, "")]),
        "description": _description(method),
        "call": f"{flavour.wait}self._transport.{call}{'_raw' if flavour.raw else ''}",
        "constant": constant(method),
    }


def _signature(method: Method, part: tuple[list[str], str], flavour: Flavour, ends: str) -> str:
    parameters, returned = part
    return signature(method.name, parameters, returned, indent=4, ends=ends, opening=flavour.opening)


def _returned(type_: str, flavour: Flavour) -> str:
    return f"RawResponse[{type_}]" if flavour.raw else type_


def _description(method: Method) -> str:
    """What a method does, with a mark on one that should no longer be used."""
    operation = method.operation
    summary = (operation.summary or operation.operation_id).rstrip(".")
    more = operation.description.partition("\n\n")[0]
    old = "Deprecated. " if operation.deprecated else ""
    return f"{old}{summary}. {more}".strip()


def constant(method: Method) -> str:
    """The name of an operation's constant."""
    return method.name.upper()


def result_type(method: Method) -> str:
    """The annotation of a whole answer; None where every answer streams."""
    return "None" if method.result is None else python.annotation(method.result, TYPES)


def part_type(method: Method) -> str:
    """The annotation of what comes one by one: events of a stream, items of pages; Never where nothing does."""
    part = method.paging.item if method.paging else method.event
    return "Never" if part is None else python.annotation(part, TYPES)


def taken(method: Method) -> list[Argument]:
    """What the TypedDict of a method holds: its arguments but the switch, whose value decides between overloads."""
    return [each for each in method.arguments if each != method.switch]


def params_name(method: Method) -> str:
    """The name of a method's TypedDict."""
    return f"{pascal_case(method.name)}Params"


def used_names(text: str, names: tuple[str, ...]) -> set[str]:
    """Those of some names that a text mentions."""
    return {name for name in names if python.mentions(text, name)}
