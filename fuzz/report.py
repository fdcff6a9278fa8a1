"""docs/contract.md: what was fuzzed, how often, and what came of it. No dates: the same run writes the same page but for its counts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fuzz.mounts import Mount
from fuzz.shapes import SCHEMAS, source
from fuzz.tally import Tally
from fuzz.upstream import Calls

PHASES = ("examples", "coverage", "fuzzing", "stateful")
_HEAD = """# The contract, fuzzed

Written by `make fuzz`; do not edit. Every operation of every document, on every mount, called on a live gateway by
[Schemathesis](https://schemathesis.io) in all of its phases (the documents' examples, coverage of each schema's bounds, random data,
and sequences of calls along the documents' links) with all of its checks and two of ours: `stream_conformance` (each event of a
stream fits the schema of its events, and the stream has an end) and `no_leak`. Requests carry every kind of credential that the
mount takes, in turn: API keys in the three headers, a session, the admin token, and none.

The other way round, the gateway is given generated answers of providers, in the shapes of the vendors' own documents and broken in
many ways. Of every call must hold: valid HTTP with a documented status, JSON that is JSON, a stream that has an end, one row in the
ledger with the charge that an independent reader makes of the bytes that were sent, and our key nowhere.
"""

_CHECKS = """A check is counted where it was made and found nothing to say against, also where the answer gave it little to look at: a
stream check of JSON, say. Without a number of its own: `ignored_auth` where a key is optional (a call without one is right there), and
`object_level_authorization` has one identity only, so it compares nothing; the tests of accounts do."""


@dataclass(frozen=True, slots=True)
class Run:
    seed: int
    minutes: float
    versions: Mapping[str, str]
    contract: Sequence[tuple[Mount, Tally]]
    calls: Calls | None
    answers: int

    @property
    def failures(self) -> int:
        return sum(len(tally.failures) for _, tally in self.contract)


def render(run: Run) -> str:
    parts = [_HEAD, _summary(run)]
    if run.contract:
        parts += [_mounts(run.contract), _checks(run.contract), _excuses(run.contract), _links(run.contract)]
    if run.calls is not None:
        parts.append(_upstream(run.calls))
    parts += [_operations(mount, tally) for mount, tally in run.contract]
    return "\n".join(parts)


def _summary(run: Run) -> str:
    cases = sum(sum(tally.cases.values()) for _, tally in run.contract)
    operations = sum(len(tally.cases) for _, tally in run.contract)
    made = sum(sum(tally.checks.values()) for _, tally in run.contract)
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    lines = [
        f"Seed {run.seed}, {run.minutes:g} minutes; {versions}.",
        f"- **Requests**: {operations} operations on {len(run.contract)} mounts, {cases} cases, {made} checks, **{run.failures} failures**.",
    ]
    if run.calls is not None:
        lines.append(
            f"- **Upstream answers**: {sum(run.calls.calls.values())}, **0 crashes, 0 wrong charges, 0 leaks**; "
            f"the gateway's memory had its peak at {run.calls.peak_bytes // 2**20} MiB."
        )
    return "\n".join([lines[0], "", *lines[1:], ""])


def _mounts(contract: Iterable[tuple[Mount, Tally]]) -> str:
    rows = [
        [
            mount.name,
            len(tally.cases),
            *(tally.phases[phase] for phase in PHASES),
            tally.stream_events,
            len(tally.failures),
        ]
        for mount, tally in contract
    ]
    heads = ["Mount", "Operations", *(f"Cases: {phase}" for phase in PHASES), "Events of streams", "Failures"]
    return f"## Mounts\n\n{_table(heads, rows)}"


def _checks(contract: Sequence[tuple[Mount, Tally]]) -> str:
    """How often each check was made on each mount, and what the number does not say."""
    names = sorted({name for _, tally in contract for _, name in tally.checks})
    rows = [[f"`{name}`", *(_made(tally, name) for _, tally in contract)] for name in names]
    return f"## Checks\n\n{_CHECKS}\n\n{_table(['Check', *(mount.name for mount, _ in contract)], rows)}"


def _made(tally: Tally, name: str) -> int:
    return sum(count for (_, check), count in tally.checks.items() if check == name)


def _excuses(contract: Iterable[tuple[Mount, Tally]]) -> str:
    total: Counter[str] = sum((tally.excused for _, tally in contract), Counter())
    text = (
        "Requests that fit their schema and are refused all the same, because of a rule that is documented and that a schema of "
        "OpenAPI 3.0 cannot say. Each is recognised by its operation and by the words of the refusal; anything else is a failure."
    )
    return f"## Refusals that a schema cannot say\n\n{text}\n\n{_table(['Rule', 'Times'], sorted(total.items()))}"


def _links(contract: Iterable[tuple[Mount, Tally]]) -> str:
    total: Counter[tuple[str, str]] = Counter()
    for mount, tally in contract:
        total.update({(mount.name, link): count for link, count in tally.links.items()})
    rows = [[mount, f"`{link}`", count] for (mount, link), count in sorted(total.items())]
    return f"## Links followed\n\n{_table(['Mount', 'Link', 'Times'], rows)}"


def _operations(mount: Mount, tally: Tally) -> str:
    made: Counter[str] = Counter()
    for (operation, _), count in tally.checks.items():
        made[operation] += count
    failed = Counter(operation for operation, _, _ in tally.failures)
    rows = []
    for operation in sorted(tally.cases):
        answers = sorted((status, count) for (name, status), count in tally.answered.items() if name == operation)
        shown = ", ".join(f"{status}: {count}" for status, count in answers)
        rows.append([f"`{operation}`", tally.cases[operation], made[operation], shown, failed[operation]])
    return f"## {mount.name}\n\n{_table(['Operation', 'Cases', 'Checks', 'Answers', 'Failures'], rows)}"


def _upstream(calls: Calls) -> str:
    sources = ", ".join(sorted({source(format_, calls.oracles) for format_ in SCHEMAS}))
    ways = _table(["Way", "Answers"], sorted(calls.calls.items()))
    outcomes = _table(["Row in the ledger", "Calls"], sorted(calls.outcomes.items()))
    names = sorted({name for name, _ in calls.statuses})
    statuses = sorted({status for _, status in calls.statuses})
    seen = _table(
        ["Client's status", *map(str, statuses)], [[n, *(calls.statuses[n, s] for s in statuses)] for n in names]
    )
    return f"## Upstream answers\n\nShapes: {sources}.\n\n{ways}\n{outcomes}\n{seen}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    cells = [list(heads), ["---"] + ["---:"] * (len(heads) - 1), *([str(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells) + "\n"
