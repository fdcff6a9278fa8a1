"""The contract in, files out: a pure function, the same bytes for the same documents."""

from pathlib import Path

import jinja2

from codegen import layout, python
from codegen.ir import Alias, Contract, Record, Schema, names_in

PACKAGE = "src/tollhouse/generated"

_TEMPLATES = Path(__file__).parent / "templates"


def render(contract: Contract) -> dict[str, str]:
    """The generated files, by their path from the root of the checkout."""
    templates = environment()
    files = {
        "__init__.py": {},
        "bindings.py": _bindings(contract),
        "models.py": {"definitions": [(schema, frozenset()) for schema in contract.schemas]},
        "operations.py": {"operations": contract.operations},
    }
    return {
        f"{PACKAGE}/{file}": templates.get_template(f"{file}.jinja").render(values) for file, values in files.items()
    }


def _bindings(contract: Contract) -> dict[str, object]:
    tags = {operation.tag for operation in contract.operations}
    bodies = [names_in(operation.body.type) for operation in contract.operations if operation.body is not None]
    taken = [argument for operation in contract.operations for argument in python.arguments(operation)]
    choices = {"Literal"} if any("Literal[" in argument.annotation for argument in taken) else set()
    return {
        "operations": contract.operations,
        "typing": python.import_line("typing", {"Any", "TypeAlias", "cast"} | choices),
        "imports": [
            python.import_line("tollhouse.endpoints", tags),
            python.import_line("tollhouse.endpoints.context", {"Reply", "Request", "Services"}),
            python.import_line("tollhouse.generated.models", frozenset[str]().union(*bodies)),
        ],
    }


def environment(folder: str = "") -> jinja2.Environment:
    """The templates of a folder, and those that all of them share. What a template does not get is an error."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader([_TEMPLATES / folder, _TEMPLATES]),
        autoescape=jinja2.select_autoescape(enabled_extensions=()),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        newline_sequence="\n",
    )
    templates.filters.update(
        alias_line=python.alias_line,
        docstring=python.docstring,
        endpoint_call=python.endpoint_call,
        expected_endpoint=python.expected_endpoint,
        field_line=layout.schema_field,
        literal=python.literal,
        names=python.names,
    )
    templates.tests["alias"] = _is_alias
    templates.tests["class"] = _is_class
    return templates


def _is_alias(schema: Schema) -> bool:
    return isinstance(schema, Alias)


def _is_class(schema: Schema) -> bool:
    """Whether a record can be written as a class: one with a key such as `self-harm` cannot."""
    return isinstance(schema, Record) and all(python.is_attribute(field.name) for field in schema.fields)
