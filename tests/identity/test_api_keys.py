"""API keys: minting, finding, verifying once, refusing at once. bcrypt is real; tests count how often it runs."""

import asyncio
from dataclasses import replace
from typing import Any

import bcrypt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.billing.scenario import START_US, account
from tests.counters.test_base import Clock as Seconds
from tollhouse.counters.memory import MemoryCounters
from tollhouse.errors import InvalidKey, RateLimited
from tollhouse.identity import api_keys
from tollhouse.identity.api_keys import ALPHABET, ID_LENGTH, SECRET_LENGTH, WRONG_PER_MINUTE, KeyRing, mint, split
from tollhouse.identity.principals import ApiKey, Principal
from tollhouse.storage.base import KeyRow

KEY_ID = "k" * ID_LENGTH
SECRET = "s" * SECRET_LENGTH
TEXT = f"op_{KEY_ID}{SECRET}".encode()
HASH = bcrypt.hashpw(api_keys._condensed(SECRET), bcrypt.gensalt(4))


class Clock:
    now_us = START_US

    def __call__(self) -> int:
        return self.now_us


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def key() -> ApiKey:
    return ApiKey(KeyRow(KEY_ID, "acme", "laptop", "op_", HASH, START_US), account(), frozenset({"small"}))


@pytest.fixture
def seconds() -> Seconds:
    return Seconds(1000.0)


