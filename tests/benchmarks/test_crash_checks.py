"""What `make crash` calls wrong: each finding from the answers and the entries that make it."""

import sqlite3

import pytest

from benchmarks.crash import checks
from benchmarks.crash.books import Books
from benchmarks.crash.checks import Findings, check_answers, check_balances, check_ledger, check_shown, cost_usd
from benchmarks.crash.clients import COMPLETE, CUT_OFF, FAILED, LEFT, UNANSWERED, UNEXPECTED, Answer, end_of
from benchmarks.crash.plan import CHAT, CHAT_STREAM, CREDIT, EMBEDDING, FAILING, MESSAGE_STREAM, Operation
from benchmarks.crash.report import cases, figures, render
from benchmarks.crash.rounds import Run

COST_NANO = 26_500  # 11 input at 1, 3 cached at 0.5, 7 output at 2 USD per million tokens


def operation(kind=CHAT, key=0, **fields):
    return Operation("n", kind, key, input_tokens=11, cached_tokens=3, output_tokens=7, delay_s=0, **fields)


def answer(end=COMPLETE, kind=CHAT, request_id="req_1", **fields):
    return Answer(operation(kind, **fields), "acct", request_id, 200, end=end)


def books(*entries):
    made = Books()
    for seq, (kind, request_id, amount_nano, text) in enumerate(entries, 1):
        made.take(seq, kind, "acct", request_id, amount_nano, text, text)
    return made


def found(*answers, entries=()):
    findings = Findings()
    made = books(*entries)
    check_ledger(findings, made, calls=1)
    check_answers(findings, answers, made)
    return [name for name, lines in findings.cases.items() if lines]


HOLD = ("hold", "req_1", None, None)
POST = ("post", "req_1", COST_NANO, None)
CRASHED = ("void", "req_1", None, "crash: the process ended before the answer did")


@pytest.mark.parametrize("end", [COMPLETE, LEFT, CUT_OFF])
def test_an_answer_that_is_charged_once_is_right(end):
    assert found(answer(end), entries=[HOLD, POST]) == []


@pytest.mark.parametrize("end", [FAILED, LEFT, CUT_OFF])
def test_what_is_not_complete_may_be_voided_by_the_crash(end):
    assert found(answer(end), entries=[HOLD, CRASHED]) == []


@pytest.mark.parametrize(
    ("end", "entries", "name"),
    [
        (COMPLETE, [HOLD, CRASHED], checks.UNCHARGED),
        (COMPLETE, [HOLD, ("post", "req_1", COST_NANO + 1, None)], checks.WRONG_COST),
        (COMPLETE, [HOLD, POST, POST], checks.CHARGED_TWICE),
        (FAILED, [HOLD, POST], checks.FAILED_CHARGED),
        (CUT_OFF, [], checks.WITHOUT_ROW),
        (LEFT, [HOLD, ("void", "req_1", None, "the call ended before the first byte")], checks.UNLISTED),
        (UNANSWERED, [HOLD], checks.HELD),
        (COMPLETE, [HOLD, POST, ("hold", "req_2", None, None), ("post", "req_2", 1, None)], checks.UNEXPLAINED),
        (UNEXPECTED, [], checks.SURPRISES),
    ],
)
def test_each_wrong_row_is_found_under_its_name(end, entries, name):
    assert found(answer(end), entries=entries) == [name]


def test_two_answers_need_two_rows():
    assert found(answer(), answer(), entries=[HOLD, POST]) == [checks.UNCHARGED]


@pytest.mark.parametrize(
    ("end", "amounts", "names"),
    [
        (COMPLETE, [5], []),
        (UNANSWERED, [], []),
        (UNANSWERED, [5], []),
        (COMPLETE, [], [checks.CREDITS_LOST]),
        (COMPLETE, [4], [checks.CREDITS_LOST]),
        (UNANSWERED, [5, 5], [checks.CREDITS_DOUBLED]),
    ],
)
def test_a_credit_that_was_answered_is_there_once(end, amounts, names):
    entries = [("credit", None, amount, "n") for amount in amounts]
    assert found(answer(end, CREDIT, None, amount_nano=5), entries=entries) == names


