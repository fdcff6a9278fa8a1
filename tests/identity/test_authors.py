"""Who administers, and what the log says of them."""

import json

from tests.billing.scenario import START_US
from tollhouse.identity.authors import Author, fingerprint

TOKEN = "an-admin-token-of-some-length"


def test_a_row_says_who_changed_what() -> None:
    author = Author("token 5f2c1a0b", "10.0.0.7", "req_1")
    row = author.wrote(START_US, "update_account", "acct_1", "acct_1", {"name": "Söhne"}, {"name": "Acme"})
    assert (row.actor, row.client, row.request_id, row.at_us) == (*author, START_US)
    assert (row.action, row.account, row.object) == ("update_account", "acct_1", "acct_1")
    assert (json.loads(row.before), json.loads(row.after)) == ({"name": "Söhne"}, {"name": "Acme"})


def test_every_row_has_an_id_of_its_own() -> None:
    rows = [Author("a").wrote(START_US, "x", "y", "z", {}, {}) for _ in range(100)]
    assert len({row.id for row in rows}) == 100


def test_a_fingerprint_tells_tokens_apart_and_shows_none() -> None:
    first, second = fingerprint(TOKEN), fingerprint(TOKEN + "2")
    assert first == fingerprint(TOKEN) != second
    assert len(first) == len("token ") + 8 and first.removeprefix("token ") not in TOKEN
