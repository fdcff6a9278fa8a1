"""How programs use the Python client, for mypy: every line here must be accepted, and those that are marked refused."""

from typing import Literal, assert_type

import httpx

from tollhouse_client import AsyncStream, AsyncTollhouse, Page, RawResponse, Stream, Tollhouse, types


def whole_answers(client: Tollhouse) -> None:
    answer = client.chat.create_chat_completion(model="m", messages=[{"role": "user", "content": "Hello!"}])
    assert_type(answer, types.ChatCompletion)
    assert_type(answer["choices"][0]["message"]["role"], Literal["assistant"])
    assert_type(client.models.get_model(model="org/m:free"), types.Model)
    assert_type(client.keys.list_keys(account="acme"), types.ApiKeyList)
    assert_type(client.metrics.get_metrics(timeout=1.5, max_retries=0, extra_headers={"x-a": "b"}), str)
    assert_type(client.usage.get_usage(start="2026-11-01"), types.UsageReport | str)


def streams(client: Tollhouse, wanted: bool) -> None:
    messages: list[types.ChatMessage] = [{"role": "user", "content": "Hello!"}]
    with client.chat.create_chat_completion(model="m", messages=messages, stream=True) as stream:
        assert_type(stream, Stream[types.ChatCompletionChunk])
        for chunk in stream:
            assert_type(chunk["choices"][0]["delta"].get("content"), str | None)
    assert_type(
        client.chat.create_chat_completion(model="m", messages=messages, stream=wanted),
        types.ChatCompletion | Stream[types.ChatCompletionChunk],
    )


def pages(client: Tollhouse) -> None:
    page = client.ledger.list_ledger_rows(limit=10)
    assert_type(page, Page[types.LedgerRow, types.LedgerPage])
    assert_type([row["cost_usd"] for row in page], list[str])
    assert_type(page.body["next_before"], str | None)


def raw(client: Tollhouse) -> None:
    answer = client.embeddings.with_raw_response.create_embedding(model="m", input=["a", "b"])
    assert_type(answer, RawResponse[types.EmbeddingList])
    assert_type(answer.status, int)
    assert_type(answer.request_id, str | None)
    assert_type(answer.parse()["data"], list[types.Embedding])


async def in_an_event_loop() -> None:
    async with AsyncTollhouse(api_key="k", http_client=httpx.AsyncClient(), max_retries=5, timeout=30) as client:
        stream = await client.messages.create_message(model="m", messages=[], max_tokens=5, stream=True)
        assert_type(stream, AsyncStream[types.MessageStreamEvent])
        async for event in stream:
            assert_type(event["type"] == "ping", bool)
        async for row in await client.log.list_log_rows():
            assert_type(row, types.LogRow)


def mistakes(client: Tollhouse) -> None:
    client.models.get_model()  # type: ignore[call-arg]
    client.models.get_model(model=3)  # type: ignore[arg-type]
    client.models.get_model(model="m", colour="red")  # type: ignore[call-arg]
    client.chat.create_chat_completion(model="m", messages=[{"role": "pirate"}])  # type: ignore[typeddict-item]
