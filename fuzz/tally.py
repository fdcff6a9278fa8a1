"""What a run of the engine did: cases by operation, checks by operation, and every failure with how to repeat it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemathesis.engine import Status, events

WORDS_KEPT = 100  # of an answer, in the name of a failure


@dataclass(slots=True)
class Tally:
    """Counts of one mount. `checks` are by (operation, check); `failures` are texts for people, one for each kind."""

    cases: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    checks: Counter[tuple[str, str]] = field(default_factory=Counter)
    answered: Counter[tuple[str, int]] = field(default_factory=Counter)
    failures: dict[tuple[str, str, str], str] = field(default_factory=dict)
    excused: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    stream_events: int = 0

    def watch(self, stream: Iterable[events.EngineEvent]) -> "Tally":
        for event in stream:
            if isinstance(event, events.ScenarioFinished) and event.is_test_scenario:
                self._add(event)
            elif isinstance(event, events.NonFatalError):
                self.failures[event.label, "engine", type(event.value).__name__] = str(event.info.format())
            elif isinstance(event, events.FatalError):
                raise event.exception
        return self

    def _add(self, event: events.ScenarioFinished) -> None:
        recorder = event.recorder
        for case_id, node in recorder.cases.items():
            operation = node.value.operation.label
            self.cases[operation] += 1
            self.phases[event.phase.value] += 1
            if node.transition is not None and node.is_transition_applied:
                self.links[node.transition.id] += 1
            interaction = recorder.interactions.get(case_id)
            if interaction is not None and interaction.response is not None:
                self.answered[operation, interaction.response.status_code] += 1
            for check in recorder.checks.get(case_id, ()):
                self.checks[operation, check.name] += 1
                if check.status is Status.SUCCESS:
                    continue
                found = check.failure_info
                title = found.failure.title if found else check.status.value
                if interaction is not None and interaction.response is not None:
                    title += f" ({interaction.response.status_code} {interaction.response.text[:WORDS_KEPT]})"
                text = f"{found.failure.message}\n{found.code_sample}" if found else ""
                if interaction is not None and interaction.response is not None:
                    text += f"\n-> {interaction.response.status_code} {interaction.response.text[:400]}"
                self.failures.setdefault((operation, check.name, title), text)
