"""The checks of bodies for those who only ask: the same verdicts, in the same words, as validation's."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from tests.contract.asgi import call, config, ours
from tests.contract.bodies import ACCEPTED, REFUSED
from tollhouse.contract.bodies import body_check
from tollhouse.errors import InvalidRequest
from tollhouse.generated.operations import OPERATIONS

SENT = {name: f"/v1{operation.path}" for name, operation in OPERATIONS.items() if operation.billing != "none"}


Checking = Callable[[str, Any], None]


@pytest.fixture(scope="module")
def check() -> Checking:
    return body_check()


@pytest.fixture(scope="module")
def app() -> Any:
    return ours(config())


@pytest.mark.parametrize(("operation_id", "body"), [case for case in ACCEPTED if case[0] in SENT])
def test_what_may_be_sent_passes(check: Checking, operation_id: str, body: dict[str, Any]) -> None:
    check(operation_id, body)


@pytest.mark.parametrize(("operation_id", "body"), [case for case in REFUSED if case[0] in SENT])
def test_what_may_not_is_refused_in_the_same_words(
    check: Checking, app: Any, operation_id: str, body: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check(operation_id, body)
    error = call(app, "POST", SENT[operation_id], orjson.dumps(body)).json()["error"]
    assert refused.value.message == error["message"]
