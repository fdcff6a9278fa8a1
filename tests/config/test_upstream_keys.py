from pathlib import Path

import pytest

from tests.config.files import PROVIDERS, findings, loaded
from tollhouse.config.snapshot import UpstreamKey

CREDENTIAL = "one credential, with exactly one of env, file and none, such as {env: OPENAI_API_KEY}"


def with_keys(keys: str) -> str:
    return PROVIDERS.replace("[{env: OPENAI_API_KEY}]", keys)


def test_keys_come_from_variables_and_files(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text("sk-file\n")
    text = with_keys("[{env: A, weight: 3}, {file: key.txt}]")
    keys = loaded(tmp_path, providers=text, environ={"A": " sk-a\n"}).config.providers["openai"].keys
    assert keys == (UpstreamKey("env:A", 3, "sk-a"), UpstreamKey("file:key.txt", 1, "sk-file"))
    assert "sk-a" not in repr(keys)


def test_a_provider_can_need_no_credentials(tmp_path: Path) -> None:
    keys = loaded(tmp_path, providers=with_keys("[{none: true}]")).config.providers["openai"].keys
    assert keys == (UpstreamKey("none", 1, ""),)


def test_no_keys_are_legal(tmp_path: Path) -> None:
    assert loaded(tmp_path, providers=with_keys("[]")).config.providers["openai"].keys == ()


def test_an_unset_variable_is_a_warning_that_names_the_nearest(tmp_path: Path) -> None:
    text = with_keys("[{env: OPENAI_KEY}]")
    loaded_config = loaded(tmp_path, providers=text)
    assert loaded_config.config.providers["openai"].keys == (UpstreamKey("env:OPENAI_KEY", 1, None),)
    assert [str(warning) for warning in loaded_config.warnings] == [
        "providers.yaml:6: warning: providers.openai.keys[0].env: the variable OPENAI_KEY is not set, so this key is "
        'not used; did you mean "OPENAI_API_KEY"?'
    ]


def test_a_missing_or_empty_file_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    assert findings(tmp_path, providers=with_keys("[{file: gone}, {file: empty}]")) == [
        f"providers.yaml:6: warning: providers.openai.keys[0].file: cannot read {tmp_path}/gone (No such file or "
        "directory), so this key is not used",
        f"providers.yaml:6: warning: providers.openai.keys[1].file: {tmp_path}/empty is empty, so this key is not used",
    ]


@pytest.mark.parametrize(
    ("keys", "finding"),
    [
        ("[{}]", "keys[0]: must have exactly one of env, file and none; such as {env: OPENAI_API_KEY}"),
        (
            "[{env: OPENAI_API_KEY, none: true}]",
            "keys[0]: must have exactly one of env, file and none; such as {env: OPENAI_API_KEY}",
        ),
        ("[{none: false}]", "keys[0].none: false is not supported; accepted: true"),
        ("[{env: OPENAI_API_KEY, weight: 0}]", "keys[0].weight: 0 is out of range; accepted: from 1, up to 1000000"),
        (
            "[{env: OPENAI_API_KEY, weight: 1.5}]",
            "keys[0].weight: must be a whole number, not the number 1.5; "
            "A share of the traffic, 1 or more, against the other candidates.",
        ),
        (
            "[{env: OPENAI_API_KEY}, {env: OPENAI_API_KEY}]",
            "keys[1]: env:OPENAI_API_KEY is listed twice; keep one of them and add the weights",
        ),
        ('[{file: "a\\0b"}]', "keys[0].file: cannot be the name of a file"),
        ("[sk-secret]", f"keys[0]: must be a mapping; {CREDENTIAL}"),
        ("sk-secret", "keys: must be a list; Credentials; [] is legal: calls are 503 until one is added."),
        ("[{env: sk-secret}]", "keys[0].env: this value cannot be used; the name of an environment variable"),
    ],
)
def test_a_bad_key_is_one_finding_that_shows_no_secret(tmp_path: Path, keys: str, finding: str) -> None:
    environ = {"OPENAI_API_KEY": "sk", "sk-secret": "x"}
    assert findings(tmp_path, providers=with_keys(keys), environ=environ) == [
        f"providers.yaml:6: providers.openai.{finding}"
    ]


@pytest.mark.parametrize("value", ["two words", "line\nbreak", "é", "x" * 20_000])
def test_a_value_that_cannot_travel_in_a_header_is_refused_unseen(tmp_path: Path, value: str) -> None:
    assert findings(tmp_path, environ={"OPENAI_API_KEY": value}) == [
        "providers.yaml:6: providers.openai.keys[0].env: holds something that is not a key; "
        "a key is one line of visible ASCII, without spaces"
    ]
