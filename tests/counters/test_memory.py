"""What only the counters of this process have: a bounded memory."""

import time

import pytest

from tests.counters.test_base import Clock
from tollhouse.counters import memory
from tollhouse.counters.memory import MemoryCounters


def test_names_that_are_paid_off_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "NAMES_MAX", 10)
    clock = Clock()
    counters = MemoryCounters(clock)
    for number in range(1000):
        clock.now_s += 1
        assert counters.take(f"name {number}", 1, 60, 1).allowed
    assert len(counters._paid_off_at) <= 11


def test_forgetting_forgets_nothing_that_is_owed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "NAMES_MAX", 10)
    counters = MemoryCounters(Clock())
    for number in range(100):
        assert counters.take(f"name {number}", 1, 60, 1).allowed
    assert not any(counters.take(f"name {number}", 1, 60, 1).allowed for number in range(100))


def test_a_crowd_does_not_make_every_new_name_walk_through_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "NAMES_MAX", 10)
    walks = 0
    forget = MemoryCounters._forget_paid_off

    def counted(self: MemoryCounters, now: float) -> None:
        nonlocal walks
        walks += 1
        forget(self, now)

    monkeypatch.setattr(MemoryCounters, "_forget_paid_off", counted)
    counters = MemoryCounters(Clock())
    for number in range(1000):
        counters.take(f"name {number}", 1, 60, 1)
    assert walks <= 10


def test_a_name_that_was_only_peeked_at_is_not_kept() -> None:
    counters = MemoryCounters(Clock())
    for number in range(100):
        assert counters.peek(f"name {number}", 1, 60, 1).allowed
    assert counters._paid_off_at == {}


def test_two_hundred_thousand_addresses_leave_no_more_than_the_bound() -> None:
    clock = Clock()
    counters = MemoryCounters(clock)
    most = 0
    for number in range(200_000):
        clock.now_s += 0.001
        assert counters.take(f"requests:anonymous:{number}", 1, 60, 60).allowed
        most = max(most, len(counters._paid_off_at))
    assert most <= memory.NAMES_MAX
    clock.now_s += 1
    counters._forget_paid_off(clock.now_s)
    assert counters._paid_off_at == {}


def test_what_is_given_back_whole_leaves_no_name() -> None:
    counters = MemoryCounters(Clock())
    counters.take("n", 5, 60, 60)
    counters.give_back("n", 5, 60, 60)
    counters.give_back("another", 5, 60, 60)
    assert counters._paid_off_at == {}


def test_time_is_monotonic_whatever_the_wall_clock_does() -> None:
    assert MemoryCounters()._clock_s is time.monotonic
