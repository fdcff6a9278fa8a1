"""Tables that people read."""

import csv
import io

import pytest

from tollhouse.tables import comma_separated, record, table


def test_columns_are_as_wide_as_needed_and_numbers_stand_to_the_right() -> None:
    rows = [{"name": "acme", "usd": "1.5", "n": 7}, {"name": "a long name", "usd": "-12", "n": None}]
    assert table(rows, ("name", "usd", "n")) == "\n".join(
        ["name         usd  n", "acme         1.5  7", "a long name  -12  -"]
    )


def test_no_rows_are_said_to_be_none() -> None:
    assert table([], ("name",)) == "(none)"


def test_a_column_that_a_row_does_not_have_is_a_dash() -> None:
    assert table([{"a": "x"}], ("a", "b")) == "a  b\nx  -"


def test_values_are_written_for_people() -> None:
    shown = record({"models": ["a", "b"], "none": None, "empty": [], "active": True, "stream": False, "n": 0})
    assert shown.splitlines() == ["models  a, b", "none    -", "empty   -", "active  yes", "stream  no", "n       0"]


def test_what_a_terminal_would_obey_is_shown_and_not_done() -> None:
    name = "\x1b[2Jall\r\nmine\u202e\x9b"
    shown = r"\x1b[2Jall\r\nmine\u202e\x9b"
    assert table([{"name": name, "of": [name]}], ("name", "of")).splitlines()[1] == f"{shown}  {shown}"
    assert record({"name": name, "fine": "é 東京 – ok"}) == f"name  {shown}\nfine  é 東京 – ok"


def test_a_truth_is_not_a_number() -> None:
    assert table([{"on": True, "x": "y"}], ("on", "x")) == "on   x\nyes  y"


def test_values_for_spreadsheets_are_read_back_as_they_were() -> None:
    rows = [
        {"model": 'a "quoted", name', "n": 7, "usd": "-0.5", "key": None},
        {"model": "two\nlines", "n": 0, "usd": "1e9", "key": "ünï"},
    ]
    text = comma_separated(rows, ("model", "n", "usd", "key"))
    assert text.startswith("model,n,usd,key\r\n")
    assert list(csv.DictReader(io.StringIO(text, newline=""))) == [
        {"model": 'a "quoted", name', "n": "7", "usd": "-0.5", "key": ""},
        {"model": "two\nlines", "n": "0", "usd": "1e9", "key": "ünï"},
    ]
    assert comma_separated([], ("a", "b")) == "a,b\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")', "-cmd"])
def test_a_spreadsheet_is_given_no_formula(text: str) -> None:
    [row] = csv.DictReader(io.StringIO(comma_separated([{"a": text}], ("a",)), newline=""))
    assert row["a"] == f"'{text}"
