"""docs/settings.md has every setting, as the schemas say it."""

import re

import pytest

from codegen.settings import PAGE, page
from tollhouse.config.schema import schemas
from tollhouse.config.variables import VARIABLES


def test_the_page_is_that_of_these_schemas_and_variables(pytestconfig: pytest.Config) -> None:
    written = (pytestconfig.rootpath / PAGE).read_text()
    assert written == page(VARIABLES, schemas()), f"{PAGE} is of yesterday: run `make generate`"


def test_every_property_of_a_schema_has_a_row() -> None:
    text = page(VARIABLES, schemas())
    for file, schema in schemas().items():
        _, _, section = text.partition(f"## `{file}`")
        rows = set(re.findall(r"^\| `([^`]+)`", section.partition("\n## ")[0], re.MULTILINE))
        named = {name for part in objects(schema) for name in part if not name.startswith("$")}
        assert named == {row.replace("[]", "").rpartition(".")[2] for row in rows}, file


def objects(part: object) -> list[dict[str, object]]:
    """The properties of every object in a schema."""
    if isinstance(part, list):
        return [found for item in part for found in objects(item)]
    if not isinstance(part, dict):
        return []
    own = [part["properties"]] if isinstance(part.get("properties"), dict) else []
    return own + [found for item in part.values() for found in objects(item)]


def test_a_row_says_what_a_setting_takes_and_what_it_is_without_it() -> None:
    share = {"type": "integer", "minimum": 1, "description": "A share | of it.", "default": 1}
    part = {
        "properties": {
            "share": {"$ref": "#/$defs/share"},
            "on": {"type": "boolean", "description": "On.", "default": False},
        }
    }
    schema = {
        "description": "Parts.",
        "required": ["parts"],
        "properties": {"parts": {"description": "All.", "type": "object", "additionalProperties": part}},
        "$defs": {"share": share},
    }
    assert page({"A_B": "What."}, {"x.yaml": schema}).partition("|---|---|\n")[2] == (
        "| `A_B` | What. |\n\n## `x.yaml`\n\nParts.\n\n| Setting | What | Takes | Default |\n|---|---|---|---|\n"
        "| `parts` | All. | object | required |\n"
        "| `parts.*.share` | A share \\| of it. | integer (at least 1) | `1` |\n"
        "| `parts.*.on` | On. | boolean | `false` |\n"
    )
