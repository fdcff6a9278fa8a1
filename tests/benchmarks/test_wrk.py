"""Reading what wrk prints."""

import pytest

from benchmarks import wrk
from benchmarks.processes import BenchmarkError

OUTPUT = """Running 2s test @ http://127.0.0.1:8000/v1/chat/completions
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
Requests/sec:   6000.00
RESULT {"requests":12000,"duration_us":2000000,"connect":0,"read":0,"write":0,"status":0,"timeout":0,"p50_us":5100.0,"p90_us":6000.0,"p99_us":8000.0,"max_us":9000.0}
"""


def test_rate_and_percentiles_are_read():
    load = wrk.parse(OUTPUT)
    assert (load.per_s, load.p50_us, load.p99_us) == (6000.0, 5100.0, 8000.0)


@pytest.mark.parametrize("name", ["connect", "read", "write", "status", "timeout"])
def test_any_error_fails_the_run(name):
    with pytest.raises(BenchmarkError, match=f"'{name}': 3"):
        wrk.parse(OUTPUT.replace(f'"{name}":0', f'"{name}":3'))


def test_no_answers_fail_the_run():
    with pytest.raises(BenchmarkError):
        wrk.parse(OUTPUT.replace("12000", "0"))


def test_output_without_a_result_fails_the_run():
    with pytest.raises(BenchmarkError, match="unable to connect"):
        wrk.parse("unable to connect to 127.0.0.1:8000")


def test_the_script_posts_the_body_with_the_key(tmp_path):
    script = wrk.write_script(tmp_path / "post.lua", "op_key").read_text()
    assert '"Bearer op_key"' in script
    assert '"model": "gpt-bench"' in script
    assert '"%d' not in script.replace('":%d', "")  # the braces of the format survived
