"""What is wrong with one document: RULES is the list, `lint` applies it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tollhouse.spec.bundling import Spec, pointer
from tollhouse.spec.findings import Finding
from tollhouse.spec.lint_schemas import (
    Hit,
    array_without_items,
    default_does_not_fit,
    example_does_not_fit,
    not_a_schema,
    nullable_misplaced,
    nullable_without_type,
    reference_siblings,
    required_not_described,
    type_list_in_30,
)
from tollhouse.spec.operations import SSE, Operation, operations, schema_of, security_of
from tollhouse.spec.reading import Path
from tollhouse.spec.shapes import Undecided, shapes

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BILLING = ("none", "free", "metered")


class Rule(NamedTuple):
    """One rule; `check` yields where a document breaks it, with a sentence that says how."""

    code: str
    severity: str  # error or warning
    title: str
    why: str
    fix: str
    check: Callable[[Spec], Iterator[Hit]]


def lint(spec: Spec) -> list[Finding]:
    """All findings of all rules, by file and line; each once, however many operations share its component."""
    names = {operation.path: operation.id for operation in operations(spec)}
    found: dict[tuple[Any, ...], Finding] = {}
    for rule in RULES:
        for path, message in rule.check(spec):
            place = spec.place(path)
            around = tuple(name for start, name in names.items() if path[: len(start)] == start)
            key = (rule.code, place, message)
            found.setdefault(
                key,
                Finding(
                    rule.code,
                    rule.severity,
                    around,
                    pointer(path),
                    place,
                    message,
                    rule.fix,
                    f"{rule.code} {pointer(path)}",
                ),
            )
    return sorted(found.values(), key=lambda each: (each.place, each.code))


def _no_operation_id(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        if not each.value.get("operationId"):
            yield each.path, f"{each.method} {each.url} has no operationId"


def _operation_id_twice(spec: Spec) -> Iterator[Hit]:
    counts = Counter(each.value.get("operationId") for each in operations(spec))
    for each in operations(spec):
        name = each.value.get("operationId")
        if name and counts[name] > 1:
            yield (*each.path, "operationId"), f"the operationId {name} is given {counts[name]} times"


def _operation_id_no_name(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        name = each.value.get("operationId")
        if name and not _IDENTIFIER.fullmatch(str(name)):
            yield (*each.path, "operationId"), f"the operationId {name!r} cannot be the name of a method"


def _no_summary(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        if not each.value.get("summary") and not each.value.get("description"):
            yield each.path, f"{each.id} has neither a summary nor a description"


def _no_success(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        if not any(status[:1] in "123" or status == "default" for status in each.answers):
            yield (*each.path, "responses"), f"{each.id} describes no success"


def _no_error(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        if not any(status[:1] in "45" or status == "default" for status in each.answers):
            yield (*each.path, "responses"), f"{each.id} describes no error"


def _error_without_schema(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        for status, answer in each.answers.items():
            if status[:1] in "45" and not any(schema_of(spec, path) for path in answer.media.values()):
                yield answer.path, f"the error {status} has no schema for its body"


def _no_security(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        if security_of(spec, each) is None:
            yield each.path, f"{each.id} does not say who may call it"


def _unknown_scheme(spec: Spec) -> Iterator[Hit]:
    schemes = (spec.value.get("components") or {}).get("securitySchemes") or {}
    for each in operations(spec):
        start: Path = each.path if "security" in each.value else ()
        for index, requirement in enumerate(security_of(spec, each) or ()):
            for name in sorted(set(requirement) - set(schemes)):
                yield (*start, "security", index, name), f"there is no security scheme {name}"


def _secured_without_401(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        requirements = security_of(spec, each)
        if requirements and {} not in requirements and not {"401", "403", "4XX", "default"} & set(each.answers):
            yield (*each.path, "responses"), f"{each.id} needs credentials and describes neither 401 nor 403"


def _stream_without_schema(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        for answer in each.answers.values():
            if SSE in answer.media and schema_of(spec, answer.media[SSE]) is None:
                yield answer.media[SSE], f"the events of {each.id} have no schema"


def _stream_without_events(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        streams = each.value.get("x-stream", _asks_for_streams(spec, each))
        if streams is True and not any(SSE in answer.media for answer in each.answers.values()):
            yield each.path, f"{each.id} takes `stream`, and no answer is {SSE}"


def _asks_for_streams(spec: Spec, operation: Operation) -> bool:
    for media in operation.media.values():
        schema = schema_of(spec, media)
        try:
            if schema and any("stream" in shape.properties for shape in shapes(spec, frozenset({schema}))):
                return True
        except Undecided:
            pass
    return False


def _body_without_example(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        for name, path in each.media.items():
            if "json" in name and not _has_example(spec, path):
                yield path, f"the body of {each.id} has no example"


def _has_example(spec: Spec, path: Path) -> bool:
    value = spec.at(path)
    if "example" in value or value.get("examples"):
        return True
    schema = schema_of(spec, path)
    inner = spec.at(spec.resolve(schema)) if schema else {}
    return isinstance(inner, dict) and ("example" in inner or bool(inner.get("examples")))


def _path_parameters(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        described = {parameter.name: parameter for parameter in each.parameters if parameter.where == "path"}
        for name in sorted(set(each.placeholders) - set(described)):
            yield each.path, f"{{{name}}} in {each.url} is not described as a parameter"
        for name in sorted(set(described) - set(each.placeholders)):
            yield described[name].path, f"the path parameter {name} is not in {each.url}"
        for name in sorted(set(described) & set(each.placeholders)):
            if not described[name].required:
                yield described[name].path, f"the path parameter {name} needs required: true"


def _parameter_without_schema(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        for parameter in each.parameters:
            if parameter.schema is None:
                yield parameter.path, f"the {parameter.where} parameter {parameter.name} has no schema"


def _same_path_twice(spec: Spec) -> Iterator[Hit]:
    seen: dict[tuple[str, str], Operation] = {}
    for each in operations(spec):
        first = seen.setdefault(each.key, each)
        if first is not each:
            yield each.path, f"{each.method} {each.url} takes the same requests as {first.url}"


def _unused_component(spec: Spec) -> Iterator[Hit]:
    used = _references(spec.value)
    for section, entries in (spec.value.get("components") or {}).items():
        if section != "securitySchemes" and isinstance(entries, dict):
            for name in entries:
                if ("components", section, name) not in {spec.target(reference) for reference in used}:
                    yield ("components", section, name), f"nothing uses {section}/{name}"


def _references(value: Any) -> set[str]:
    if isinstance(value, list):
        return {reference for item in value for reference in _references(item)}
    if not isinstance(value, dict):
        return set()
    mapping = (
        (value.get("discriminator") or {}).get("mapping") if isinstance(value.get("discriminator"), dict) else None
    )
    own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
    own |= {target for target in (mapping or {}).values() if str(target).startswith("#/")}
    return own.union(*(_references(item) for item in value.values()))


def _billing(spec: Spec) -> Iterator[Hit]:
    for each in operations(spec):
        if "x-billing" in each.value and each.value["x-billing"] not in _BILLING:
            yield (*each.path, "x-billing"), f"x-billing is {each.value['x-billing']!r}"


RULES: tuple[Rule, ...] = (
    Rule("TH001", "error", "operationId is missing", "It is the name of generated methods and of this operation in every report.",
         "add an operationId", _no_operation_id),
    Rule("TH002", "error", "operationId is given twice", "Generated clients would have two methods of one name.",
         "give each operation its own operationId", _operation_id_twice),
    Rule("TH003", "error", "operationId is no identifier", "Generators have to invent another name.",
         "use letters, digits and underscores, such as create_user", _operation_id_no_name),
    Rule("TH004", "warning", "summary is missing", "The documentation has nothing to say about the operation.",
         "add a summary", _no_summary),
    Rule("TH005", "error", "two paths take the same requests", "Which of them answers depends on the router.",
         "merge the paths", _same_path_twice),
    Rule("TH010", "error", "no success response", "A client cannot know what it gets.",
         "describe the success", _no_success),
    Rule("TH011", "error", "no error response", "A client cannot handle what it is not told of.",
         "describe at least one 4XX, or default", _no_error),
    Rule("TH012", "error", "error without a schema", "A client cannot read the reason.",
         "add content with a schema", _error_without_schema),
    Rule("TH020", "error", "security is not stated", "Public by intention and forgotten look the same.",
         "add security, or security: [] for a public operation", _no_security),
    Rule("TH021", "error", "unknown security scheme", "No client can send these credentials.",
         "describe it in components/securitySchemes", _unknown_scheme),
    Rule("TH022", "error", "credentials without 401", "Wrong credentials are the commonest error.",
         "describe 401 or 403", _secured_without_401),
    Rule("TH030", "error", "stream without a schema", "Clients cannot type the events.",
         f"add a schema of one event to {SSE}", _stream_without_schema),
    Rule("TH031", "error", "streaming is not described", "The request can ask for a stream that no answer has.",
         f"add {SSE} to the success, or x-stream: false where it asks for none", _stream_without_events),
    Rule("TH040", "error", "example does not fit its schema", "Readers copy examples; this one would be refused.",
         "correct the example or the schema", example_does_not_fit),
    Rule("TH041", "warning", "request body without an example", "Nothing to copy, and nothing to test with.",
         "add an example", _body_without_example),
    Rule("TH042", "error", "default does not fit its schema", "What is used when nothing is sent would be refused when sent.",
         "correct the default or the schema", default_does_not_fit),
    Rule("TH050", "error", "path and parameters disagree", "Generators cannot build the URL.",
         "describe each {name} of the path once, as a required path parameter", _path_parameters),
    Rule("TH051", "error", "parameter without a schema", "Nobody can check or type it.",
         "add a schema", _parameter_without_schema),
    Rule("TH060", "warning", "unused component", "It may be a forgotten reference.",
         "use it or remove it", _unused_component),
    Rule("TH061", "error", "required field is not described", "It is often a slip of the pen, and nobody knows its type.",
         "describe it among the properties", required_not_described),
    Rule("TH062", "error", "array without items", "OpenAPI 3.0 demands items, and a client cannot type the list.",
         "add items", array_without_items),
    Rule("TH063", "error", "keywords beside $ref", "OpenAPI 3.0 ignores them.",
         "wrap the reference in allOf, or move the keywords", reference_siblings),
    Rule("TH064", "error", "nullable without type", "OpenAPI 3.0.3 gives nullable no effect without a type beside it.",
         "put a type beside nullable", nullable_without_type),
    Rule("TH065", "error", "nullable in OpenAPI 3.1", "3.1 does not know the word; null is a type there.",
         "write type: [..., 'null']", nullable_misplaced),
    Rule("TH066", "error", "list of types in OpenAPI 3.0", "3.0 knows one type, and nullable.",
         "use nullable or anyOf", type_list_in_30),
    Rule("TH067", "error", "not a schema", "No validator can be made of it.",
         "correct the schema", not_a_schema),
    Rule("TH070", "error", "unknown x-billing", "Nobody knows whether the operation costs money.",
         f"use one of {', '.join(_BILLING)}", _billing),
)  # fmt: skip
