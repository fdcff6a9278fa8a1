"""Names in TypeScript: camelCase for methods, those of the wire for arguments, and none twice."""

import pytest

from codegen.package import of_document
from codegen.read import read_file
from codegen.sdk import Method, Sdk, plan
from codegen.typescript_names import argument_names, camel_case, class_name, method_name, option_name, resource_name
from tests.codegen import golden


def own(case: str) -> Sdk:
    contract = read_file(golden.CASES[case] / "spec.yaml")
    return plan(contract, of_document(contract))


def method_of(case: str, name: str) -> Method:
    (method,) = [method for method in own(case).methods if method.name == name]
    return method


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("create_chat_completion", "createChatCompletion"),
        ("talk", "talk"),
        ("get_v1_models", "getV1Models"),
        ("get_a_1", "getA_1"),
        ("get_a1", "getA1"),
        ("import_", "import"),
        ("with_raw_response_", "withRawResponse_"),
    ],
)
def test_names_in_camel_case_stay_different(name: str, expected: str) -> None:
    assert camel_case(name) == expected


def test_arguments_are_called_as_on_the_wire() -> None:
    names = argument_names(method_of("names", "move_ship"))
    assert list(names.values()) == [
        *("ship-id", "class", "from", "sailPlan", "ids", "timeout", "X-Tide-At", "2nd"),
        *("body_class", "body_from", "maxSpeed", "self"),
    ]


def test_a_whole_body_is_called_body() -> None:
    assert argument_names(method_of("bodies", "post_list")) == {"body": "body"}


def test_methods_resources_and_options_are_in_camel_case() -> None:
    sdk = own("names")
    assert [method_name(method) for method in sdk.methods] == ["getPing", "moveShip"]
    assert [resource_name(resource) for resource in sdk.resources] == ["default", "tallShips"]
    assert option_name("api_key") == "apiKey" and option_name("fetch") == "fetch_"


def test_a_class_is_not_called_like_the_client() -> None:
    sdk = own("unions")
    assert [class_name(resource, sdk) for resource in sdk.resources] == ["CargoResource"]
