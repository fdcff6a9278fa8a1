"""`tollhouse test contract` against real servers."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import tollhouse
from tests.gateway import ADMIN_TOKEN
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


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway with the listeners and mounts of the routes.yaml that is shipped."""
    with Served(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.mark.parametrize("name", ["openai", "anthropic"])
def test_the_gateway_keeps_its_own_documents(served: Served, name: str) -> None:
    path = str(documents_dir() / f"{name}.yaml")
    text = contract(path, f"{served.urls['openproxy']}/v1", "--key", served.key())  # where no call goes without a key
    assert "no-auth" in text and "wrong-body" in text and ", 0 failed" in text


@pytest.mark.parametrize(
    ("listener", "at"),
    [
        ("main", ""),
        ("main", "/v1"),
        ("main", "/api/v1"),
        ("main", "/proxy/v1"),
        ("openproxy", ""),
        ("openproxy", "/v1"),
    ],
)
def test_every_document_that_the_gateway_serves_is_kept_there(served: Served, listener: str, at: str) -> None:
    url = served.urls[listener] + at
    assert ", 0 failed" in contract(f"{url}/openapi.json", url, "--key", served.key())


def test_the_documents_of_accounts_and_administration_are_kept_with_their_credentials(served: Served) -> None:
    for at, credential in {"/api": served.session(), "/admin/api": ADMIN_TOKEN}.items():
        url = served.urls["main"] + at
        text = contract(f"{url}/openapi.json", url, "--key", credential)
        assert "no-auth" in text and ", 0 failed" in text


def test_a_document_that_a_server_does_not_give_exits_with_2(served: Served) -> None:
    main = served.urls["main"]
    for url in (f"{main}/nowhere.json", "http://127.0.0.1:9/openapi.json"):
        refused = tollhouse("test", "contract", "--spec", url, "--against", main, code=2)
        assert refused.stderr.startswith(f"{url}: ")
