"""Accounts, for administrators."""

from typing import Any

from tollhouse.billing.budgets import Budget
from tollhouse.billing.ledger import Account
from tollhouse.billing.money import format_usd, parse_multiplier, parse_usd
from tollhouse.endpoints.context import Reply, Request, Services, Value
from tollhouse.errors import InvalidRequest
from tollhouse.generated.models import (
    AdjustAccountRequest,
    CreateAccountRequest,
    CreditAccountRequest,
    UpdateAccountRequest,
)
from tollhouse.times import format_us, now_us


async def create_account(services: Services, request: Request, *, body: CreateAccountRequest) -> Reply:
    balance = nano_usd(body.get("balance_usd") or "0", "balance_usd")
    if balance < 0:
        raise InvalidRequest("balance_usd must not be negative.", param="balance_usd")
    multiplier = _multiplier(body.get("rate_multiplier") or "1")
    budget = Budget(
        _budget(body.get("daily_budget_usd"), "daily_budget_usd"),
        _budget(body.get("monthly_budget_usd"), "monthly_budget_usd"),
    )
    account = await services.accounts.create(
        body["name"], balance_nano=balance, multiplier_ppm=multiplier, budget=budget, by=request.author
    )
    return Value(described(account), 201)


async def list_accounts(services: Services, request: Request) -> Reply:
    return {"accounts": [described(account) for account in services.accounts.all()]}


async def get_account(services: Services, request: Request, *, account: str) -> Reply:
    return described(services.accounts.find(account))


async def update_account(services: Services, request: Request, *, account: str, body: UpdateAccountRequest) -> Reply:
    found = services.accounts.find(account)
    columns: dict[str, Any] = {name: value for name in ("name", "status") if (value := body.get(name)) is not None}
    if "rate_multiplier" in body:
        columns["multiplier_ppm"] = _multiplier(body["rate_multiplier"])
    if "daily_budget_usd" in body:
        columns["daily_budget_nano"] = _budget(body["daily_budget_usd"], "daily_budget_usd")
    if "monthly_budget_usd" in body:
        columns["monthly_budget_nano"] = _budget(body["monthly_budget_usd"], "monthly_budget_usd")
    await services.accounts.update(found, columns, request.author)
    return described(found)


async def credit_account(services: Services, request: Request, *, account: str, body: CreditAccountRequest) -> Reply:
    found = services.accounts.find(account)
    amount = nano_usd(body["amount_usd"], "amount_usd")
    booked = await services.accounts.credit(found, amount, body["reference"], request.author)
    return {**described(found), "booked": booked}


def _budget(usd: str | None, field: str) -> int | None:
    """A budget in nano-dollars; None is no limit, and so is zero."""
    return nano_usd(usd, field) or None if usd is not None else None


async def adjust_account(services: Services, request: Request, *, account: str, body: AdjustAccountRequest) -> Reply:
    found = services.accounts.find(account)
    sign, text = (-1, body["amount_usd"][1:]) if body["amount_usd"].startswith("-") else (1, body["amount_usd"])
    amount = sign * nano_usd(text, "amount_usd")
    booked = await services.accounts.adjust(found, amount, body["reference"], body["reason"], request.author)
    return {**described(found), "booked": booked}


def _multiplier(text: str) -> int:
    try:
        return parse_multiplier(text)
    except ValueError as error:
        raise InvalidRequest(f"rate_multiplier: {error}.", param="rate_multiplier") from error


async def create_sign_in_link(services: Services, request: Request, *, account: str) -> Reply:
    found = services.accounts.find(account)
    link = await services.sign_ins.create_link(found, request.author)
    shown = {"account": found.id, "url": link.url, "token": link.token, "expires_at": format_us(link.expires_at_us)}
    return Value(shown, 201)


def nano_usd(text: str, field: str) -> int:
    """A decimal string of a request in nano-dollars; raises InvalidRequest that names the field."""
    try:
        return parse_usd(text)
    except ValueError as error:
        raise InvalidRequest(f"{field}: {error}.", param=field) from error


def described(account: Account) -> dict[str, Any]:
    budget = account.budget
    today, this_month = budget.windows(now_us())
    return {
        "id": account.id,
        "name": account.name,
        "balance_usd": format_usd(account.balance_nano),
        "held_usd": format_usd(account.held_nano),
        "available_usd": format_usd(account.available_nano),
        "spent_usd": format_usd(account.spent_nano),
        "spent_today_usd": format_usd(today.spent_nano),
        "daily_budget_usd": None if budget.daily_nano is None else format_usd(budget.daily_nano),
        "spent_this_month_usd": format_usd(this_month.spent_nano),
        "monthly_budget_usd": None if budget.monthly_nano is None else format_usd(budget.monthly_nano),
        "rate_multiplier": account.multiplier,
        "status": account.status,
        "created_at": format_us(account.created_at_us),
    }
