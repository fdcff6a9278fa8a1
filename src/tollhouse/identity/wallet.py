"""Signing in with an Ethereum wallet: the message, its nonce, and whose signature it bears. Values in, values out.

The message is EIP-4361 (Sign-In with Ethereum), the signature EIP-191 `personal_sign`. Seed 000's clients send an
address, a chain and a signature but no message, so the message follows from those, from the time and from how often
the wallet has signed in. That makes its nonce nothing that has to be kept, and a signature good for one sign-in only.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from coincurve import PublicKey
from eth_hash.auto import keccak

from tollhouse.times import format_us

SLOT_S = 300  # challenges change this often, and each can be answered in its own slot and the next
_SLOT_US = SLOT_S * 1_000_000
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141  # of secp256k1
_SIGNATURE = re.compile(r"0x[0-9a-fA-F]{130}", re.ASCII)
_STATEMENT = "Sign in to your account. This signature moves no money and costs no gas."


@dataclass(frozen=True, slots=True)
class Site:
    """What a wallet shows as the one who asks: the address people see."""

    url: str  # without a trailing slash

    @property
    def domain(self) -> str:
        """Host and port (RFC 3986, "Authority")."""
        return self.url.partition("://")[2].partition("/")[0]


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody says to be: a wallet on a chain that has signed in `count` times so far."""

    address: str
    chain_id: int
    count: int


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a wallet has to sign, and until when; microseconds."""

    message: str
    nonce: str
    expires_at_us: int


def nonce_key(secret_key: bytes) -> bytes:
    """The key of nonces: another one than that of sessions, from the same secret."""
    return hmac.digest(secret_key, b"tollhouse: nonces of wallet sign-ins", "sha256")


def challenge(site: Site, key: bytes, claim: Claim, now_us: int) -> Challenge:
    """The challenge that a wallet gets now."""
    return _challenge(site, key, claim, now_us // _SLOT_US)


def is_signed(site: Site, key: bytes, claim: Claim, signature: str, now_us: int) -> bool:
    """Whether a signature answers this slot's challenge or that of the slot before, and is the wallet's own."""
    if _SIGNATURE.fullmatch(signature) is None:
        return False
    raw, slot = bytes.fromhex(signature[2:]), now_us // _SLOT_US
    signers = (recovered(_challenge(site, key, claim, each).message, raw) for each in (slot, slot - 1))
    return claim.address.lower() in signers


def recovered(message: str, signature: bytes) -> str | None:
    """The address, in lower case, whose EIP-191 signature of a message this is; None where it is nobody's.

    A signature is 65 bytes, r, s and v. Of the two values of s that fit, only the low one counts (EIP-2), so nobody can
    make a second signature out of a first; v is 27 or 28, or 0 or 1 as some hardware wallets have it.
    """
    if len(signature) != 65:
        return None
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:64])
    v = signature[64] - 27 if signature[64] >= 27 else signature[64]
    if v not in (0, 1) or not 0 < r < _ORDER or not 0 < s <= _ORDER // 2:
        return None
    text = message.encode()
    digest = keccak(b"\x19Ethereum Signed Message:\n" + str(len(text)).encode() + text)
    try:
        public_key = PublicKey.from_signature_and_message(signature[:64] + bytes([v]), digest, hasher=None)
    except ValueError:  # no point of the curve has this r
        return None
    return "0x" + keccak(public_key.format(compressed=False)[1:])[-20:].hex()


def checksummed(address: str) -> str:
    """An address as EIP-55 writes it: its letters are upper case where its hash says so."""
    digits = address[2:].lower()
    hashed = keccak(digits.encode()).hex()
    return "0x" + "".join(
        digit.upper() if int(mark, 16) >= 8 else digit for digit, mark in zip(digits, hashed, strict=False)
    )


def _challenge(site: Site, key: bytes, claim: Claim, slot: int) -> Challenge:
    address, began_us = checksummed(claim.address), slot * _SLOT_US
    expires_at_us = began_us + 2 * _SLOT_US
    facts = f"{site.url}\n{address}\n{claim.chain_id}\n{claim.count}\n{slot}"
    nonce = hmac.new(key, facts.encode(), hashlib.sha256).hexdigest()[:32]
    message = (
        f"{site.domain} wants you to sign in with your Ethereum account:\n{address}\n\n{_STATEMENT}\n\n"
        f"URI: {site.url}\nVersion: 1\nChain ID: {claim.chain_id}\nNonce: {nonce}\n"
        f"Issued At: {_seconds(began_us)}\nExpiration Time: {_seconds(expires_at_us)}"
    )
    return Challenge(message, nonce, expires_at_us)


def _seconds(at_us: int) -> str:
    return format_us(at_us)[:19] + "Z"