@pytest.fixture
def ring(key: ApiKey, clock: Clock, seconds: Seconds) -> KeyRing:
    return KeyRing([key], clock, MemoryCounters(seconds))


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What bcrypt was asked, in order."""
    asked: list[bytes] = []
    check = bcrypt.checkpw

    def counted(secret: bytes, secret_hash: bytes) -> bool:
        asked.append(secret)
        return check(secret, secret_hash)

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    return asked


@pytest.mark.parametrize("prefix", ["op_", "sk_rc_", ""])
async def test_a_minted_key_is_good_and_its_hash_does_not_hold_it(prefix: str) -> None:
    key_id, text, secret_hash = mint(prefix)
    assert text.startswith(prefix + key_id) and len(text) == len(prefix) + ID_LENGTH + SECRET_LENGTH
    assert text[-SECRET_LENGTH:].encode() not in secret_hash
    key = ApiKey(KeyRow(key_id, "acme", "n", prefix, secret_hash, START_US), account(), None)
    ring = KeyRing([], Clock())
    ring.add(key)
    assert (await ring.verify(text.encode())).key is key


def test_two_keys_are_never_alike() -> None:
    (first_id, first, _), (second_id, second, _) = mint("op_"), mint("op_")
    assert first_id != second_id and first[-SECRET_LENGTH:] != second[-SECRET_LENGTH:]


@given(st.text(max_size=20), st.text(ALPHABET, min_size=44, max_size=44))
def test_a_key_is_split_from_its_end(prefix: str, tail: str) -> None:
    assert split(prefix + tail) == (tail[:ID_LENGTH], tail[ID_LENGTH:])


@given(st.text(max_size=60))
def test_splitting_anything_gives_parts_or_nothing(text: str) -> None:
    parts = split(text)
    assert parts is None or (text.endswith("".join(parts)) and len("".join(parts)) == ID_LENGTH + SECRET_LENGTH)


async def test_a_good_key_names_its_caller(ring: KeyRing, key: ApiKey) -> None:
    caller = await ring.verify(TEXT)
    assert (caller.key, caller.account, caller.models, caller.name) == (key, key.account, frozenset({"small"}), KEY_ID)


async def test_a_key_is_known_after_its_first_use(ring: KeyRing, runs: list[bytes]) -> None:
    assert ring.known(TEXT) is None
    await ring.verify(TEXT)
    assert ring.known(TEXT) is not None
    assert len(runs) == 1


async def test_a_hundred_parallel_first_uses_cost_one_bcrypt(ring: KeyRing, runs: list[bytes]) -> None:
    callers = await asyncio.gather(*(ring.verify(TEXT) for _ in range(100)))
    assert len(runs) == 1
    assert all(caller.key is callers[0].key for caller in callers)


async def test_who_leaves_does_not_stop_the_check_for_the_others(ring: KeyRing, runs: list[bytes]) -> None:
    tasks = [asyncio.ensure_future(ring.verify(TEXT)) for _ in range(3)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(done[0], asyncio.CancelledError)
    assert all(not isinstance(each, BaseException) for each in done[1:])
    assert len(runs) == 1


async def test_only_so_many_checks_run_at_a_time(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0

    async def slow(check: Any, *arguments: Any) -> bool:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return True

    monkeypatch.setattr(asyncio, "to_thread", slow)
    ids = [f"{number:0{ID_LENGTH}}" for number in range(10)]
    keys = [ApiKey(KeyRow(key_id, "acme", "n", "op_", HASH, START_US), account(), None) for key_id in ids]
    ring = KeyRing(keys, clock)
    await asyncio.gather(*(ring.verify(f"op_{key_id}{SECRET}".encode()) for key_id in ids))
    assert most == api_keys.VERIFYING_MAX


@pytest.mark.parametrize(
    "presented",
    [
        b"", b"op_", b"short", f"op_{'x' * ID_LENGTH}{SECRET}".encode(), f"op_{KEY_ID}{SECRET}!".encode(),
        f"op_{KEY_ID}{SECRET[:-1]}é".encode(), b"\xff" * 60, f"op_{KEY_ID}{SECRET}\n".encode(), b"x" * 100_000,
    ],
)  # fmt: skip
async def test_what_is_no_key_of_ours_costs_no_bcrypt(ring: KeyRing, runs: list[bytes], presented: bytes) -> None:
    with pytest.raises(InvalidKey):
        await ring.verify(presented)
    assert runs == []


@pytest.mark.parametrize("prefix", ["", "sk_rc_", "OP_", "xop_", "opé"])
async def test_a_wrong_prefix_is_refused_without_bcrypt(ring: KeyRing, runs: list[bytes], prefix: str) -> None:
    with pytest.raises(InvalidKey):
        await ring.verify(f"{prefix}{KEY_ID}{SECRET}".encode())
    assert runs == []


async def test_a_wrong_secret_costs_one_bcrypt_however_often_it_is_tried(ring: KeyRing, runs: list[bytes]) -> None:
    wrong = f"op_{KEY_ID}{'t' * SECRET_LENGTH}".encode()
    await asyncio.gather(*(ring.verify(wrong) for _ in range(20)), return_exceptions=True)
    for _ in range(5):
        with pytest.raises(InvalidKey):
            await ring.verify(wrong)
    assert len(runs) == 1
    assert ring.known(wrong) is None
    assert (await ring.verify(TEXT)).key is not None  # the right one still works


@pytest.mark.parametrize(
    ("change", "message"),
    [({"revoked_at_us": START_US}, "revoked"), ({"expires_at_us": START_US}, "expired")],
)
async def test_revoking_and_expiring_hold_at_once_for_keys_in_use(
    ring: KeyRing, key: ApiKey, change: dict[str, int], message: str
) -> None:
    await ring.verify(TEXT)
    key.row = replace(key.row, **change)  # type: ignore[arg-type]
    with pytest.raises(InvalidKey, match=message):
        ring.known(TEXT)
    with pytest.raises(InvalidKey, match=message):
        await ring.verify(TEXT)


async def test_a_key_expires_at_its_moment(ring: KeyRing, key: ApiKey, clock: Clock) -> None:
    key.row = replace(key.row, expires_at_us=START_US + 1)
    await ring.verify(TEXT)
    clock.now_us += 1
    with pytest.raises(InvalidKey, match="expired"):
        ring.known(TEXT)


async def test_a_suspended_account_is_refused(ring: KeyRing, key: ApiKey) -> None:
    key.account.status = "suspended"
    with pytest.raises(InvalidKey, match="suspended"):
        await ring.verify(TEXT)


async def test_a_key_revoked_while_it_is_checked_is_refused(ring: KeyRing, key: ApiKey) -> None:
    checking = asyncio.ensure_future(ring.verify(TEXT))
    await asyncio.sleep(0)
    key.row = replace(key.row, revoked_at_us=START_US)
    with pytest.raises(InvalidKey, match="revoked"):
        await checking


async def test_only_a_good_use_counts_as_use(ring: KeyRing, key: ApiKey, clock: Clock) -> None:
    with pytest.raises(InvalidKey):
        await ring.verify(f"op_{KEY_ID}{'t' * SECRET_LENGTH}".encode())
    assert ring.used_since(0) == {}
    await ring.verify(TEXT)
    assert ring.used_since(START_US) == {KEY_ID: START_US}
    clock.now_us += 5
    ring.known(TEXT)
    assert ring.used_since(START_US + 1) == {KEY_ID: START_US + 5}
    assert ring.used_since(START_US + 6) == {}


def wrong(number: int, key_id: str = KEY_ID) -> bytes:
    return f"op_{key_id}{number:0{SECRET_LENGTH}}".encode()


async def outcomes(ring: KeyRing, *calls: tuple[bytes, str]) -> list[type]:
    done = await asyncio.gather(*(ring.verify(text, client) for text, client in calls), return_exceptions=True)
    return [type(each) for each in done]


async def test_an_unknown_id_costs_no_bcrypt_however_often_it_comes(ring: KeyRing, runs: list[bytes]) -> None:
    calls = [(wrong(number, f"{number:0{ID_LENGTH}}"), "192.0.2.1") for number in range(50)]
    assert set(await outcomes(ring, *calls)) == {InvalidKey}
    assert runs == []


async def test_a_network_has_ten_wrong_secrets_looked_at_in_a_minute(
    ring: KeyRing, runs: list[bytes], seconds: Seconds
) -> None:
    got = await outcomes(ring, *((wrong(number), "192.0.2.1") for number in range(100)))
    assert got.count(InvalidKey) == len(runs) <= WRONG_PER_MINUTE + api_keys.VERIFYING_MAX - 1
    assert got.count(RateLimited) == 100 - len(runs)
    with pytest.raises(RateLimited, match="your network address") as refused:
        await ring.verify(wrong(1000), "192.0.2.1")
    seconds.now_s += refused.value.retry_after_s or 0
    with pytest.raises(InvalidKey):
        await ring.verify(wrong(1000), "192.0.2.1")


async def test_a_network_is_a_64_of_ipv6(ring: KeyRing, runs: list[bytes]) -> None:
    await outcomes(ring, *((wrong(number), f"2001:db8::{number + 1:x}") for number in range(40)))
    assert len(runs) <= WRONG_PER_MINUTE + 1


async def test_a_key_id_has_ten_wrong_secrets_looked_at_from_networks_that_go_on(
    ring: KeyRing, runs: list[bytes], seconds: Seconds
) -> None:
    networks = [f"192.0.2.{number}" for number in range(20)]
    await outcomes(ring, *((wrong(number), client) for number, client in enumerate(networks)))
    assert len(runs) == 20, "each network has its first"
    got = await outcomes(ring, *((wrong(number + 100), client) for number, client in enumerate(networks)))
    assert (set(got), len(runs)) == ({RateLimited}, 20)
    with pytest.raises(RateLimited, match="this key's id") as refused:
        await ring.verify(wrong(500), networks[0])
    seconds.now_s += refused.value.retry_after_s or 0
    with pytest.raises(InvalidKey):
        await ring.verify(wrong(500), networks[0])


async def test_strangers_do_not_lock_out_an_owners_first_use(ring: KeyRing, key: ApiKey, runs: list[bytes]) -> None:
    strangers = [(wrong(number), f"192.0.2.{number % 7}") for number in range(200)]
    got = await outcomes(ring, *strangers, (TEXT, "203.0.113.9"))
    assert got[-1] is Principal and RateLimited in got


async def test_a_key_that_was_verified_makes_every_other_secret_wrong_without_bcrypt(
    ring: KeyRing, runs: list[bytes]
) -> None:
    await ring.verify(TEXT, "192.0.2.1")
    assert set(await outcomes(ring, *((wrong(number), "192.0.2.1") for number in range(50)))) == {InvalidKey}
    assert len(runs) == 1
    ring._verified.clear()  # as after twenty thousand other keys
    assert (await ring.verify(TEXT, "192.0.2.1")).key is not None
    assert len(runs) == 1


async def test_many_good_keys_from_one_network_are_not_held_up(clock: Clock, seconds: Seconds) -> None:
    ids = [f"{number:0{ID_LENGTH}}" for number in range(3 * WRONG_PER_MINUTE)]
    keys = [ApiKey(KeyRow(key_id, "acme", "n", "op_", HASH, START_US), account(), None) for key_id in ids]
    ring = KeyRing(keys, clock, MemoryCounters(seconds))
    got = await outcomes(ring, *((f"op_{key_id}{SECRET}".encode(), "192.0.2.1") for key_id in ids))
    assert set(got) == {Principal}


async def test_nobody_is_let_in_after_a_revocation_in_a_burst(ring: KeyRing, key: ApiKey) -> None:
    burst = [asyncio.ensure_future(ring.verify(TEXT)) for _ in range(100)]
    await asyncio.sleep(0)
    key.row = replace(key.row, revoked_at_us=START_US)
    burst += [asyncio.ensure_future(ring.verify(TEXT)) for _ in range(100)]
    done = await asyncio.gather(*burst, return_exceptions=True)
    assert all(isinstance(each, InvalidKey) for each in done)


async def test_the_memory_of_keys_is_bounded(ring: KeyRing) -> None:
    assert ring._verified.maxsize == api_keys.VERIFIED_MAX
    assert ring._refused.maxsize == api_keys.REFUSED_MAX
    await ring.verify(TEXT)
    assert ring._verifying == {}
