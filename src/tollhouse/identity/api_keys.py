"""API keys: prefix + id + secret. Looked up by id, verified once with bcrypt, then remembered by a full digest.

The prefix says how a key was issued and nothing else. bcrypt sees the SHA-256 of the secret, so no secret is cut at
bcrypt's 72 bytes; it runs in a worker thread, one run per key however many calls wait for it.

Wrong secrets must cost strangers more than us, and never the owner. So bcrypt runs for a key until the right secret was
seen once in this process; from then on any other one is wrong without it, and nothing that strangers send matters to
the owner. Before that, `WRONG_PER_MINUTE` wrong secrets are looked at for each network (`networks.network_of`) and for
each key id; beyond it the answer is 429 with a true Retry-After, without bcrypt. Only wrong ones count, and they count
when bcrypt has said so, so a host that starts with fifty good keys at once is not held up. A network that has sent no
wrong secret for a minute is always looked at, whatever others have sent for that key id: strangers cannot lock out an
owner's first use, they can only make it wait its turn for bcrypt. What remains is a stranger behind the owner's own
address, with whom a first use shares ten looks a minute.
"""

import asyncio
import base64
import hashlib
import secrets
import string
from collections.abc import Callable, Iterable, Mapping

import bcrypt
from cachetools import LRUCache

from tollhouse.counters.base import Counters
from tollhouse.counters.memory import MemoryCounters
from tollhouse.errors import InvalidKey, RateLimited
from tollhouse.identity.networks import network_of
from tollhouse.identity.principals import ApiKey, Principal, check_usable
from tollhouse.storage.base import KeyRow

ALPHABET = string.ascii_letters + string.digits
ID_LENGTH = 12
SECRET_LENGTH = 32  # 190 bits
BCRYPT_ROUNDS = 10  # the secret is random, so the rounds only slow down whoever stole the store
VERIFIED_MAX = 20_000  # digests remembered as verified
REFUSED_MAX = 20_000  # digests remembered as wrong
VERIFYING_MAX = 2  # bcrypt runs at a time
WRONG_PER_MINUTE = 10  # wrong secrets that are looked at, of a network and of a key id


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

    def __init__(self, keys: Iterable[ApiKey], clock_us: Callable[[], int], counters: Counters | None = None) -> None:
        self.keys = {key.row.id: key for key in keys}
        self._clock_us = clock_us
        self._counters = counters or MemoryCounters()
        self._verified: LRUCache[bytes, Principal] = LRUCache(VERIFIED_MAX)
        self._refused: LRUCache[bytes, None] = LRUCache(REFUSED_MAX)
        self._verifying: dict[bytes, asyncio.Future[bool]] = {}
        self._slots = asyncio.Semaphore(VERIFYING_MAX)

    def add(self, key: ApiKey) -> None:
        self.keys[key.row.id] = key

    def change(self, key: ApiKey, row: KeyRow) -> None:
        """What a key may do from now on; also for callers that are remembered. Requests that run keep what they began with."""
        key.row = row
        key.models = frozenset(row.models) if row.models is not None else None
        for digest, principal in list(self._verified.items()):
            if principal.key is key:
                self._verified[digest] = principal._replace(models=key.models)

    def used_since(self, at_us: int) -> Mapping[str, int]:
        """When each key was last used, for those used since a time."""
        used = ((key.row.id, key.last_used_us) for key in self.keys.values())
        return {key_id: last for key_id, last in used if last is not None and last >= at_us}

    def known(self, presented: bytes) -> Principal | None:
        """The caller of a key that was verified before; raises InvalidKey where it is no longer good."""
        try:
            principal = self._verified[hashlib.sha256(presented).digest()]  # half the time of its `get`
        except KeyError:
            return None
        self._check_usable(principal)
        return principal

    async def verify(self, presented: bytes, client: str = "") -> Principal:
        """The caller of a key; `client` is the network address it comes from.

        Raises InvalidKey where it is unknown, wrong, revoked or expired, RateLimited after too many wrong ones.
        """
        parts = split(presented.decode("ascii", "replace"))
        key = self.keys.get(parts[0]) if parts else None
        digest = hashlib.sha256(presented).digest()
        if parts is None or key is None or digest in self._refused:
            raise _unknown()
        if key.digest is None:
            await self._check_secret(presented, digest, parts[1], key, network_of(client))
        elif key.digest != digest:
            raise _unknown()
        principal = Principal(key.account, key, key.models, key.row.id)
        self._verified[digest] = principal
        self._check_usable(principal)
        return principal

    async def _check_secret(self, presented: bytes, digest: bytes, secret: str, key: ApiKey, network: str) -> None:
        """Ask bcrypt, and remember what it said; raises InvalidKey where the key is wrong."""
        prefix_length = len(presented) - ID_LENGTH - SECRET_LENGTH
        right_prefix = presented[:prefix_length] == key.row.prefix.encode()
        if not right_prefix or not await self._matches(digest, secret, key, network):
            self._refused[digest] = None
            raise _unknown()

    async def _matches(self, digest: bytes, secret: str, key: ApiKey, network: str) -> bool:
        """One bcrypt run for a digest, shared by everyone who waits for it."""
        running = self._verifying.get(digest)
        if running is None:
            running = asyncio.ensure_future(self._run_bcrypt(digest, secret, key, network))
            self._verifying[digest] = running
            running.add_done_callback(lambda _: self._verifying.pop(digest, None))
        return await asyncio.shield(running)

    async def _run_bcrypt(self, digest: bytes, secret: str, key: ApiKey, network: str) -> bool:
        async with self._slots:
            if key.digest is not None:  # the right secret was seen while this one waited
                return key.digest == digest
            names = (f"wrong-secrets:{network}", f"wrong-secrets-of:{key.row.id}")
            self._check_wrong(*names)
            if await asyncio.to_thread(bcrypt.checkpw, _condensed(secret), key.row.secret_hash):
                key.digest = digest
                return True
            for name in names:
                self._counters.take(name, 1, WRONG_PER_MINUTE, WRONG_PER_MINUTE)
            return False

    def _check_wrong(self, of_network: str, of_key: str) -> None:
        """Raises RateLimited where a network or, from one that has been wrong lately, a key id was wrong too often."""
        network, key = (
            self._counters.peek(name, 1, WRONG_PER_MINUTE, WRONG_PER_MINUTE) for name in (of_network, of_key)
        )
        if network.remaining == WRONG_PER_MINUTE - 1:  # nothing wrong came from there for a minute
            return
        wait_s = max(network.retry_after_s, key.retry_after_s)
        if wait_s:
            whose = "for this key's id" if network.allowed else "from your network address"
            raise RateLimited(
                f"Too many wrong API keys came {whose}. Try again in {wait_s:.1f} s.", retry_after_s=wait_s
            )

    def _check_usable(self, principal: Principal) -> None:
        key = principal.key
        assert key is not None, "only keys are remembered"
        now = self._clock_us()
        check_usable(principal, now)
        key.last_used_us = now


def _unknown() -> InvalidKey:
    return InvalidKey("Invalid API key. Check that you copied the whole key; keys are shown once, when they are made.")
