import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.config.yaml_reader import DEPTH_MAX, read_yaml


def only_problem(text: str) -> str:
    document = read_yaml("f.yaml", text)
    (problem,) = document.problems
    return str(problem)


def test_every_key_and_item_has_its_line() -> None:
    document = read_yaml("f.yaml", "a: 1\nb:\n  c:\n    - x\n    - {d: 2.50}\n")
    assert document.value == {"a": 1, "b": {"c": ["x", {"d": 2.5}]}}
    assert document.line(("b", "c")) == 3
    assert document.line(("b", "c", 1)) == 5
    assert document.marks["b", "c", 1, "d"].text == "2.50"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("On", "On"),
        ("1:30", "1:30"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("00.5", "00.5"),
        ("2027-01-01", "2027-01-01"),
        (".5", ".5"),
        (".inf", ".inf"),
        ("9" * 5000, "9" * 5000),
        ('"5"', "5"),
        ("'true'", "true"),
        ("5", 5),
        ("-5", -5),
        ("2.50", 2.5),
        ("1e3", 1000.0),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_only_json_words_and_plain_numbers_are_not_text(written: str, value: object) -> None:
    assert read_yaml("f.yaml", f"k: {written}\n").value == {"k": value}


def test_keys_are_always_text() -> None:
    assert read_yaml("f.yaml", "yes: 1\n4.1: 2\nnull: 3\n").value == {"yes": 1, "4.1": 2, "null": 3}


def test_a_key_given_twice_is_an_error_that_names_both_lines() -> None:
    assert only_problem("a:\n  b: 1\n  c: 2\n  b: 3\n") == (
        "f.yaml:2: a.b: line 4 gives this key again; keep one of the lines 2 and 4"
    )


def test_anchors_and_aliases_are_refused() -> None:
    assert only_problem("a: &x [1]\nb: *x\n").startswith("f.yaml:1: anchors (&) and aliases (*) are not read")
    assert only_problem("a: 1\nb: *x\n").startswith("f.yaml:2: anchors")


def test_tags_are_refused() -> None:
    assert only_problem("a: 1\nb: !!python/object:os.system x\n").startswith("f.yaml:2: tags (!) are not read")


def test_a_second_document_is_refused() -> None:
    assert only_problem("a: 1\n---\nb: 2\n") == "f.yaml:2: holds more than one YAML document; remove the line `---`"


def test_deep_nesting_is_refused() -> None:
    assert only_problem("a:\n" + " [\n" * 100) == f"f.yaml:{DEPTH_MAX + 2}: nested more than {DEPTH_MAX} levels deep"


def test_a_complex_key_is_refused() -> None:
    assert only_problem("a: 1\n? [b]\n: c\n") == "f.yaml:2: a key must be plain text"


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\nb: [1, 2\nc: 3\n", 3), ("a: 1\n\tb: 2\n", 2), ("a: b: c\n", 1), ('a: "\\UFFFFFFFF"', 1), ("a: \x07", 1)],
)
def test_broken_syntax_names_the_line(text: str, line: int) -> None:
    assert only_problem(text).startswith(f"f.yaml:{line}: not valid YAML: ")


def test_half_a_surrogate_pair_is_refused() -> None:
    assert only_problem('a: 1\nb: "\\ud800"\n').startswith("f.yaml:2: half of a surrogate pair")


def test_an_empty_file_has_no_value() -> None:
    assert read_yaml("f.yaml", "# nothing\n").value is None


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>\"'#%@`,? \n\t\\1.eu~"), max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    document = read_yaml("f.yaml", text)
    assert document.readable or document.problems


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(st.characters(codec="ascii")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc-. ", min_size=1), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_what_yaml_writes_is_read_back(value: object) -> None:
    text = yaml.safe_dump(value, width=10_000)
    if "&" not in text and "!" not in text:
        assert read_yaml("f.yaml", text).value == value
