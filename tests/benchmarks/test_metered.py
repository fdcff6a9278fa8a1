"""A ledger that does not have what wrk saw fails the run."""

import pytest

from benchmarks.gateway import Audit
from benchmarks.processes import BenchmarkError
from benchmarks.streams import possible
from benchmarks.throughput import Metered


@pytest.mark.parametrize(
    "audit",
    [
        Audit(requests=1000, posted=999, voided=1, drift=0),
        Audit(requests=1201, posted=1201, voided=0, drift=0),
        Audit(requests=1000, posted=1000, voided=0, drift=1),
    ],
    ids=["an answer was not charged", "more calls than were made", "drift"],
)
def test_a_ledger_that_does_not_match_fails_the_run(audit):
    with pytest.raises(BenchmarkError):
        Metered("strict", 1000, 200, audit, 100.0).check()


def test_calls_in_flight_at_the_end_of_a_round_are_allowed():
    Metered("strict", 1000, 200, Audit(requests=1200, posted=1150, voided=50, drift=0), 100.0).check()


def test_the_limit_of_open_files_bounds_the_streams():
    assert possible(5000, 20_000) == 5000
    assert possible(5000, 1024) == 412
