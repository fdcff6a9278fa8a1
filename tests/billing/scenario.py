"""What tests of money share: a clock that ticks, one catalogue, and requests as the gateway books them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tollhouse.billing.ledger import Account, Delivery, Entry, Ledger
from tollhouse.billing.pricing import PPM3, Rate, Usage
from tollhouse.config.catalogue import build_catalogue
from tollhouse.config.json_reader import read_json
from tollhouse.storage.base import AccountRow
from tollhouse.storage.sqlite import SqliteStore

CATALOGUE = build_catalogue(
    read_json(
        "model_catalog.json",
        """{"models": {
            "small": {"input_usd_per_mtok": "1", "output_usd_per_mtok": "2", "cache_read_usd_per_mtok": "0.5",
                      "prices_from": [{"effective": "2030-01-01", "output_usd_per_mtok": "4"}]},
            "free": {"input_usd_per_mtok": "0", "output_usd_per_mtok": "0"}}}""",
    ).root
)
START_US = 1_790_000_000_000_000  # in September 2026
USD = 10**9


class Clock:
    """Microseconds since 1970; each look moves it on by one."""

    def __init__(self, now_us: int = START_US) -> None:
        self.now_us = now_us

    def __call__(self) -> int:
        self.now_us += 1
        return self.now_us


def rate(model: str = "small", *, account_ppm: int = 10**6, model_ppm3: int = PPM3, date: str = "2026-09-21") -> Rate:
    return Rate(CATALOGUE.models[model].prices_on(date), account_ppm, model_ppm3)


def delivery(usage: Usage, **fields: Any) -> Delivery:
    facts: dict[str, Any] = {
        "provider": "scripted", "upstream_key_id": "env:KEY", "served_model": "small", "model_multiplier": "1",
        "usage": usage, "usage_source": "reported", "attempts": None, "status": 200, "ttfb_ms": 1, "duration_ms": 2,
    }  # fmt: skip
    return Delivery(**{**facts, **fields})


def hold(ledger: Ledger, request_id: str, account: Account, amount_nano: int, **fields: Any) -> Entry:
    facts: dict[str, Any] = {
        "key_id": None, "operation": "create_chat_completion", "requested_model": "small",
        "price_version": CATALOGUE.version, "stream": False, "at_us": START_US,
    }  # fmt: skip
    return ledger.hold(request_id, account, amount_nano, **{**facts, **fields})


def account(name: str = "acme", **fields: Any) -> Account:
    return Account(name, name, fields.pop("multiplier_ppm", 10**6), START_US, **fields)


def some_books() -> list[Entry]:
    """Two accounts, three requests: one charged, one given back, one still running."""
    acme, other = account(), account("other", multiplier_ppm=1_100_000)
    ledger = Ledger(Clock(), [acme, other])
    entries = [ledger.credit(acme, 10 * USD, "first"), ledger.credit(other, USD, "first")]
    entries.append(hold(ledger, "req_1", acme, 1_000_000))
    entries.append(hold(ledger, "req_2", other, 1_000_000))
    posted = ledger.settle("req_1", rate(), delivery(Usage(input=1000, cache_read=100, output=500)))
    voided = ledger.void("req_2", "upstream answered 500", status=502, duration_ms=3)
    assert posted is not None and voided is not None
    entries += [posted, voided, hold(ledger, "req_3", other, 5_000)]
    return entries


@contextmanager
def opened(path: Path, *, store: type[SqliteStore] = SqliteStore) -> Iterator[SqliteStore]:
    """A store with the catalogue and the accounts of `some_books`."""
    kept = store(path)
    try:
        kept.migrate()
        kept.add_price_version(CATALOGUE.version, CATALOGUE.canonical_json, START_US)
        if not kept.accounts():
            for name, ppm in (("acme", 1_000_000), ("other", 1_100_000)):
                kept.add_account(AccountRow(name, name, ppm, "active", START_US, 0, 0))
        yield kept
    finally:
        kept.close()
