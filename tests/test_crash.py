"""`kill -9` under load, again and again: no complete answer without its charge, no charge twice, nothing left held."""

from pathlib import Path

import pytest

from benchmarks.crash.checks import FORBIDDEN
from benchmarks.crash.report import cases, figures
from benchmarks.crash.rounds import run

ROUNDS = 10
SEED = 20_260_101


@pytest.mark.slow
def test_every_complete_answer_is_charged_once_across_kill_9(tmp_path: Path) -> None:
    result = run(tmp_path, rounds=ROUNDS, seed=SEED)
    shown = figures(result)
    assert {name: shown[name] for name in FORBIDDEN} == dict.fromkeys(FORBIDDEN, 0), f"seed {SEED}\n{cases(result)}"
    assert shown["rounds"] == ROUNDS
    assert shown["starts killed as well"] > 1
    assert shown["complete answers"] > 20
    assert shown["… of them voided and listed"] > 0, "no kill met an answer on its way"
