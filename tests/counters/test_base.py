"""What every engine of counters does: one suite, against a simple reference in exact arithmetic."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.counters.base import Counters
from tollhouse.counters.memory import MemoryCounters


class Clock:
    def __init__(self, now_s: float = 0.0) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


Engine = Callable[[Clock], Counters]
ENGINES: list[Engine] = [MemoryCounters]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


class Bucket:
    """The reference: a bucket of `burst` that fills at the limit's rate, in fractions."""

    def __init__(self, per_minute: int, burst: int) -> None:
        self.rate, self.burst = Fraction(per_minute, 60), burst
        self.level, self.at = Fraction(burst), Fraction(0)

    def take(self, amount: int, now: Fraction) -> bool:
        self.level = min(Fraction(self.burst), self.level + (now - self.at) * self.rate)
        self.at = now
        if amount > self.level:
            return False
        self.level -= amount
        return True


# Eighths of a second are exact in floating point too, so the two can only differ where the engine is wrong.
steps = st.lists(st.tuples(st.integers(min_value=0, max_value=80), st.integers(min_value=0, max_value=12)), max_size=60)


@given(steps, st.sampled_from([30, 60, 240, 480]), st.integers(min_value=1, max_value=12))
def test_it_decides_as_a_bucket_that_fills_at_the_rate(
    calls: list[tuple[int, int]], per_minute: int, burst: int
) -> None:
    for engine in ENGINES:
        clock, bucket = Clock(), Bucket(per_minute, burst)
        counters = engine(clock)
        for eighths, wanted in calls:
            amount = min(wanted, burst)
            clock.now_s += eighths / 8
            allowance = counters.take("n", amount, per_minute, burst)
            before = bucket.level
            assert allowance.allowed is bucket.take(amount, Fraction(clock.now_s)), (before, amount)
            assert allowance.remaining == int(bucket.level)
            assert allowance.reset_s == pytest.approx(float((burst - bucket.level) / bucket.rate))


