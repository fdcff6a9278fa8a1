"""A gateway as the seeds describe it: the shipped mounts and prices, scripted providers behind it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway import provider, write_config
from tests.seeds.snippets import javascript_packages
from tests.served import Served
from tests.upstream import by_path

PRICES = json.loads((Path(__file__).parents[2] / "model_catalog.json").read_text())["models"]
PASSED = ["chat/completions", "responses", "responses/*", "embeddings", "moderations"]


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("seeds"))
    url = served.upstream.url
    openai = {"gpt-4o": {}, "text-embedding-3-small": {}, "omni-moderation-latest": {}}
    default = {"moderations": "omni-moderation-latest"}
    entries = {
        "openai": provider(url, models=openai, default_models=default, endpoints=PASSED),
        "anthropic": provider(
            url, "anthropic", models={"claude-3-5-sonnet": {}}, endpoints=["messages", "messages/count_tokens"]
        ),
        "dark": provider(
            url, keys=[], models={"gpt-4o-mini": {}}, endpoints=["chat/completions"]
        ),  # a provider whose keys are all gone
    }
    write_config(served.config_dir, url, providers=entries, models=PRICES)
    with served:
        yield served
        assert served.audit().drift == 0
    assert "Traceback" not in served.log(), served.log()


@pytest.fixture
def seeded(running: Served) -> Served:
    """The gateway, with a provider that is well and has seen nothing."""
    running.upstream.requests.clear()
    running.upstream.script = by_path
    return running


@pytest.fixture(scope="package")
def key(running: Served) -> str:
    return running.key()


@pytest.fixture(scope="package")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory in which Node finds the package openai."""
    return javascript_packages(tmp_path_factory.mktemp("node"))
