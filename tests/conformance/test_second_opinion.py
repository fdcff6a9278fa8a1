"""openapi-core judges requests and recorded answers by our documents, and agrees with our own checks."""

import copy
import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import httpx
import pytest
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from tests.conformance.ours import WIRE, answer_check, request_check
from tests.contract import bodies
from tests.dialects.streams import events
from tests.gateway import bearer, chat, message, response
from tests.served import Served
from tests.upstream import Reply, by_path, reset, status
from tollhouse.contract.documents import load_document, operations
from tollhouse.errors import InvalidRequest

HOST = "http://localhost"
STREAM = "text/event-stream"
PLACES = {
    each.operation["operationId"]: (name, each.method, each.path)
    for name in WIRE
    for each in operations(load_document(name))
}
CORPUS = [case for case in (*bodies.ACCEPTED, *bodies.REFUSED) if case[0] in PLACES]

TEXT = {"model": "gpt-test", "prompt": "Hello!"}
VECTOR = {"model": "embed-test", "input": "Hello!"}
VERDICT = {"input": "Hello!"}
COUNT = {"model": "claude-test", "messages": [{"role": "user", "content": "Hello!"}]}
BODIES = {
    "create_chat_completion": chat(), "create_completion": TEXT, "create_response": response(),
    "create_embedding": VECTOR, "create_moderation": VERDICT, "create_message": message(), "count_message_tokens": COUNT,
    "create_quote": chat(),
}  # fmt: skip
STREAMED = ("create_chat_completion", "create_completion", "create_response", "create_message")
METERED = [name for name in BODIES if name not in ("create_quote", "count_message_tokens")]


class Recorded(NamedTuple):
    """An answer as it came over the wire."""

    operation_id: str
    response: httpx.Response


@functools.cache
def core(name: str) -> OpenAPI:
    return OpenAPI.from_dict(load_document(name), config=Config(extra_media_type_deserializers={STREAM: json.loads}))


def asked(operation_id: str, body: Any) -> MockRequest:
    _, method, path = PLACES[operation_id]
    data = json.dumps(body).encode()
    return MockRequest(HOST, method, f"/v1{path}".replace("{model}", "m"), headers=bearer("k"), data=data)


def core_accepts(operation_id: str, answer: Any, code: int = 200, media_type: str = "application/json") -> bool:
    """openapi-core's verdict on an answer, or on one event of a stream."""
    answered = MockResponse(json.dumps(answer).encode(), code, content_type=media_type)
    request = asked(operation_id, BODIES.get(operation_id))
    return not list(core(PLACES[operation_id][0]).iter_response_errors(request, answered))


def ours_accepts(operation_id: str, answer: Any, code: int = 200, media_type: str = "application/json") -> bool:
    try:
        answer_check(operation_id, code, media_type)(answer)
    except InvalidRequest:
        return False
    return True


@pytest.mark.parametrize(("operation_id", "body"), CORPUS)
def test_both_judge_a_request_alike(operation_id: str, body: dict[str, Any]) -> None:
    try:
        request_check(operation_id)(body)
        ours = True
    except InvalidRequest:
        ours = False
    errors = list(core(PLACES[operation_id][0]).iter_request_errors(asked(operation_id, body)))
    assert (not errors) == ours, errors


@pytest.fixture(scope="module")
def call(served: Served, key: str) -> Any:
    def call(operation_id: str, **options: Any) -> Recorded:
        _, method, path = PLACES[operation_id]
        given = {"headers": bearer(key), "json": BODIES.get(operation_id), **options}
        return Recorded(
            operation_id, served.client.request(method, f"/v1{path.replace('{model}', 'gpt-test')}", **given)
        )

    return call


@pytest.mark.parametrize("operation_id", [*BODIES, "list_models", "get_model"])
def test_an_answer_is_documented_and_damaged_ones_are_not(call: Any, operation_id: str) -> None:
    recorded = call(operation_id)
    assert recorded.response.status_code == 200, recorded.response.text
    assert_documented(recorded)
    verdicts = []
    for damaged in damages(recorded.response.json()):
        ours = ours_accepts(operation_id, damaged)
        assert core_accepts(operation_id, damaged) == ours, damaged
        verdicts.append(ours)
    assert False in verdicts


