"""The documentation: a quick start that runs as it is printed, and the reference of every base path."""

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import Browser
from tests.endpoints.test_pricing import Links
from tests.gateway import Gateway, provider
from tests.seeds.snippets import javascript_packages, run_javascript, run_shell
from tests.served import Served
from tests.upstream import ScriptedUpstream, by_path

BASES = ["", "/api", "/api/v1", "/v1", "/proxy/v1", "/admin/api"]


def example(page: str, name: str, key: str = "YOUR_API_KEY") -> str:
    """A block of code of the page, with a key filled in."""
    found = re.search(rf'<code id="{name}"[^>]*>(.*?)</code>', page, re.DOTALL)
    assert found is not None, f"there is no {name}"
    code = html.unescape(found[1])
    assert "YOUR_API_KEY" in code
    return code.replace("YOUR_API_KEY", key)


@pytest.fixture
def page(served: Served) -> str:
    served.upstream.script = by_path
    response = served.client.get("/docs")
    assert response.status_code == 200 and response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


def test_it_has_the_real_address_and_the_first_model_on_offer(served: Served, page: str) -> None:
    for name in ("chat-curl", "chat-python", "chat-javascript", "chat-stream"):
        assert f"{served.urls['main']}/v1" in example(page, name) and '"gpt-test"' in example(page, name)
    assert '"embed-test"' in example(page, "embedding-curl")
    assert f"{served.urls['main']}/v1/scripted</code>" in page, "each provider has an address of its own"
    assert "{{" not in page and "BASE_URL" not in page and "FIRST_" not in page


@pytest.mark.parametrize(
    "name,wanted",
    [
        ("chat-curl", b'"chat.completion"'),
        ("chat-stream", b"data: [DONE]"),
        ("message-curl", b'"type":"message"'),
        ("embedding-curl", b'"embedding"'),
    ],
)
def test_a_curl_line_runs_as_it_is_printed(page: str, key: str, name: str, wanted: bytes) -> None:
    assert wanted in run_shell(example(page, name, key).replace("curl ", "curl -sS ", 1)).replace(b'": ', b'":')


def test_the_python_example_runs_as_it_is_printed(page: str, key: str) -> None:
    command = [sys.executable, "-W", "error", "-c", example(page, "chat-python", key) + "\nclient.close()"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout.strip(), done.stderr


def test_the_javascript_example_runs_as_it_is_printed(page: str, key: str, tmp_path: Path) -> None:
    packages = javascript_packages(tmp_path)
    assert run_javascript(example(page, "chat-javascript", key), packages).strip() not in ("", "undefined")


async def test_people_see_the_public_address_where_there_is_one(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    environ = {"TOLLHOUSE_PUBLIC_URL": "https://llm.example.org/"}
    async with Gateway(tmp_path, upstream.url, environ=environ) as gateway:
        page = (await gateway.client.get("/docs", headers={"host": "evil.example"})).text
    assert 'base_url="https://llm.example.org/v1"' in example(page, "chat-python")
    assert "evil.example" not in page and "127.0.0.1" not in page


async def test_what_is_not_there_is_not_described(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    mounts = [{"document": "web", "at": "/site"}, {"document": "system", "at": ""}]
    routes = {"listeners": {"main": {"bind": "127.0.0.1:0", "mounts": mounts}}}
    none = {"scripted": provider(upstream.url, models={})}
    async with Gateway(tmp_path, upstream.url, routes=routes, providers=none) as gateway:
        page = (await gateway.client.get("/site/docs")).text
        links = [link for link in Links(page).links if link.startswith("/")]
        answers = [(await gateway.client.get(link)).status_code for link in links]
        empty = (await gateway.client.get("/site/docs/pricing?format=json")).json()["models"]
    assert "No provider offers a model yet." in page and "Without a key" not in page and "api-keys" not in page
    assert answers == [200] * len(links) and "/site/openapi.json" in links
    assert empty == []


def test_every_base_path_of_the_listener_can_be_picked(served: Served, page: str) -> None:
    for at in BASES:
        picked = served.client.get("/docs", params={"at": at})
        assert picked.status_code == 200 and f'data-document="{at}/openapi.json"' in picked.text
        assert picked.text.count('aria-current="true"') == 1
    assert 'data-document="/v1/openapi.json"' in page, "the first to see is the one of the quick start"
    refused = served.client.get("/docs", params={"at": "/nope"})
    assert refused.status_code == 404 and "/proxy/v1" in refused.json()["detail"]
    assert served.client.get("/docs", params={"at": "https://evil.example"}).status_code == 404


def test_the_page_asks_nothing_of_others(served: Served, page: str) -> None:
    links = Links(page)
    assert links.inline == [] and all(re.match(r"[/#](?!/)", link) for link in links.links), links.links
    assert all(served.client.get(link).status_code == 200 for link in links.links if link.startswith("/"))


@pytest.mark.parametrize("at", BASES)
def test_a_browser_shows_every_operation(served: Served, tmp_path: Path, at: str) -> None:
    paths = served.client.get(f"{at}/openapi.json").json()["paths"]
    wanted = [each["operationId"] for item in paths.values() for name, each in item.items() if name != "parameters"]
    with Browser(tmp_path) as browser:
        browser.open(f"{served.urls['main']}/docs?at={at}")
        browser.wait_for("document.querySelectorAll('.opblock').length > 0")
        shown = browser.evaluate("[...document.querySelectorAll('.opblock')].map(each => each.id)")
        assert {name.rpartition("-")[2] for name in shown} == set(wanted) and len(shown) == len(wanted)
        assert browser.complaints == [] and browser.hosts == {"127.0.0.1"}


def test_a_call_can_be_tried_from_the_page(served: Served, tmp_path: Path) -> None:
    with Browser(tmp_path, dark=True) as browser:
        browser.open(f"{served.urls['main']}/docs?at=/v1")
        operation = "document.getElementById('operations-models-list_models')"
        browser.wait_for(f"{operation} !== null")
        for button in (".opblock-summary-control", ".try-out__btn", ".execute"):
            browser.wait_for(f"{operation}.querySelector('{button}') !== null")
            browser.evaluate(f"{operation}.querySelector('{button}').click()")
        browser.wait_for(f"{operation}.querySelector('.live-responses-table .response .response-col_status') !== null")
        assert (
            browser.evaluate(
                f"{operation}.querySelector('.live-responses-table .response .response-col_status').innerText"
            )
            == "200"
        )
        assert "gpt-test" in browser.evaluate(f"{operation}.querySelector('.live-responses-table').innerText")
        assert browser.complaints == [] and browser.hosts == {"127.0.0.1"}
