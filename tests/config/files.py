"""A small valid set of the three files, and what the checks say after one of them was changed."""

from collections.abc import Mapping
from pathlib import Path

from tollhouse.config.check import check
from tollhouse.config.load import Loaded, load
from tollhouse.config.operations import Operations

ROUTES = """\
version: 1
listeners:
  main:
    bind: 127.0.0.1:8000
    mounts:
      - {document: openai, at: /v1}
"""

PROVIDERS = """\
version: 1
providers:
  openai:
    dialect: openai
    base_url: https://api.openai.com/v1
    keys: [{env: OPENAI_API_KEY}]
    models:
      gpt-4o: {}
"""

CATALOGUE = """\
{"version": 1,
 "models": {
  "gpt-4o": {"input_usd_per_mtok": "2.50", "output_usd_per_mtok": "10.00"}
 }}
"""

ENVIRON = {"OPENAI_API_KEY": "sk-test"}


def write(directory: Path, routes: str = ROUTES, providers: str = PROVIDERS, catalogue: str = CATALOGUE) -> None:
    (directory / "routes.yaml").write_text(routes, "utf-8")
    (directory / "providers.yaml").write_text(providers, "utf-8")
    (directory / "model_catalog.json").write_text(catalogue, "utf-8")


def findings(
    directory: Path,
    *,
    routes: str = ROUTES,
    providers: str = PROVIDERS,
    catalogue: str = CATALOGUE,
    environ: Mapping[str, str] = ENVIRON,
    operations: Operations | None = None,
) -> list[str]:
    write(directory, routes, providers, catalogue)
    return [str(problem) for problem in check(directory, environ, operations)]


def loaded(
    directory: Path,
    *,
    routes: str = ROUTES,
    providers: str = PROVIDERS,
    catalogue: str = CATALOGUE,
    environ: Mapping[str, str] = ENVIRON,
    operations: Operations | None = None,
) -> Loaded:
    write(directory, routes, providers, catalogue)
    return load(directory, environ=environ, operations=operations)
