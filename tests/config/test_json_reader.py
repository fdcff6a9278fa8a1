import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.config.json_reader import DEPTH_MAX, read_json


def only_problem(text: str) -> str:
    document = read_json("f.json", text)
    (problem,) = document.problems
    return str(problem)


def test_every_key_and_item_has_its_line() -> None:
    document = read_json("f.json", '{\n\t"a": 1e3,\n "b": {"c": [\n  "x",\n  2.50]}}\n')
    assert document.value == {"a": 1000.0, "b": {"c": ["x", 2.5]}}
    assert document.line(("a",)) == 2
    assert document.line(("b", "c", 1)) == 5
    assert document.marks["b", "c", 1].text == "2.50"


def test_a_key_given_twice_is_an_error_that_names_both_lines() -> None:
    assert only_problem('{"a": 1,\n "b": 2,\n "\\u0061": 3}') == (
        "f.json:1: a: line 3 gives this key again; keep one of the lines 1 and 3"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "f.json:1: not valid JSON: expected a value, column 1"),
        ('{"a": 1,\n}', 'f.json:2: not valid JSON: a comma before "}", column 1'),
        ("[1,\n2,]", 'f.json:2: not valid JSON: a comma before "]", column 3'),
        ('{"a" 1}', 'f.json:1: not valid JSON: expected ":" after the key, column 6'),
        ('{\n"a": 1\n"b": 2}', 'f.json:3: not valid JSON: expected "," or "}", column 1'),
        ("{a: 1}", "f.json:1: not valid JSON: expected a key in double quotes, column 2"),
        ('{"a": 01}', 'f.json:1: not valid JSON: expected "," or "}", column 8'),
        ('{"a": NaN}', "f.json:1: not valid JSON: expected a value, column 7"),
        ('{"a": 1e999}', "f.json:1: not valid JSON: this number is too large, column 7"),
        ("1 2", "f.json:1: not valid JSON: text after the end of the JSON value, column 3"),
        ('{"a": "\\ud800"}', "f.json:1: not valid JSON: half of a surrogate pair, column 7"),
        (
            '{\n // note\n"a": 1}',
            "f.json:2: not valid JSON: expected a key in double quotes, column 2; "
            'JSON has no comments: use the key "$comment"',
        ),
        ("[" * 100_000, f"f.json:1: not valid JSON: nested more than {DEPTH_MAX} levels deep, column {DEPTH_MAX + 2}"),
    ],
)
def test_broken_syntax_names_line_and_column(text: str, problem: str) -> None:
    assert only_problem(text) == problem


def test_a_line_break_inside_a_string_is_refused() -> None:
    assert only_problem('{"a": "x\ny"}').startswith("f.json:1: not valid JSON: Invalid control character")


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**30), 10**30)
        | st.floats(allow_nan=False, allow_infinity=False)
        # Escaped surrogates are refused, as the test above says.
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab é\n"), inner, max_size=4),
        max_leaves=10,
    ),
    st.sampled_from([None, 1, "\t"]),
    st.booleans(),
)
def test_what_json_writes_is_read_back(value: object, indent: int | str | None, ascii_only: bool) -> None:
    document = read_json("f.json", json.dumps(value, indent=indent, ensure_ascii=ascii_only))
    assert document.problems == []
    assert document.value == value


@given(st.text(alphabet=st.sampled_from('{}[]:,"ab01.-e\\u \n\ttruefalsn'), max_size=30))
def test_the_verdict_is_that_of_the_standard_library(text: str) -> None:
    document = read_json("f.json", text)
    try:
        value = json.loads(text)
    except ValueError:
        assert not document.readable
        return
    if document.readable:  # else NaN, a lone surrogate or a huge number: what we refuse beyond JSON
        assert document.value == value
