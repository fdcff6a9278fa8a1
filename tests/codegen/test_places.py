"""A key is found with its line."""

from pathlib import Path

from codegen.places import line_of, place_of, place_of_component


def test_a_key_has_its_line_and_what_is_missing_that_of_the_key_above(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("# a comment\npaths:\n  /boats:\n    get:\n      x-sdk-skip: true\n      list: [1]\n")
    assert line_of(file, ["paths", "/boats", "get", "x-sdk-skip"]) == 5
    assert line_of(file, ["paths", "/boats", "get", "missing", "deeper"]) == 4
    assert line_of(file, ["paths", "/boats", "get", "list", "0"]) == 6
    assert line_of(file, []) is None


def test_a_component_of_another_file_has_no_line_in_this_one(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("components:\n  schemas:\n    Boat: {type: string}\n")
    assert place_of(file, ["components", "schemas"]) == "a.yaml, line 2"
    assert place_of_component(file, "schemas", "Boat") == "a.yaml, line 3"
    assert place_of_component(file, "schemas", "Ship") == "a.yaml"
