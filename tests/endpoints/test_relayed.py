"""What goes up with a relayed request: the validated body and the headers of the dialect's allow-list, and nothing else."""

import pytest

from tests.gateway import bearer, chat, message
from tests.served import Served


def test_headers_of_the_allow_list_go_up_and_secrets_stay(served: Served, key: str) -> None:
    mine = {
        "anthropic-version": "2024-01-01",
        "anthropic-beta": "a,b",
        "cookie": "session=1",
        "x-forwarded-for": "1.2.3.4",
    }
    assert served.client.post("/v1/messages", json=message(), headers={**bearer(key), **mine}).status_code == 200
    up = served.upstream.requests[-1].headers
    assert (up["anthropic-version"], up["anthropic-beta"]) == ("2024-01-01", "a,b")
    assert not {"cookie", "x-forwarded-for", "authorization"} & up.keys()
    assert key not in str(up)


def test_headers_have_their_defaults(served: Served, key: str) -> None:
    served.client.post("/v1/messages", json=message(), headers=bearer(key))
    up = served.upstream.requests[-1].headers
    assert up["anthropic-version"] == "2023-06-01" and "anthropic-beta" not in up
    served.client.post("/v1/chat/completions", json=chat(), headers={**bearer(key), "openai-beta": "x"})
    assert served.upstream.requests[-1].headers["openai-beta"] == "x"


@pytest.mark.parametrize("value", [b"\xff\xfe", b"a\tb", b"", "é".encode(), b"a" * 8000])
def test_odd_header_values_are_no_500(served: Served, key: str, value: bytes) -> None:
    headers = {**{name: text.encode() for name, text in bearer(key).items()}, "anthropic-beta": value}
    assert served.client.post("/v1/messages", json=message(), headers=headers).status_code < 500
