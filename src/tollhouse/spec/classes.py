"""Every class of change with its severity: one list, printed by `tollhouse spec diff --classes` and checked against the docs."""

from typing import Literal, NamedTuple

Severity = Literal["breaking", "risky", "compatible"]
Direction = Literal["request", "response"]

B: Severity = "breaking"
R: Severity = "risky"
C: Severity = "compatible"


class ChangeClass(NamedTuple):
    """A class of change: what it does to those who send (request) and to those who receive (response)."""

    name: str
    request: Severity
    response: Severity
    title: str


CLASSES: tuple[ChangeClass, ...] = (
    # Schemas. In requests less being taken breaks, in responses more being sent.
    ChangeClass(
        "property-removed", B, B, "a field is gone; a request that has it is refused, a response has it no more"
    ),
    ChangeClass(
        "property-ignored", R, R, "a field of requests is not described any more; it is still taken, but means nothing"
    ),
    ChangeClass("property-newly-required", B, C, "a field has to be there"),
    ChangeClass("property-no-longer-required", C, B, "a field may be absent"),
    ChangeClass("property-added", C, C, "a new field"),
    ChangeClass("property-newly-described", R, C, "a new field where any other field was explicitly allowed before"),
    ChangeClass("property-added-to-closed", C, R, "a new field where the document allowed no others"),
    ChangeClass("extra-properties-refused", B, C, "fields that are not described are refused now"),
    ChangeClass("extra-properties-taken", C, R, "fields that are not described may be there now"),
    ChangeClass("type-narrowed", B, C, "a type is not allowed any more"),
    ChangeClass("type-widened", C, B, "another type is allowed"),
    ChangeClass("null-removed", B, C, "null is not allowed any more"),
    ChangeClass("null-added", C, B, "null is allowed"),
    ChangeClass("enum-value-removed", B, C, "a value is not allowed any more"),
    ChangeClass("enum-value-added", C, B, "another value is allowed"),
    ChangeClass("enum-added", B, C, "only listed values are allowed now"),
    ChangeClass("enum-dropped", C, B, "any value is allowed where values were listed"),
    ChangeClass("bound-narrowed", B, C, "a length, size or number has a tighter limit"),
    ChangeClass("bound-widened", C, B, "a length, size or number has a looser limit"),
    ChangeClass("constraint-added", B, C, "a format, a pattern or another constraint was added"),
    ChangeClass("constraint-removed", C, B, "a format, a pattern or another constraint was dropped"),
    ChangeClass("constraint-changed", R, R, "a format, a pattern or another constraint reads differently"),
    ChangeClass("alternative-removed", B, C, "one of the alternatives of anyOf or oneOf is gone"),
    ChangeClass("alternative-added", C, B, "anyOf or oneOf has another alternative"),
    ChangeClass("event-removed", B, B, "an event of a stream is gone"),
    ChangeClass("event-added", R, R, "a stream has another event, which clients may not know to skip"),
    ChangeClass("undecided", R, R, "the schemas differ in a way that cannot be compared"),
    # Operations and what surrounds the schemas.
    ChangeClass("operation-removed", B, B, "an operation is gone"),
    ChangeClass("operation-moved", B, B, "an operation has another method or path"),
    ChangeClass("operation-renamed", B, B, "an operation has another operationId, the name of generated methods"),
    ChangeClass("operation-deprecated", C, C, "an operation is announced to go"),
    ChangeClass("operation-added", C, C, "a new operation"),
    ChangeClass("parameter-removed", B, B, "a parameter is gone"),
    ChangeClass("parameter-renamed", R, R, "a path parameter has another name, which generated methods show"),
    ChangeClass("parameter-newly-required", B, B, "a parameter has to be given"),
    ChangeClass("parameter-no-longer-required", C, C, "a parameter may be left out"),
    ChangeClass("parameter-added", C, C, "a new optional parameter"),
    ChangeClass("body-removed", B, B, "a request has no body any more"),
    ChangeClass("body-newly-required", B, B, "a request needs a body"),
    ChangeClass("body-added", C, C, "a request may have a body, or may leave it out now"),
    ChangeClass("media-type-removed", B, B, "a content type is gone"),
    ChangeClass("media-type-added", C, C, "another content type"),
    ChangeClass("status-removed", B, B, "a success status is gone"),
    ChangeClass("status-added", B, B, "another success status"),
    ChangeClass("error-status-removed", R, R, "an error status is gone"),
    ChangeClass("error-status-added", R, R, "another error status"),
    ChangeClass("header-removed", B, B, "a response header is gone"),
    ChangeClass("header-no-longer-required", B, B, "a response header may be absent"),
    ChangeClass("header-added", C, C, "another response header"),
    ChangeClass("auth-added", B, B, "credentials are needed where none were"),
    ChangeClass("auth-removed", B, B, "a way to authenticate is not taken any more"),
    ChangeClass("auth-widened", C, C, "another way to authenticate, or none needed"),
    ChangeClass("auth-changed", B, B, "a security scheme works differently"),
    ChangeClass("scope-added", B, B, "credentials need another scope"),
    ChangeClass("stream-removed", B, B, "an operation does not stream any more"),
    ChangeClass("stream-added", C, C, "an operation can stream"),
    ChangeClass("billing-added", B, B, "an operation costs money that did not, or asks for credit"),
    ChangeClass("billing-dropped", C, C, "an operation costs nothing any more"),
    ChangeClass("server-removed", R, R, "a base URL is gone"),
)
BY_NAME = {each.name: each for each in CLASSES}


def severity(name: str, direction: Direction) -> Severity:
    """What a class of change is in a direction."""
    return BY_NAME[name].request if direction == "request" else BY_NAME[name].response
