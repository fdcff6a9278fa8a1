"""The TypeScript client as its build has it, in a browser: a page of another origin calls a real gateway."""

import json
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests import nodes
from tests.browser import Browser
from tests.served import Served, eventually
from tests.upstream import finish, frame, openai_chat, openai_stream, status, stream

PACKAGE = Path(__file__).parents[2] / "clients" / "typescript"

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A page of somebody else's</title><link rel="icon" href="data:,">
<script type="module">
  import * as client from "./dist/esm/index.js";
  const asked = { model: "gpt-test", messages: [{ role: "user", content: "Hello!" }] };
  const told = (error) => ({
    name: error.name, message: error.message, ours: error instanceof client.APIError,
    status: error.status, code: error.code, type: error.type, requestId: error.requestId, retryAfterMs: error.retryAfterMs,
  });
  const make = (options) => new client.Tollhouse({ maxRetries: 0, ...options });
  window.whole = async (options, fields = {}) => {
    try { return (await make(options).chat.createChatCompletion({ ...asked, ...fields })).choices[0].message.content; }
    catch (error) { return told(error); }
  };
  window.streamed = async (options, until = Infinity) => {
    const pieces = [];
    try {
      for await (const chunk of await make(options).chat.createChatCompletion({ ...asked, stream: true })) {
        for (const choice of chunk.choices) if (choice.delta.content) pieces.push(choice.delta.content);
        if (pieces.length >= until) break;
      }
    } catch (error) { return { pieces, ...told(error) }; }
    return { pieces };
  };
  window.ready = true;
</script></head><body></body></html>
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        pass


class Site:
    """A browser on a page of somebody's site, and the gateway that the page calls."""

    def __init__(self, browser: Browser, served: Served) -> None:
        self.browser = browser
        self.served = served
        self.key = served.key()

    def call(self, function: str, *words: Any, **options: Any) -> Any:
        """What a function of the page returns for a client with these options, and the further arguments."""
        made = {"baseUrl": self.served.urls["main"], "apiKey": self.key, **options}
        return self.browser.evaluate(f"{function}({', '.join(json.dumps(word) for word in (made, *words))})")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with the built client beside its page."""
    folder = tmp_path_factory.mktemp("site")
    for name in ("src", "package.json", "tsconfig.json"):
        copy = shutil.copytree if (PACKAGE / name).is_dir() else shutil.copy
        copy(PACKAGE / name, folder / name)
    done = nodes.run(nodes.tool("tsc", "-p", folder / "tsconfig.json"))
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "index.html").write_text(PAGE)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Site]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        with (
            Browser(tmp_path_factory.mktemp("browser")) as browser,
            Served(tmp_path_factory.mktemp("gateway")) as served,
        ):
            browser.open(f"http://localhost:{server.server_port}/")
            browser.wait_for("window.ready === true")
            assert browser.complaints == []
            yield Site(browser, served)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@pytest.mark.slow
def test_a_page_of_another_origin_gets_an_answer(site: Site) -> None:
    site.served.upstream.reply(openai_chat("Grüezi 🚀"))
    assert site.call("whole") == "Grüezi 🚀"
    assert site.browser.evaluate("location.origin") != site.served.urls["main"]
    [row, *_] = site.served.rows()
    assert (row["state"], row["requested_model"]) == ("posted", "gpt-test")


@pytest.mark.slow
def test_a_stream_comes_in_pieces(site: Site) -> None:
    site.served.upstream.reply(openai_stream(["ü", "🚀", "!"], delay_s=0.05))
    assert site.call("streamed") == {"pieces": ["ü", "🚀", "!"]}


@pytest.mark.slow
def test_leaving_a_stream_hangs_up_and_stops_the_provider(site: Site) -> None:
    site.served.upstream.requests.clear()
    site.served.upstream.reply(openai_stream(["a"] * 500, delay_s=0.05))
    assert site.call("streamed", 2) == {"pieces": ["a", "a"]}
    eventually(lambda: site.served.upstream.requests[0].closed_at is not None, timeout_s=5)


@pytest.mark.slow
@pytest.mark.parametrize("function", ["whole", "streamed"])
def test_an_error_is_told_with_its_kind_and_the_id_of_its_request(site: Site, function: str) -> None:
    """Its status and body need CORS on errors, its id and pause headers that CORS exposes."""
    told = site.call(function, apiKey="sk-nobodys")
    assert (told["name"], told["ours"], told["status"], told["code"]) == (
        "AuthenticationError", True, 401, "invalid_api_key",
    )  # fmt: skip
    assert told["requestId"]
    site.served.upstream.reply(status(429, retry_after=7))
    limited = site.call(function)
    assert (limited["name"], limited["status"], limited["code"]) == ("RateLimitError", 429, "rate_limit_exceeded")
    assert 6_000 <= limited["retryAfterMs"] <= 7_000 and limited["requestId"] != told["requestId"]


@pytest.mark.slow
def test_an_error_in_the_middle_of_a_stream_is_told_after_what_came(site: Site) -> None:
    begun = frame({"choices": [{"index": 0, "delta": {"content": "Hel"}, "finish_reason": None}]})
    error = frame({"error": {"message": "Overloaded", "type": "server_error", "param": None, "code": None}})
    site.served.upstream.reply(stream([begun, error], delay_s=0.05, end=finish))
    told = site.call("streamed")
    assert told["pieces"] == ["Hel"] and told["ours"] and "Overloaded" in told["message"]


@pytest.mark.slow
def test_a_server_that_allows_no_other_origin_is_a_connection_that_failed(site: Site) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Quiet) as strange:
        serving = threading.Thread(target=strange.serve_forever)
        serving.start()
        told = site.call("whole", baseUrl=f"http://127.0.0.1:{strange.server_port}")
        strange.shutdown()
        serving.join()
    assert (told["name"], told["ours"], told.get("status")) == ("APIConnectionError", True, None)
