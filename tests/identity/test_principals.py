"""Who calls: what a principal and a live key start out as."""

import pytest

from tests.billing.scenario import START_US, account
from tollhouse.identity.principals import ANONYMOUS, ApiKey, Principal, Used
from tollhouse.storage.base import KeyRow


def test_a_live_key_starts_with_nothing_used_or_reserved() -> None:
    key = ApiKey(KeyRow("id", "acme", "laptop", "op_", b"", START_US), account(), None)
    assert (key.used, key.running_streams) == (Used(), 0)
    assert key.last_used_us is None


def test_a_principal_cannot_be_changed() -> None:
    caller = Principal(account(ANONYMOUS), None, frozenset(), "anonymous:127.0.0.1")
    with pytest.raises(AttributeError):
        caller.models = None  # type: ignore[misc]
