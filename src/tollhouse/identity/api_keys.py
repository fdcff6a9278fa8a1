"""API keys: prefix + id + secret. Looked up by id, verified once with bcrypt, then remembered by a full digest.

The prefix says how a key was issued and nothing else. bcrypt sees the SHA-256 of the secret, so no secret is cut at
bcrypt's 72 bytes; it runs in a worker thread, one run per key however many calls wait for it.
"""

import asyncio
import base64
import hashlib
import secrets
import string
from collections.abc import Callable, Iterable, Mapping

import bcrypt
from cachetools import LRUCache

from tollhouse.errors import InvalidKey
from tollhouse.identity.principals import ApiKey, Principal

ALPHABET = string.ascii_letters + string.digits
ID_LENGTH = 12
SECRET_LENGTH = 32  # 190 bits
BCRYPT_ROUNDS = 10  # the secret is random, so the rounds only slow down whoever stole the store
VERIFIED_MAX = 20_000  # digests remembered as verified
REFUSED_MAX = 20_000  # digests remembered as wrong
VERIFYING_MAX = 2  # bcrypt runs at a time


def mint(prefix: str) -> tuple[str, str, bytes]:
    """A new key: (key id, the whole key to show once, the bcrypt hash to store). Takes tens of milliseconds."""
    key_id = _random(ID_LENGTH)
    secret = _random(SECRET_LENGTH)
    return key_id, f"{prefix}{key_id}{secret}", bcrypt.hashpw(_condensed(secret), bcrypt.gensalt(BCRYPT_ROUNDS))


def split(presented: str) -> tuple[str, str] | None:
    """The id and the secret at the end of a key, None where the text cannot be one."""
    tail = presented[-(ID_LENGTH + SECRET_LENGTH) :]
    if len(tail) < ID_LENGTH + SECRET_LENGTH or not (tail.isascii() and tail.isalnum()):
        return None
    return tail[:ID_LENGTH], tail[ID_LENGTH:]


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _condensed(secret: str) -> bytes:
    return base64.b64encode(hashlib.sha256(secret.encode()).digest())


class KeyRing:
    """Every issued key of this process. Revoking and expiring hold at once: the live key is asked on each call."""

    def __init__(self, keys: Iterable[ApiKey], clock_us: Callable[[], int]) -> None:
        self.keys = {key.row.id: key for key in keys}
        self._clock_us = clock_us
        self._verified: LRUCache[bytes, Principal] = LRUCache(VERIFIED_MAX)
        self._refused: LRUCache[bytes, None] = LRUCache(REFUSED_MAX)
        self._verifying: dict[bytes, asyncio.Future[bool]] = {}
        self._slots = asyncio.Semaphore(VERIFYING_MAX)

    def add(self, key: ApiKey) -> None:
        self.keys[key.row.id] = key

    def used_since(self, at_us: int) -> Mapping[str, int]:
        """When each key was last used, for those used since a time."""
        used = ((key.row.id, key.last_used_us) for key in self.keys.values())
        return {key_id: last for key_id, last in used if last is not None and last >= at_us}

    def known(self, presented: bytes) -> Principal | None:
        """The caller of a key that was verified before; raises InvalidKey where it is no longer good."""
        principal = self._verified.get(hashlib.sha256(presented).digest())
        if principal is not None:
            self._check_usable(principal)
        return principal

    async def verify(self, presented: bytes) -> Principal:
        """The caller of a key; raises InvalidKey where it is unknown, wrong, revoked or expired."""
        parts = split(presented.decode("ascii", "replace"))
        key = self.keys.get(parts[0]) if parts else None
        digest = hashlib.sha256(presented).digest()
        if parts is None or key is None or digest in self._refused:
            raise _unknown()
        prefix_length = len(presented) - ID_LENGTH - SECRET_LENGTH
        if presented[:prefix_length] != key.row.prefix.encode() or not await self._matches(digest, parts[1], key):
            self._refused[digest] = None
            raise _unknown()
        principal = Principal(key.account, key, key.models, key.row.id)
        self._verified[digest] = principal
        self._check_usable(principal)
        return principal

    async def _matches(self, digest: bytes, secret: str, key: ApiKey) -> bool:
        """One bcrypt run for a digest, shared by everyone who waits for it."""
        running = self._verifying.get(digest)
        if running is None:
            running = asyncio.ensure_future(self._run_bcrypt(secret, key.row.secret_hash))
            self._verifying[digest] = running
            running.add_done_callback(lambda _: self._verifying.pop(digest, None))
        return await asyncio.shield(running)

    async def _run_bcrypt(self, secret: str, secret_hash: bytes) -> bool:
        async with self._slots:
            return await asyncio.to_thread(bcrypt.checkpw, _condensed(secret), secret_hash)

    def _check_usable(self, principal: Principal) -> None:
        key = principal.key
        assert key is not None, "only keys are remembered"
        row = key.row
        if row.revoked_at_us is not None:
            raise InvalidKey("This API key was revoked; use another one.")
        now = self._clock_us()
        if row.expires_at_us is not None and row.expires_at_us <= now:
            raise InvalidKey("This API key has expired; create a new one.")
        if principal.account.status != "active":
            raise InvalidKey("The account of this API key is suspended; ask its administrator.")
        key.last_used_us = now


def _unknown() -> InvalidKey:
    return InvalidKey("Invalid API key. Check that you copied the whole key; keys are shown once, when they are made.")
