"""A resource of the TypeScript client library as text: its two classes, their methods, their overloads."""

import re

from codegen import typescript
from codegen.sdk import Argument, Method, Resource, Sdk
from codegen.typescript_names import class_name, method_name, params_name

TYPES = "types."
_OPTIONS = "options?: CallOptions"


def resource_values(resource: Resource, sdk: Sdk) -> dict[str, object]:
    """The two classes of a resource and what they import."""
    name = class_name(resource, sdk)
    methods = {raw: [_method(method, raw) for method in resource.methods] for raw in (False, True)}
    classes = [
        {"name": f"{name}{'WithRawResponse' if raw else ''}", "raw": raw, "methods": each}
        for raw, each in methods.items()
    ]
    text = "\n".join(str(each["signatures"]) for printed in methods.values() for each in printed)
    return {
        "resource": resource,
        "description": resource.description or f"{resource.class_name}.",
        "raw_name": f"{name}WithRawResponse",
        "classes": classes,
        "modules": [module for module in ("params", "types") if re.search(rf"\b{module}\.", text)],
        "runtime": [
            f'import type {{ {each} }} from "../runtime/{module}.ts";'
            for module, each in (
                ("answers", "RawResponse"),
                ("operations", "CallOptions"),
                ("pages", "Page"),
                ("streams", "Stream"),
                ("transport", "Transport"),
            )
            if module == "transport" or re.search(rf"(?<![\w.]){each}\b", text)
        ],
    }


def taken(method: Method) -> list[Argument]:
    """What the interface of a method holds: its arguments but the switch, whose value decides between overloads."""
    return [each for each in method.arguments if each != method.switch]


def result_type(method: Method) -> str:
    """The type of a whole answer; null where every answer streams."""
    return "null" if method.result is None else typescript.type_text(method.result, TYPES)


def part_type(method: Method) -> str:
    """The type of what comes one by one: events of a stream, items of pages."""
    part = method.paging.item if method.paging else method.event
    return "never" if part is None else typescript.type_text(part, TYPES)


def _method(method: Method, raw: bool) -> dict[str, object]:
    """A method of one class: its overloads, its signature, and the call in its body."""
    overloads, takes, returned, call, generics = _shape(method, raw)
    name = method_name(method)
    printed = [_signature(name, parameters, type_, ";") for parameters, type_ in overloads]
    passed = "given" if method.arguments else "{}"
    typed = f"<{generics}>" if generics else ""
    constant = f"operations.{method.name.upper()}"
    opening = f"return this.#transport.{call}{'Raw' if raw else ''}{typed}"
    signature = _signature(name, [*takes, "options: CallOptions = {}"], returned, " {")
    return {
        "overloads": printed,
        "signature": signature,
        "signatures": "\n".join([*printed, signature]),
        "comment": typescript.comment(_paragraphs(method), 2),
        "call": typescript.enclosed(opening, ("(", ")"), [constant, passed, "options"], indent=4, after=";"),
    }


def _shape(method: Method, raw: bool) -> tuple[list[tuple[list[str], str]], list[str], str, str, str]:
    """Overloads with their parameters and results; then parameters, result, call and its type arguments of the method itself."""
    result, part = result_type(method), part_type(method)
    required = any(each.required for each in taken(method))
    given = f"params.{params_name(method)}" if taken(method) else ""
    if method.switch:
        switch = typescript.key(method.switch.wire)
        parts = [
            (f"{{ {switch}?: false | null | undefined }}", _returned(result, raw), not required),
            (f"{{ {switch}: true }}", _returned(f"Stream<{part}>", raw), False),
            (f"{{ {switch}: boolean }}", f"{_returned(result, raw)} | {_returned(f'Stream<{part}>', raw)}", False),
        ]
        overloads = [
            ([f"given{'?' if optional else ''}: {f'{given} & ' if given else ''}{on}", _OPTIONS], f"Promise<{type_}>")
            for on, type_, optional in parts
        ]
        takes = ["given: object" if required else "given: object = {}"]
        return overloads, takes, f"Promise<{_returned('unknown', raw)}>", "callOrStream", ""
    takes = [f"given: {given}{'' if required else ' = {}'}"] if given else []
    if method.paging:
        return [], takes, f"Promise<{_returned(f'Page<{part}, {result}>', raw)}>", "page", f"{part}, {result}"
    if method.event and method.result is None:
        return [], takes, f"Promise<{_returned(f'Stream<{part}>', raw)}>", "stream", part
    return [], takes, f"Promise<{_returned(result, raw)}>", "call", result


def _signature(name: str, parameters: list[str], returned: str, ends: str) -> str:
    return typescript.enclosed(name, ("(", ")"), parameters, indent=2, after=f": {returned}{ends}")


def _returned(type_: str, raw: bool) -> str:
    return f"RawResponse<{type_}>" if raw else type_


def _paragraphs(method: Method) -> list[str]:
    """What a method does; its operationId, by which it is found everywhere else; and a mark on one that should no longer be used."""
    operation = method.operation
    summary = (operation.summary or operation.operation_id).rstrip(".")
    about = f"{summary}. {typescript.first_paragraph(operation.description)}"
    old = ["@deprecated"] if operation.deprecated else []
    return [about, f"`{operation.operation_id}`: `{operation.method} {method.path}`", *old]
