"""The TypeScript client library, printed from its plan."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from codegen import typescript
from codegen.ir import AnyOf, ListOf, MapOf, Named, Record, Scalar, Schema, Type
from codegen.render import environment
from codegen.sdk import Argument, Method, Sdk
from codegen.typescript import literal
from codegen.typescript_names import argument_names, class_name, method_name, option_name, params_name, resource_name
from codegen.typescript_resources import TYPES, resource_values, taken

_ROOT = Path(__file__).resolve().parents[1]
_RUNTIME = Path(__file__).parent / "runtime" / "typescript"
# The tools that build and check the library, at the versions that it was checked with; the library itself needs nothing.
_TOOLS = {"@arethetypeswrong/cli": "0.18.5", "publint": "0.3.25", "typescript": "5.9.3"}


def render_typescript(sdk: Sdk) -> dict[str, str]:
    """The files of the library, by their path from its root."""
    templates = environment("typescript")
    templates.filters.update(
        class_name=lambda resource: class_name(resource, sdk),
        comment=lambda text, indent=0: typescript.comment([text], indent),
        json=lambda text: json.dumps(text, ensure_ascii=False),
        key=typescript.key,
        literal=literal,
        method_name=method_name,
        option_name=option_name,
        resource_name=resource_name,
        schema=_schema,
    )
    files: dict[str, tuple[str, dict[str, object]]] = {
        "src/client.ts": ("client.ts", {"imports": _resource_imports(sdk), "schemes": _schemes(sdk)}),
        "src/index.ts": ("index.ts", {"errors": _errors()}),
        "src/operations.ts": ("operations.ts", {"printed": [_operation(method) for method in sdk.methods]}),
        "src/params.ts": ("params.ts", _params(sdk)),
        "src/types.ts": ("types.ts", {}),
        "README.md": ("README.md", {"variables": _variables(sdk)}),
        "package.json": ("package.json", {"tools": _TOOLS}),
        "tsconfig.json": ("tsconfig.json", {}),
        "tsconfig.cjs.json": ("tsconfig.cjs.json", {}),
    }
    for resource in sdk.resources:
        files[f"src/resources/{resource.name}.ts"] = ("resource.ts", resource_values(resource, sdk))
    printed = {
        path: templates.get_template(f"{name}.jinja").render(sdk=sdk, package=sdk.package, **values)
        for path, (name, values) in files.items()
    }
    licence = {"LICENSE": (_ROOT / "LICENSE").read_text(encoding="utf-8")} if sdk.package.license else {}
    return dict(sorted({**printed, **licence, **_runtime()}.items()))


def owned_by(sdk: Sdk) -> str:
    """The folder of the library in which nothing is but what is generated."""
    return "src"


def _runtime() -> dict[str, str]:
    """The hand-written part, unchanged."""
    return {f"src/runtime/{path.name}": path.read_text(encoding="utf-8") for path in sorted(_RUNTIME.glob("*.ts"))}


def _errors() -> str:
    """The export of every class of errors."""
    names = re.findall(r"^export class (\w+)", (_RUNTIME / "errors.ts").read_text(encoding="utf-8"), re.MULTILINE)
    return typescript.enclosed("export ", ("{", "}"), sorted(names), after=' from "./runtime/errors.ts";', inside=" ")


def _resource_imports(sdk: Sdk) -> list[str]:
    return [
        typescript.import_line([class_name(resource, sdk)], f"./resources/{resource.name}.ts")
        for resource in sdk.resources
    ]


def _schemes(sdk: Sdk) -> list[tuple[str, str]]:
    """Where credentials go, by the names of their schemes."""
    return [
        (
            typescript.key(scheme.name),
            typescript.object_text(
                [
                    ("kind", literal(scheme.kind)),
                    ("parameter", literal(scheme.parameter)),
                    ("option", literal(option_name(scheme.option))),
                ],
                indent=4 + len(typescript.key(scheme.name)) + len(": ,"),
            ),
        )
        for scheme in sdk.schemes
    ]


def _variables(sdk: Sdk) -> list[tuple[str, str, str]]:
    """The options of the client that environment variables can give, with what they are."""
    base = ("baseUrl", f"{sdk.package.environment}_BASE_URL", f"Where the server is; `{sdk.package.base_url}`.")
    return [base, *((option_name(each.option), each.variable, each.description) for each in sdk.credentials)]


def _operation(method: Method) -> dict[str, object]:
    """An operation as the constant that its methods pass on."""
    names, body, paging = argument_names(method), method.operation.body, method.paging
    pairs = [("name", literal(method_name(method))), ("method", literal(method.operation.method))]
    pairs += [("path", literal(method.path))]
    if method.arguments:
        pairs.append(("arguments", _arguments([_passed(each, names) for each in method.arguments])))
    if method.security:
        pairs.append(("security", typescript.enclosed("", ("[", "]"), [literal(each) for each in method.security])))
    if body:
        pairs.append(("body", literal(body.media_type)))
        pairs += [("bodyRequired", "true")] if body.required else []
    if method.switch:
        pairs.append(("switch", literal(names[method.switch.name])))
    if method.streaming and method.streaming.end:
        pairs.append(("end", literal(method.streaming.end)))
    if paging:
        words = [("items", paging.items), ("next", paging.next), ("argument", names[paging.parameter])]
        words += [("more", paging.more)] if paging.more else []
        shown = [(word, literal(value)) for word, value in words]
        pairs.append(("pages", typescript.object_text(shown, indent=len("  pages: ,"))))
    return {"constant": method.name.upper(), "pairs": pairs}


def _passed(argument: Argument, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """An argument as the transport knows it."""
    pairs = [("name", names[argument.name]), ("place", argument.place), ("wire", argument.wire)]
    flags = [(flag, "true") for flag in ("required", "joined") if getattr(argument, flag)]
    return [*((name, literal(value)) for name, value in pairs), *flags]


def _arguments(arguments: Sequence[list[tuple[str, str]]]) -> str:
    """Arguments as a list: one of them on the same line where it fits, several on one line each."""
    if len(arguments) == 1:
        line = f"[{typescript.object_text(arguments[0], indent=0)}]"
        if "\n" not in line and len(f"  arguments: {line},") <= typescript.LINE_LENGTH:
            return line
    lines = [typescript.object_text(each, indent=5).replace("\n", "\n    ") for each in arguments]
    return "\n".join(["[", *(f"    {line}," for line in lines), "  ]"])


def _params(sdk: Sdk) -> dict[str, object]:
    """The interface of what each method takes, except the switch of its stream."""
    printed = []
    for method in sdk.methods:
        names = argument_names(method)
        fields = [_param(each, method, names[each.name]) for each in taken(method)]
        if fields:
            printed.append({"name": params_name(method), "method": method, "fields": fields})
    text = "\n".join(line for each in printed for _, line in each["fields"])  # type: ignore[attr-defined]
    return {"printed": printed, "uses_types": TYPES in text, "uses_files": re.search(r"\bFileContent\b", text)}


def _param(argument: Argument, method: Method, name: str) -> tuple[str, str]:
    """An argument as a comment and a property of its method's interface."""
    body, type_, prefix = method.operation.body, argument.type, TYPES
    if argument.place == "body" and body and body.media_type == "multipart/form-data":
        type_ = _with_files(type_)
        prefix = "" if type_ != argument.type else TYPES
    opening = f"{typescript.key(name)}:" if argument.required else f"{typescript.key(name)}?:"
    extra = () if argument.required else ("undefined",)
    about = [typescript.first_paragraph(argument.description), "@deprecated" if argument.deprecated else ""]
    return typescript.comment(about, 2), typescript.typed(opening, type_, indent=2, prefix=prefix, extra=extra)


