"""What a check calls a failure and our documents describe as right. Narrow, one reason each."""

import re
from typing import Any, NamedTuple

from schemathesis import Case, Response
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree

from fuzz.values import SERVED_HERE, TRANSLATED


class Rule(NamedTuple):
    """A rule that a schema cannot say: a body or query that fits the schema is refused with these words."""

    operations: str  # a pattern of operationIds
    words: str  # a pattern of the answer's text
    reason: str


PASSED = "(post|put|patch)_provider_endpoint"
RULES = (
    Rule(".*", r"an integer beyond 64 bits|nested deeper|lone surrogate", "ambiguous JSON is refused (WIRE.md 9)"),
    Rule(
        "create_key|update_key|create_api_key",
        r"expires_at: ",
        "a point in time or a span, in the future and within the calendar: prose says which",
    ),
    Rule("credit_account|adjust_account", r"must be more than 0 USD|must change the balance", "zero is no change"),
    Rule("list_.*_rows|get_ledger_reconciliation", r"before is not a next_before", "a cursor is one that a page gave"),
    Rule("get_usage|get_all_usage", r"(from|to|by)(: | )", "days, hours and groups are described in prose"),
    Rule("explain_route|create_quote", r"Unknown model pricing", "models are the catalogue's"),
    Rule(
        "create_quote",
        r"Invalid request body|background: true",
        "a quote takes the body of the operation that it names, and refuses what that refuses",
    ),
    Rule("credit_account|adjust_account", r"A balance can be at most", "the sum of all credits has an end"),
    Rule(
        PASSED,
        r"names no model|body is empty|Unknown model pricing|Invalid request body|this operation takes application/json",
        "endpoints that the gateway serves itself take what they take there; others name a model with a price",
    ),
    Rule(
        PASSED, r"not a form with this boundary|of the form has", "a form is read before it passes, so it has to be one"
    ),
    Rule("create_response", r"background: true is not served", "the operation's description says so"),
    Rule("add_upstream_key", r"something that is not a key", "a key is one line of visible ASCII"),
)
UNREAD = "a body for an endpoint that the gateway does not serve itself passes as it is"
REVOKED = "a key that was revoked by DELETE stays readable, with the time when it was"
DEAR = "402: the longest answer that the request allows is dearer than any balance"
UNTRANSLATABLE = "the request cannot be said in the format of the only provider (docs/translation.md)"


def excuse(failure: Failure, case: Case[Any], response: Response) -> str | None:
    """Why a failure is none; None where it is one."""
    operation = case.operation.definition.raw
    if isinstance(failure, UseAfterFree) and operation["operationId"] == "get_key" and response.status_code == 200:
        return None if response.json()["is_active"] else REVOKED
    if isinstance(failure, AcceptedNegativeData) and re.fullmatch(PASSED, operation["operationId"]):
        own = case.path_parameters.get("endpoint") in SERVED_HERE
        return None if own else UNREAD
    if not isinstance(failure, RejectedPositiveData) or response.status_code not in (400, 402, 415, 422):
        return None
    if response.status_code == 402:
        return DEAR if operation["x-billing"] == "metered" else None
    if _untranslatable(case):
        return UNTRANSLATABLE
    text = response.content.decode("utf-8", "replace")
    for rule in RULES:
        if re.fullmatch(rule.operations, operation["operationId"]) and re.search(rule.words, text):
            return rule.reason
    return None


def _untranslatable(case: Case[Any]) -> bool:
    """A call that is served through another format, which cannot say everything (docs/translation.md)."""
    body = case.body
    return isinstance(body, dict) and (case.operation.definition.raw.get("x-kind"), body.get("model")) in TRANSLATED
