"""Reading keeps lines, takes scalars for what they are, and says where a file is wrong."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.upstream import ScriptedUpstream, answer
from tollhouse.spec.reading import DEPTH_MAX, SpecError, read_file, read_text


def read(text: str) -> object:
    return read_file("x.yaml", lambda _: text).value


def test_every_part_has_its_line() -> None:
    file = read_file("x.yaml", lambda _: "a:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n")
    assert file.value == {"a": {"b": 1, "c": ["x", {"d": 2}]}}
    assert [file.lines[path] for path in (("a",), ("a", "b"), ("a", "c", 1), ("a", "c", 1, "d"))] == [1, 2, 5, 5]


def test_words_that_yaml_11_turns_into_something_else_are_text() -> None:
    assert read("[no, 2026-01-01, 1:30, '1', 1.5, -2, null, true, 1e3]") == [
        "no",
        "2026-01-01",
        "1:30",
        "1",
        1.5,
        -2,
        None,
        True,
        1000.0,
    ]


def test_json_is_read_with_characters_beyond_the_first_plane() -> None:
    value = {"a": "😀", "b": ["\t", "é", 1.0]}
    assert read(json.dumps(value, indent="\t")) == value


def test_merge_keys_bring_entries_that_its_own_replace() -> None:
    assert read("a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a}\n") == {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "x.yaml:2: a is given again; line 1"),
        ("a: [1\n", "x.yaml:2: not valid YAML"),
        ("a: &x [*x]\n", f"more than {DEPTH_MAX} levels"),
        ("{[1]: 2}", "x.yaml:1: a key must be plain text"),
        ("a: \x01", "x.yaml:1: not valid YAML"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message.replace("[", r"\[")):
        read(text)


def test_a_file_that_is_not_there_is_an_error_of_the_kit(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no such file"):
        read_text(str(tmp_path / "none.yaml"))
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9")
    with pytest.raises(SpecError, match="UTF-8"):
        read_text(str(tmp_path / "latin.yaml"))


def test_a_file_of_another_revision_is_read_from_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("version: 1\n")
    for command in (
        ["init", "-q"],
        ["add", "a.yaml"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"],
    ):
        subprocess.run(["git", *command], check=True)
    (tmp_path / "a.yaml").write_text("version: 2\n")
    assert read_file("git:HEAD:a.yaml").value == {"version": 1}
    for name in ("git:HEAD:b.yaml", "git:nothing:a.yaml", "git:HEAD", "git:--help:a.yaml"):
        with pytest.raises(SpecError, match="git:"):
            read_file(name)


def test_a_file_at_a_url_is_read_from_its_server() -> None:
    with ScriptedUpstream.in_thread() as server:
        server.reply(answer("é: 1\n".encode(), **{"content-type": "text/plain"}), answer(b"gone", 404))
        assert read_file(f"{server.url}/a.yaml").value == {"é": 1}
        with pytest.raises(SpecError, match=r"a\.yaml: answers 404, so there is no document"):
            read_text(f"{server.url}/a.yaml")
    with pytest.raises(SpecError, match="cannot be fetched"):
        read_text(f"{server.url}/a.yaml")
