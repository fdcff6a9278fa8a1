"""Anthropic messages are relayed to the messages endpoints of the provider."""

from tests.gateway import bearer, message
from tests.served import Served
from tests.upstream import answer_json


def test_a_message_goes_up_as_it_was_validated(served: Served, key: str) -> None:
    body = message(metadata={"user_id": "u"})
    response = served.client.post("/v1/messages", json=body, headers=bearer(key), params={"beta": "true"})
    assert response.status_code == 200 and response.json()["type"] == "message"
    assert (served.upstream.requests[-1].path, served.upstream.requests[-1].json()) == ("/v1/messages", body)


def test_counting_tokens_is_free(served: Served, key: str) -> None:
    served.upstream.reply(answer_json({"input_tokens": 14}))
    body = {"model": "claude-test", "messages": [{"role": "user", "content": "a"}]}
    response = served.client.post("/v1/messages/count_tokens", json=body, headers=bearer(key))
    assert response.json() == {"input_tokens": 14}
    assert served.upstream.requests[-1].path == "/v1/messages/count_tokens"
    assert float(served.rows()[0]["cost_usd"]) == 0
