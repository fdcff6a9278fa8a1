"""What is rendered is the same every time, formatted, importable, and knows its endpoints."""

import dataclasses
import importlib.util
import subprocess
import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen.ir import Alias, AnyOf, Choice, Contract, Scalar
from codegen.python import alias_line
from codegen.read import read
from codegen.render import PACKAGE, render
from tests.codegen import mini

ROOT = Path(__file__).resolve().parents[2]

GOLDEN_MODELS = '''"""The bodies of requests and answers. Generated from openapi/ by `make generate`; do not edit."""

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

Length: TypeAlias = float | str | None
"""Metres, or a size in words."""


Sailor = TypedDict(
    "Sailor",
    {
        "first-name": NotRequired[str],
    },
)
"""Who sails."""


class Boat(TypedDict):
    """A boat."""

    name: str
    rig: Literal["sloop", "ketch"]
    length: NotRequired[Length]
    crew: NotRequired[list[Sailor | None] | None]
    captain: NotRequired[Sailor | None]
    colour: NotRequired[Literal["red"] | None]
    notes: NotRequired[Any]
    flags: NotRequired[dict[str, bool]]


class CreateBoatResponse(TypedDict):
    knots: float
'''

GOLDEN_BINDING = '''
async def create_boat(services: Services, request: Request) -> Reply:
    """POST /harbours/{harbour}/boats: Create a boat."""
    return await boats.create_boat(
        services,
        request,
        harbour=cast(str, request.arguments["harbour"]),
        limit=cast(int, request.arguments.get("limit", 10)),
        request_id=cast(str | None, request.arguments.get("request")),
        tide_at=cast(str, request.arguments["tide-at"]),
        body=cast(Boat, request.body),
    )
'''


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    return read(mini.write(tmp_path))


