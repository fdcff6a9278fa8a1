import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.config.files import PROVIDERS, write
from tests.config.test_operations import OPERATIONS
from tollhouse.config.check import check
from tollhouse.config.init import starter_directory


def test_a_good_set_has_no_findings(tmp_path: Path) -> None:
    write(tmp_path)
    assert check(tmp_path, {"OPENAI_API_KEY": "sk"}) == []


def test_warnings_and_errors_come_in_the_order_of_lines(tmp_path: Path) -> None:
    write(tmp_path, providers=PROVIDERS + "    on_disconnect: wait\n")
    assert [(problem.line, problem.level) for problem in check(tmp_path, {})] == [(6, "warning"), (9, "error")]


def test_an_unusable_directory_is_a_finding_not_an_exception(tmp_path: Path) -> None:
    assert len(check(tmp_path / "none", {})) == 3


EXAMPLES: dict[str, Any] = {
    "routes.yaml": yaml.safe_load((starter_directory() / "routes.yaml").read_text("utf-8")),
    "providers.yaml": yaml.safe_load(PROVIDERS),
    "model_catalog.json": json.loads((starter_directory() / "model_catalog.json").read_text("utf-8")),
}
oddities: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        1.5,
        10**30,
        "",
        " ",
        "*",
        "x" * 300,
        "\0",
        "é",
        [],
        {},
        [[]],
        [{}],
        {"": None},
        {"a": {"b": []}},
    ]
)


def spoilt(value: Any, draw: Callable[..., Any]) -> Any:
    """The value with one part, anywhere inside, replaced by something odd."""
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 5)) == 0:
        return draw(oddities)
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = draw(st.sampled_from(keys))
    part = spoilt(value[key], draw)
    if isinstance(value, list):
        return [*value[:key], part, *value[key + 1 :]]
    return {
        (draw(st.sampled_from([key, "odd"])) if name == key else name): part if name == key else kept
        for name, kept in value.items()
    }


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_nothing_that_a_file_can_hold_breaks_the_checks(data: st.DataObject) -> None:
    files = {name: json.dumps(spoilt(value, data.draw)) for name, value in EXAMPLES.items()}
    with tempfile.TemporaryDirectory() as directory:
        write(Path(directory), files["routes.yaml"], files["providers.yaml"], files["model_catalog.json"])
        problems = check(Path(directory), {"OCF_HEAD_URL": "http://127.0.0.1:1"}, OPERATIONS)
    assert all(problem.message and problem.line for problem in problems)
