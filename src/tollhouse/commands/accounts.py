"""`tollhouse accounts`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tollhouse.commands.common import Commands, administer, as_json, directories, kept_store, quoted, short_time, show
from tollhouse.tables import record, table


@click.group(cls=Commands)
def accounts() -> None:
    """Create, credit, adjust, suspend and look at accounts.

    \b
    Examples:
      tollhouse accounts create --name acme --balance 10
      tollhouse accounts show acme
      tollhouse accounts suspend acme
    """


def budgets(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options for budgets."""
    for window, name in (("month", "--monthly-budget"), ("day", "--daily-budget")):
        text = f"The most it may spend in a calendar {window} (UTC); 0 is no limit."
        command = click.option(name, metavar="USD", help=text)(command)
    return command


def _budgets(daily: str | None, monthly: str | None) -> dict[str, str]:
    given = {"daily_budget_usd": daily, "monthly_budget_usd": monthly}
    return {field: usd for field, usd in given.items() if usd is not None}


@accounts.command("create")
@directories
@click.option("--name", required=True, help="Its name, for people.")
@click.option("--balance", default="0", metavar="USD", help="Opening balance, such as 10 or 2.50.")
@click.option("--rate-multiplier", default="1", metavar="M", help="Multiplier on every price, such as 0.9.")
@budgets
@as_json
def create_account(
    config: Path,
    data: Path | None,
    name: str,
    balance: str,
    rate_multiplier: str,
    daily_budget: str | None,
    monthly_budget: str | None,
    as_json: bool,
) -> None:
    """Create an account.

    \b
    Examples:
      tollhouse accounts create --name acme --balance 10
      tollhouse accounts create --name acme --balance 500 --daily-budget 25
    """
    body = {"name": name, "balance_usd": balance, "rate_multiplier": rate_multiplier}
    body |= _budgets(daily_budget, monthly_budget)
    account = administer(config, data, "POST", "/accounts", body=body)
    with kept_store(data) as store:
        named = [row.id for row in store.accounts() if row.name == name]
    if len(named) > 1:
        click.echo(
            f"Several accounts are called {name} now; commands tell them apart by id: {', '.join(named)}.", err=True
        )
    show(account, as_json, record(account))


@accounts.command("update")
@directories
@click.argument("account")
@click.option("--name", help="Another name, for people.")
@click.option("--rate-multiplier", metavar="M", help="Multiplier on every price from now on, such as 0.9.")
@budgets
@as_json
def update_account(
    config: Path,
    data: Path | None,
    account: str,
    name: str | None,
    rate_multiplier: str | None,
    daily_budget: str | None,
    monthly_budget: str | None,
    as_json: bool,
) -> None:
    """Change ACCOUNT (an id or a name): its name, its multiplier, what it may spend in a day or a month (UTC).

    Calls that run already end as they began.

    \b
    Examples:
      tollhouse accounts update acme --daily-budget 25 --monthly-budget 500
      tollhouse accounts update acme --daily-budget 0      # no limit any more
      tollhouse accounts update acme --name "Acme Ltd" --rate-multiplier 0.9
    """
    given = {"name": name, "rate_multiplier": rate_multiplier}
    body = {field: value for field, value in given.items() if value is not None} | _budgets(
        daily_budget, monthly_budget
    )
    if not body:
        raise click.UsageError("Say what to change: --name, --rate-multiplier, --daily-budget or --monthly-budget.")
    _update(config, data, account, body, as_json)


def _update(config: Path, data: Path | None, account: str, body: dict[str, str], as_json: bool) -> None:
    updated = administer(config, data, "PATCH", f"/accounts/{quoted(account)}", body=body)
    show(updated, as_json, record(updated))


@accounts.command("suspend")
@directories
@click.argument("account")
@as_json
def suspend_account(config: Path, data: Path | None, account: str, as_json: bool) -> None:
    """Refuse the keys of ACCOUNT (an id or a name) from now on. Calls that run already finish and are charged.

    \b
    Example:
      tollhouse accounts suspend acme
    """
    _update(config, data, account, {"status": "suspended"}, as_json)


