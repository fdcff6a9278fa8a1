"""Which targets rest after failures, for how long, and who may find out whether it is over."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_router import SMALL, config, key, provider
from tollhouse.health import FAILING, KEY_REFUSED, RATE_LIMITED, READY, Health
from tollhouse.router import Router, Target

CALL, SLOW = "a call", "one that began before"


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Lucky(random.Random):
    """Jitter at its most: a wait is as long as the rule says."""

    def random(self) -> float:
        return 1.0


class Scene:
    def __init__(self, generator: random.Random | None = None, **fields: Any) -> None:
        self.clock = Clock()
        self.health = Health(self.clock, generator or Lucky())
        other = SMALL.__class__("other", "small")
        entry = provider("a", SMALL, other, keys=(key(1), key(2)), **fields)
        router = Router(config(entry))
        self.first, self.second = router.pool("openai", "small").targets
        self.other = router.pool("openai", "other").targets[0]  # another model with the first key

    def fail(self, target: Target, kind: str = FAILING, retry_after_s: float | None = None) -> None:
        """One call that fails a moment after it began."""
        began_s = self.clock.now_s
        self.clock.now_s += 0.001
        self.health.failed(target, kind, began_s, retry_after_s)
        self.health.left(target, CALL)

    def waits_s(self, target: Target) -> float:
        return round(self.health.condition(target).wait_s, 3)

    def answer(self, target: Target) -> None:
        self.health.worked(target, self.clock.now_s)
        self.health.left(target, CALL)


def test_a_target_rests_after_three_failures_in_a_row() -> None:
    scene = Scene()
    for _ in range(2):
        scene.fail(scene.first)
        assert scene.health.admits(scene.first, CALL)
    scene.fail(scene.first)
    condition = scene.health.condition(scene.first)
    assert (condition.state, condition.reason) == ("cooling", FAILING) and not scene.health.admits(scene.first, CALL)
    assert scene.health.admits(scene.second, CALL), "another key is another circuit"
    assert scene.health.admits(scene.other, CALL), "and so is another model"


def test_a_success_in_between_begins_the_count_anew() -> None:
    scene = Scene()
    for _ in range(4):
        scene.fail(scene.first)
        scene.fail(scene.first)
        scene.answer(scene.first)
    assert scene.health.condition(scene.first) is READY


def test_how_many_failures_is_the_providers_setting_and_0_means_never() -> None:
    scene = Scene(rest_after_failures=1)
    scene.fail(scene.first)
    assert not scene.health.admits(scene.first, CALL)
    scene = Scene(rest_after_failures=0)
    for kind in (FAILING, RATE_LIMITED, KEY_REFUSED):
        for _ in range(5):
            scene.fail(scene.first, kind, retry_after_s=9)
    assert scene.health.admits(scene.first, CALL)


def test_a_key_that_is_refused_rests_with_all_its_models() -> None:
    scene = Scene()
    scene.fail(scene.first, KEY_REFUSED)
    assert not scene.health.admits(scene.first, CALL) and not scene.health.admits(scene.other, CALL)
    assert scene.health.admits(scene.second, CALL)
    assert scene.waits_s(scene.other) == 30


def test_a_rate_limit_rests_as_long_as_the_provider_asks() -> None:
    scene = Scene()
    scene.fail(scene.first, RATE_LIMITED, retry_after_s=7)
    assert scene.waits_s(scene.first) == 7
    scene.fail(scene.second, RATE_LIMITED)
    assert scene.waits_s(scene.second) == 1


def test_of_two_deadlines_the_later_one_stands() -> None:
    scene = Scene()
    scene.fail(scene.first, RATE_LIMITED, retry_after_s=20)
    began_s = scene.clock.now_s - 5
    scene.health.failed(scene.first, RATE_LIMITED, began_s, 3)
    assert scene.waits_s(scene.first) == 20


def test_nobody_rests_for_longer_than_an_hour_because_an_upstream_says_so() -> None:
    scene = Scene()
    scene.fail(scene.first, RATE_LIMITED, retry_after_s=86_400)
    assert scene.waits_s(scene.first) == 3600


def test_each_failed_probe_doubles_the_wait_up_to_a_minute() -> None:
    scene = Scene()
    for _ in range(3):
        scene.fail(scene.first)
    waits = [scene.waits_s(scene.first)]
    for _ in range(8):
        scene.clock.now_s += scene.waits_s(scene.first) + 0.01
        assert scene.health.admits(scene.first, CALL)
        scene.fail(scene.first)
        waits.append(scene.waits_s(scene.first))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_calls_that_ran_side_by_side_do_not_double_the_wait() -> None:
    scene = Scene()
    began_s = scene.clock.now_s
    for _ in range(50):
        scene.clock.now_s += 0.001
        scene.health.failed(scene.first, FAILING, began_s)
    assert scene.waits_s(scene.first) <= 1


def test_one_call_probes_while_the_others_stay_away() -> None:
    scene = Scene()
    for _ in range(3):
        scene.fail(scene.first)
    scene.clock.now_s += 1.1
    assert scene.health.admits(scene.first, CALL)
    assert not scene.health.admits(scene.first, CALL) and scene.health.condition(scene.first).state == "probing"
    scene.health.worked(scene.first, scene.clock.now_s)
    scene.health.left(scene.first, CALL)
    assert scene.health.admits(scene.first, CALL) and scene.health.admits(scene.first, CALL)


def test_a_probe_whose_client_left_makes_room_for_another() -> None:
    scene = Scene()
    for _ in range(3):
        scene.fail(scene.first)
    scene.clock.now_s += 1.1
    assert scene.health.admits(scene.first, CALL)
    scene.health.left(scene.first, CALL)
    assert scene.health.admits(scene.first, CALL)


def test_a_call_from_before_that_ends_makes_no_room_for_a_second_probe() -> None:
    scene = Scene()
    assert scene.health.admits(scene.first, SLOW)
    for _ in range(3):
        scene.fail(scene.first)
    scene.clock.now_s += 1.1
    assert scene.health.admits(scene.first, CALL)
    scene.health.left(scene.first, SLOW)
    assert not scene.health.admits(scene.first, CALL)


def test_a_slow_success_from_before_does_not_close_an_open_circuit() -> None:
    scene = Scene()
    began_s = scene.clock.now_s
    for _ in range(3):
        scene.fail(scene.first)
    scene.health.worked(scene.first, began_s)
    assert not scene.health.admits(scene.first, CALL)


def test_what_is_forgotten_is_well() -> None:
    scene = Scene()
    scene.fail(scene.first, KEY_REFUSED)
    assert set(scene.health.cooling) == {("a", "env:KEY_1", "")}
    scene.health.forget()
    assert scene.health.cooling == {} and scene.health.admits(scene.first, CALL)


kinds = st.sampled_from([FAILING, RATE_LIMITED, KEY_REFUSED])
events = st.lists(
    st.tuples(st.sampled_from(["fail", "work", "wait", "ask"]), kinds, st.floats(0, 100)), min_size=1, max_size=40
)


@given(events, st.randoms())
def test_whatever_happens_a_target_is_asked_again_within_an_hour(
    story: list[tuple[str, str, float]], generator: random.Random
) -> None:
    scene = Scene(generator)
    for what, kind, seconds in story:
        if what == "fail":
            scene.fail(scene.first, kind, seconds if seconds > 50 else None)
        elif what == "work":
            scene.answer(scene.first)
        elif what == "ask":
            scene.health.admits(scene.first, CALL)
            scene.health.left(scene.first, CALL)
        scene.clock.now_s += seconds
        assert 0 <= scene.waits_s(scene.first) <= 3600
    scene.clock.now_s += 3601
    assert scene.health.admits(scene.first, CALL)


@pytest.mark.parametrize("kind", [FAILING, RATE_LIMITED, KEY_REFUSED])
def test_jitter_is_between_half_and_all_of_a_wait(kind: str) -> None:
    waits = set()
    for seed in range(50):
        scene = Scene(random.Random(seed), rest_after_failures=1)
        scene.fail(scene.first, kind)
        waits.add(scene.waits_s(scene.first))
    longest = 30 if kind == KEY_REFUSED else 1
    assert len(waits) > 20 and all(longest / 2 <= wait <= longest for wait in waits)
