"""A pytest plugin: `contract_outcome` runs a test once for each case of a document against a server.

    def test_contract(contract_outcome):
        assert contract_outcome.problem is None

    pytest --contract-spec my.yaml --contract-url http://localhost:8080/v1

Installed packages' plugins are loaded into every run of pytest, so without `--contract-spec` this one does nothing at all, and what it
needs is imported when it is needed.
"""

import os
from typing import Any

import pytest

_FIXTURE = "contract_outcome"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contract", "OpenAPI contract (tollhouse)")
    group.addoption("--contract-spec", metavar="FILE", help="The document to hold a server against.")
    group.addoption("--contract-url", metavar="URL", help="The server with its base path.")
    group.addoption("--contract-key", metavar="KEY", default=os.environ.get("TOLLHOUSE_API_KEY"), help="An API key.")
    group.addoption("--contract-operations", metavar="A,B", default="", help="Only these operationIds.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each case; none, and so a skipped one, without the options."""
    if _FIXTURE not in metafunc.fixturenames:
        return
    found = _cases(metafunc.config) if metafunc.config.getoption("contract_spec") else []
    names = [f"{case.operation.id}-{case.check}-{case.label}".replace(" ", "-") for case in found]
    metafunc.parametrize("_contract_case", found, ids=names)


@pytest.fixture
def contract_outcome(_contract_case: Any, request: pytest.FixtureRequest) -> Any:
    """The outcome of one case; its `problem` is None where the server kept the document."""
    from tollhouse.spec.bundling import bundle
    from tollhouse.spec.runner import run

    url = request.config.getoption("contract_url")
    if not url:
        raise pytest.UsageError("--contract-spec needs --contract-url, the server to hold the document against.")
    (outcome,) = run(bundle(request.config.getoption("contract_spec")), url, [_contract_case])
    return outcome


def _cases(config: pytest.Config) -> list[Any]:
    from tollhouse.spec.bundling import bundle
    from tollhouse.spec.reading import SpecError
    from tollhouse.spec.runner import cases

    key = config.getoption("contract_key")
    only = [name.strip() for name in config.getoption("contract_operations").split(",") if name.strip()]
    try:
        spec = bundle(config.getoption("contract_spec"))
    except SpecError as error:
        raise pytest.UsageError(str(error)) from error
    return list(cases(spec, {"authorization": f"Bearer {key}"} if key else {}, only))
