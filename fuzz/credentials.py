"""Credentials of every kind, by the security scheme that an operation declares."""

import itertools
from typing import Any

import schemathesis
from schemathesis import AuthContext, Case

from fuzz.gateway import FuzzedGateway
from tests.gateway import ADMIN_TOKEN

ENDS_SESSIONS = ("log_out", "log_out_everywhere")
HEADERS = {"xApiKey": "x-api-key", "apiKey": "api-key"}  # every other scheme is a bearer's


def authenticate(schema: schemathesis.BaseSchema, gateway: FuzzedGateway) -> None:
    """Give every case a credential that is good; the kinds of an operation take turns, no credential among them."""
    turn = itertools.count()

    class Credentials:
        def get(self, case: Case[Any], context: AuthContext) -> tuple[str, str] | None:
            operation = context.operation.definition.raw
            kinds = [name for requirement in operation.get("security", ()) for name in requirement or ("none",)]
            return _credential(kinds[next(turn) % len(kinds)], operation["operationId"], gateway) if kinds else None

        def set(self, case: Case[Any], data: tuple[str, str] | None, context: AuthContext) -> None:
            if data is not None:
                name, value = data
                case.headers[name] = value

    schema.auth(refresh_interval=None)(Credentials)


def _credential(kind: str, operation_id: str, gateway: FuzzedGateway) -> tuple[str, str] | None:
    if kind == "none":
        return None
    if kind in HEADERS:
        return HEADERS[kind], gateway.api_key
    return "authorization", f"Bearer {_bearer(kind, operation_id, gateway)}"


def _bearer(kind: str, operation_id: str, gateway: FuzzedGateway) -> str:
    if kind == "adminToken":
        return ADMIN_TOKEN
    if kind == "session":
        ends = operation_id in ENDS_SESSIONS
        return gateway.new_session(gateway.spare_account_id) if ends else gateway.session_token
    return gateway.api_key
