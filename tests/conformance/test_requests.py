"""Whatever the vendors' documents allow in a request is accepted here, but for a few things that cannot be charged or mean nothing."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.conformance.bodies import Bodies
from tests.conformance.vendors import REQUESTS, Vendored, allows
from tests.gateway import bearer
from tests.oracles import OPENAI, document, needs_oracles
from tests.served import Served
from tollhouse.contract.bodies import body_check
from tollhouse.errors import InvalidRequest

MODEL = "m"
HELLO = {"role": "user", "content": "Hello!"}
CHECK = body_check()

pytestmark = needs_oracles
every_request = pytest.mark.parametrize("vendored", REQUESTS, ids=[each.id for each in REQUESTS])

SMALL: dict[str, dict[str, Any]] = {
    "create_chat_completion": {"model": MODEL, "messages": [HELLO]},
    "create_completion": {"model": MODEL, "prompt": "Hello!"},
    "create_response": {"model": MODEL, "input": "Hello!"},
    "create_embedding": {"model": MODEL, "input": "Hello!"},
    "create_moderation": {"model": MODEL, "input": "Hello!"},
    "create_message": {"model": MODEL, "messages": [HELLO], "max_tokens": 1},
    "count_message_tokens": {"model": MODEL, "messages": [HELLO]},
}

# What a vendor's document allows and ours refuses: the operation, what makes a small body one of these, and the reason.
REFUSED_ON_PURPOSE: list[tuple[str, dict[str, Any], str]] = [
    *((operation_id, {"model": ""}, "no model has an empty name") for operation_id in SMALL),
    ("create_chat_completion", {"max_tokens": 0}, "an answer has a token at least, and the longest answer is held before it"),
    ("create_chat_completion", {"max_completion_tokens": -1}, "as above"),
    ("create_moderation", {"input": []}, "there is nothing to classify"),
    ("create_message", {"messages": []}, "there is nothing to answer"),
    ("count_message_tokens", {"messages": []}, "there is nothing to count"),
]  # fmt: skip


def sensible(operation_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A body without the parts that are refused on purpose; everything else stays."""
    found = dict(body)
    for id_, part, _ in REFUSED_ON_PURPOSE:
        for name, value in part.items():
            given = body.get(name)
            too_small = type(given) is int and isinstance(value, int) and given < 1
            if id_ == operation_id and (given == value or too_small):
                found[name] = SMALL[operation_id].get(name, 1)
    if (
        operation_id == "create_response"
    ):  # a stored prompt may name the model there, but without a model there is no price
        found["model"] = found.get("model") or MODEL
    return found


def bodies_of(vendored: Vendored) -> Bodies:
    return Bodies(document(vendored.file), vendored.schema)


def deep(levels: int) -> Any:
    """Lists inside each other."""
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


@every_request
def test_every_branch_that_a_vendor_documents_is_accepted(vendored: Vendored) -> None:
    takes = allows(vendored.file, vendored.request)
    refused, made, wrong = [], 0, 0
    for body in bodies_of(vendored).each():
        made += 1
        if not takes.is_valid(body):
            wrong += 1
            continue
        try:
            CHECK(vendored.id, sensible(vendored.id, body))
        except InvalidRequest as error:
            refused.append((error.message, body))
    assert not refused, refused[:5]
    assert wrong <= made // 100, "the bodies are not what the vendor documents"


@every_request
@settings(max_examples=150)
@given(data=st.data())
def test_any_request_that_a_vendor_documents_is_accepted(vendored: Vendored, data: st.DataObject) -> None:
    body = data.draw(bodies_of(vendored).any())
    assume(allows(vendored.file, vendored.request).is_valid(body))
    CHECK(vendored.id, sensible(vendored.id, body))


@pytest.mark.parametrize(("operation_id", "part", "reason"), REFUSED_ON_PURPOSE)
def test_what_is_refused_on_purpose_is_allowed_by_the_vendor(
    operation_id: str, part: dict[str, Any], reason: str
) -> None:
    vendored = next(each for each in REQUESTS if each.id == operation_id)
    body = {**SMALL[operation_id], **part}
    assert allows(vendored.file, vendored.request).is_valid(body), f"the vendor says now that {reason}"
    with pytest.raises(InvalidRequest):
        CHECK(operation_id, body)


def test_a_response_without_a_model_is_refused_on_purpose() -> None:
    assert allows(OPENAI, "CreateResponse").is_valid({"input": "Hello!", "prompt": {"id": "pmpt_1"}})
    with pytest.raises(InvalidRequest, match="model"):
        CHECK("create_response", {"input": "Hello!", "prompt": {"id": "pmpt_1"}})


SAMPLE = 100  # requests of each operation that go over the wire
SERVED_MODELS = {
    "create_embedding": "embed-test", "create_moderation": "mod-test", "create_message": "claude-test",
    "count_message_tokens": "claude-test",
}  # fmt: skip


@every_request
def test_a_sample_is_served_over_http(served: Served, vendored: Vendored) -> None:
    takes = allows(vendored.file, vendored.request)
    bodies = [sensible(vendored.id, body) for body in bodies_of(vendored).each() if takes.is_valid(body)]
    key, refused = served.key(), []
    for body in bodies[:: max(len(bodies) // SAMPLE, 1)]:
        answer = called(served, vendored.id, body, key)
        endless = answer.status_code == 402 and 2**63 - 1 in body.values()  # nobody has money for such an answer
        if answer.status_code != 200 and not endless and not body.get("background"):
            refused.append((answer.status_code, answer.text, body))
    assert not refused, refused[:5]


@pytest.mark.parametrize(
    ("operation_id", "part", "word"),
    [
        ("create_response", {"background": True}, "background"),  # its answer comes before anybody knows what it costs
        ("create_chat_completion", {"max_completion_tokens": 2**64}, "64 bits"),  # no two readers agree about such numbers
        ("create_chat_completion", {"metadata": {"a": deep(64)}}, "nested"),  # recursion is an attack
    ],
)  # fmt: skip
def test_what_no_schema_refuses_is_refused_over_http(served: Served, operation_id: str, part: Any, word: str) -> None:
    answer = called(served, operation_id, {**SMALL[operation_id], **part}, served.key())
    assert answer.status_code == 400
    assert word in answer.json()["error"]["message"]


def called(served: Served, operation_id: str, body: Mapping[str, Any], key: str) -> httpx.Response:
    vendored = next(each for each in REQUESTS if each.id == operation_id)
    whole = {**body, "model": SERVED_MODELS.get(operation_id, "gpt-test")}
    return served.client.post(f"/v1{vendored.path}", json=whole, headers=bearer(key))
