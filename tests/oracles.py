"""The vendors' own OpenAPI documents, `openai.json` and `anthropic.yaml`: where they are, read, and as validators.

They are beside this checkout in `shared/oracles`, or where `TOLLHOUSE_ORACLES` says. They are not ours to ship, so tests that
need them are skipped where they are absent.
"""

import functools
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

ORACLES = Path(os.environ.get("TOLLHOUSE_ORACLES") or Path(__file__).resolve().parents[2] / "shared" / "oracles")
PRESENT = ORACLES.is_dir()
MISSING = "the vendors' documents are not beside this checkout"

OPENAI, ANTHROPIC = "openai.json", "anthropic.yaml"

needs_oracles = pytest.mark.skipif(not PRESENT, reason=MISSING)


@functools.cache
def document(name: str) -> Any:
    """A vendor's document, as JSON Schema 2020-12 reads it."""
    text = (ORACLES / name).read_text()
    return nullable(json.loads(text) if name.endswith(".json") else yaml.load(text, Loader=yaml.CSafeLoader))


def nullable(value: Any) -> Any:
    """OpenAPI 3.0's `nullable`, which both vendors still write here and there, as JSON Schema has it."""
    if isinstance(value, list):
        return [nullable(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    plain = {key: nullable(item) for key, item in value.items() if key != "nullable" or item is not True}
    return {"anyOf": [plain, {"type": "null"}]} if value.get("nullable") is True else plain


def resolved(whole: Any, reference: str) -> Any:
    """The part of a document that a local reference names."""
    for step in reference.removeprefix("#/").split("/"):
        whole = whole[step]
    return whole


@functools.cache
def validator(name: str, schema: str) -> jsonschema_rs.Draft202012Validator:
    """What a vendor's document says of one of its schemas."""
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return jsonschema_rs.Draft202012Validator({**reference, "components": document(name)["components"]})


def misfits(name: str, schema: str, value: Any) -> list[str]:
    """All that a vendor's schema finds wrong with a value."""
    return [f"{list(each.instance_path)}: {each.message[:300]}" for each in validator(name, schema).iter_errors(value)]