def _with_files(type_: Type) -> Type:
    """A type of a form's field, where bytes may come with a file name."""
    match type_:
        case Scalar("binary"):
            return Named("FileContent")
        case ListOf(item):
            return ListOf(_with_files(item))
        case MapOf(value):
            return MapOf(_with_files(value))
        case AnyOf(options):
            return AnyOf(tuple(_with_files(option) for option in options))
        case _:
            return type_


def _schema(schema: Schema) -> str:
    """A schema as an interface or a type; an open one has a signature for the properties that nobody described."""
    about = typescript.comment([typescript.first_paragraph(schema.description)])
    lines = [about] if about else []
    if not isinstance(schema, Record):
        return "\n".join([*lines, typescript.typed(f"export type {schema.name} =", schema.type, indent=0)])
    lines.append(f"export interface {schema.name} {{")
    for field in schema.fields:
        told = typescript.comment(
            [typescript.first_paragraph(field.description), "@deprecated" if field.deprecated else ""], 2
        )
        opening = f"{typescript.key(field.name)}{'' if field.required else '?'}:"
        lines += [f"  {told}"] if told else []
        lines.append(f"  {typescript.typed(opening, field.type, indent=2)}")
    lines += ["  [key: string]: unknown;"] if schema.open else []
    return "\n".join([*lines, "}"])
