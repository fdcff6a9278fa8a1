"""`tollhouse ledger recompute`: every charge again from its own row, or one with its whole working."""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from tollhouse.billing.money import format_usd
from tollhouse.billing.recompute import Line, Recomputed, working
from tollhouse.billing.recompute import recompute as recompute_books
from tollhouse.commands.common import account_id_in, as_json, directories, kept_store, short_time, show
from tollhouse.errors import TollhouseError
from tollhouse.storage.base import Store
from tollhouse.tables import table

COLUMNS = (
    "account", "requests", "charged_usd", "recomputed_usd", "balance_usd", "recomputed_balance_usd", "difference_usd",
)  # fmt: skip


@click.command("recompute")
@directories
@click.option("--request", help="Only this request, with every step of its price.")
@click.option("--account", help="Only this account's requests: an id or a name.")
@as_json
def recompute(config: Path, data: Path | None, request: str | None, account: str | None, as_json: bool) -> None:
    """Work out every charge again from its own row; exit 1 on any difference.

    \b
    Examples:
      tollhouse ledger recompute
      tollhouse ledger recompute --account acme --json
      tollhouse ledger recompute --request req_0199…
    """
    with kept_store(data) as store:
        account_id = account_id_in(store, account) if account is not None else None
        if request is not None:
            holds = _show_request(store, request, account_id, as_json)
        else:
            with store.books() as books:
                found = recompute_books(books, account_id)
            holds = _show_accounts(found, as_json)
    if not holds:
        sys.exit(1)


def _show_accounts(found: Recomputed, as_json: bool) -> bool:
    lines = [_described(name, line) for name, line in sorted(found.accounts.items())]
    total = _described("(all)", found.total)
    differences = [
        {
            "request_id": each.request_id,
            "account": each.account,
            "charged_usd": None if each.charged_nano is None else format_usd(each.charged_nano),
            "recomputed_usd": None if each.recomputed_nano is None else format_usd(each.recomputed_nano),
            "reason": each.reason,
        }
        for each in found.differences
    ]
    value = {
        "accounts": lines,
        "total": {name: total[name] for name in COLUMNS if name != "account"},
        "differing": found.differing,
        "differences": differences,
    }
    people = table([*lines, total], COLUMNS)
    if found.holds:
        people += "\nEvery charge is what its row makes."
    else:
        people += f"\nNot every charge is what its row makes; differing requests: {found.differing}"
    if differences:
        people += f"\n\n{table(differences, tuple(differences[0]))}"
    show(value, as_json, people)
    return found.holds


def _described(account: str, line: Line) -> dict[str, Any]:
    money = {
        name.replace("_nano", "_usd"): format_usd(value) for name, value in asdict(line).items() if name != "requests"
    }
    difference = line.balance_nano - line.recomputed_balance_nano
    return {"account": account, "requests": line.requests, **money, "difference_usd": format_usd(difference)}


def _show_request(store: Store, request_id: str, account_id: str | None, as_json: bool) -> bool:
    """One charge with its working; raises TollhouseError where there is none to work out."""
    entries = [entry for entry in store.entries_of(request_id) if account_id in (None, entry["account"])]
    if not entries:
        raise TollhouseError(f"The ledger has no request {request_id}; `tollhouse ledger show` lists what it has.")
    version = entries[0]["price_version"]
    catalogue = store.price_version(version) if version else None
    try:
        shown = working(entries, {} if catalogue is None else {version: catalogue})
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise TollhouseError(f"The charge of {request_id} cannot be worked out: {error}.") from error
    show(shown, as_json, _people(shown))
    return shown["working"] is None or shown["working"]["difference_usd"] == "0"


def _people(shown: Mapping[str, Any]) -> str:
    began = f"Request {shown['request_id']} of account {shown['account']}, {short_time(shown['created_at'])} UTC"
    steps = shown["working"]
    if steps is None:
        why = f" ({shown['reason']})" if shown["reason"] else ""
        return f"{began}\nThe request is {shown['state']}{why}; nothing was charged."
    return "\n".join([began, *_working_lines(shown, steps), *_verdict(shown, steps)])


def _working_lines(shown: Mapping[str, Any], steps: Mapping[str, Any]) -> list[str]:
    widths = [max(len(str(axis[name])) for axis in steps["axes"]) for name in ("axis", "tokens", "usd_per_mtok")]
    width, tokens, price = widths
    axes = []
    for axis in steps["axes"]:
        product = (
            f"{axis['tokens']:>{tokens}} × {axis['usd_per_mtok']:>{price}} USD per million = {axis['amount_usd']} USD"
        )
        other = "" if axis["priced_as"] == axis["axis"] else f" (at the price of {axis['priced_as']})"
        axes.append(f"  {axis['axis']:<{width}}  {product}{other}")
    return [
        f"Model {steps['served_model']} of provider {steps['provider']}, usage {steps['usage_source']}",
        f"Prices of {shown['price_date']} in version {shown['price_version']}",
        "",
        *axes,
        f"  sum = {steps['sum_usd']} USD",
        f"  × {steps['account_multiplier']} (account) × {steps['model_multiplier']} (model) = {steps['product_usd']} USD",
        f"  rounded up to one nano-dollar = {steps['recomputed_usd']} USD",
        "",
    ]


def _verdict(shown: Mapping[str, Any], steps: Mapping[str, Any]) -> list[str]:
    same = steps["difference_usd"] == "0"
    charged = f"Charged: {shown['charged_usd']} USD, "
    lines = [charged + ("the same." if same else f"which differs by {steps['difference_usd']} USD.")]
    if shown["refunded_usd"] != "0":
        lines.append(f"Refunded: {shown['refunded_usd']} USD ({shown['reason']}).")
    return lines
