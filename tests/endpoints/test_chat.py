"""Chat completions are relayed to the chat endpoint of the provider."""

from tests.gateway import bearer, chat
from tests.served import Served


def test_a_chat_goes_up_as_it_was_validated(served: Served, key: str) -> None:
    body = chat("é", metadata={"a": "b"}, unknown={"x": [1.5, None]}, seed=9007199254740993)
    response = served.client.post("/v1/chat/completions", json=body, headers=bearer(key), params={"beta": "true"})
    assert response.status_code == 200 and response.json()["object"] == "chat.completion"
    sent = served.upstream.requests[-1]
    assert (sent.method, sent.path, sent.json()) == ("POST", "/v1/chat/completions", body)