@given(
    st.integers(min_value=1, max_value=30_000_000),
    st.integers(min_value=1, max_value=100),
    st.floats(min_value=0, max_value=3e8),  # ten years of uptime
    st.data(),
)
def test_retry_after_is_true(per_minute: int, bursts: int, now_s: float, data: st.DataObject) -> None:
    burst = min(bursts * max(per_minute // 100, 1), per_minute)
    for engine in ENGINES:
        clock = Clock(now_s)
        counters = engine(clock)
        assert counters.take("n", burst, per_minute, burst).allowed, "a full burst fits at the beginning"
        amount = data.draw(st.integers(min_value=1, max_value=burst))
        refused = counters.take("n", amount, per_minute, burst)
        if refused.allowed:  # a microsecond's worth, which is what rounding may be off
            assert amount * 60 / per_minute <= 2e-6
            continue
        clock.now_s += refused.retry_after_s
        assert counters.take("n", amount, per_minute, burst).allowed


def test_a_burst_fits_and_the_next_one_does_not(engine: Engine) -> None:
    counters = engine(Clock())
    assert [counters.take("n", 1, 60, 5).allowed for _ in range(6)] == [True] * 5 + [False]
    assert counters.take("n", 1, 60, 5).retry_after_s == pytest.approx(1)


def test_a_refused_take_takes_nothing(engine: Engine) -> None:
    clock = Clock()
    counters = engine(clock)
    counters.take("n", 5, 60, 5)
    for _ in range(100):
        assert not counters.take("n", 1, 60, 5).allowed
    clock.now_s += 1
    assert counters.take("n", 1, 60, 5).allowed


def test_names_do_not_disturb_each_other(engine: Engine) -> None:
    counters = engine(Clock())
    assert counters.take("a", 1, 1, 1).allowed and counters.take("b", 1, 1, 1).allowed
    assert not counters.take("a", 1, 1, 1).allowed


def test_what_is_given_back_can_be_taken_again(engine: Engine) -> None:
    counters = engine(Clock())
    counters.take("n", 10, 10, 10)
    counters.give_back("n", 4, 10, 10)
    assert counters.take("n", 4, 10, 10).allowed
    assert not counters.take("n", 1, 10, 10).allowed


def test_giving_back_too_much_never_makes_more_than_a_burst(engine: Engine) -> None:
    counters = engine(Clock())
    counters.give_back("n", 1000, 10, 10)
    assert counters.take("n", 10, 10, 10).allowed
    assert not counters.take("n", 1, 10, 10).allowed


def test_using_more_than_was_taken_is_owed(engine: Engine) -> None:
    clock = Clock()
    counters = engine(clock)
    counters.take("n", 1, 60, 60)
    counters.give_back("n", -119, 60, 60)  # it used 120, twice the limit
    refused = counters.take("n", 1, 60, 60)
    assert (refused.allowed, refused.remaining) == (False, 0)
    assert refused.retry_after_s == pytest.approx(61)
    clock.now_s += 61
    assert counters.take("n", 1, 60, 60).allowed


@given(steps, st.sampled_from([30, 60, 240, 480]), st.integers(min_value=1, max_value=12))
def test_a_peek_answers_what_a_take_would_and_takes_nothing(
    calls: list[tuple[int, int]], per_minute: int, burst: int
) -> None:
    for engine in ENGINES:
        clock, untouched = Clock(), Clock()
        counters, unpeeked = engine(clock), engine(untouched)
        for eighths, wanted in calls:
            amount = min(wanted, burst)
            clock.now_s += eighths / 8
            untouched.now_s = clock.now_s
            for other in (burst, 0):  # whatever else somebody looks for
                counters.peek("n", other, per_minute, burst)
            peeked = counters.peek("n", amount, per_minute, burst)
            assert counters.peek("n", amount, per_minute, burst) == peeked
            assert peeked == counters.take("n", amount, per_minute, burst)
            assert peeked == unpeeked.take("n", amount, per_minute, burst)
            if wanted % 3 == 0:
                for each in (counters, unpeeked):
                    each.give_back("n", wanted - 4, per_minute, burst)


def test_a_name_that_was_only_peeked_at_is_as_new(engine: Engine) -> None:
    counters = engine(Clock())
    assert [counters.peek("n", 5, 60, 5).allowed for _ in range(20)] == [True] * 20
    assert counters.peek("n", 5, 60, 5).remaining == 0
    assert counters.take("n", 5, 60, 5).allowed
    refused = counters.peek("n", 1, 60, 5)
    assert (refused.allowed, refused.remaining) == (False, 0) and refused.retry_after_s == pytest.approx(1)
    assert counters.peek("other", 5, 60, 5).allowed


def test_what_time_has_paid_off_does_not_return_a_second_time(engine: Engine) -> None:
    clock = Clock()
    counters = engine(clock)
    taken = counters.take("n", 60, 60, 60)
    clock.now_s += 45
    assert counters.take("n", 45, 60, 60).allowed, "time has paid for them"
    counters.give_back("n", 60, 60, 60, paid_off_at_s=taken.paid_off_at_s)
    assert counters.peek("n", 0, 60, 60).remaining == 15, "and only the rest of the first is still there to return"
    clock.now_s += 60
    counters.take("n", 60, 60, 60)
    counters.give_back("n", 60, 60, 60, paid_off_at_s=taken.paid_off_at_s)
    assert counters.peek("n", 0, 60, 60).remaining == 0, "nothing is left of it now"
    counters.give_back("n", -60, 60, 60, paid_off_at_s=taken.paid_off_at_s)
    assert counters.take("n", 1, 60, 60).retry_after_s == pytest.approx(61), "what was used beyond it is always owed"


reservations = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=240),  # eighths of a second until the next call
        st.integers(min_value=1, max_value=40),  # tokens reserved
        st.integers(min_value=0, max_value=40),  # tokens used of them, at most
        st.integers(min_value=0, max_value=20),  # how many calls later it ends
    ),
    max_size=40,
)


@given(reservations)
def test_corrected_reservations_never_let_more_be_used_than_the_limit(
    calls: list[tuple[int, int, int, int]],
) -> None:
    """Whatever is reserved and given back, between any two moments the used tokens fit the burst and the rate."""
    per_minute, burst = 60, 40
    for engine in ENGINES:
        clock = Clock()
        counters = engine(clock)
        used: list[tuple[float, int]] = []
        ending: dict[int, list[tuple[int, float]]] = {}
        for number, (eighths, reserved, wanted, later) in enumerate(calls):
            clock.now_s += eighths / 8
            for surplus, paid_off_at_s in ending.pop(number, []):
                counters.give_back("n", surplus, per_minute, burst, paid_off_at_s=paid_off_at_s)
            taken = counters.take("n", reserved, per_minute, burst)
            if taken.allowed:
                spent = min(wanted, reserved)
                used.append((clock.now_s, spent))
                ending.setdefault(number + 1 + later, []).append((reserved - spent, taken.paid_off_at_s))
        for first in range(len(used)):
            total = 0
            for at_s, spent in used[first:]:
                total += spent
                assert total <= burst + (at_s - used[first][0]) * per_minute / 60 + 1e-6
