"""Wallet signatures, judged by eth-account: what one wallet signed for one challenge, and nothing else."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wallets import Account, encode_defunct
from tollhouse.identity.wallet import SLOT_S, Claim, Site, challenge, checksummed, is_signed, nonce_key, recovered

WALLET = Account.from_key("0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318")
OTHER = Account.from_key("0x" + "11" * 32)
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
SITE = Site("https://llm.example.com")
KEY = nonce_key(b"k" * 32)
CLAIM = Claim(WALLET.address, 1, 0)
NOW_US = 1_800_000_000_000_000


def signed(message: str, wallet: Account = WALLET) -> str:
    return "0x" + bytes(wallet.sign_message(encode_defunct(text=message)).signature).hex()


def answer(claim: Claim = CLAIM, *, at_us: int = NOW_US, wallet: Account = WALLET, site: Site = SITE) -> str:
    return signed(challenge(site, KEY, claim, at_us).message, wallet)


def test_the_wallets_signature_is_good_for_its_challenge() -> None:
    assert is_signed(SITE, KEY, CLAIM, answer(), NOW_US)
    assert is_signed(SITE, KEY, Claim(WALLET.address.lower(), 1, 0), answer(), NOW_US)
    assert is_signed(SITE, KEY, Claim("0x" + WALLET.address[2:].upper(), 1, 0), answer(), NOW_US)


def test_the_oracle_changes_nothing_for_everybody_else() -> None:
    assert sys.getrecursionlimit() < 10_000


def test_the_message_is_eip_4361() -> None:
    asked = challenge(SITE, KEY, CLAIM, NOW_US)
    assert asked.message == (
        "llm.example.com wants you to sign in with your Ethereum account:\n"
        f"{WALLET.address}\n\n"
        "Sign in to your account. This signature moves no money and costs no gas.\n\n"
        "URI: https://llm.example.com\nVersion: 1\nChain ID: 1\n"
        f"Nonce: {asked.nonce}\nIssued At: 2027-01-15T08:00:00Z\nExpiration Time: 2027-01-15T08:10:00Z"
    )
    assert re.fullmatch("[0-9a-f]{32}", asked.nonce) and asked.expires_at_us == NOW_US + 600_000_000


@pytest.mark.parametrize("url,domain", [("http://127.0.0.1:8000", "127.0.0.1:8000"), ("https://a.org/llm", "a.org")])
def test_the_domain_is_the_authority_of_the_public_address(url: str, domain: str) -> None:
    assert Site(url).domain == domain


def test_a_signature_is_good_in_its_slot_and_the_next() -> None:
    for later_s, good in ((SLOT_S - 1, True), (2 * SLOT_S - 1, True), (2 * SLOT_S, False), (-1, False)):
        assert is_signed(SITE, KEY, CLAIM, answer(), NOW_US + later_s * 1_000_000) is good, later_s


@pytest.mark.parametrize(
    "claim", [Claim(OTHER.address, 1, 0), Claim(WALLET.address, 137, 0), Claim(WALLET.address, 1, 1)]
)
def test_a_signature_is_for_one_wallet_one_chain_and_one_sign_in(claim: Claim) -> None:
    assert not is_signed(SITE, KEY, claim, answer(), NOW_US)
    assert is_signed(
        SITE, KEY, claim, answer(claim, wallet=OTHER if claim.address == OTHER.address else WALLET), NOW_US
    )


def test_nobody_else_can_sign_nor_ask() -> None:
    assert not is_signed(SITE, KEY, CLAIM, answer(wallet=OTHER), NOW_US)
    assert not is_signed(SITE, KEY, CLAIM, answer(site=Site("https://evil.example")), NOW_US)
    assert not is_signed(SITE, nonce_key(b"o" * 32), CLAIM, answer(), NOW_US)


def altered(r: bytes, s: bytes, v: int) -> str:
    return "0x" + (r + s + bytes([v])).hex()


def test_v_is_0_1_27_or_28_and_the_right_one() -> None:
    raw = bytes.fromhex(answer()[2:])
    right = raw[64]
    good = [v for v in range(256) if is_signed(SITE, KEY, CLAIM, altered(raw[:32], raw[32:64], v), NOW_US)]
    assert good == [right - 27, right]


def test_a_malleated_signature_is_refused() -> None:
    raw = bytes.fromhex(answer()[2:])
    high = (ORDER - int.from_bytes(raw[32:64])).to_bytes(32)
    for v in (0, 1, 27, 28):
        assert not is_signed(SITE, KEY, CLAIM, altered(raw[:32], high, v), NOW_US)
    recovered_by_others = Account.recover_message(
        encode_defunct(text=challenge(SITE, KEY, CLAIM, NOW_US).message),
        signature=raw[:32] + high + bytes([55 - raw[64]]),
    )
    assert recovered_by_others == WALLET.address, "it would have been good, had we taken a high s"


@pytest.mark.parametrize("r", [0, ORDER, 2**256 - 1, 5])
@pytest.mark.parametrize("s", [0, 1, ORDER, 2**256 - 1])
def test_numbers_off_the_curve_are_refused(r: int, s: int) -> None:
    assert not is_signed(SITE, KEY, CLAIM, altered(r.to_bytes(32), s.to_bytes(32), 27), NOW_US)


@pytest.mark.parametrize(
    "signature", ["", "0x", "0x...", "zz" * 65, "0x" + "zz" * 65, answer()[:-2], answer() + "00", answer()[2:], " " + answer()]
)  # fmt: skip
def test_what_is_no_signature_is_refused(signature: str) -> None:
    assert not is_signed(SITE, KEY, CLAIM, signature, NOW_US)


@given(st.text(max_size=200), st.integers(1, ORDER - 1))
def test_recovering_agrees_with_eth_account(message: str, secret: int) -> None:
    wallet = Account.from_key(secret.to_bytes(32))
    signature = bytes(wallet.sign_message(encode_defunct(text=message)).signature)
    assert recovered(message, signature) == wallet.address.lower()
    assert checksummed(wallet.address.lower()) == wallet.address


@given(st.binary(min_size=60, max_size=70))
def test_no_bytes_raise(signature: bytes) -> None:
    assert recovered("a", signature) is None or len(signature) == 65
