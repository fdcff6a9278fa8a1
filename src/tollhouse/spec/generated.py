"""Generated requests for the runner, by schemathesis: an extra, `pip install 'tollhouse[contract]'`."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from tollhouse.spec.bundling import Spec
from tollhouse.spec.operations import operations
from tollhouse.spec.reading import SpecError
from tollhouse.spec.runner import Case


def generated_cases(spec: Spec, headers: Mapping[str, str], count: int, only: Collection[str] = ()) -> Iterator[Case]:
    """Up to `count` requests that fit the document for each operation, the same ones every time.

    Raises SpecError where schemathesis is not installed.
    """
    try:
        import schemathesis
        from schemathesis.core.result import Err
    except ImportError as error:
        raise SpecError("--cases needs schemathesis: pip install 'tollhouse[contract]'.") from error
    by_place = {(operation.method, operation.url): operation for operation in operations(spec)}
    for result in schemathesis.openapi.from_dict(spec.value).get_all_operations():
        if isinstance(result, Err):
            raise SpecError(f"{spec.name}: schemathesis cannot read an operation: {result.err()}")
        entry = result.ok()
        operation = by_place[entry.method.upper(), entry.path]
        if only and operation.id not in only:
            continue
        for number, drawn in enumerate(_draw(entry.as_strategy(), count), 1):
            body = drawn.body if isinstance(drawn.body, dict | list) else None
            url = operation.url
            for name, value in (drawn.path_parameters or {}).items():
                url = url.replace(f"{{{name}}}", quote(str(value), safe=""))
            query = {name: str(value) for name, value in (drawn.query or {}).items()}
            yield Case(operation, "generated", f"case {number}", url, query, headers, body)


def _draw(strategy: Any, count: int) -> list[Any]:
    from hypothesis import HealthCheck, Phase, given, settings

    drawn: list[Any] = []

    @settings(
        max_examples=count, phases=[Phase.generate], derandomize=True, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def draw(value: Any) -> None:
        drawn.append(value)

    draw()
    return drawn[:count]