@pytest.mark.parametrize("operation_id", STREAMED)
def test_each_event_of_a_stream_is_documented_and_damaged_ones_are_judged_alike(call: Any, operation_id: str) -> None:
    recorded = call(operation_id, json={**BODIES[operation_id], "stream": True})
    told = [event for _, event in events(recorded.response.content) if event != "[DONE]"]
    assert told
    for event in told:
        assert core_accepts(operation_id, event, media_type=STREAM) and ours_accepts(
            operation_id, event, media_type=STREAM
        )
        for damaged in damages(event):
            core_verdict = core_accepts(operation_id, damaged, media_type=STREAM)
            assert core_verdict == ours_accepts(operation_id, damaged, media_type=STREAM), damaged


@pytest.mark.parametrize("operation_id", BODIES)
def test_a_refused_body_is_answered_as_documented(call: Any, operation_id: str) -> None:
    assert_documented(call(operation_id, json=[]), 400)
    assert_documented(call(operation_id, json=None, content=b"{", headers={"x-api-key": "none"}), 401)
    assert_documented(call(operation_id, json={**BODIES[operation_id], "model": "no-such-model"}), 400)
    assert_documented(call(operation_id, json={**BODIES[operation_id], "model": "catalogue-only"}), 400, 404)


@pytest.mark.parametrize("operation_id", METERED)
def test_what_a_caller_may_not_or_cannot_pay_is_answered_as_documented(
    call: Any, served: Served, operation_id: str
) -> None:
    body = dict(BODIES[operation_id])
    if operation_id == "create_moderation":
        body["model"] = "mod-test"  # without one the provider's is meant, which every key may use
    assert_documented(call(operation_id, json=body, headers=bearer(served.key(models=["org/m:free"]))), 403)
    hurried = bearer(served.key(requests_per_minute=1))
    call(operation_id, json=body, headers=hurried)
    assert_documented(call(operation_id, json=body, headers=hurried), 429)
    assert_documented(
        call(operation_id, json=None, content=b"{}", headers={**hurried, "content-type": "text/plain"}), 415
    )
    assert_documented(call(operation_id, json={**body, "user": "a" * (11 << 20)}), 413)
    spent = bearer(served.key(quota_usd="0.000000001"))
    assert_documented(call(operation_id, json=body, headers=spent), 429)
    account = served.admin.post("/accounts", json={"name": f"poor-{operation_id}", "balance_usd": "0"}).json()["id"]
    poor = served.admin.post(f"/accounts/{account}/keys", json={"name": "test"}).json()["key"]
    assert_documented(call(operation_id, json=body, headers=bearer(poor)), 402)


@pytest.mark.parametrize(
    ("reply", "code"), [(reset, 502), (status(500), 500), (status(503), 503), (status(429, retry_after=1), 429)]
)
@pytest.mark.parametrize("operation_id", METERED)
def test_a_providers_failure_is_answered_as_documented(
    call: Any, served: Served, operation_id: str, reply: Reply, code: int
) -> None:
    served.upstream.script = reply
    try:
        recorded = call(operation_id)
    finally:
        served.upstream.script = by_path
    assert_documented(recorded, code, 502)


def assert_documented(recorded: Recorded, *codes: int) -> None:
    """Both judges take the answer, whose status is one of these, or 200."""
    operation_id, answer = recorded
    code, body = answer.status_code, answer.json()
    assert code in (codes or (200,)), answer.text
    assert core_accepts(operation_id, body, code), list(
        core(PLACES[operation_id][0]).iter_response_errors(
            asked(operation_id, BODIES.get(operation_id)), MockResponse(answer.content, code)
        )
    )
    assert ours_accepts(operation_id, body, code)


def damages(value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The same with one field left out or of another type, in it and in the objects below."""
    for name, part in value.items():
        yield {key: each for key, each in value.items() if key != name}
        for other in ([], {}, "a", 1.5, True, None):
            yield {**value, name: other}
        for damaged in damages(part) if isinstance(part, Mapping) else ():
            yield {**value, name: damaged}
        if isinstance(part, list) and part and isinstance(part[0], Mapping):
            for damaged in damages(part[0]):
                yield {**value, name: [damaged, *copy.deepcopy(part[1:])]}