@accounts.command("resume")
@directories
@click.argument("account")
@as_json
def resume_account(config: Path, data: Path | None, account: str, as_json: bool) -> None:
    """Let the keys of a suspended ACCOUNT (an id or a name) work again.

    \b
    Example:
      tollhouse accounts resume acme
    """
    _update(config, data, account, {"status": "active"}, as_json)


@accounts.command("credit")
@directories
@click.argument("account")
@click.option("--amount", required=True, metavar="USD", help="How much to add, such as 25.")
@click.option("--reference", required=True, help="What it is for; the same reference is credited once.")
@as_json
def credit_account(config: Path, data: Path | None, account: str, amount: str, reference: str, as_json: bool) -> None:
    """Add money to ACCOUNT (an id or a name). Repeating a reference changes nothing and says so.

    \b
    Example:
      tollhouse accounts credit acme --amount 25 --reference invoice-1042
    """
    body = {"amount_usd": amount, "reference": reference}
    credited = administer(config, data, "POST", f"/accounts/{quoted(account)}/credits", body=body)
    _say_whether_booked(credited, reference)
    show(credited, as_json, record(credited))


@accounts.command("adjust")
@directories
@click.argument("account")
@click.option("--amount", required=True, metavar="USD", help="How much to add, or to take away: 1.50 or -1.50.")
@click.option("--reference", required=True, help="What it is for; the same reference is booked once.")
@click.option("--reason", required=True, help="Why; it stays in the ledger.")
@as_json
def adjust_account(
    config: Path, data: Path | None, account: str, amount: str, reference: str, reason: str, as_json: bool
) -> None:
    """Correct the balance of ACCOUNT (an id or a name), up or down. Repeating a reference changes nothing and says so.

    \b
    Example:
      tollhouse accounts adjust acme --amount -1.50 --reference ticket-12 --reason "credited twice"
    """
    body = {"amount_usd": amount, "reference": reference, "reason": reason}
    adjusted = administer(config, data, "POST", f"/accounts/{quoted(account)}/adjustments", body=body)
    _say_whether_booked(adjusted, reference)
    show(adjusted, as_json, record(adjusted))


def _say_whether_booked(account: dict[str, Any], reference: str) -> None:
    if not account["booked"]:
        click.echo(f"The reference {reference} was booked already: the balance stays as it was.", err=True)


@accounts.command("sign-in-link")
@directories
@click.argument("account")
@as_json
def create_sign_in_link(config: Path, data: Path | None, account: str, as_json: bool) -> None:
    """Make a link with which the holder of ACCOUNT (an id or a name) signs in once, within 15 minutes.

    \b
    Example:
      tollhouse accounts sign-in-link acme
    """
    link = administer(config, data, "POST", f"/accounts/{quoted(account)}/sign-in-links")
    show(
        link,
        as_json,
        f"{link['url']}\nGood for one sign-in until {short_time(link['expires_at'])} UTC. It is not shown again.",
    )


@accounts.command("show")
@directories
@click.argument("account")
@as_json
def show_account(config: Path, data: Path | None, account: str, as_json: bool) -> None:
    """Show ACCOUNT (an id or a name): balance, holds, what it spent.

    \b
    Example:
      tollhouse accounts show acme --json
    """
    found = administer(config, data, "GET", f"/accounts/{quoted(account)}")
    show(found, as_json, record(found))


@accounts.command("list")
@directories
@as_json
def list_accounts(config: Path, data: Path | None, as_json: bool) -> None:
    """List every account.

    \b
    Example:
      tollhouse accounts list
    """
    found = administer(config, data, "GET", "/accounts")["accounts"]
    show(
        found,
        as_json,
        table(found, ("id", "name", "balance_usd", "held_usd", "spent_usd", "rate_multiplier", "status")),
    )
