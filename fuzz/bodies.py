"""Bodies that a schema alone does not draw: every other one of them is what the operation really wants."""

import itertools
from collections.abc import Mapping
from typing import Any

import schemathesis
from schemathesis import Case, HookContext

from fuzz.gateway import FuzzedGateway
from tests.wallets import Wallet


def help_bodies(schema: schemathesis.BaseSchema, gateway: FuzzedGateway) -> None:
    """Ask for streams, sign in with links that exist, and with signatures of a wallet's challenge."""
    turn = itertools.count()
    wallet = Wallet(secret=7)

    @schema.hook
    def map_case(context: HookContext, case: Case[Any]) -> Case[Any]:
        good = case.meta is not None and case.meta.generation.mode.is_positive
        if good and isinstance(case.body, dict) and next(turn) % 2:
            case.body = {**case.body, **_wanted(case.operation.definition.raw, case.body)}
        return case

    def _wanted(operation: Mapping[str, Any], body: Mapping[str, Any]) -> Mapping[str, Any]:
        if operation.get("x-stream") and "stream" not in body:
            return {"stream": True}
        if operation["operationId"] == "use_sign_in_link":
            link = gateway.admin.post(f"/accounts/{gateway.spare_account_id}/sign-in-links").json()
            return {"token": link["token"]}
        if operation["operationId"] == "connect_wallet":
            asked = gateway.client.get("/api/auth/nonce", params=wallet.asks).json()
            return wallet.answers(asked["message"])
        return {}
