"""Upstream keys at rest: sealed with AES-256-GCM under a master key, each bound to its own row of the store.

A sealed key is a version byte, the id of its master key, a random nonce and the ciphertext with its tag. The provider and
the id of the row are authenticated with it, so a sealed key that was copied into another row does not open there. Master
keys come newest first: the first one seals, all of them open.
"""

import hashlib
import os
from collections.abc import Sequence

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tollhouse.errors import TollhouseError

VERSION = b"\x01"
MASTER_ID_BYTES = 8  # of the SHA-256 of a master key, which is random, so its hash tells nothing of it
NONCE_BYTES = 12  # 96 bits at random: NIST SP 800-38D, 8.2.2, allows 2^32 sealings under one key
_HEADER_BYTES = len(VERSION) + MASTER_ID_BYTES


class CannotOpen(TollhouseError):
    """A sealed key does not open; the message names the provider and the id of the key, never what is in it."""


class Vault:
    """Seals and opens upstream keys. Its master keys stay inside: neither a repr nor an error shows them."""

    def __init__(self, master_keys: Sequence[bytes]) -> None:
        """`master_keys` are 32 bytes each, newest first, at least one."""
        self._ciphers = {master_id(key): AESGCM(key) for key in reversed(master_keys)}
        self._newest = master_id(master_keys[0])

    def seal(self, provider: str, key_id: str, value: str) -> bytes:
        """A key, encrypted under the newest master key for its row alone."""
        header, nonce = VERSION + self._newest, os.urandom(NONCE_BYTES)
        return (
            header + nonce + self._ciphers[self._newest].encrypt(nonce, value.encode(), _row(header, provider, key_id))
        )

    def open(self, provider: str, key_id: str, sealed: bytes) -> str:
        """The key of a row. Raises CannotOpen where its master key is unknown or a bit of it is not what it was."""
        header, nonce = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES : _HEADER_BYTES + NONCE_BYTES]
        master = header[len(VERSION) :]
        if header[: len(VERSION)] != VERSION or len(nonce) < NONCE_BYTES:
            raise _damaged(provider, key_id)
        cipher = self._ciphers.get(master)
        if cipher is None:
            raise CannotOpen(
                f"The key {key_id} of the provider {provider} was sealed under the master key {master.hex()}, which is not "
                "among TOLLHOUSE_MASTER_KEYS: put that one back as the last of them and restart, or revoke this key and "
                "add it again."
            )
        try:
            return cipher.decrypt(nonce, sealed[_HEADER_BYTES + NONCE_BYTES :], _row(header, provider, key_id)).decode()
        except (InvalidTag, UnicodeDecodeError):
            raise _damaged(provider, key_id) from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether a key is sealed under the newest master key."""
        return sealed[:_HEADER_BYTES] == VERSION + self._newest


def master_id(master_key: bytes) -> bytes:
    """What a sealed key calls its master key: the first bytes of its SHA-256."""
    return hashlib.sha256(master_key).digest()[:MASTER_ID_BYTES]


def _row(header: bytes, provider: str, key_id: str) -> bytes:
    """What is authenticated beside the key: the header, and the row that it belongs to, unambiguously."""
    return header + orjson.dumps([provider, key_id])


def _damaged(provider: str, key_id: str) -> CannotOpen:
    return CannotOpen(
        f"The key {key_id} of the provider {provider} is damaged in the store, or was put there from another row: revoke it "
        "and add it again."
    )
