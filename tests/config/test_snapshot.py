"""The configuration as a value."""

import dataclasses

import pytest

from tests.billing.scenario import CATALOGUE
from tollhouse.config.snapshot import Listener, Routes, UpstreamKey


@pytest.mark.parametrize(
    ("date", "output_usd"), [("2026-09-21", 2), ("2029-12-31", 2), ("2030-01-01", 4), ("2035-06-01", 4)]
)
def test_a_price_counts_from_its_day(date: str, output_usd: int) -> None:
    prices = CATALOGUE.models["small"].prices_on(date)
    assert (prices.output, prices.input, prices.cache_read) == (output_usd * 10**9, 10**9, 5 * 10**8)


def test_a_secret_is_not_shown() -> None:
    assert "sk-secret" not in repr(UpstreamKey("env:KEY", 1, "sk-secret"))


def test_nothing_can_be_changed_in_place() -> None:
    routes = Routes((Listener("main", "127.0.0.1", 0, ()),))
    with pytest.raises(dataclasses.FrozenInstanceError):
        routes.hold = "hard"  # type: ignore[misc]
    with pytest.raises(TypeError):
        routes.key_prefixes["admin"] = "x"  # type: ignore[index]


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:80"), ("::1", "http://[::1]:80"), ("0.0.0.0", "http://localhost:80"),
     ("::", "http://localhost:80"), ("gate.example", "http://gate.example:80")],
)  # fmt: skip
def test_a_listener_has_an_address_for_people(host: str, url: str) -> None:
    assert Listener("main", host, 80, ()).url == url
