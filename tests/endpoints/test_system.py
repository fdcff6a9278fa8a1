"""Health and service information: never a key, never an upstream."""

from pathlib import Path
from typing import Any

import pytest

from tests.gateway import Gateway
from tests.served import Served
from tollhouse.endpoints.system import SEED_ENDPOINTS


def test_the_root_lists_what_this_listener_serves(served: Served) -> None:
    main = served.client.get("/").json()
    assert (main["message"], main["version"]) == ("OpenAI Compatible Proxy Service", "1.0.0")
    assert tuple(main["endpoints"]) == SEED_ENDPOINTS
    other = served.openproxy.get("/").json()["endpoints"]
    assert {"POST /v1/chat/completions", "POST /v1/messages", "GET /health"} <= set(other)
    assert not [each for each in other if "admin" in each or "/api/" in each]


@pytest.mark.parametrize(
    "path,body", [("/livez", {"status": "alive"}), ("/readyz", {"status": "ready", "checks": {"store": "ok"}})]
)
def test_probes(served: Served, path: str, body: Any) -> None:
    for client in (served.client, served.openproxy):
        assert client.get(path).json() == body


def test_health_is_json_or_text(served: Served) -> None:
    assert served.client.get("/health").json() == {"status": "healthy", "service": "ocf-entry"}
    text = served.openproxy.get("/health")
    assert (text.text, text.headers["content-type"]) == ("OK", "text/plain; charset=utf-8")


async def test_a_store_that_fails_takes_no_traffic(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway.app.services.relay.means.journal, "failing", "the disk is full")
    response = await gateway.client.get("/readyz")
    assert response.status_code == 503 and response.json()["checks"]["store"] == "unreachable"
    assert (await gateway.client.get("/livez")).status_code == 200


def test_nothing_of_this_is_logged(served: Served, tmp_path: Path) -> None:
    before = served.log()
    for path in ("/", "/health", "/livez", "/readyz"):
        served.client.get(path)
    assert served.log() == before
