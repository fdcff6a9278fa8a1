"""What operators see: numbers that add up, and no secrets."""

import contextlib
import json
import re
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from tests.billing.scenario import Clock, account, delivery, hold, rate
from tests.test_router import SMALL, config, provider
from tollhouse.billing.ledger import Ledger
from tollhouse.billing.pricing import Usage
from tollhouse.router import Router
from tollhouse.telemetry import Telemetry, configure_logging

[TARGET] = Router(config(provider("scripted", SMALL))).pool("openai", "small").targets


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(Clock(), [account(balance_nano=10**9)])


@pytest.fixture
def telemetry(ledger: Ledger) -> Telemetry:
    return Telemetry(ledger)


def sample(telemetry: Telemetry, name: str) -> float:
    match = re.search(rf"^{re.escape(name)} (\S+)$", telemetry.prometheus().decode(), re.MULTILINE)
    assert match is not None, name
    return float(match.group(1))


def test_a_fresh_process_shows_zeros(telemetry: Telemetry) -> None:
    for name in (
        "tollhouse_voided_total",
        "tollhouse_overdrawn_total",
        "tollhouse_overdraft_usd_total",
        "tollhouse_open_holds",
    ):
        assert sample(telemetry, name) == 0


def test_charges_add_up_by_provider(telemetry: Telemetry) -> None:
    for _ in range(2):
        telemetry.charged(TARGET, Usage(input=1, cache_read=2, cache_write_5m=4, output=8), "reported", 500, 500, 0.25)
    telemetry.charged(TARGET, Usage(output=1), "estimated", 1, 0, 0.5)
    assert sample(telemetry, 'tollhouse_requests_total{provider="scripted",usage_source="reported"}') == 2
    assert sample(telemetry, 'tollhouse_requests_total{provider="scripted",usage_source="estimated"}') == 1
    assert sample(telemetry, 'tollhouse_tokens_total{direction="input",provider="scripted"}') == 14
    assert sample(telemetry, 'tollhouse_tokens_total{direction="output",provider="scripted"}') == 17
    assert sample(telemetry, 'tollhouse_cost_usd_total{provider="scripted"}') == pytest.approx(1.001e-6)
    assert sample(telemetry, 'tollhouse_request_seconds_total{provider="scripted"}') == 1
    assert sample(telemetry, "tollhouse_overdrawn_total") == 1


def test_the_overdraft_and_the_open_holds_are_the_ledgers(telemetry: Telemetry, ledger: Ledger) -> None:
    for number in range(2):
        hold(ledger, f"req_{number}", ledger.accounts["acme"], 0)
    ledger.settle("req_0", rate(), delivery(Usage(output=1)))
    assert sample(telemetry, "tollhouse_open_holds") == 1
    assert sample(telemetry, "tollhouse_overdraft_usd_total") == pytest.approx(2e-6)


def test_a_failed_attempt_is_counted_and_logged(telemetry: Telemetry) -> None:
    with capture_logs() as logs:
        telemetry.upstream_failed("scripted", "status 500", "req_1")
    telemetry.voided()
    assert sample(telemetry, 'tollhouse_upstream_failures_total{kind="status 500",provider="scripted"}') == 1
    assert sample(telemetry, "tollhouse_voided_total") == 1
    [entry] = logs
    assert (entry["event"], entry["request_id"], entry["log_level"]) == ("upstream_failed", "req_1", "warning")


def test_two_processes_do_not_share_their_numbers(telemetry: Telemetry, ledger: Ledger) -> None:
    telemetry.voided()
    assert sample(Telemetry(ledger), "tollhouse_voided_total") == 0


def test_logs_that_nobody_reads_at_a_terminal_are_json_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    try:
        configure_logging()
        structlog.get_logger("t").info("listening", url="http://127.0.0.1")
        structlog.get_logger("t").debug("not shown")
    finally:
        structlog.configure(**before)
    out, err = capsys.readouterr()
    entry = json.loads(err)
    assert out == "" and (entry["event"], entry["level"], entry["url"]) == ("listening", "info", "http://127.0.0.1")
    assert entry["timestamp"].endswith("Z")


@pytest.mark.parametrize("closed", [False, True])
def test_a_log_that_cannot_be_written_fails_nobody(
    telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch, closed: bool
) -> None:
    full = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115 - closing it fails, too
    before = structlog.get_config()
    try:
        with monkeypatch.context() as patched:
            patched.setattr("sys.stderr", full)
            configure_logging()
        if closed:
            with contextlib.suppress(OSError):
                full.close()
        for _ in range(1000):  # more than a buffer holds
            telemetry.upstream_failed("scripted", "status 500", "req_1")
    finally:
        structlog.configure(**before)
        with contextlib.suppress(OSError):
            full.close()
    assert sample(telemetry, 'tollhouse_upstream_failures_total{kind="status 500",provider="scripted"}') == 1000
