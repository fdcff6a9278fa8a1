"""Documents in, the typed contract out, or every complaint at once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from codegen import vendor
from codegen.ir import Contract, Document, Operation, Scheme, SchemeKind
from codegen.names import is_legal_function, legal_name
from codegen.operations import DIALECTS, OperationReader
from codegen.places import place_of, place_of_component
from codegen.schemas import SchemaReader
from tollhouse.contract.documents import document_names, load_document, operations


class ContractError(ValueError):
    """The documents cannot be generated from. The message has a line for each reason: document, method and path, what to do, file and line."""


def read(directory: Path | str) -> Contract:
    """The contract in the gateway's own documents, a folder of them. Raises ContractError."""
    folder = Path(directory).resolve()
    return _read([folder / f"{name}.yaml" for name in document_names(folder)], house=True)


def read_file(file: Path | str) -> Contract:
    """The contract in one document, whosoever it is. Raises ContractError, and DocumentError where it cannot be read at all."""
    path = Path(file).resolve()
    if path.suffix != ".yaml":
        raise ContractError(f"{file}: the name of a document ends in .yaml (JSON is YAML too, it only needs the name)")
    if not path.is_file():
        raise ContractError(f"{file}: there is no such file")
    return _read([path], house=False)


def _read(files: list[Path], house: bool) -> Contract:
    problems: list[str] = []
    schemas = SchemaReader(house)
    documents = tuple(_read_document(file, schemas, problems, house) for file in files)
    contract = Contract(documents, schemas.ordered(problems.append))
    problems.extend(_clashes(contract, {file.stem: file for file in files}, house))
    if problems:
        raise ContractError("\n".join(problems))
    return contract


def _read_document(file: Path, schemas: SchemaReader, problems: list[str], house: bool) -> Document:
    name, source = file.stem, load_document(file.stem, file.parent)

    def report(problem: str, *keys: str) -> None:
        problems.append(f"{name}: {problem} ({place_of(file, keys)})")

    def report_component(section: str, component: str, problem: str) -> None:
        problems.append(f"{name}: {problem} ({place_of_component(file, section, component)})")

    if not str(source.get("openapi", "")).startswith("3.") or not {"info", "paths"} <= set(source):
        raise ContractError(f"{file.name}: an OpenAPI 3 document has openapi: 3.…, info and paths")
    dialect = source.get("x-dialect")
    if house and not is_legal_function(name):
        report("the document's name must be in snake_case")
    if dialect not in (None, *DIALECTS):
        report(f"x-dialect must be one of {', '.join(DIALECTS)}", "x-dialect")
    vendor.check_known(source, vendor.DOCUMENT_KEYS, report)
    vendor.read_skip(source, report)
    components = source.get("components", {})
    schemas.read_components(components.get("schemas", {}), partial(report_component, "schemas"))
    return Document(
        name=name,
        title=source["info"]["title"],
        description=source["info"].get("description", ""),
        version=str(source["info"]["version"]),
        dialect=dialect,
        operations=tuple(
            OperationReader(name, source, entry, schemas, problems, file=file, house=house).operation(dialect)
            for entry in operations(source)
        ),
        server=_server(source.get("servers", ())),
        schemes=tuple(
            _scheme(scheme, entry, partial(_without_keys, partial(report_component, "securitySchemes", scheme)))
            for scheme, entry in sorted(components.get("securitySchemes", {}).items())
        ),
        tags=tuple(
            (tag["name"] if house else legal_name(tag["name"]), tag.get("description", ""))
            for tag in source.get("tags", ())
        ),
    )


def _server(servers: Sequence[Mapping[str, Any]]) -> str:
    """The address of the first server, with the defaults of its variables."""
    if not servers:
        return ""
    url = str(servers[0]["url"])
    for name, variable in servers[0].get("variables", {}).items():
        url = url.replace(f"{{{name}}}", str(variable["default"]))
    return url


def _without_keys(report: Callable[[str], None], problem: str, *keys: str) -> None:
    report(problem)


def _scheme(name: str, source: Mapping[str, Any], report: vendor.Report) -> Scheme:
    """A security scheme. Whatever ends as a token in `Authorization`, OAuth too, is `bearer` here."""
    vendor.check_known(source, vendor.SCHEME_KEYS, report)
    kind: SchemeKind = "bearer"
    if source.get("type") == "apiKey":
        kind = source["in"]
    elif source.get("type") == "http" and source.get("scheme", "").lower() == "basic":
        kind = "basic"
    option = vendor.read_credential(name, source, report) or legal_name(name)
    return Scheme(name, kind, source.get("name", "Authorization"), option, source.get("description", ""))


def _clashes(contract: Contract, files: Mapping[str, Path], house: bool) -> Iterator[str]:
    """Names that would be one and the same in the generated modules."""
    count = Counter(operation.operation_id for operation in contract.operations)
    tags = {operation.tag for operation in contract.operations}
    for operation in contract.operations:
        start = f"{operation.document}: {operation.method} {operation.path}: "
        for problem in _clashes_of(operation, count[operation.operation_id], tags if house else set()):
            keys = ("paths", operation.path, operation.method.lower())
            yield f"{start}{problem} ({place_of(files[operation.document], keys)})"


def _clashes_of(operation: Operation, times_used: int, tags: set[str]) -> Iterator[str]:
    if times_used > 1:
        yield f"operationId {operation.operation_id} is used {times_used} times"
    if operation.operation_id in tags:
        yield f"operationId {operation.operation_id} is also a tag; say what the operation does"
    for argument, times in Counter(parameter.argument for parameter in operation.parameters).items():
        if times > 1:
            yield f"several parameters become the argument {argument}; rename one with x-argument"
