"""A small server for the tests of the contract kit: `POST /things` and `GET /things/{id}`, scripted, on a real socket."""

import copy
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.spec.documents import Schema, api
from tollhouse.spec.bundling import Spec, from_value

ERROR: Schema = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
THING: Schema = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "size": {"type": "integer"}},
}
EVENT: Schema = {"type": "object", "required": ["part"], "properties": {"part": {"type": "string"}}}


def media(schema: Schema, kind: str = "application/json") -> Schema:
    return {"description": "d", "content": {kind: {"schema": schema}}}


def document() -> dict[str, Any]:
    """What the server promises."""
    value = api({
        "requestBody": {"required": True, "content": {"application/json": {
            "schema": {"type": "object", "required": ["name"], "additionalProperties": False,
                       "properties": {"name": {"type": "string"}, "stream": {"type": "boolean"}, "color": {"type": "string"}}},
            "examples": {"plain": {"value": {"name": "a"}}, "stream": {"value": {"name": "a", "stream": True}}},
        }}},
        "responses": {
            "200": {"description": "ok", "content": {"application/json": {"schema": THING}, "text/event-stream": {"schema": EVENT}}},
            "400": media(ERROR), "401": media(ERROR),
        },
    })  # fmt: skip
    value["paths"]["/things/{id}"] = {
        "get": {
            "operationId": "get_thing", "summary": "Get a thing", "security": [],
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "example": "t 1"}],
            "responses": {"200": media(THING), "404": media(ERROR)},
        }
    }  # fmt: skip
    return copy.deepcopy(value)


def spec() -> Spec:
    return from_value(document(), "things.json")


KEY = "sk-things"


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        self._send(*self.server.script.get("get", (200, {"id": "t 1", "name": "a"})))

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        body = json.loads(raw or b"null")
        if self.headers.get("authorization") != f"Bearer {KEY}":
            self._send(*self.server.script.get("no-auth", (401, {"error": "who?"})))
        elif not isinstance(body, dict) or not isinstance(body.get("name"), str):
            self._send(*self.server.script.get("wrong", (400, {"error": "no name"})))
        elif body.get("stream"):
            text = self.server.script.get("stream", 'data: {"part": "a"}\n\ndata: {"part": "b"}\n\ndata: [DONE]\n\n')
            self._send(200, text, "text/event-stream")
        else:
            self._send(*self.server.script.get("post", (200, {"id": "t 2", "name": body["name"]})))

    def _send(self, status: int, body: Any, kind: str = "application/json") -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    script: Mapping[str, Any]


@contextmanager
def serving(**script: Any) -> Iterator[str]:
    """The URL of a server that answers as promised, except for what is scripted."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.script = {name.replace("_", "-"): answer for name, answer in script.items()}
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
