"""The account's own page: a sign-in link leads there, and keys are made and deactivated in a real browser."""

from pathlib import Path

import httpx

from tests.browser import Browser
from tests.gateway import bearer, chat
from tests.served import Served
from tests.upstream import by_path

SHOWN = "!document.getElementById('inside').hidden"


def link(served: Served, name: str) -> str:
    account = served.admin.post("/accounts", json={"name": name, "balance_usd": "1"}).json()["id"]
    return str(served.admin.post(f"/accounts/{account}/sign-in-links").json()["url"])


def test_a_sign_in_link_leads_to_a_page(served: Served) -> None:
    page = httpx.get(link(served, "dash-1"), trust_env=False)
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in page.headers["content-security-policy"]


def test_keys_are_made_used_and_deactivated_by_whoever_has_the_link(served: Served, tmp_path: Path) -> None:
    served.upstream.script = by_path
    url = link(served, "dash-2")
    with Browser(tmp_path) as browser:
        browser.open(url)
        assert browser.evaluate("location.hash") == "", "the token is not left in the address"
        browser.evaluate("document.getElementById('sign-in').click()")
        browser.wait_for(SHOWN)
        browser.evaluate("document.querySelector('#new-key input').value = '<b>laptop</b>'")
        browser.evaluate("document.querySelector('#new-key button').click()")
        browser.wait_for("document.getElementById('keys').rows.length === 1")
        key = browser.evaluate("document.getElementById('key').textContent")
        assert browser.evaluate("document.getElementById('keys').rows[0].cells[0].textContent") == "<b>laptop</b>"
        answer = served.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
        assert answer.status_code == 200
        browser.evaluate("document.querySelector('#keys button').click()")
        browser.wait_for("document.getElementById('keys').rows[0].cells[3].textContent === 'inactive'")
        answer = served.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
        assert answer.status_code == 401
        browser.evaluate("document.getElementById('sign-out').click()")
        browser.wait_for("!document.getElementById('outside').hidden")
        assert browser.evaluate("sessionStorage.length") == 0
        assert browser.complaints == [] and browser.hosts == {"127.0.0.1"}


def test_a_link_that_was_used_says_so(served: Served, tmp_path: Path) -> None:
    url = link(served, "dash-3")
    token = url.partition("sign-in=")[2]
    assert served.client.post("/api/auth/link", json={"token": token}).status_code == 200
    with Browser(tmp_path) as browser:
        browser.open(url)
        browser.evaluate("document.getElementById('sign-in').click()")
        browser.wait_for("document.getElementById('said').textContent !== ''")
        assert browser.evaluate(f"{SHOWN}") is False
        assert "link" in browser.evaluate("document.getElementById('said').textContent").lower()
