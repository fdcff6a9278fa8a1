"""The report of a run: the figures, and a table of them. Pure."""

from collections import Counter
from collections.abc import Mapping

from benchmarks.crash.checks import CRASH, FORBIDDEN
from benchmarks.crash.clients import COMPLETE, CUT_OFF, FAILED, LEFT, UNANSWERED, Answer
from benchmarks.crash.plan import CREDIT
from benchmarks.crash.rounds import Run

CASES_MAX = 20  # shown of each kind; --json has all


def figures(run: Run) -> dict[str, int | float]:
    """Every figure by its name, those that must be 0 last."""
    calls = [answer for answer in run.answers if answer.operation.kind != CREDIT]
    ends = Counter(answer.end for answer in calls)
    cut_off = [answer for answer in calls if answer.end == CUT_OFF]
    return {
        "rounds": run.rounds,
        "seed": run.seed,
        "starts killed as well": run.starts_killed,
        "longest restart, s": round(run.longest_start_s, 2),
        "requests": len(calls),
        "complete answers": ends[COMPLETE],
        "answers cut off": ends[CUT_OFF],
        "… of them charged": sum(answer.request_id in run.books.posts for answer in cut_off),
        "… of them voided and listed": sum(_listed(run, answer) for answer in cut_off),
        "clients that left a stream": ends[LEFT],
        "failed upstream": ends[FAILED],
        "killed before any answer": ends[UNANSWERED],
        "holds voided and listed": sum(reason.startswith(CRASH) for reason in run.books.voids.values()),
        "credits": len(run.answers) - len(calls),
        **{name: len(cases) for name, cases in run.findings.cases.items()},
    }


def _listed(run: Run, answer: Answer) -> bool:
    return run.books.voids.get(answer.request_id or "", "").startswith(CRASH)


def render(shown: Mapping[str, int | float]) -> str:
    """A table of two columns; what must be 0 is marked where it is not."""
    width = max(len(name) for name in shown)
    lines = []
    for name, value in shown.items():
        text = str(value) if name == "seed" else f"{value:,}"
        verdict = "" if name not in FORBIDDEN else "  must be 0" if value else "  ok"
        lines.append(f"{name:<{width}}  {text:>10}{verdict}")
    return "\n".join(lines)


def cases(run: Run) -> str:
    """What was found, case by case."""
    lines = []
    for name, found in run.findings.cases.items():
        lines += [f"{name}: {case}" for case in found[:CASES_MAX]]
        if len(found) > CASES_MAX:
            lines.append(f"{name}: and {len(found) - CASES_MAX} more")
    return "\n".join(lines)