def test_a_balance_is_credits_less_costs():
    findings, made = Findings(), books(HOLD, POST)
    check_balances(findings, {"acct": "0.9999735"}, {"acct": 10**9}, made)
    assert not findings
    check_balances(findings, {"acct": "0.9999736"}, {"acct": 10**9}, made)
    assert findings.cases[checks.BALANCES]


@pytest.mark.parametrize(("cost", "right"), [("0.0000265", True), ("0.00002650", False), ("0", False)])
def test_the_api_shows_the_exact_cost(cost, right):
    findings = Findings()
    check_shown(findings, [answer()], {"req_1": {"state": "posted", "cost_usd": cost}})
    assert bool(findings) is not right


def test_costs_are_rounded_up_to_the_nano_dollar():
    assert str(cost_usd(operation(EMBEDDING))) == "2.20E-7"
    assert str(cost_usd(operation(EMBEDDING, key=5))) == "7.4E-8"  # 220 × 0.333333 = 73.3 nano-dollars


@pytest.mark.parametrize(
    ("kind", "body", "whole"),
    [
        (CHAT, b'{"choices": []}', True),
        (CHAT, b'{"choices": [', False),
        (CHAT_STREAM, b"data: {}\n\ndata: [DONE]\n\n", True),
        (CHAT_STREAM, b"data: {}\n\ndata: [DONE]\n", False),
        (MESSAGE_STREAM, b'event: ping\ndata: {}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n', True),
        (MESSAGE_STREAM, b"event: message_stop\ndata: {}\n\nevent: ping\ndata: {}\n\n", False),
    ],
)
def test_an_answer_is_complete_by_its_bytes_however_the_connection_ended(kind, body, whole):
    ended = end_of(Answer(operation(kind), "acct", "req_1", 200, body), killed=True)
    assert ended == (COMPLETE if whole else CUT_OFF)


@pytest.mark.parametrize(
    ("kind", "status", "killed", "end"),
    [
        (CHAT, None, True, UNANSWERED),
        (CHAT, None, False, UNEXPECTED),
        (CHAT, 200, False, UNEXPECTED),
        (CHAT, 503, True, UNEXPECTED),
        (FAILING, 502, False, FAILED),
        (FAILING, 200, False, UNEXPECTED),
    ],
)
def test_a_living_gateway_owes_every_call_its_scripted_answer(kind, status, killed, end):
    assert end_of(Answer(operation(kind), "acct", None, status), killed=killed) == end


def test_the_books_are_read_on_from_where_they_ended(tmp_path):
    path = tmp_path / "ledger.sqlite"
    columns = "seq, kind, account, request_id, amount_nano, reference, reason"
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE entries ({columns})")
        connection.execute("INSERT INTO entries VALUES (1, 'hold', 'acct', 'req_1', NULL, NULL, NULL)")
    made = Books()
    made.read_on(path)
    assert made.open_holds() == {"req_1"}
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO entries VALUES (2, 'post', 'acct', 'req_1', 5, NULL, NULL)")
    made.read_on(path)
    assert (made.open_holds(), made.posts["req_1"], made.spent["acct"]) == (set(), [5], 5)


def test_the_report_marks_what_must_be_0_and_shows_the_cases():
    run = Run(seed=7, rounds=1, answers=[answer(CUT_OFF)], books=books(HOLD, CRASHED))
    assert figures(run)["… of them voided and listed"] == 1
    assert "must be 0" not in render(figures(run))
    run.findings.add(checks.UNCHARGED, "req_1")
    assert f"{checks.UNCHARGED}: req_1" == cases(run)
    assert "1  must be 0" in render(figures(run))
