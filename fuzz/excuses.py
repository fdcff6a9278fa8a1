"""What a check calls a failure and our documents describe as right. Narrow, one reason each."""

import re
from typing import Any, NamedTuple

from schemathesis import Case, Response
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import RejectedPositiveData

from fuzz.values import TRANSLATED


class Rule(NamedTuple):
    """A rule that a schema cannot say: a body or query that fits the schema is refused with these words."""

    operations: str  # a pattern of operationIds
    words: str  # a pattern of the answer's text
    reason: str


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
    Rule("create_response", r"background: true is not served", "the operation's description says so"),
    Rule("add_upstream_key", r"something that is not a key", "a key is one line of visible ASCII"),
)
DEAR = "402: the longest answer that the request allows is dearer than any balance"
UNTRANSLATABLE = "the request cannot be said in the format of the only provider (docs/translation.md)"


def excuse(failure: Failure, case: Case[Any], response: Response) -> str | None:
    """Why a failure is none; None where it is one."""
    if not isinstance(failure, RejectedPositiveData) or response.status_code not in (400, 402, 422):
        return None
    operation = case.operation.definition.raw
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
