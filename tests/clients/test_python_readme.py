"""The README of the Python client: every example in it runs."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway import ADMIN_TOKEN, GatewayProcess, provider
from tests.upstream import ScriptedUpstream

PACKAGE = Path(__file__).parents[2] / "clients" / "python"
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", (PACKAGE / "README.md").read_text(), re.DOTALL | re.MULTILINE)
PRINTED = ["Hello there\n", "Hello there", "True 0 0\n", "1\n", "404 model_not_found req_", "op_", "200 req_"]


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What an example finds: a gateway that serves the models it names, and the variables that lead there."""
    local = {"smollm2-135m": {}, "all-minilm-l6-v2": {}}
    priced = {name: {"input_usd_per_mtok": "0", "output_usd_per_mtok": "0", "kind": "chat"} for name in local}
    with (
        ScriptedUpstream.in_thread() as upstream,
        GatewayProcess(
            tmp_path_factory.mktemp("gateway"),
            upstream.url,
            providers={"local": provider(upstream.url, models=local)},
            models=priced,
        ) as gateway,
    ):
        yield {
            "PYTHONPATH": str(PACKAGE / "src"),
            "TOLLHOUSE_BASE_URL": gateway.urls["main"],
            "TOLLHOUSE_API_KEY": gateway.key(),
            "TOLLHOUSE_ADMIN_TOKEN": ADMIN_TOKEN,
        }


@pytest.mark.parametrize(("number", "printed"), list(enumerate(PRINTED)))
def test_an_example_runs(number: int, printed: str, environ: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", EXAMPLES[number]], env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(printed), done.stdout


def test_no_example_is_left_out() -> None:
    assert len(EXAMPLES) == len(PRINTED)
