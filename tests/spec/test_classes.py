"""The documentation has every class of change and every rule, with the words of the code."""

import re
from pathlib import Path

from tollhouse.spec.classes import CLASSES, severity
from tollhouse.spec.lint import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "contract-kit.md").read_text()


def rows(heading: str) -> list[tuple[str, ...]]:
    """The rows of the table under a heading, without its head."""
    _, _, rest = PAGE.partition(f"\n## {heading}\n")
    found = re.findall(r"^\| (.*) \|$", rest.partition("\n## ")[0], re.MULTILINE)
    return [tuple(row.split(" | ")) for row in found[1:]]


def test_every_class_is_documented_and_every_documented_class_exists() -> None:
    assert rows("Changes") == [(each.name, each.request, each.response, each.title) for each in CLASSES]


def test_every_rule_is_documented_and_every_documented_rule_exists() -> None:
    assert rows("Rules") == [(rule.code, rule.severity, rule.title, rule.why, rule.fix) for rule in RULES]


def test_codes_and_names_are_given_once() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({each.name for each in CLASSES}) == len(CLASSES)


def test_a_class_has_a_severity_in_each_direction() -> None:
    assert (severity("null-added", "request"), severity("null-added", "response")) == ("compatible", "breaking")
