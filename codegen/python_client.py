"""The Python client library, printed from its plan."""

from collections.abc import Iterator
from pathlib import Path

from codegen import python
from codegen.ir import Alias, AnyOf, ListOf, MapOf, Named, Record, Scalar, Schema, Type, names_of
from codegen.layout import field_line
from codegen.python_resources import (
    TYPES,
    constant,
    params_name,
    part_type,
    resource_values,
    result_type,
    taken,
    used_names,
)
from codegen.render import environment
from codegen.sdk import Argument, Method, Sdk

_ROOT = Path(__file__).resolve().parents[1]
_RUNTIME = Path(__file__).parent / "runtime" / "python"
_TYPING = ("Any", "Literal", "NotRequired", "TypeAlias", "TypedDict")


def render_python(sdk: Sdk) -> dict[str, str]:
    """The files of the library, by their path from its root."""
    templates, package = environment("python"), f"src/{sdk.package.module}"
    templates.filters.update(
        all_names=_all_names,
        argument_docstring=_argument_docstring,
        import_line=lambda names, module: python.import_line(module, names),
    )
    files: dict[str, tuple[str, dict[str, object]]] = {
        f"{package}/__init__.py": ("__init__.py", {"exported": _exported(sdk)}),
        f"{package}/_client.py": ("_client.py", {"credentials": sdk.credentials}),
        f"{package}/_operations.py": ("_operations.py", _operations(sdk)),
        f"{package}/params.py": ("params.py", _params(sdk)),
        f"{package}/types.py": ("types.py", _types(sdk)),
        f"{package}/resources/__init__.py": ("resources/__init__.py", {}),
        "README.md": ("README.md", {"variables": _variables(sdk)}),
        "pyproject.toml": ("pyproject.toml", {}),
    }
    for resource in sdk.resources:
        files[f"{package}/resources/{resource.name}.py"] = ("resources/resource.py", resource_values(resource))
    printed = {
        path: templates.get_template(f"{name}.jinja").render(sdk=sdk, package=sdk.package, **values)
        for path, (name, values) in files.items()
    }
    licence = {"LICENSE": (_ROOT / "LICENSE").read_text(encoding="utf-8")} if sdk.package.license else {}
    return dict(sorted({**printed, **licence, f"{package}/py.typed": "", **_runtime(package)}.items()))


def owned_by(sdk: Sdk) -> str:
    """The folder of the library in which nothing is but what is generated."""
    return f"src/{sdk.package.module}"


def _runtime(package: str) -> dict[str, str]:
    """The hand-written part, unchanged."""
    return {
        f"{package}/_runtime/{path.name}": path.read_text(encoding="utf-8") for path in sorted(_RUNTIME.glob("*.py"))
    }


def _exported(sdk: Sdk) -> list[tuple[str, list[str]]]:
    """What the package exports, by module."""
    errors = [line.split("class ")[1] for line in (_RUNTIME / "errors.py").read_text().splitlines() if "class " in line]
    names = [error.partition("(")[0] for error in errors if error.partition("(")[0].isidentifier()]
    return [
        ("_client", [f"Async{sdk.package.client}", sdk.package.client]),
        ("_runtime.answers", ["RawResponse"]),
        ("_runtime.errors", sorted(names)),
        ("_runtime.operations", ["CallOptions", "File"]),
        ("_runtime.pages", ["AsyncPage", "Page"]),
        ("_runtime.streams", ["AsyncStream", "Stream"]),
    ]


def _all_names(exported: list[tuple[str, list[str]]]) -> list[str]:
    """What `__all__` lists, in the order that ruff wants: classes, then everything else."""
    classes = sorted(name for _, names in exported for name in names)
    return [*classes, "__version__", "params", "types"]


def _argument_docstring(argument: Argument) -> str:
    """What an argument is for, under its key."""
    old = "Deprecated. " if argument.deprecated else ""
    return python.docstring(f"{old}{argument.description}".strip(), 4)


def _variables(sdk: Sdk) -> list[tuple[str, str, str]]:
    """The options of the client that environment variables can give, with what they are."""
    base = ("base_url", f"{sdk.package.environment}_BASE_URL", f"Where the server is; `{sdk.package.base_url}`.")
    return [base, *((each.option, each.variable, each.description) for each in sdk.credentials)]


def _operations(sdk: Sdk) -> dict[str, object]:
    """The constants, and what they import."""
    methods = [_operation(method) for method in sdk.methods]
    types = "\n".join(str(each["type"]) for each in methods)
    needed = {"Operation"} | ({"Argument"} if any(each["arguments"] for each in methods) else set())
    needed |= {"Pages"} if any(each["pages"] for each in methods) else set()
    return {
        "methods": methods,
        "typing": _typing(types, ("Any", "Literal", "Never")),
        "uses_types": TYPES in types,
        "runtime": python.import_line("._runtime.operations", needed),
    }


