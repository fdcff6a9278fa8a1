"""config.toml"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tollhouse.node.config import load_config
from tollhouse.node.errors import NodeConfigError

SEED = """\
[api]
enabled = true
address = "0.0.0.0:8081"
# Authentication
api_key = "sk-your-secret-key"
require_auth = true
max_requests_per_minute = 60
max_tokens_per_minute = 100000
cors_enabled = true
cors_origins = ["http://localhost:3000"]

[api.models]
[api.models.my-chat-model]
path = "/models/chat-model-v1"
type = "chat"
context_length = 4096
default_temperature = 0.7
[api.models.my-embedding-model]
path = "embedding-model-v1"
type = "embedding"
dimensions = 768
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(NodeConfigError) as caught:
        load_config(write(folder, text))
    return [problem.removeprefix(f"{folder}/config.toml:") for problem in caught.value.problems]


def test_the_seeds_file_is_read(tmp_path: Path):
    config = load_config(write(tmp_path, SEED))
    assert (config.host, config.port, config.require_auth, config.api_key) == (
        "0.0.0.0",
        8081,
        True,
        "sk-your-secret-key",
    )
    assert (config.requests_per_minute_max, config.tokens_per_minute_max) == (60, 100000)
    assert config.cors_origins == ("http://localhost:3000",)
    chat, embedding = config.models.values()
    assert (chat.path, chat.type, chat.context_tokens) == (Path("/models/chat-model-v1"), "chat", 4096)
    assert chat.default_temperature == 0.7
    assert (embedding.path, embedding.dimensions) == (tmp_path / "embedding-model-v1", 768)
    assert "sk-your" not in repr(config)


def test_without_a_file_the_defaults_serve_the_fetched_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOLLHOUSE_MODELS_DIR", str(tmp_path / "elsewhere"))
    (tmp_path / "data" / "models").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "smollm2-135m.gguf").touch()
    config = load_config()
    assert (config.host, config.port, config.require_auth, config.cors_origins) == ("127.0.0.1", 8080, False, ())
    assert {name: model.type for name, model in config.models.items()} == {
        "smollm2-135m": "chat",
        "all-minilm-l6-v2": "embedding",
    }
    assert config.models["smollm2-135m"].path == tmp_path / "elsewhere" / "smollm2-135m.gguf"


def test_a_file_in_the_working_directory_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "[api]\naddress = '[::1]:9'\n")
    assert (load_config().host, load_config().port) == ("::1", 9)


def test_a_key_is_asked_for_where_one_is_set(tmp_path: Path):
    assert load_config(write(tmp_path, '[api]\napi_key = "k"')).require_auth
    assert not load_config(write(tmp_path, '[api]\napi_key = "k"\nrequire_auth = false')).require_auth


def test_all_problems_come_at_once_with_line_key_and_advice(tmp_path: Path):
    text = """\
[api]
adress = "127.0.0.1:8080"
address = "nonsense"
require_auth = "yes"
max_requests_per_minute = -1
cors_origins = ["localhost"]

[api.models.small]
type = "embeding"
dimensions = 0

[api.models.big]
path = "x"
type = "chat"
dimensions = 5

[apii]
"""
    assert problems(tmp_path, text) == [
        "17: apii is unknown; did you mean 'api'?",
        "2: api.adress is unknown; did you mean 'address'?",
        "3: api.address must be host:port, such as \"127.0.0.1:8080\", not 'nonsense'",
        "4: api.require_auth must be true or false, not 'yes'",
        "5: api.max_requests_per_minute must be a whole number, 0 for no limit, not -1",
        '6: api.cors_origins must be a list of origins such as "http://localhost:3000", or "*", not [\'localhost\']',
        '9: api.models.small.type must be "chat" or "completion" or "embedding", not \'embeding\'; did you mean \'embedding\'?',
        "10: api.models.small.dimensions must be a whole number from 1, not 0",
        "8: api.models.small.path is missing; it takes a text that is not empty",
        '15: api.models.big.dimensions belongs to models of type "embedding"',
    ]


def test_auth_without_a_key_is_an_error(tmp_path: Path):
    assert "api_key" in problems(tmp_path, "[api]\nrequire_auth = true\n")[0]


@pytest.mark.parametrize("text", ["[api", "api = 5", "[api]\nmodels = 5", "[api.models]\nx = 5"])
def test_what_is_no_table_is_an_error(tmp_path: Path, text: str):
    assert problems(tmp_path, text)


def test_a_missing_file_is_an_error(tmp_path: Path):
    with pytest.raises(NodeConfigError, match="no such file"):
        load_config(tmp_path / "nope.toml")


def test_reading_the_configuration_loads_no_model_library():
    program = (
        "import sys, tollhouse.node.config; assert not {'xllamacpp', 'gguf', 'numpy', 'starlette'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": "src"}, check=False)
    assert done.returncode == 0
