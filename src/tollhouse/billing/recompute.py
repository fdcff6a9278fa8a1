"""Charges worked out again, each from its own row: all of them by account, or one with every step shown. Pure.

A row keeps its tokens, the version of the catalogue in force and both multipliers, so nothing else is needed, and
nothing that has changed since matters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tollhouse.billing.money import format_decimal, format_usd
from tollhouse.billing.price_book import PriceBook, usage_of
from tollhouse.billing.pricing import PPM3, Usage
from tollhouse.config.snapshot import PPM, Prices
from tollhouse.storage.base import Books
from tollhouse.times import format_us

LISTED_MAX = 100  # differing requests named one by one; the rest is counted
_TOKEN_USD = 15  # decimal places of tokens × USD per million: nano-dollars by millionths
_PRODUCT_USD = 39  # and of that times an account multiplier (ppm) and a model multiplier (ppm³)

Row = Mapping[str, Any]


@dataclass(slots=True)
class Line:
    """What one account was charged and what its rows make, in nano-dollars, refunds taken off."""

    requests: int = 0  # charged and not refunded
    charged_nano: int = 0
    recomputed_nano: int = 0
    balance_nano: int = 0  # as the store keeps it
    recomputed_balance_nano: int = 0  # what was credited and adjusted, less what the rows make

    @property
    def differs(self) -> bool:
        return self.charged_nano != self.recomputed_nano or self.balance_nano != self.recomputed_balance_nano

    def add(self, other: "Line") -> None:
        self.requests += other.requests
        self.charged_nano += other.charged_nano
        self.recomputed_nano += other.recomputed_nano
        self.balance_nano += other.balance_nano
        self.recomputed_balance_nano += other.recomputed_balance_nano


class Difference(NamedTuple):
    """A charge that is not what its row makes."""

    request_id: str | None
    account: str
    charged_nano: int | None
    recomputed_nano: int | None
    reason: str


@dataclass(slots=True)
class Recomputed:
    accounts: dict[str, Line] = field(default_factory=dict)
    differing: int = 0
    differences: list[Difference] = field(default_factory=list)  # at most LISTED_MAX of them

    @property
    def holds(self) -> bool:
        return not self.differing and not any(line.differs for line in self.accounts.values())

    @property
    def total(self) -> Line:
        total = Line()
        for line in self.accounts.values():
            total.add(line)
        return total


def recompute(books: Books, account: str | None = None) -> Recomputed:
    """Every charge again, of one account or of all; keeps open holds and refunded charges only, however long the books."""
    again = _Again(books)
    for row in books.entries:
        if account is None or row["account"] == account:
            again.take(row)
    for name, (balance_nano, _, _) in books.balances.items():
        if account is None or name == account:
            again.line(name).balance_nano = balance_nano
    return again.result


class _Again:
    def __init__(self, books: Books) -> None:
        self.result = Recomputed()
        self._prices = PriceBook(books.price_versions)
        self._open: dict[str, Row] = {}
        self._refunded: dict[str, int] = dict.fromkeys(books.refunded, 0)  # what their charges make

    def line(self, account: str) -> Line:
        return self.result.accounts.setdefault(account, Line())

    def take(self, row: Row) -> None:
        try:
            self._take(row)
        except (TypeError, ValueError, ArithmeticError) as error:  # somebody has put in what no entry holds
            self._differs(row, None, f"entry {row['seq']} makes no sense: {error}")

    def _take(self, row: Row) -> None:
        kind = row["kind"]
        if kind == "hold":
            self._open[row["request_id"]] = row
        elif kind == "post":
            self._take_post(row)
        elif kind == "refund":
            self._move(row, -1, -row["amount_nano"], -self._refunded.get(row["request_id"], 0))
        elif kind in ("credit", "adjust"):
            gained = row["amount_nano"] if row["credit"] == row["account"] else -row["amount_nano"]
            self.line(row["account"]).recomputed_balance_nano += gained
        else:
            self._open.pop(row["request_id"], None)

    def _take_post(self, row: Row) -> None:
        amount_nano, hold = row["amount_nano"], self._open.pop(row["request_id"], None)
        again = None
        if hold is None:
            self._differs(row, None, "it has no older hold")
        else:
            again = self._prices.cost(hold, row)
            if again is None:
                self._differs(row, None, f"no prices for {row['served_model']} in version {hold['price_version']}")
            elif again != amount_nano:
                self._differs(row, again, "its row makes another amount")
        if row["request_id"] in self._refunded:
            self._refunded[row["request_id"]] = again or 0
        self._move(row, 1, amount_nano, again or 0)

    def _move(self, row: Row, requests: int, charged_nano: int, recomputed_nano: int) -> None:
        line = self.line(row["account"])
        line.requests += requests
        line.charged_nano += charged_nano
        line.recomputed_nano += recomputed_nano
        line.recomputed_balance_nano -= recomputed_nano

    def _differs(self, row: Row, again: int | None, reason: str) -> None:
        self.result.differing += 1
        if len(self.result.differences) < LISTED_MAX:
            self.result.differences.append(
                Difference(row["request_id"], row["account"], row["amount_nano"], again, reason)
            )


class NoPrices(ValueError):
    """The version that a charge has pinned has no prices for the model that served it."""


def working(entries: Iterable[Row], versions: Mapping[str, str]) -> dict[str, Any]:
    """One request step by step, from its entries: what was charged, and every number that makes it.

    `entries` begin with its hold. Raises NoPrices, or another ValueError or TypeError for a row that makes no sense.
    """
    found = {entry["kind"]: entry for entry in entries}
    hold, post, refund = found["hold"], found.get("post"), found.get("refund")
    ended = refund or post or found.get("void") or found.get("expire")
    shown = {
        "request_id": hold["request_id"],
        "account": hold["account"],
        "state": "held" if ended is None else _STATES[ended["kind"]],
        "reason": None if ended is None else ended["reason"],
        "created_at": format_us(hold["at_us"]),
        "requested_model": hold["requested_model"],
        "price_version": hold["price_version"],
        "price_date": format_us(hold["at_us"])[:10],
        "charged_usd": "0" if post is None else format_usd(post["amount_nano"]),
        "refunded_usd": "0" if refund is None else format_usd(refund["amount_nano"]),
    }
    return {**shown, "working": None if post is None else _steps(hold, post, versions)}


_STATES = {"post": "posted", "void": "voided", "refund": "voided", "expire": "expired"}


def _steps(hold: Row, post: Row, versions: Mapping[str, str]) -> dict[str, Any]:
    """The sum of all kinds of tokens at their prices and of the answer at its own, both multipliers, and one rounding up."""
    book = PriceBook(versions)
    rate, usage, recomputed_nano = book.rate(hold, post), usage_of(post), book.cost(hold, post)
    if rate is None or recomputed_nano is None:
        raise NoPrices(f"there are no prices for {post['served_model']} in version {hold['price_version']}")
    listed = list(zip(Usage._fields, usage, _axis_prices(rate.prices), strict=True))
    if rate.prices.request is not None:
        listed.append(("request", 1, ("request", rate.prices.request * 1_000_000)))  # priced by the million like tokens
    axes = [
        {
            "axis": axis,
            "tokens": tokens,
            "usd_per_mtok": format_usd(price),
            "priced_as": priced_as,
            "amount_usd": format_decimal(tokens * price, places=_TOKEN_USD),
        }
        for axis, tokens, (priced_as, price) in listed
    ]
    total = sum(tokens * price for _, tokens, (_, price) in listed)
    multiplier = rate.account_multiplier_ppm * rate.model_multiplier_ppm3
    return {
        "provider": post["provider"],
        "served_model": post["served_model"],
        "usage_source": post["usage_source"],
        "axes": axes,
        "sum_usd": format_decimal(total, places=_TOKEN_USD),
        "account_multiplier": format_decimal(rate.account_multiplier_ppm, places=_digits(PPM)),
        "model_multiplier": format_decimal(rate.model_multiplier_ppm3, places=_digits(PPM3)),
        "product_usd": format_decimal(total * multiplier, places=_PRODUCT_USD),
        "recomputed_usd": format_usd(recomputed_nano),
        "difference_usd": format_usd(post["amount_nano"] - recomputed_nano),
    }


def _axis_prices(prices: Prices) -> list[tuple[str, int]]:
    """The price of each axis of Usage, in its order, and whose price it is: a missing cache price is that of input."""
    kinds = [("cache_read", prices.cache_read), ("cache_write_5m", prices.cache_write_5m)]
    kinds.append(("cache_write_1h", prices.cache_write_1h))
    cached = [("input", prices.input) if price is None else (axis, price) for axis, price in kinds]
    return [("input", prices.input), *cached, ("output", prices.output)]


def _digits(scale: int) -> int:
    return len(str(scale)) - 1
