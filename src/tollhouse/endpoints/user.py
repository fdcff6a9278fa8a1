"""Who signed in."""

from typing import Any

from tollhouse.billing.ledger import Account
from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.identity.principals import Session
from tollhouse.times import format_us


async def get_user_profile(services: Services, request: Request) -> Reply:
    account, _ = signed_in(request)
    return described(services, account)


def signed_in(request: Request) -> tuple[Account, Session]:
    """The account of an operation that takes sessions only, and the session itself."""
    principal = request.principal
    assert principal is not None and principal.session is not None, "the contract lets nobody else in"
    return principal.account, principal.session


def described(services: Services, account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "address": services.sign_ins.address_of(account),
        "created_at": format_us(account.created_at_us),
    }
