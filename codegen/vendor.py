"""The keys beginning with `x-sdk` that shape the client libraries, checked. docs/codegen.md describes them."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from codegen.ir import ListOf, Paging, Parameter, Record, Scalar, Streaming, Type

OPERATION_KEYS = ("x-sdk-pagination", "x-sdk-skip", "x-sdk-stream")
DOCUMENT_KEYS = ("x-sdk-skip",)
SCHEME_KEYS = ("x-sdk-credential",)
PAGINATION_KEYS = ("items", "more", "next", "parameter")
STREAM_KEYS = ("end", "parameter")


class Report(Protocol):
    """Takes a complaint about a vendor key, and says where that key is."""

    def __call__(self, problem: str, *keys: str) -> None: ...


def check_known(source: Mapping[str, Any], accepted: Iterable[str], report: Report) -> None:
    """Report each key beginning with `x-sdk` that nothing reads."""
    for key in sorted(str(key) for key in source if str(key).startswith("x-sdk")):
        if key not in (known := tuple(accepted)):
            report(f"{key} is not known; {_choice(key, known)}", key)


def read_skip(source: Mapping[str, Any], report: Report) -> bool:
    """`x-sdk-skip`: whether the client libraries leave an operation, or a whole document, out."""
    skipped = source.get("x-sdk-skip", False)
    if not isinstance(skipped, bool):
        report(f"x-sdk-skip must be true or false, not {skipped!r}", "x-sdk-skip")
    return bool(skipped)


def read_streaming(
    source: Mapping[str, Any], event: Type | None, body: Record | None, report: Report
) -> Streaming | None:
    """`x-sdk-stream`: how an operation streams. Where it says nothing, a body's `stream` decides, or the answer always streams."""
    given, key = source.get("x-sdk-stream"), "x-sdk-stream"
    if event is None:
        if given is not None:
            report(f"{key} belongs to an operation that can answer with text/event-stream", key)
        return None
    switches = {field.name for field in body.fields} if body else set()
    if given is None:
        return Streaming("stream" if "stream" in switches else None, None)
    if not _is_mapping_of(given, STREAM_KEYS, key, report):
        return None
    parameter, end = given.get("parameter"), given.get("end")
    if parameter is not None and parameter not in switches:
        report(f"{key}: parameter {parameter!r} is not a property of the body; {_choice(parameter, switches)}", key)
    return Streaming(parameter, end)


def read_paging(
    source: Mapping[str, Any], answer: Record | None, parameters: Iterable[Parameter], report: Report
) -> Paging | None:
    """`x-sdk-pagination`: how the pages of a list follow each other. None where an operation has no pages, or a wrong word on them."""
    given, key = source.get("x-sdk-pagination"), "x-sdk-pagination"
    if given is None or not _is_mapping_of(given, PAGINATION_KEYS, key, report):
        return None
    if missing := sorted({"items", "next", "parameter"} - set(given)):
        report(f"{key} needs {' and '.join(missing)}", key)
        return None
    if answer is None:
        report(f"{key} needs a 200 answer that is an object in application/json", key)
        return None
    fields = {field.name: field.type for field in answer.fields}
    names = {parameter.name: parameter.argument for parameter in parameters if parameter.location == "query"}
    for word in ("items", "next", "more"):
        if word in given and given[word] not in fields:
            report(f"{key}: {word} {given[word]!r} is no property of the answer; {_choice(given[word], fields)}", key)
    if given["parameter"] not in names:
        report(
            f"{key}: parameter {given['parameter']!r} is not in the query; {_choice(given['parameter'], names)}", key
        )
    items = fields.get(given["items"], ListOf(Scalar("anything")))
    if not isinstance(items, ListOf):
        report(f"{key}: items {given['items']!r} is not an array that is always there", key)
        return None
    argument = names.get(given["parameter"], "")
    return Paging(given["items"], given["next"], argument, given.get("more"), items.item)


def read_credential(name: str, source: Mapping[str, Any], report: Report) -> str | None:
    """`x-sdk-credential`: the client's option that holds the credential of a scheme; schemes may share one."""
    option = source.get("x-sdk-credential")
    if option is not None and not (isinstance(option, str) and option.isidentifier()):
        report(f"security scheme {name}: x-sdk-credential must be a name such as api_key, not {option!r}")
        return None
    return option


def _is_mapping_of(given: object, accepted: Collection[str], key: str, report: Report) -> bool:
    if not isinstance(given, Mapping):
        report(f"{key} must be a mapping with the keys {', '.join(accepted)}", key)
        return False
    for word, value in given.items():
        if word not in accepted:
            report(f"{key} has no key {word!r}; {_choice(str(word), accepted)}", key, str(word))
        elif not isinstance(value, str):
            report(f"{key}: {word} must be a string, not {value!r}", key, str(word))
    return all(word in accepted and isinstance(value, str) for word, value in given.items())


def _choice(word: str, accepted: Iterable[str]) -> str:
    """What could have been written, and the nearest spelling first where there is one."""
    known = sorted(accepted)
    near = difflib.get_close_matches(word, known, 1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    return f"{meant}there is {', '.join(known) or 'none'}"
