"""The TypeScript client as a package: strictly typed, complete, found by every way of importing, and without dependencies."""

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests import nodes
from tests.codegen import golden
from tests.served import eventually
from tests.upstream import ScriptedUpstream, answer_json, openai_stream

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "clients" / "typescript"
RUNTIME = ROOT / "codegen" / "runtime" / "typescript"
SAMPLE = Path(__file__).parent / "usage_sample.ts"
NAMES = "console.log(Object.keys(t).sort().join(), typeof new t.Tollhouse().chat.createChatCompletion, t.Stream.name)"

CALLS = """
const { NotFoundError, Tollhouse } = require("@tollhouse/client");
const client = new Tollhouse();
const asked = { model: "m", messages: [{ role: "user", content: "Hello!" }], stream: true };
(async () => {
  let text = "";
  for await (const chunk of await client.chat.createChatCompletion(asked)) text += chunk.choices[0].delta.content ?? "";
  console.log(text);
  for await (const chunk of await client.chat.createChatCompletion(asked)) break;
  await client.system.getLivez().catch((error) => console.log(error.name, error instanceof NotFoundError && error.status));
})();
"""


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as npm would publish it, built from a copy."""
    folder = tmp_path_factory.mktemp("package")
    copy = folder / "source"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("node_modules", "dist"))
    (copy / "node_modules").symlink_to(nodes.tools())
    done = nodes.run([nodes.npm(), "pack", "--pack-destination", folder], cwd=copy)
    assert done.returncode == 0, done.stdout + done.stderr
    (packed,) = folder.glob("*.tgz")
    return packed


@pytest.fixture(scope="module")
def project(tarball: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Somebody's project, in which the package is installed."""
    folder = tmp_path_factory.mktemp("project")
    with tarfile.open(tarball) as archive:
        archive.extractall(folder, filter="data")
    (folder / "node_modules" / "@tollhouse").mkdir(parents=True)
    (folder / "package").rename(folder / "node_modules" / "@tollhouse" / "client")
    yield folder


@pytest.mark.slow
def test_what_is_published_is_the_built_code_and_its_texts(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        names = {name.removeprefix("package/") for name in archive.getnames()}
    assert {name.split("/")[0] for name in names} == {"LICENSE", "README.md", "dist", "package.json"}
    for kind in ("cjs", "esm"):
        assert {f"dist/{kind}/index.js", f"dist/{kind}/index.d.ts", f"dist/{kind}/runtime/sse.js"} <= names


@pytest.mark.slow
def test_publint_and_attw_find_nothing(tarball: Path) -> None:
    for words in (nodes.tool("publint", "run", tarball, "--strict"), nodes.tool("attw", tarball)):
        done = nodes.run(words)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["mts", "cts"])
def test_programs_that_use_it_are_strictly_typed(kind: str, project: Path) -> None:
    shutil.copy(SAMPLE, project / f"sample.{kind}")
    strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--noUnusedLocals"]
    options = ["--noEmit", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom", *strict]
    done = nodes.run(nodes.tool("tsc", *options, f"sample.{kind}"), cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "script"),
    [
        ("esm.mjs", f'import * as t from "@tollhouse/client"; {NAMES}'),
        ("cjs.cjs", f'const t = require("@tollhouse/client"); {NAMES}'),
    ],
)
def test_it_is_imported_and_required(file: str, script: str, project: Path) -> None:
    (project / file).write_text(script)
    done = nodes.run([nodes.node(), file], cwd=project)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    exported, *rest = done.stdout.split()
    assert rest == ["function", "Stream"]
    assert {"Tollhouse", "Stream", "Page", "RawResponse", "APIError", "NotFoundError", "VERSION"} <= set(
        exported.split(",")
    )


@pytest.mark.slow
def test_the_built_package_calls_and_streams(project: Path) -> None:
    (project / "calls.cjs").write_text(CALLS)
    with ScriptedUpstream.in_thread() as server:
        server.reply(
            answer_json({}, 503, retry_after_ms="1"),
            openai_stream(["ü", "🚀"]),
            openai_stream(["a"] * 100, delay_s=0.05),
        )
        done = nodes.run([nodes.node(), "calls.cjs"], cwd=project, TOLLHOUSE_BASE_URL=server.url, TOLLHOUSE_API_KEY="k")
        assert done.returncode == 0, done.stderr
        assert done.stdout == "ü🚀\nNotFoundError 404\n"
        assert [each.headers.get("authorization") for each in server.requests] == ["Bearer k"] * 3 + [None]
        eventually(lambda: server.requests[2].closed_at is not None, timeout_s=2)


@pytest.mark.slow
def test_the_clients_of_all_cases_are_strictly_typed(tmp_path: Path) -> None:
    for case in golden.CASES:
        golden.write(golden.library(case, "typescript"), tmp_path / case)
    settings = json.loads((PACKAGE / "tsconfig.json").read_text())["compilerOptions"]
    settings |= {"rootDir": ".", "noEmit": True}
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": settings, "include": ["*/src"]}))
    (tmp_path / "package.json").write_text('{"type": "module"}')
    done = nodes.run(nodes.tool("tsc", "-p", tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_runtime_is_copied_unchanged() -> None:
    copied = PACKAGE / "src" / "runtime"
    for file in RUNTIME.glob("*.ts"):
        assert (copied / file.name).read_bytes() == file.read_bytes()
    assert {path.name for path in copied.iterdir()} == {path.name for path in RUNTIME.glob("*.ts")}


def test_it_has_no_dependencies_and_pinned_tools() -> None:
    package = json.loads((PACKAGE / "package.json").read_text())
    locked = json.loads((PACKAGE / "package-lock.json").read_text())["packages"]
    assert not {"dependencies", "peerDependencies", "optionalDependencies"} & set(package)
    assert package["devDependencies"] == locked[""]["devDependencies"]
    assert package["devDependencies"]["typescript"].startswith("5.9.")
    for name, version in package["devDependencies"].items():
        assert locked[f"node_modules/{name}"]["version"] == version
    assert all("integrity" in each for path, each in locked.items() if path)


def test_the_version_is_that_of_the_documents() -> None:
    versions = {yaml.safe_load(path.read_text())["info"]["version"] for path in (ROOT / "openapi").glob("*.yaml")}
    package = json.loads((PACKAGE / "package.json").read_text())
    assert package["version"] == max(versions) and package["name"] == "@tollhouse/client"
    assert json.loads((PACKAGE / "package-lock.json").read_text())["version"] == package["version"]


def test_every_operation_is_found_by_its_operation_id() -> None:
    text = "\n".join(path.read_text() for path in (PACKAGE / "src" / "resources").glob("*.ts"))
    for path in sorted((ROOT / "openapi").glob("*.yaml")):
        document = yaml.safe_load(path.read_text())
        for item in document["paths"].values():
            for operation in item.values():
                if isinstance(operation, dict) and not operation.get("x-sdk-skip") and not document.get("x-sdk-skip"):
                    assert f"`{operation['operationId']}`: `" in text, operation["operationId"]