def _operation(method: Method) -> dict[str, object]:
    """An operation as the constant that its methods pass on."""
    paging, body = method.paging, method.operation.body
    words = []
    if paging:
        words = [f"items={python.literal(paging.items)}", f"next={python.literal(paging.next)}"]
        words += [f"argument={python.literal(paging.parameter)}"]
        words += [f"more={python.literal(paging.more)}"] if paging.more else []
    return {
        "name": method.name,
        "constant": constant(method),
        "type": f"Operation[{result_type(method)}, {part_type(method)}]",
        "method": method.operation.method,
        "path": method.path,
        "arguments": _tuple([_passed(each) for each in method.arguments]),
        "security": method.security,
        "body": body.media_type if body else None,
        "body_required": bool(body and body.required),
        "switch": method.switch.name if method.switch else None,
        "end": method.streaming.end if method.streaming else None,
        "pages": f"Pages({', '.join(words)})" if words else None,
    }


def _tuple(items: list[str]) -> str:
    """Items as a tuple: one of them on the same line, several on one line each."""
    if len(items) == 1 and "\n" not in items[0]:
        return f"({items[0]},)"
    return "\n".join(["(", *(f"        {item}," for item in items), "    )"]) if items else ""


def _passed(argument: Argument) -> str:
    """An argument as the transport knows it."""
    items = [python.literal(each) for each in (argument.name, argument.place, argument.wire)]
    items += ["required=True"] if argument.required else []
    items += ["joined=True"] if argument.joined else []
    return python.enclosed("Argument", ("(", ")"), items, indent=8, after=",")


def _params(sdk: Sdk) -> dict[str, object]:
    """The TypedDict of what each method takes, except the switch of its stream."""
    printed, quoted = [], _quoted(sdk)
    for method in sdk.methods:
        fields = [(each, _param(each, method, quoted)) for each in taken(method)]
        if fields:
            printed.append({"name": params_name(method), "method": method, "fields": fields})
    text = "\n".join(line for each in printed for _, line in each["fields"])  # type: ignore[attr-defined]
    return {
        "printed": printed,
        "typing": _typing(text, ("Any", "Literal", "NotRequired")),
        "runtime": python.import_line("._runtime.operations", used_names(text, ("File",)) | {"CallOptions"}),
        "uses_types": TYPES in text,
    }


def _param(argument: Argument, method: Method, quoted: frozenset[str]) -> str:
    """An argument as a key of its method's TypedDict."""
    body = method.operation.body
    type_ = argument.type
    if argument.place == "body" and body and body.media_type == "multipart/form-data":
        type_ = _with_files(type_)
    prefix = "" if type_ != argument.type else TYPES
    return field_line(argument.name, type_, required=argument.required, indent=4, prefix=prefix, ahead=quoted)


def _with_files(type_: Type) -> Type:
    """A type of a form's field, where bytes may come with a file name."""
    match type_:
        case Scalar("binary"):
            return Named("File")
        case ListOf(item):
            return ListOf(_with_files(item))
        case MapOf(value):
            return MapOf(_with_files(value))
        case AnyOf(options):
            return AnyOf(tuple(_with_files(option) for option in options))
        case _:
            return type_


def _types(sdk: Sdk) -> dict[str, object]:
    """Schemas, each with those that it mentions before their definition."""
    printed = _definitions(sdk)
    text = "\n".join(_shapes(printed))
    return {"definitions": printed, "typing": _typing(text, _TYPING)}


def _definitions(sdk: Sdk) -> list[tuple[Schema, frozenset[str]]]:
    """Schemas, each with the names for which it needs quotes: those defined further down, and aliases that are in quotes themselves.

    An alias in quotes is a string when the module is read, and a string has no `|`.
    """
    quoted = {schema.name for schema in sdk.schemas}
    printed: list[tuple[Schema, frozenset[str]]] = []
    for schema in sdk.schemas:
        ahead = names_of(schema) & quoted
        printed.append((schema, ahead))
        if isinstance(schema, Record) or not ahead:
            quoted.discard(schema.name)
    return printed


def _quoted(sdk: Sdk) -> frozenset[str]:
    """The aliases that are in quotes."""
    return frozenset(schema.name for schema, ahead in _definitions(sdk) if ahead and isinstance(schema, Alias))


def _shapes(printed: list[tuple[Schema, frozenset[str]]]) -> Iterator[str]:
    """The words of which `typing` defines some."""
    for schema, _ in printed:
        if isinstance(schema, Record):
            yield "TypedDict"
            for field in schema.fields:
                yield python.field_annotation(field)
        else:
            yield f"TypeAlias {python.annotation(schema.type)}"


def _typing(text: str, names: tuple[str, ...]) -> str:
    used = used_names(text, names)
    return python.import_line("typing", used) if used else ""
