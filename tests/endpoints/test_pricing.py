"""The price list as a page and as JSON, for everybody."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator

from tests.browser import Browser
from tests.gateway import Gateway, bearer, provider
from tests.served import Served
from tests.upstream import ScriptedUpstream
from tollhouse.contract.documents import load_document
from tollhouse.web.pages import POLICY

EVIL = '<script>alert("x")</script>'
SEED_FORMULA = "Cost = (tokens_in × in_price + tokens_out × out_price)/1e6 × user.rate_multiplier × per-model multiplier"  # seed 001
JSON = {"accept": "application/json"}


class Links(HTMLParser):
    """Everything that a page refers to, and the code that it has in itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[Any] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [given[name] or "" for name in ("src", "href", "action", "srcset") if name in given]
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in given) else []


def schema(name: str) -> dict[str, Any]:
    document = load_document("web")
    return {**document["components"]["schemas"][name], "components": document["components"]}


def test_it_is_a_page_unless_json_is_preferred(served: Served) -> None:
    for headers in ({}, {"accept": "text/html,*/*;q=0.8"}, {"accept": "*/*"}):
        response = served.client.get("/docs/pricing", headers=headers)
        assert response.headers["content-type"] == "text/html; charset=utf-8" and response.headers["vary"] == "accept"
    asked = served.client.get("/docs/pricing", headers=JSON)
    assert asked.headers["content-type"] == "application/json" and asked.headers["vary"] == "accept"
    assert served.client.get("/docs/pricing?format=json").json() == asked.json()
    assert served.client.get("/docs/pricing?format=html", headers=JSON).headers["content-type"].startswith("text/html")
    refused = served.client.get("/docs/pricing?format=xml")
    assert refused.status_code == 422 and "format" in refused.json()["detail"]


def test_json_is_as_documented_and_has_every_model_on_offer(served: Served) -> None:
    prices = served.client.get("/docs/pricing", headers=JSON).json()
    OAS30Validator(schema("PriceList")).validate(prices)
    listed = [model["id"] for model in served.client.get("/proxy/v1/models").json()["data"]]
    assert [model["id"] for model in prices["models"]] == listed
    assert prices["formula"] == SEED_FORMULA
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", prices["catalogue_version"])
    [anthropic] = next(model["offers"] for model in prices["models"] if model["id"] == "claude-test")
    assert [anthropic[f"{kind}_usd_per_mtok"] for kind in ("input", "output", "cache_read", "cache_write_5m", "cache_write_1h")] == [
        "3", "15", "0.3", "3.75", "6",
    ]  # fmt: skip
    assert {model["id"] for model in prices["models"] if model["free_without_key"]} == {"gpt-test"}


def test_the_version_is_the_one_that_charges_name(served: Served, key: str) -> None:
    asked = {"model": "gpt-test", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 5}
    quote = served.client.post("/v1/quote", json=asked, headers=bearer(key)).json()
    assert quote["price_version"] == served.client.get("/docs/pricing", headers=JSON).json()["catalogue_version"]


def test_nobody_needs_a_key_and_no_key_changes_it(served: Served, key: str) -> None:
    public = served.client.get("/docs/pricing", headers=JSON).json()
    for sent in (key, "nonsense"):
        assert served.client.get("/docs/pricing", headers={**JSON, **bearer(sent)}).json() == public


def test_the_page_has_all_of_it_and_asks_nothing_of_others(served: Served) -> None:
    response = served.client.get("/docs/pricing")
    page, links = response.text, Links(response.text)
    prices = served.client.get("/docs/pricing?format=json").json()
    assert SEED_FORMULA in page and prices["catalogue_version"] in page
    for model in prices["models"]:
        assert f"<code>{model['id']}</code>" in page
    assert links.inline == [] and all(re.match(r"[/#](?!/)", link) for link in links.links), links.links
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    assert all(served.client.get(link).status_code == 200 for link in links.links if link.startswith("/"))


async def evil(tmp_path: Path, url: str) -> Gateway:
    facts = {
        "input_usd_per_mtok": "9", "output_usd_per_mtok": "10.5", "request_usd": "0.04", "kind": "chat", "description": EVIL,
        "display_name": EVIL, "owned_by": "<b>me</b>", "prices_from": [{"effective": "2999-01-01", "input_usd_per_mtok": "7"}],
    }  # fmt: skip
    models = {EVIL: {"multiplier": "1.1"}, "embed-test": {}, "gpt-test": {}}
    entries = {"scripted": provider(url, models=models, multiplier="2"), "dark": provider(url, keys=[])}
    return Gateway(tmp_path, url, providers=entries, models={EVIL: facts})


