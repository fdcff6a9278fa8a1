"""Sessions: what a token must be, and how it ends."""

import base64
import json
from typing import Any

import jwt
import pytest

from tests.billing.scenario import Clock
from tollhouse.errors import InvalidKey
from tollhouse.identity.sessions import AUDIENCE, ISSUER, Sessions

NEW, OLD = b"n" * 32, b"o" * 48
MINUTE_S = 60


def made(clock: Clock | None = None, keys: tuple[bytes, ...] = (NEW, OLD), **kept: Any) -> Sessions:
    return Sessions(keys, MINUTE_S, clock or Clock(), **{"epochs": {}, "revoked": {}, **kept})


def refused(sessions: Sessions, token: str, word: str) -> None:
    with pytest.raises(InvalidKey, match=word):
        sessions.read(token)


def test_a_token_says_what_rfc_7519_asks_for_and_names_its_key() -> None:
    token = made().begin("acct_1")
    head = jwt.get_unverified_header(token)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert head["alg"] == "HS256" and head["kid"] and NEW.hex() not in head["kid"]
    assert (claims["iss"], claims["aud"], claims["sub"]) == (ISSUER, AUDIENCE, "acct_1")
    assert claims["exp"] - claims["iat"] == MINUTE_S and claims["jti"]
    session = made().read(token)
    assert (session.account, session.id) == ("acct_1", claims["jti"])
    assert jwt.decode(made().begin("acct_1"), options={"verify_signature": False})["jti"] != claims["jti"]


def test_a_session_expires() -> None:
    clock = Clock()
    sessions = made(clock)
    token = sessions.begin("a")
    clock.now_us += MINUTE_S * 1_000_000 - 1_000_000
    sessions.read(token)
    clock.now_us += 1_000_000
    refused(sessions, token, "expired")


def test_keys_rotate() -> None:
    before = made(keys=(OLD,)).begin("a")
    assert made(keys=(NEW, OLD)).read(before).account == "a"
    after = made(keys=(NEW, OLD)).begin("a")
    assert made(keys=(NEW,)).read(after).account == "a"
    refused(made(keys=(NEW,)), before, "Invalid session")
    refused(made(keys=(OLD,)), after, "Invalid session")


def test_one_session_ends_and_the_others_do_not() -> None:
    sessions = made()
    first, second = sessions.begin("a"), sessions.begin("a")
    session = sessions.read(first)
    sessions.revoke(session)
    refused(sessions, first, "ended")
    assert sessions.read(second)
    refused(made(revoked={session.id: session.expires_at_us}), first, "ended")


def test_what_has_expired_is_forgotten() -> None:
    clock = Clock()
    sessions = made(clock)
    for _ in range(3):
        sessions.revoke(sessions.read(sessions.begin("a")))
        clock.now_us += (MINUTE_S + 1) * 1_000_000
    assert len(sessions._revoked) == 1


def test_all_sessions_of_an_account_end_and_new_ones_begin() -> None:
    sessions = made()
    mine, others = sessions.begin("a"), sessions.begin("b")
    sessions.end_all("a", 1)
    refused(sessions, mine, "ended")
    assert sessions.read(others)
    after = sessions.begin("a")
    sessions.end_all("a", 1)
    assert sessions.read(after)
    refused(made(), after, "ended")
    assert made(epochs={"a": 1}).read(after)


def forged(head: dict[str, Any], claims: dict[str, Any], signature: str = "") -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (head, claims)]
    return ".".join([*parts, signature])


def good() -> tuple[dict[str, Any], dict[str, Any]]:
    token = made().begin("a")
    return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})


@pytest.mark.parametrize("alg", ["none", "None", "HS384", "HS512", "RS256"])
def test_no_other_algorithm_is_taken(alg: str) -> None:
    head, claims = good()
    token = forged({**head, "alg": alg}, claims)
    if alg in ("HS384", "HS512"):
        token = jwt.encode(claims, NEW * 2, alg, headers={"kid": head["kid"]})
        assert made(keys=(NEW * 2,)).begin("a")
    refused(made(), token, "Invalid session")


@pytest.mark.parametrize("claim", ["exp", "iat", "sub", "aud", "iss", "jti", "epoch"])
def test_every_claim_must_be_there(claim: str) -> None:
    head, claims = good()
    del claims[claim]
    refused(made(), jwt.encode(claims, NEW, "HS256", headers={"kid": head["kid"]}), "session")


@pytest.mark.parametrize("change", [{"aud": "others"}, {"iss": "others"}, {"sub": 5}, {"jti": 5}, {"exp": "x"}])
def test_claims_for_others_are_refused(change: dict[str, Any]) -> None:
    head, claims = good()
    token = forged({**head}, {**claims, **change})
    signature = jwt.get_algorithm_by_name("HS256").sign(token.rstrip(".").encode(), NEW)
    signed = token + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    refused(made(), signed, "session")


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "..", "eyJ.eyJ.x", "x" * 10_000, "é.é.é", "e30.e30.e30"])
def test_what_is_no_token_is_refused(token: str) -> None:
    refused(made(), token, "Invalid session")


def test_a_changed_token_is_refused() -> None:
    head, claims = good()
    refused(made(), forged(head, {**claims, "sub": "b"}, "AAAA"), "Invalid session")
    refused(made(), forged({"alg": "HS256"}, claims), "Invalid session")
    refused(made(), forged({**head, "kid": ["x"]}, claims), "Invalid session")
