"""Many clients of one gateway process, whose answers end when they are let go; and what the store has of them."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from tests.faults import gated
from tests.gateway import bearer, chat
from tests.served import Served, eventually
from tollhouse.data_directory import STORE_FILE
from tollhouse.storage.sqlite import SqliteStore

CLIENTS = 16


class Crowd:
    """Clients of a served gateway whose answers end when they are let go."""

    def __init__(self, served: Served, *, streams: int = CLIENTS // 2) -> None:
        self.served = served
        self.gate = threading.Event()
        served.upstream.script = gated(self.gate)
        key = served.key()
        assert served.client.get("/v1/models", headers=bearer(key)).status_code == 200  # verifies the key
        asked = len(served.upstream.requests)
        self._pool = ThreadPoolExecutor(CLIENTS)
        self.answers: list[Future[tuple[str, str]]] = [
            self._pool.submit(self._call, key, number < streams) for number in range(CLIENTS)
        ]
        eventually(lambda: len(served.upstream.requests) == asked + CLIENTS)
        eventually(lambda: len({row["request_id"] for row in rows(served.data_dir)}) >= asked + CLIENTS)

    def _call(self, key: str, streaming: bool) -> tuple[str, str]:
        url = f"{self.served.urls['main']}/v1/chat/completions"
        body, headers = chat(stream=streaming), bearer(key)
        with httpx.stream("POST", url, json=body, headers=headers, timeout=30, trust_env=False) as response:
            assert response.status_code == 200, response.read()
            return response.headers["x-request-id"], response.read().decode()

    def let_go(self) -> set[str]:
        """Open the gate and wait for whole answers; the ids of their requests."""
        self.gate.set()
        answers = [answer.result(timeout=30) for answer in self.answers]
        self._pool.shutdown()
        for _, text in answers:
            assert text.endswith("data: [DONE]\n\n") or '"finish_reason": "stop"' in text
        return {request_id for request_id, _ in answers}


def rows(data_dir: Path) -> list[dict[str, Any]]:
    store = SqliteStore(data_dir / STORE_FILE)
    try:
        return store.ledger(account=None, request_id=None, limit=1000, before=None)
    finally:
        store.close()


def open_holds(data_dir: Path) -> list[str]:
    return [row["request_id"] for row in rows(data_dir) if row["state"] == "held"]


def refuses(served: Served) -> bool:
    try:
        with served.wire():
            return False
    except OSError:
        return True
