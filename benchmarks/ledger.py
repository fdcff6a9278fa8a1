"""A large ledger: how long its audit takes and how much memory, and how fast usage is read from it."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.gateway import BALANCE_USD, ENVIRON, MODEL, command_json, serving, write_config
from benchmarks.processes import BenchmarkError, progress
from tollhouse.billing.ledger import Account, Delivery, Entry
from tollhouse.billing.ledger import Ledger as Books
from tollhouse.billing.money import parse_usd
from tollhouse.billing.pricing import PPM3, Rate, Usage
from tollhouse.config.load import load
from tollhouse.config.snapshot import CatalogueModel
from tollhouse.contract.documents import claimed_paths
from tollhouse.storage.sqlite import SqliteStore
from tollhouse.times import DAY_US

ACCOUNTS, KEYS, DAYS = 10, 5, 365  # keys of each account
START_US = 1_767_225_600_000_000  # 2026-01-01
BATCH = 4_000  # entries of one commit
READS = 20
STORE = "tollhouse.sqlite"
ADMIN_TOKEN = "bench-admin-token-0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was measured on one large ledger; `usage_s` are repeated reads."""

    requests: int
    entries: int
    accounts: int
    keys: int
    models: int
    file_mib: float
    audit_s: float
    audit_mib: float  # its largest resident memory
    usage_s: list[float]
    proof_s: float
    start_s: float


def measure(directory: Path, requests: int) -> Ledger:
    """Write a ledger of so many requests, audit it, serve it, read its usage."""
    write_config(directory, "http://127.0.0.1:9", "strict", models=[f"{MODEL}-{number}" for number in range(8)])
    progress(f"writing a ledger of {requests:,} requests ...")
    models = _write(directory, requests)
    store = directory / "data" / STORE
    audit_s, audit_mib, facts = _audit(directory)
    os.environ["TOLLHOUSE_ADMIN_TOKEN"] = ADMIN_TOKEN
    began = time.monotonic()
    with serving(directory) as (url, _):
        start_s = time.monotonic() - began
        with httpx.Client(
            base_url=f"{url}/admin/api", headers={"authorization": f"Bearer {ADMIN_TOKEN}"}, timeout=60, trust_env=False
        ) as admin:
            query = {"by": "day,model", "from": "2026-01-01", "to": "2026-12-31"}
            usage_s = [_timed(admin, "/usage", query) for _ in range(READS)]
            proof_s = _timed(admin, "/ledger/proof", {})
    return Ledger(
        requests=facts["requests"],
        entries=facts["entries"],
        accounts=ACCOUNTS,
        keys=ACCOUNTS * KEYS,
        models=models,
        file_mib=store.stat().st_size / 2**20,
        audit_s=audit_s,
        audit_mib=audit_mib,
        usage_s=usage_s,
        proof_s=proof_s,
        start_s=start_s,
    )


def _timed(admin: httpx.Client, path: str, query: dict[str, str]) -> float:
    began = time.monotonic()
    response = admin.get(path, params=query)
    if response.status_code != 200:
        raise BenchmarkError(f"GET {path} answered {response.status_code}: {response.text}")
    return time.monotonic() - began


def _audit(directory: Path) -> tuple[float, float, dict[str, int]]:
    """Seconds and MiB of `tollhouse ledger audit`, and what it says."""
    command = [sys.executable, "-m", "tollhouse", "ledger", "audit", "--json"]
    began = time.monotonic()
    with (directory / "audit.json").open("wb") as output:
        process = subprocess.Popen(
            [*command, "--config", str(directory), "--data", str(directory / "data")],
            stdout=output,
            env={**os.environ, **ENVIRON},
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise BenchmarkError(f"the large ledger does not hold: {(directory / 'audit.json').read_text()[:2000]}")
    facts = json.loads((directory / "audit.json").read_text())
    kib = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return time.monotonic() - began, kib / 1024, facts


def _write(directory: Path, requests: int) -> int:
    """The entries of a year, through the ledger and the store; the number of models."""
    catalogue = load(directory, environ=ENVIRON, operations=claimed_paths()).config.catalogue
    keys = []
    for number in range(ACCOUNTS):
        account = command_json(directory, "accounts", "create", "--name", f"account-{number}", "--balance", BALANCE_USD)
        for _ in range(KEYS):
            key = command_json(directory, "keys", "create", "--account", account["id"], "--name", "bench")
            keys.append((account["id"], key["id"]))
    store = SqliteStore(directory / "data" / STORE)
    store.migrate()
    batch: list[Entry] = []
    for entry in _entries(keys, list(catalogue.models.values()), catalogue.version, requests):
        batch.append(entry)
        if len(batch) >= BATCH:
            store.write(batch)
            batch = []
    store.write(batch)
    store.close()
    return len(catalogue.models)


def _entries(keys: list[tuple[str, str]], models: list[CatalogueModel], version: str, requests: int) -> Iterator[Entry]:
    """Holds and their ends, one in fifty a void, spread over a year."""
    generator = random.Random(1)
    now_us = START_US
    opening = parse_usd(BALANCE_USD)
    names = sorted({account for account, _ in keys})
    books = Books(lambda: now_us, [Account(name, name, 10**6, START_US, balance_nano=opening) for name in names])
    step_us = DAYS * DAY_US // requests
    for number in range(requests):
        now_us += step_us
        account, key_id = generator.choice(keys)
        model = generator.choice(models)
        request_id = f"req_{number:024x}"
        yield books.hold(
            request_id,
            books.accounts[account],
            1_000_000,
            key_id=key_id,
            operation="create_chat_completion",
            requested_model=model.id,
            price_version=version,
            stream=number % 2 == 0,
            at_us=now_us,
        )
        end = (
            books.void(request_id, "upstream answered 500", status=502, duration_ms=12)
            if number % 50 == 0
            else books.settle(request_id, Rate(model.prices[0][1], 10**6, PPM3), _delivery(model.id, generator))
        )
        assert end is not None, "it was just held"
        yield end


def _delivery(model: str, generator: random.Random) -> Delivery:
    usage = Usage(
        input=generator.randrange(2_000), cache_read=generator.randrange(500), output=generator.randrange(900)
    )
    return Delivery("bench", "env:BENCH_UPSTREAM_KEY", model, "1", usage, "reported", None, 200, 120, 800)
