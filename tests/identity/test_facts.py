"""What the log tells of an account or a key: every column that can change, and no secret."""

from dataclasses import fields

from tests.billing.scenario import START_US
from tollhouse.identity.facts import changed, facts_of_account, facts_of_key
from tollhouse.storage.base import AccountRow, KeyRow

ACCOUNT = AccountRow("acct_1", "acme", 1_100_000, "active", START_US, daily_budget_nano=5 * 10**9)
KEY = KeyRow("key1", "acct_1", "laptop", "op_", b"the-hash", START_US, models=("a",), quota_nano=10**9, expires_at_us=0)
NEVER_TOLD = {"id", "account", "secret_hash", "created_at_us", "last_used_at_us"}


def test_an_account_is_told_in_the_words_of_the_api() -> None:
    assert facts_of_account(ACCOUNT) == {
        "name": "acme", "status": "active", "rate_multiplier": "1.1", "daily_budget_usd": "5", "monthly_budget_usd": None,
    }  # fmt: skip


def test_a_key_is_told_without_its_secret() -> None:
    facts = facts_of_key(KEY)
    assert (facts["models"], facts["quota_usd"], facts["expires_at"]) == (["a"], "1", "1970-01-01T00:00:00.000000Z")
    assert "the-hash" not in repr(facts) and "secret" not in repr(facts)
    assert len(facts) == len({field.name for field in fields(KeyRow)} - NEVER_TOLD)


def test_only_what_changed_is_told() -> None:
    before = {"name": "a", "status": "active"}
    assert changed(before, {"name": "b", "status": "active"}) == ({"name": "a"}, {"name": "b"})
    assert changed(before, before) == ({}, {})
