"""Signing in and out."""

from typing import Any

from tollhouse.billing.ledger import Account
from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.endpoints.user import described, signed_in
from tollhouse.generated.models import ConnectWalletRequest, UseSignInLinkRequest
from tollhouse.times import format_us


async def get_sign_in_challenge(services: Services, request: Request, *, address: str, chain_id: int) -> Reply:
    challenge = services.sign_ins.challenge(address, chain_id, request.client, request.config.routes)
    return {
        "message": challenge.message,
        "nonce": challenge.nonce,
        "expires_at": format_us(challenge.expires_at_us),
    }


async def connect_wallet(services: Services, request: Request, *, body: ConnectWalletRequest) -> Reply:
    token, account = await services.sign_ins.connect(
        body["address"], body["chain_id"], body["signature"], request.client, request.config.routes
    )
    return _session(services, token, account)


async def use_sign_in_link(services: Services, request: Request, *, body: UseSignInLinkRequest) -> Reply:
    token, account = await services.sign_ins.use_link(body["token"], request.client, request.config.routes)
    return _session(services, token, account)


async def log_out(services: Services, request: Request) -> Reply:
    _, session = signed_in(request)
    await services.sign_ins.log_out(session)
    return {"success": True}


async def log_out_everywhere(services: Services, request: Request) -> Reply:
    account, _ = signed_in(request)
    await services.sign_ins.log_out_everywhere(account)
    return {"success": True}


def _session(services: Services, token: str, account: Account) -> dict[str, Any]:
    return {"token": token, "user": described(services, account)}