@pytest.fixture
def boats(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """A module of endpoints for the mini-document, beside stand-ins for what bindings import."""
    endpoints, context, module = (types.ModuleType(name) for name in ("endpoints", "context", "boats"))
    context.__dict__.update(Reply=object, Request=object, Services=object)
    endpoints.__dict__["boats"] = module
    module.__file__ = "endpoints/boats.py"
    monkeypatch.setitem(sys.modules, "tollhouse.endpoints", endpoints)
    monkeypatch.setitem(sys.modules, "tollhouse.endpoints.context", context)
    return module


@pytest.fixture
def bindings(
    contract: Contract, tmp_path: Path, boats: types.ModuleType, monkeypatch: pytest.MonkeyPatch
) -> Iterator[types.ModuleType]:
    files = render(contract)
    monkeypatch.setitem(sys.modules, "tollhouse.generated.models", execute(files, "models.py", tmp_path))
    yield execute(files, "bindings.py", tmp_path)


def execute(files: dict[str, str], name: str, folder: Path) -> types.ModuleType:
    """Import one of the generated files from a folder of its own."""
    path = folder / name
    path.write_text(files[f"{PACKAGE}/{name}"])
    spec = importlib.util.spec_from_file_location(f"mini_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_same_documents_give_the_same_bytes(contract: Contract) -> None:
    assert render(contract) == render(contract)
    assert render(read(ROOT / "openapi")) == render(read(ROOT / "openapi"))


def test_models_are_typed_dicts(contract: Contract) -> None:
    assert render(contract)[f"{PACKAGE}/models.py"] == GOLDEN_MODELS


def test_a_long_choice_that_may_be_null_gets_a_line_for_each_value() -> None:
    values = tuple(f"a_rather_long_value_{number}" for number in range(5))
    written = alias_line(Alias("Rig", "", AnyOf((Choice(values), Scalar("null")))))
    lines = "".join(f'        "{value}",\n' for value in values)
    assert written == f"Rig: TypeAlias = (\n    Literal[\n{lines}    ]\n    | None\n)"


def test_a_binding_passes_typed_arguments_by_name(contract: Contract) -> None:
    assert GOLDEN_BINDING in render(contract)[f"{PACKAGE}/bindings.py"]


def test_a_parameter_may_be_one_of_some_values(tmp_path: Path) -> None:
    rig = {"name": "rig", "in": "query", "schema": {"type": "string", "enum": ["sloop", "ketch"], "default": "ketch"}}
    many = [
        {"name": f"a-rather-long-name-{number}", "in": "query", "schema": {"type": "string"}} for number in range(3)
    ]
    harbour = mini.OPERATION["parameters"][0]
    folder = mini.write(tmp_path, mini.operation(parameters=[harbour, rig, *many]))
    files = render(read(folder))
    assert 'cast(Literal["sloop", "ketch"], request.arguments.get("rig", "ketch"))' in files[f"{PACKAGE}/bindings.py"]
    assert_formatted_and_lint_free(files, tmp_path)


def assert_formatted_and_lint_free(files: dict[str, str], folder: Path) -> None:
    for path, text in files.items():
        assert "\r" not in text
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    ruff, config = [sys.executable, "-m", "ruff"], ["--no-cache", "--config", str(ROOT / "pyproject.toml")]
    for command in (["format", "--diff"], ["check"]):
        done = subprocess.run([*ruff, *command, *config, str(folder / PACKAGE)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("openapi", ["mini", "real"])
def test_generated_code_is_formatted_and_lint_free(tmp_path: Path, openapi: str) -> None:
    folder = mini.write(tmp_path) if openapi == "mini" else ROOT / "openapi"
    assert_formatted_and_lint_free(render(read(folder)), tmp_path)


def test_the_table_of_operations_is_frozen(contract: Contract, tmp_path: Path) -> None:
    table = execute(render(contract), "operations.py", tmp_path)
    operation = table.OPERATIONS["create_boat"]
    assert dataclasses.asdict(operation) == {
        "operation_id": "create_boat",
        "document": "fleet",
        "tag": "boats",
        "method": "POST",
        "path": "/harbours/{harbour}/boats",
        "billing": "metered",
        "kind": "chat",
        "dialect": "openai",
        "streams": True,
        "security": ("bearer",),
    }
    with pytest.raises(dataclasses.FrozenInstanceError):
        operation.billing = "free"
    with pytest.raises(TypeError):
        table.OPERATIONS["create_boat"] = operation


def test_typed_dicts_know_which_keys_are_required(contract: Contract, tmp_path: Path) -> None:
    models = execute(render(contract), "models.py", tmp_path)
    assert models.Boat.__required_keys__ == {"name", "rig"}
    assert typing.get_type_hints(models.Sailor) == {"first-name": str}


async def test_a_binding_calls_its_endpoint(bindings: types.ModuleType, boats: types.ModuleType) -> None:
    async def create_boat(services: Any, request: Any, **arguments: Any) -> dict[str, Any]:
        return arguments

    boats.__dict__["create_boat"] = create_boat
    request = types.SimpleNamespace(
        arguments={"harbour": "Brest", "request": "r1", "tide-at": "noon"}, body={"name": "Eos", "rig": "sloop"}
    )
    assert await bindings.BINDINGS["create_boat"](None, request) == {
        "harbour": "Brest",
        "limit": 10,
        "request_id": "r1",
        "tide_at": "noon",
        "body": {"name": "Eos", "rig": "sloop"},
    }


def test_a_fitting_endpoint_passes_the_check(bindings: types.ModuleType, boats: types.ModuleType) -> None:
    async def create_boat(
        services: Any, request: Any, *, harbour: Any, limit: Any, request_id: Any, tide_at: Any, body: Any
    ) -> None: ...

    boats.__dict__["create_boat"] = create_boat
    bindings.check_endpoints()


async def _without_arguments(services: Any, request: Any) -> None: ...


async def _with_another(
    services: Any, request: Any, *, harbour: Any, limit: Any, request_id: Any, tide_at: Any, body: Any, x: Any
) -> None: ...


def _plain(
    services: Any, request: Any, *, harbour: Any, limit: Any, request_id: Any, tide_at: Any, body: Any
) -> None: ...


@pytest.mark.parametrize(
    ("endpoint", "complaint"),
    [
        (None, "create_boat is missing"),
        (_plain, "create_boat is not an `async def` function"),
        (_without_arguments, "create_boat takes (services: Any, request: Any) -> None"),
        (_with_another, "create_boat takes (services: Any, request: Any, *, harbour: Any, "),
    ],
)
def test_a_missing_or_mistyped_endpoint_is_named_with_what_is_expected(
    bindings: types.ModuleType, boats: types.ModuleType, endpoint: Any, complaint: str
) -> None:
    if endpoint is not None:
        boats.__dict__["create_boat"] = endpoint
    with pytest.raises(TypeError) as raised:
        bindings.check_endpoints()
    assert f"endpoints/boats.py: {complaint}" in str(raised.value)
    assert (
        "expected `async def create_boat(services: Services, request: Request, *, harbour: str, limit: int, "
        "request_id: str | None, tide_at: str, body: Boat) -> Reply`"
    ) in str(raised.value)
