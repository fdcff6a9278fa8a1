"""The plan of `make crash`: the same seed, the same calls and the same kills."""

from itertools import islice

from benchmarks.crash.plan import KEYS, STREAMS, WEIGHTS, first_start_kill, operations, plan_round

ROUNDS = range(1, 201)


def some(seed=1, number=1, client=0, count=300):
    return list(islice(operations(seed, number, client), count))


def test_the_same_seed_makes_the_same_plan():
    assert some() == some()
    assert [plan_round(1, number) for number in ROUNDS] == [plan_round(1, number) for number in ROUNDS]
    assert first_start_kill(1) == first_start_kill(1)


def test_seeds_rounds_and_clients_differ():
    plans = [
        [operation.input_tokens for operation in some(*which)] for which in ((1, 1, 0), (2, 1, 0), (1, 2, 0), (1, 1, 1))
    ]
    assert len({tuple(plan) for plan in plans}) == 4


def test_names_are_unique_in_a_run():
    names = [operation.name for number in (1, 11) for client in (1, 11) for operation in some(1, number, client)]
    assert len(names) == len(set(names))


def test_the_load_is_mixed():
    seen = some()
    assert {operation.kind for operation in seen} == set(WEIGHTS)
    assert {operation.key for operation in seen} == set(range(KEYS))
    leaving = [operation for operation in seen if operation.leave_after is not None]
    assert leaving and all(operation.kind in STREAMS for operation in leaving)


def test_some_rounds_end_while_the_load_begins_and_some_starts_are_killed():
    plans = [plan_round(1, number) for number in ROUNDS]
    assert any(plan.kill_after_s < 0.02 for plan in plans)
    assert any(plan.kill_after_s > 0.8 for plan in plans)
    assert [plan.number for plan in plans if plan.start_kill is not None] == list(range(5, 201, 5))