async def test_what_the_catalogue_says_is_text(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    async with await evil(tmp_path, upstream.url) as gateway:
        await gateway.admin.post("/providers/scripted/pause", json={"reason": EVIL})
        for path in ("/docs/pricing", "/docs"):
            page = (await gateway.client.get(path)).text
            assert EVIL not in page and "<b>me" not in page and Links(page).inline == [], path
        page = (await gateway.client.get("/docs/pricing")).text
        prices = (await gateway.client.get("/docs/pricing?format=json")).json()
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in page and "paused" in page and "no key" in page
    OAS30Validator(schema("PriceList")).validate(prices)
    [offer] = next(model["offers"] for model in prices["models"] if model["id"] == EVIL)
    assert (offer["state"], offer["input_usd_per_mtok"], offer["request_usd"]) == ("paused", "19.8", "0.088")
    assert offer["announced"][0]["input_usd_per_mtok"] == "15.4" and "2999-01-01" in page and "15.4" in page


async def test_a_pause_is_on_the_page_at_once(gateway: Gateway) -> None:
    assert "paused" not in (await gateway.client.get("/docs/pricing")).text
    await gateway.admin.post("/providers/scripted/pause", json={"reason": "over budget"})
    page = (await gateway.client.get("/docs/pricing")).text
    assert page.count('<span class="badge bad">paused</span>') == 2 and "over budget" not in page
    await gateway.admin.post("/providers/scripted/resume")
    assert "paused" not in (await gateway.client.get("/docs/pricing")).text


FIRST = "document.querySelector('#prices tbody tr:not([hidden]) code').textContent"
SHOWN = "[...document.querySelectorAll('#prices tbody tr:not([hidden])')].map(row => row.cells[{}].dataset.value)"
HEAD = "document.querySelectorAll('#prices thead th')[{}]"


def test_a_browser_sorts_and_searches_it(served: Served, tmp_path: Path) -> None:
    with Browser(tmp_path) as browser:
        browser.open(f"{served.urls['main']}/docs/pricing")
        inputs = browser.evaluate(SHOWN.format(4))
        for direction, wanted in (
            ("ascending", sorted(inputs, key=float)),
            ("descending", sorted(inputs, key=float)[::-1]),
        ):
            browser.evaluate(f"{HEAD.format(4)}.querySelector('button').focus()")
            browser.press("Enter", 13)
            browser.wait_for(f"{HEAD.format(4)}.ariaSort === '{direction}'")
            assert browser.evaluate(SHOWN.format(4)) == wanted
        browser.evaluate(f"{HEAD.format(9)}.querySelector('button').click()")
        assert browser.evaluate(SHOWN.format(9))[-1] == "", "what has no number comes last"
        browser.evaluate(f"{HEAD.format(0)}.querySelector('button').click()")
        assert browser.evaluate(SHOWN.format(0)) == sorted(browser.evaluate(SHOWN.format(0)))
        assert browser.evaluate("document.querySelectorAll('[aria-sort]').length") == 1
        browser.evaluate("search.value = 'EMBEDDING scripted'; search.dispatchEvent(new Event('input'))")
        assert browser.evaluate(SHOWN.format(0)) == ["embed-test"]
        assert browser.evaluate("shown.textContent") == f"1 of {len(inputs)} prices"
        assert browser.complaints == [] and browser.hosts == {"127.0.0.1"}


def test_without_javascript_it_is_whole(served: Served, tmp_path: Path) -> None:
    with Browser(tmp_path, javascript=False) as browser:
        browser.open(f"{served.urls['main']}/docs/pricing")
        assert browser.evaluate("document.querySelectorAll('#prices button').length") == 0
        assert browser.evaluate("document.querySelector('label.search').checkVisibility()") is False
        assert browser.evaluate(FIRST) == "gpt-test"


@pytest.mark.parametrize("path", ["/docs/pricing", "/docs"])
def test_a_telephone_scrolls_down_and_not_sideways(served: Served, tmp_path: Path, path: str) -> None:
    with Browser(tmp_path, width=390) as browser:
        browser.open(f"{served.urls['main']}{path}")
        browser.wait_for("document.querySelectorAll('#prices, .opblock').length > 0")
        assert browser.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", ["/docs/pricing", "/docs"])
def test_dark_and_light_can_both_be_read(served: Served, tmp_path: Path, path: str) -> None:
    """Body and faint text against the paper: a contrast of 4.5 at least (WCAG 2.2, 1.4.3)."""
    for dark in (False, True):
        with Browser(tmp_path / str(dark), dark=dark) as browser:
            browser.open(f"{served.urls['main']}{path}")
            paper = browser.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (luminance(paper) < 0.2) == dark
            for ink in ("ink", "faint", "link", "good", "bad"):
                colour = browser.evaluate(
                    f"(() => {{ const e = document.createElement('i'); e.className = 'probe'; document.body.append(e);"
                    f" e.style.color = 'var(--{ink})'; return getComputedStyle(e).color }})()"
                )
                light, deep = sorted((luminance(paper), luminance(colour)), reverse=True)
                assert (light + 0.05) / (deep + 0.05) >= 4.5, (ink, dark)


def luminance(colour: str) -> float:
    """Relative luminance of `rgb(r, g, b)` (WCAG 2.2)."""
    parts = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
