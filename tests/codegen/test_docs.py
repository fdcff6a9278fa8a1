"""docs/codegen.md describes every vendor key that the generator reads, and no other."""

import re
from pathlib import Path

from codegen import vendor

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "codegen.md").read_text()
DESCRIBED = set(re.findall(r"^\| `(x-[a-z-]+)` \|", TEXT, re.MULTILINE))


def test_every_key_that_is_read_is_described_and_no_other() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "codegen").glob("*.py"))
    prefix = {"x-sdk"}  # what vendor keys of the clients begin with
    assert set(re.findall(r'"(x-[a-z-]+)"', sources)) - prefix == DESCRIBED


def test_every_word_of_a_key_is_described() -> None:
    lines = {line.split("`")[1]: line for line in TEXT.splitlines() if line.startswith("| `x-")}
    for key, words in (("x-sdk-stream", vendor.STREAM_KEYS), ("x-sdk-pagination", vendor.PAGINATION_KEYS)):
        for word in words:
            assert f"`{word}`" in lines[key], f"{key}: {word}"


def test_every_key_in_the_documents_is_described() -> None:
    for path in sorted((ROOT / "openapi").rglob("*.yaml")):
        used = set(re.findall(r"^\s*(x-[a-z-]+): (?!\{\$ref)\S", path.read_text(), re.MULTILINE))
        assert used <= DESCRIBED, f"{path.name}: {used - DESCRIBED}"
