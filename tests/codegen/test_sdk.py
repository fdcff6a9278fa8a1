"""The plan of a client library: resources, methods and arguments with legal names, credentials, the schemas that are used."""

from pathlib import Path

import pytest

from codegen.ir import Named
from codegen.package import of_document, tollhouse
from codegen.read import ContractError, read, read_file
from codegen.sdk import Sdk, plan
from tests.codegen import golden, mini

ROOT = Path(__file__).resolve().parents[2]


def own(case: str) -> Sdk:
    contract = read_file(golden.CASES[case] / "spec.yaml")
    return plan(contract, of_document(contract))


@pytest.fixture(scope="module")
def ours() -> Sdk:
    contract = read(ROOT / "openapi")
    return plan(contract, tollhouse(contract))


def test_every_operation_is_a_method_below_the_mount_of_its_document(ours: Sdk) -> None:
    documented = {operation.operation_id for operation in read(ROOT / "openapi").operations if not operation.skipped}
    assert {method.name for method in ours.methods} == documented
    paths = {method.name: method.path for method in ours.methods}
    assert paths["create_chat_completion"] == "/v1/chat/completions" and paths["get_root"] == "/"
    assert paths["get_usage"] == "/api/usage" and paths["get_all_usage"] == "/admin/api/usage"


def test_credentials_are_options_that_schemes_share(ours: Sdk) -> None:
    assert [(each.option, each.variable) for each in ours.credentials] == [
        ("admin_token", "TOLLHOUSE_ADMIN_TOKEN"),
        ("api_key", "TOLLHOUSE_API_KEY"),
        ("session_token", "TOLLHOUSE_SESSION_TOKEN"),
    ]


def test_names_are_legal_and_none_is_taken_twice() -> None:
    (method,) = [method for method in own("names").methods if method.name == "move_ship"]
    assert [(each.name, each.wire, each.place) for each in method.arguments] == [
        ("ship_id", "ship-id", "path"),
        ("class_", "class", "path"),
        ("from_", "from", "query"),
        ("sail_plan", "sailPlan", "query"),
        ("ids", "ids", "query"),
        ("timeout_", "timeout", "query"),
        ("x_tide_at", "X-Tide-At", "header"),
        ("n2nd", "2nd", "query"),
        ("body_class", "class", "body"),
        ("body_from", "from", "body"),
        ("max_speed", "maxSpeed", "body"),
        ("self_", "self", "body"),
    ]


def test_a_resource_is_not_called_like_the_client() -> None:
    (resource,) = own("unions").resources
    assert (resource.name, resource.class_name) == ("cargo", "CargoResource")


def test_skipped_operations_and_unused_schemas_are_left_out(ours: Sdk) -> None:
    assert [resource.name for resource in own("credentials").resources] == ["locks"]
    assert "OpenAIError" not in {schema.name for schema in ours.schemas}


def test_the_switch_of_a_stream_is_an_argument() -> None:
    talk, watch = sorted(own("streams").methods, key=lambda method: method.name)
    assert talk.switch is not None and talk.switch.name == "stream" and talk.event == Named("Word")
    assert watch.switch is None and watch.result is None


def test_the_package_is_named_after_the_document() -> None:
    package = own("names").package
    assert (package.client, package.distribution, package.module) == ("Harbour", "harbour-client", "harbour_client")
    assert (package.environment, package.version) == ("HARBOUR", "2.1.0")
    assert package.base_url == "https://harbour.example"


def test_a_client_is_not_called_like_something_else_that_libraries_export(tmp_path: Path) -> None:
    spec = tmp_path / "streams.yaml"
    spec.write_text("openapi: 3.0.3\ninfo: {title: Stream API, version: '1'}\npaths: {}\n")
    assert of_document(read_file(spec)).client == "StreamClient"


def test_a_scheme_means_one_thing(tmp_path: Path) -> None:
    mini.write(tmp_path)
    folder = mini.write(tmp_path, mini.operation(operationId="create_ship"), name="navy")
    other = (folder / "navy.yaml").read_text().replace("scheme: bearer", "scheme: basic")
    (folder / "navy.yaml").write_text(other)
    with pytest.raises(ContractError, match="security scheme bearer means different things"):
        contract = read(folder)
        plan(contract, tollhouse(contract))
