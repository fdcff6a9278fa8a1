"""nginx twice: as the upstream that answers at once, and as the proxy that the gateway is compared with."""

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import running, wait_for_http

ANSWER = {
    "id": "chatcmpl-benchmark",
    "object": "chat.completion",
    "created": 1735689600,
    "model": "gpt-bench",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "Paris, the city on the Seine, is the capital of France."},
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 31, "completion_tokens": 14, "total_tokens": 45},
}

_CONFIG = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    {temp_paths}
    default_type application/json;
    keepalive_requests 1000000000;
    tcp_nodelay on;
    {upstream}
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        location / {{ {location} }}
    }}
}}
"""
_RETURN = "return 200 '{answer}';"
_UPSTREAM = "upstream behind {{ server 127.0.0.1:{port}; keepalive 256; keepalive_requests 1000000000; }}"
_PROXY = 'proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection "";'


@dataclass(frozen=True, slots=True)
class Nginx:
    """A running nginx: one process that is its own worker."""

    url: str
    port: int
    pid: int


@contextmanager
def upstream(directory: Path, core: int | None) -> Iterator[Nginx]:
    """Answers every request with one small chat completion."""
    location = _RETURN.format(answer=json.dumps(ANSWER))
    with _serving(directory / "upstream", core, location=location) as nginx:
        yield nginx


@contextmanager
def proxy(directory: Path, core: int | None, to: Nginx) -> Iterator[Nginx]:
    """`proxy_pass` with connections kept alive on both sides."""
    with _serving(directory / "proxy", core, location=_PROXY, upstream=_UPSTREAM.format(port=to.port)) as nginx:
        yield nginx


@contextmanager
def _serving(directory: Path, core: int | None, *, location: str, upstream: str = "") -> Iterator[Nginx]:
    directory.mkdir()
    port = free_port()
    config = directory / "nginx.conf"
    config.write_text(
        _CONFIG.format(
            directory=directory, port=port, location=location, upstream=upstream, temp_paths=_temp_paths(directory)
        )
    )
    log = directory / "nginx.log"
    command = ["nginx", "-e", "stderr", "-p", str(directory), "-c", str(config)]
    with running(command, core=core, log=log) as process:
        url = f"http://127.0.0.1:{port}"
        wait_for_http(process, log, url)
        yield Nginx(url, port, process.pid)


def _temp_paths(directory: Path) -> str:
    """nginx makes a directory for each module it was built with, by default where only root may write."""
    built = subprocess.run(["nginx", "-V"], capture_output=True, text=True).stderr
    modules = [name for name in ("fastcgi", "uwsgi", "scgi") if f"--without-http_{name}_module" not in built]
    return " ".join(f"{name}_temp_path {directory}/{name};" for name in modules)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
