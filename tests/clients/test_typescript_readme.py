"""The README of the TypeScript client: every example in it runs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import nodes
from tests.gateway import ADMIN_TOKEN, GatewayProcess, provider
from tests.upstream import ScriptedUpstream

PACKAGE = Path(__file__).parents[2] / "clients" / "typescript"
EXAMPLES = re.findall(r"^```ts\n(.*?)^```$", (PACKAGE / "README.md").read_text(), re.DOTALL | re.MULTILINE)
PRINTED = ["Hello there\n", "Hello there", "1\n", "404 model_not_found req_", "op_", "200 req_"]


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
            "TOLLHOUSE_BASE_URL": gateway.urls["main"],
            "TOLLHOUSE_API_KEY": gateway.key(),
            "TOLLHOUSE_ADMIN_TOKEN": ADMIN_TOKEN,
        }


@pytest.mark.parametrize(("number", "printed"), list(enumerate(PRINTED)))
def test_an_example_runs(number: int, printed: str, environ: dict[str, str], tmp_path: Path) -> None:
    program = tmp_path / "example.mts"
    sources = (PACKAGE / "src" / "index.ts").as_uri()  # the package itself is built and imported by other tests
    program.write_text(EXAMPLES[number].replace('"@tollhouse/client"', f'"{sources}"'))
    done = nodes.run(nodes.running_typescript(program), **environ)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(printed), done.stdout


@pytest.mark.slow
def test_the_examples_are_strictly_typed(tmp_path: Path) -> None:
    sources = (PACKAGE / "src" / "index.ts").as_posix()
    for number, example in enumerate(EXAMPLES):
        text = example.replace('"@tollhouse/client"', f'"{sources}"')
        (tmp_path / f"example_{number}.mts").write_text(f"declare const process: any;\n{text}")
    options = ["--noEmit", "--strict", "--allowImportingTsExtensions", "--noUncheckedIndexedAccess"]
    options += ["--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom"]
    done = nodes.run(nodes.tool("tsc", *options, *sorted(tmp_path.glob("*.mts"))))
    assert done.returncode == 0, done.stdout


def test_no_example_is_left_out() -> None:
    assert len(EXAMPLES) == len(PRINTED)
