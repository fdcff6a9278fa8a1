"""The way of a metered request, through a whole gateway with a scripted provider."""

from tests.gateway import Gateway, bearer, chat, message
from tests.upstream import ScriptedUpstream


async def test_a_chat_is_forwarded_charged_and_shown_in_the_ledger(
    gateway: Gateway, upstream: ScriptedUpstream
) -> None:
    key = await gateway.key()
    response = await gateway.client.post("/v1/chat/completions", json=chat(), headers=bearer(key))
    assert response.status_code == 200, response.text
    [row] = await gateway.rows()
    assert row["request_id"] == response.headers["x-request-id"] == response.headers["request-id"]
    assert (row["state"], row["input_tokens"], row["output_tokens"], row["usage_source"]) == (
        "posted",
        11,
        7,
        "reported",
    )
    assert row["cost_usd"] == "0.000025"
    assert (await gateway.audit()).drift == 0


async def test_a_message_is_forwarded_and_charged(gateway: Gateway, upstream: ScriptedUpstream) -> None:
    key = await gateway.key()
    response = await gateway.client.post("/v1/messages", json=message(), headers={"x-api-key": key})
    assert response.status_code == 200, response.text
    assert upstream.requests[0].headers["anthropic-version"] == "2023-06-01"
    assert upstream.requests[0].headers["x-api-key"] == "sk-upstream-canary-0123456789"
    [row] = await gateway.rows()
    assert row["state"] == "posted" and row["served_model"] == "claude-test"


async def test_a_stream_passes_unchanged_and_without_the_usage_frame(
    gateway: Gateway, upstream: ScriptedUpstream
) -> None:
    key = await gateway.key()
    response = await gateway.client.post("/v1/chat/completions", json=chat(stream=True), headers=bearer(key))
    assert response.status_code == 200
    assert response.text.endswith("data: [DONE]\n\n")
    assert '"choices":[]' not in response.text
    assert upstream.requests[0].json()["stream_options"] == {"include_usage": True}
    [row] = await gateway.rows()
    assert (row["state"], row["usage_source"], row["stream"]) == ("posted", "reported", True)
