"""The gateway under test: `tollhouse serve` with a configuration, an account and a key of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.processes import BenchmarkError, running, wait_for_http, wait_for_line

MODEL = "gpt-bench"
BALANCE_USD = "1000000"
ENVIRON = {"BENCH_UPSTREAM_KEY": "sk-bench-0123456789abcdef"}
COMMAND_S = 600.0
# Every limit that a key and its account can have, each too high to be met: they are only asked.
ACCOUNT_LIMITS = ("--daily-budget", BALANCE_USD, "--monthly-budget", BALANCE_USD)
KEY_LIMITS = (
    "--rpm", "100000000", "--burst", "100000000", "--tpm", "1000000000000", "--concurrency", "1000000",
    "--quota-usd", BALANCE_USD, "--quota-tokens", "100000000000000", "--models", MODEL, "--expires", "30d",
)  # fmt: skip
NO_KEY_LIMITS = ("--rpm", "0")
ACCOUNT_RPM = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway."""

    url: str
    pid: int
    key: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What `tollhouse ledger audit` says of a stopped gateway's ledger."""

    requests: int
    posted: int
    voided: int
    drift: int


@contextmanager
def gateway(
    directory: Path,
    core: int | None,
    upstream_url: str,
    *,
    durability: str,
    source: Path | None = None,
    limited: bool = False,
    providers: Mapping[str, Any] | None = None,
) -> Iterator[Gateway]:
    """Serve from `directory`, with one provider at `upstream_url`; the code of a checkout at `source`, else this one's.

    `limited`: the key and its account have every limit there is, none of which is met. `providers` stand in for the one.
    """
    account_rpm = ACCOUNT_RPM if limited else 0
    write_config(directory, upstream_url, durability, account_rpm=account_rpm, providers=providers)
    bench = ("--name", "bench")
    of_account, of_key = (ACCOUNT_LIMITS, KEY_LIMITS) if limited else ((), NO_KEY_LIMITS)
    account = command_json(
        directory, "accounts", "create", *bench, "--balance", BALANCE_USD, *of_account, source=source
    )
    key = command_json(directory, "keys", "create", "--account", account["id"], *bench, *of_key, source=source)
    with serving(directory, core, source=source) as (url, pid):
        yield Gateway(url, pid, key["key"])


@contextmanager
def serving(directory: Path, core: int | None = None, *, source: Path | None = None) -> Iterator[tuple[str, int]]:
    """`tollhouse serve` on a directory that has its configuration: the address and the process."""
    log = directory / "gateway.log"
    command = _command(directory, "serve", "--port", "0")
    with running(command, core=core, log=log, environ=_environ(source)) as process:
        url = json.loads(wait_for_line(process, log, '"listening"'))["url"]
        wait_for_http(process, log, f"{url}/health")
        yield url, process.pid


def audit(directory: Path, source: Path | None = None) -> Audit:
    """Audit the ledger that a stopped gateway left. Raises BenchmarkError where it does not hold."""
    facts = command_json(directory, "ledger", "audit", source=source)
    return Audit(**{name: facts[name] for name in ("requests", "posted", "voided", "drift")})


def write_config(
    directory: Path,
    upstream_url: str,
    durability: str,
    *,
    models: Sequence[str] = (MODEL,),
    account_rpm: int = 0,
    providers: Mapping[str, Any] | None = None,
) -> None:
    """The three files for one provider with `models`, or for `providers`, whose clients may ask in every format."""
    directory.mkdir()
    routes = {
        "version": 1,
        "listeners": {
            "main": {
                "bind": "127.0.0.1:0",
                "mounts": [
                    {"document": "system", "at": ""},
                    {"document": "openai", "at": "/v1", "errors": "openai"},
                    {"document": "admin", "at": "/admin/api", "errors": "problem"},
                    *([{"document": "anthropic", "at": "/v1", "errors": "anthropic"}] if providers else []),
                ],
            }
        },
        "ledger": {"durability": durability},
        **({"limits": {"account_requests_per_minute": account_rpm}} if account_rpm else {}),  # earlier gateways lack it
    }
    entries = providers or {"bench": provider(upstream_url, "openai", models)}
    names = sorted({name for entry in entries.values() for name in entry["models"]})
    model = {"input_usd_per_mtok": "0.15", "output_usd_per_mtok": "0.60", "kind": "chat", "max_output_tokens": 4096}
    files: dict[str, Any] = {
        "routes.yaml": routes,
        "providers.yaml": {"version": 1, "providers": entries},
        "model_catalog.json": {"version": 1, "models": dict.fromkeys(names, model)},
    }
    for name, value in files.items():
        text = json.dumps(value) if name.endswith(".json") else yaml.safe_dump(value)
        (directory / name).write_text(text)


def provider(upstream_url: str, dialect: str, models: Sequence[str], **fields: Any) -> dict[str, Any]:
    """An entry of providers.yaml."""
    return {
        "dialect": dialect,
        "base_url": f"{upstream_url}/v1",
        "allow_private": True,
        "keys": [{"env": next(iter(ENVIRON))}],
        "models": {model: {} for model in models},
        **fields,
    }


def _command(directory: Path, *words: str) -> list[str]:
    where = ["--config", str(directory), "--data", str(directory / "data")]
    return [sys.executable, "-m", "tollhouse", *words, *where]


def _environ(source: Path | None) -> dict[str, str]:
    return {**ENVIRON, **({"PYTHONPATH": str(source / "src")} if source is not None else {})}


def command_json(directory: Path, *words: str, source: Path | None = None) -> Any:
    """The answer of a `tollhouse` command on a directory."""
    result = subprocess.run(
        [*_command(directory, *words), "--json"],
        env={**os.environ, **_environ(source)},
        capture_output=True,
        text=True,
        timeout=COMMAND_S,
    )
    if result.returncode != 0:
        raise BenchmarkError(f"tollhouse {' '.join(words)} failed:\n{result.stdout}{result.stderr}")
    return json.loads(result.stdout)
