"""A live gateway against its documents: schemathesis on one mount, in all phases and with all checks."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response
from schemathesis.config import (
    CacheConfig,
    CoveragePhaseConfig,
    ExamplesPhaseConfig,
    FuzzingPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    StatefulPhaseConfig,
)
from schemathesis.core.failures import Failure
from schemathesis.engine import from_schema

from fuzz.bodies import help_bodies
from fuzz.credentials import authenticate
from fuzz.excuses import excuse
from fuzz.gateway import FuzzedGateway
from fuzz.mounts import Document, Mount, operation_objects, published
from fuzz.streams import EVENT_STREAM, check_stream
from fuzz.tally import Tally
from fuzz.values import with_real_values

CANARY = "sk-upstream-canary"
REQUEST_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try: examples drawn for each operation and phase; seconds, after which nothing new is begun."""

    examples: int
    seconds: int | None
    coverage: bool = True


def fuzz_mount(gateway: FuzzedGateway, mount: Mount, seed: int, effort: Effort) -> Tally:
    """Everything that was found on one mount; no failure is raised."""
    document = published(gateway, mount)
    streams = _take_streams(document)
    with_real_values(document, gateway)
    schema = schemathesis.openapi.from_dict(document, config=_config(gateway, mount, seed, effort))
    authenticate(schema, gateway)
    help_bodies(schema, gateway)
    tally = Tally()

    @schemathesis.check
    def stream_conformance(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
        """Every event of a stream fits the schema of events, and the stream has an end."""
        if not response.headers.get("content-type", [""])[0].startswith(EVENT_STREAM) or response.status_code != 200:
            return None
        schema_of_events = streams[case.operation.path, case.operation.method]
        path = urlsplit(str(response.request.url)).path
        tally.stream_events += check_stream(response.content, schema_of_events, document, path)
        return None

    @schemathesis.check
    def no_leak(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
        """No answer has the upstream's key, in its headers or in its body, or the inside of the gateway."""
        told = response.content.decode("utf-8", "replace") + repr(response.headers)
        asked = repr((response.request.url, response.request.headers, response.request.body))
        for secret in (CANARY, "Traceback (most recent"):
            # Constants of our own source are among the data that is drawn; an answer may say what was asked.
            assert secret not in told or secret in asked, f"the answer has {secret}"
        return None

    @schema.hook
    def filter_failure(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
        reason = excuse(failure, case, response)
        if reason is not None:
            tally.excused[reason] += 1
        return reason is None

    try:
        tally.watch(from_schema(schema).execute())
    finally:
        schemathesis.checks.CHECKS.unregister(stream_conformance.__name__)
        schemathesis.checks.CHECKS.unregister(no_leak.__name__)
    _check_gateway(gateway, tally)
    return tally


def _take_streams(document: Document) -> dict[tuple[str, str], Any]:
    """The schemas of events, by (path, method), out of a document: the engine takes a whole stream for what they describe."""
    schemas = {}
    for method, path, operation in operation_objects(document):
        content = operation["responses"].get("200", {}).get("content", {})
        if EVENT_STREAM in content:
            schemas[path, method.lower()] = content[EVENT_STREAM].get("schema", {})
            content[EVENT_STREAM] = {}
    return schemas


def _check_gateway(gateway: FuzzedGateway, tally: Tally) -> None:
    """What no single answer shows."""
    log = gateway.log_path.read_text()
    if gateway.process.poll() is not None:
        tally.failures["gateway", "alive", "The gateway is gone"] = log[-2000:]
    if "Traceback" in log:
        tally.failures["gateway", "log", "A traceback in the log"] = log[log.index("Traceback") - 500 :][:4000]
    report = gateway.audit()
    if report.drift:
        tally.failures["gateway", "audit", "The ledger drifts"] = str(report.findings)


def _config(gateway: FuzzedGateway, mount: Mount, seed: int, effort: Effort) -> SchemathesisConfig:
    def drawn() -> GenerationConfig:
        return GenerationConfig(max_examples=effort.examples, database="none", with_security_parameters=False)

    phases = PhasesConfig(
        examples=ExamplesPhaseConfig(fill_missing=True),
        coverage=CoveragePhaseConfig(enabled=effort.coverage),
        fuzzing=FuzzingPhaseConfig(generation=drawn()),
        stateful=StatefulPhaseConfig(generation=drawn()),
    )
    project = ProjectConfig(
        base_url=gateway.urls[mount.listener] + mount.at,
        phases=phases,
        generation=drawn(),
        request_timeout=REQUEST_TIMEOUT_S,
        max_stream_events=10_000,
        continue_on_failure=True,
    )
    return SchemathesisConfig(
        seed=seed,
        max_time=effort.seconds,
        projects=ProjectsConfig(default=project),
        cache=CacheConfig(enabled=False),
    )
