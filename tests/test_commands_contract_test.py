"""`tollhouse test contract` against real servers."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.commands import tollhouse
from tests.served import Served
from tests.spec.things import KEY, document, serving
from tollhouse.contract.documents import documents_dir


@pytest.fixture
def things(tmp_path: Path) -> str:
    path = tmp_path / "things.json"
    path.write_text(json.dumps(document()))
    return str(path)


def contract(things: str, url: str, *words: str, code: int = 0) -> str:
    return tollhouse("test", "contract", "--spec", things, "--against", url, "--key", KEY, *words, code=code).stdout


def test_a_server_that_keeps_its_document_passes(things: str) -> None:
    with serving() as url:
        text = contract(things, url)
        assert text.endswith("5 ok, 0 failed\n")
        suite = ET.fromstring(contract(things, url, "--format", "junit"))[0]
        assert (suite.get("tests"), suite.get("failures")) == ("5", "0")


def test_a_server_that_does_not_fails_with_operation_and_check(things: str) -> None:
    with serving(get=(200, {"name": "a"})) as url:
        assert "get_thing     example" in contract(things, url, code=1)
        (failed,) = [each for each in json.loads(contract(things, url, "--json", code=1))["findings"] if each["fails"]]
    assert (failed["operations"], failed["code"]) == (["get_thing"], "example")


def test_generated_cases_are_added_to_the_examples(things: str) -> None:
    with serving() as url:
        text = contract(things, url, "--operations", "create_thing", "--cases", "3")
    assert "create_thing  generated   case 1" in text and "failed" in text


def test_what_cannot_be_tested_exits_with_2(things: str) -> None:
    contract(things, "http://127.0.0.1:9", code=2)
    contract(things, "no url", code=2)
    with serving() as url:
        contract(things, url, "--operations", "nothing", code=2)


# `list_models` and `get_model` are left out: this gateway's routes.yaml lets anyone read them.
OPERATIONS = {
    "openai": "create_chat_completion,create_completion,create_embedding,create_moderation,create_quote,get_stats",
    "anthropic": "create_message,count_message_tokens",
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_gateway_keeps_its_own_documents(tmp_path: Path, name: str) -> None:
    path = str(documents_dir() / f"{name}.yaml")
    with Served(tmp_path) as served:
        url = f"{served.urls['main']}/v1"
        text = contract(path, url, "--operations", OPERATIONS[name], "--key", served.key())
    assert "no-auth" in text and "wrong-body" in text and ", 0 failed" in text
