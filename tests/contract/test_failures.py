"""Whatever is raised inside becomes an answer in the mount's dialect, and only defects are logged."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.contract.asgi import Response, call, config, edged
from tollhouse.errors import InsufficientCredit, UpstreamFailed


def raising(error: BaseException, path: str = "/v1/chat/completions") -> tuple[Response, list[Any]]:
    async def inner(scope: Any, receive: Any, send: Any) -> None:
        raise error

    with capture_logs() as logs:
        response = call(edged(inner, config()), "POST", path)
    return response, logs


@pytest.mark.parametrize("error,status", [(InsufficientCredit("No."), 402), (UpstreamFailed("No."), 502)])
def test_a_foreseen_error_is_answered_and_not_logged(error: Exception, status: int) -> None:
    response, logs = raising(error)
    assert response.status == status and response.json()["error"]["message"] == "No."
    assert not logs


def test_a_defect_is_a_500_without_details_and_logged_with_its_request_id() -> None:
    response, [entry] = raising(RuntimeError("sk-secret"))
    assert response.status == 500 and b"sk-secret" not in response.body
    assert response.json()["error"]["message"].startswith("Proxy error")
    assert entry["event"] == "request_failed" and entry["request_id"] == response.header("x-request-id")


def test_a_path_below_no_operation_has_its_mounts_dialect() -> None:
    assert raising(UpstreamFailed("No."), "/admin/api/nope")[0].json()["title"] == "Bad Gateway"


def test_a_server_that_stops_says_so() -> None:
    response, logs = raising(asyncio.CancelledError())
    assert response.status == 503 and "stopping" in response.json()["error"]["message"]
    assert response.header("retry-after") == "1"
    assert not logs
