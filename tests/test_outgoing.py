"""What goes up to a target: natively, translated, and as it came."""

import json
from typing import Any

import pytest

from tests.test_admission import Scene
from tests.test_router import config, key, provider
from tollhouse.charge import Call
from tollhouse.config.snapshot import ProviderModel, Timeouts
from tollhouse.dialects import DIALECTS
from tollhouse.generated.operations import OPERATIONS
from tollhouse.outgoing import Outgoing, Untranslatable, outgoing, unsayable
from tollhouse.router import Router

TIMEOUTS = Timeouts(1, 2, 3)
SMALL = ProviderModel("small", "small-2026")


def sent(dialect: str, operation_id: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Outgoing:
    """What a provider of a dialect is sent for a call of an operation."""
    scene = Scene()
    router = Router(config(provider("p", SMALL, dialect=dialect, keys=(key(1, value="sk-up"),))))
    operation = OPERATIONS[operation_id]
    quote = scene.admission.quote(
        scene.caller, operation, DIALECTS[operation.dialect or ""], body, "small", scene.config, router
    )
    call = Call("req_1", scene.caller, operation, body, headers or {}, scene.config, router)
    return outgoing(call, quote, quote.targets[0], TIMEOUTS)


def chat(**fields: Any) -> dict[str, Any]:
    return {"model": "small", "messages": [{"role": "user", "content": "Hi"}], **fields}


def test_a_native_request_is_the_clients_with_the_upstreams_model_and_key() -> None:
    up, dropped = sent("openai", "create_chat_completion", chat(seed=7), {"openai-beta": "x"})
    assert (up.method, up.url, up.timeouts, dropped) == (
        "POST",
        "https://example.com/v1/chat/completions",
        TIMEOUTS,
        (),
    )
    assert json.loads(up.body or b"") == {**chat(seed=7), "model": "small-2026"}
    assert dict(up.headers) == {
        "authorization": "Bearer sk-up", "content-type": "application/json", "accept": "application/json", "openai-beta": "x",
    }  # fmt: skip


def test_a_stream_asks_for_events_and_for_usage() -> None:
    up, _ = sent("openai", "create_chat_completion", chat(stream=True))
    assert ("accept", "text/event-stream") in up.headers
    assert json.loads(up.body or b"")["stream_options"] == {"include_usage": True}


def test_a_translated_request_has_the_targets_path_headers_and_body_and_none_of_the_clients_headers() -> None:
    up, dropped = sent("anthropic", "create_chat_completion", chat(seed=7), {"openai-beta": "x"})
    assert up.url == "https://example.com/v1/messages"
    headers = dict(up.headers)
    assert (
        headers["anthropic-version"] == "2023-06-01"
        and headers["x-api-key"] == "sk-up"
        and "openai-beta" not in headers
    )
    body = json.loads(up.body or b"")
    assert body["model"] == "small-2026" and body["max_tokens"] > 0 and "seed" not in body
    assert dropped == ("seed",)


def test_what_a_format_cannot_say_is_refused_with_its_name() -> None:
    with pytest.raises(Untranslatable) as refused:
        sent("anthropic", "create_chat_completion", chat(n=3))
    assert refused.value.error.param == "n"


def test_what_a_dialect_cannot_say_is_known_before_anything_is_sent() -> None:
    own = Router(config(provider("p", SMALL, keys=(key(1), key(2))))).pool("openai", "small", "chat").targets
    other = Router(config(provider("q", SMALL, dialect="anthropic"))).pool("openai", "small", "chat").targets
    assert unsayable(chat(n=3), own) == {}
    assert unsayable(chat(seed=7), other) == {}  # left out, which is announced
    refused = unsayable(chat(n=3), (*own, *other))
    assert list(refused) == ["anthropic"] and refused["anthropic"].param == "n"
