"""tollhouse.node.serve, as a process."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

from tests.node.conftest import CHAT, EMBEDDING
from tollhouse.node.config import NodeConfig

PROGRAM = "import sys; from pathlib import Path; from tollhouse.node import serve; serve({config}, port={port})"


def start(config: Path | None, port: int | None, models: Path) -> subprocess.Popen[str]:
    program = PROGRAM.format(config=f"Path({str(config)!r})" if config else None, port=port)
    environment = {**os.environ, "PYTHONPATH": "src", "TOLLHOUSE_MODELS_DIR": str(models)}
    return subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.PIPE, text=True)


def test_it_says_when_it_is_ready_and_ends_on_sigterm(node_config: NodeConfig):
    process = start(None, 0, node_config.models[CHAT].path.parent)
    with process:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line.startswith(f"node: serving {CHAT}, {EMBEDDING} on http://127.0.0.1:")
        url = line.split()[-1]
        embedded = httpx.post(f"{url}/v1/embeddings", json={"model": EMBEDDING, "input": "x"})
        assert embedded.status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


def test_a_port_in_use_is_one_line(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = start(None, taken.getsockname()[1], tmp_path)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert said.startswith("node: cannot listen on 127.0.0.1:")
    assert said.count("\n") == 1


def test_a_missing_model_is_one_line(tmp_path: Path):
    config = tmp_path / "config.toml"
    config.write_text('[api.models.mine]\npath = "nowhere.gguf"\ntype = "chat"\n')
    process = start(config, 0, tmp_path)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert said.startswith("node: model 'mine': there is no GGUF file at")
    assert "make setup" in said
    assert said.count("\n") == 1


def test_a_disabled_api_is_not_served(tmp_path: Path):
    config = tmp_path / "config.toml"
    config.write_text("[api]\nenabled = false\n")
    process = start(config, 0, tmp_path)
    _, said = process.communicate(timeout=20)
    assert (process.returncode, "enabled is false" in said) == (1, True)
