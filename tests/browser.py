"""A real browser for tests of pages: Chromium without a window, spoken to in its own protocol over two pipes.

with Browser(tmp_path) as browser:
    browser.open(url)
    assert browser.evaluate("document.title") == "Pricing · Tollhouse"
    assert browser.complaints == [] and browser.hosts == {"127.0.0.1"}
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from select import select
from typing import Any, Self
from urllib.parse import urlsplit

import pytest

PATIENCE_S = 30.0
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--no-proxy-server", "--remote-debugging-pipe",
)  # fmt: skip


class Browser:
    """One page of a browser. `complaints` are errors of its console, `requests` every address that it asked for."""

    def __init__(self, directory: Path, *, dark: bool = False, javascript: bool = True, width: int = 1280) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._directory = directory
        self._dark, self._javascript, self._width = dark, javascript, width
        self._buffer = b""
        self._last_id = 0
        self._loaded = False

    def __enter__(self) -> Self:
        program = next((found for name in _NAMES if (found := shutil.which(name))), None)
        if program is None:
            pytest.skip("there is no Chromium on PATH; Debian's package chromium has one")
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        # The browser reads from descriptor 3 and writes to 4; the shell moves ours there.
        command = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out} {theirs_in}<&- {theirs_out}>&-'
        self._process = subprocess.Popen(
            ["bash", "-c", command, program, *_OPTIONS, f"--user-data-dir={self._directory / 'browser'}"],
            pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        self._session: str | None = None
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")
        screen = {"width": self._width, "height": 900, "deviceScaleFactor": 1, "mobile": self._width < 600}
        self._ask("Emulation.setDeviceMetricsOverride", **screen)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if self._dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])
        self._ask("Emulation.setScriptExecutionDisabled", value=not self._javascript)
        return self

    def __exit__(self, *exception: object) -> None:
        os.close(self._out)
        os.close(self._in)
        self._process.kill()
        self._process.wait()

    @property
    def hosts(self) -> set[str | None]:
        """The hosts that were asked for anything; what a page carries in itself (`data:`) has none."""
        return {urlsplit(url).hostname for url in self.requests if not url.startswith("data:")}

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._loaded = False
        self._ask("Page.navigate", url=url)
        deadline = time.monotonic() + PATIENCE_S
        while not self._loaded:
            self._take(self._message(deadline))

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of JavaScript in the page."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + PATIENCE_S
        while not self.evaluate(expression):
            assert time.monotonic() < deadline, f"never true: {expression}"
            time.sleep(0.05)

    def press(self, key: str, code: int) -> None:
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            self._ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    def _ask(self, method: str, **parameters: Any) -> Any:
        self._last_id += 1
        session = {"sessionId": self._session} if self._session is not None else {}
        command = {"id": self._last_id, "method": method, "params": parameters, **session}
        os.write(self._out, json.dumps(command).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE_S
        while (message := self._message(deadline)).get("id") != self._last_id:
            self._take(message)
        assert "error" not in message, message["error"]
        return message["result"]

    def _message(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            assert select([self._in], [], [], max(0.0, deadline - time.monotonic()))[0], "the browser says nothing"
            data = os.read(self._in, 1 << 20)
            assert data, "the browser has gone"
            self._buffer += data
        text, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(text))

    def _take(self, event: dict[str, Any]) -> None:
        """Keep what an event says."""
        method, given = event.get("method"), event.get("params", {})
        self._loaded |= method == "Page.loadEventFired"
        if method == "Network.requestWillBeSent":
            self.requests.append(given["request"]["url"])
        self.complaints += _complaints(method, given)


def _complaints(method: str | None, given: dict[str, Any]) -> Iterator[str]:
    if method == "Log.entryAdded" and given["entry"]["level"] in ("error", "warning"):
        yield given["entry"]["text"]
    elif method == "Runtime.consoleAPICalled" and given["type"] in ("error", "warning"):
        yield str(given["args"])
    elif method == "Runtime.exceptionThrown":
        yield str(given["exceptionDetails"])
