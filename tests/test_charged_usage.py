"""Which tokens are charged, whatever a provider reports: missing, null, zero, absurd, cumulative, cached, of several answers.

Real calls through a whole gateway to a scripted provider, in both formats, whole and streamed. The models cost 1 USD per
million tokens in and 2 out; what nobody counted is estimated as 5 tokens in (the tests' prompt) and 11 out (44 bytes of text).
"""

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.gateway import bearer
from tests.relaying import Relaying, charge_of
from tests.upstream import Reply, answer_json, frame, openai_chat, stream, usage
from tests.wires import CHAT, MESSAGES, WIRES, Wire
from tollhouse.dialects.openai import DONE

pytestmark = pytest.mark.asyncio(loop_scope="module")
both = pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
either = pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streaming"])

TEXT = "x" * 44
ESTIMATED = ("posted", "0.000027", 5, 11, "estimated")
ABSURD = [-1, 1_000_000_001, 2**63, 7.0, 7.5, "7", True, []]


async def charged(way: Relaying, wire: Wire, streaming: bool, reply: Reply, **fields: Any) -> tuple[Any, ...]:
    """What a call of the format's `solo` model is charged where the provider answers like this."""
    way.first.script = reply
    response = await way.call(wire, streaming=streaming, **fields)
    assert response.status_code == 200, response.text
    return charge_of(await way.row_of(response))


# Reported, missing, zero, absurd.


@both
@either
async def test_reported_usage_is_charged_as_it_is(way: Relaying, wire: Wire, streaming: bool) -> None:
    reply = wire.answer(streaming, TEXT, usage=wire.usage(100, 10))
    assert await charged(way, wire, streaming, reply) == ("posted", "0.00012", 100, 10, "reported")


@both
@either
@pytest.mark.parametrize("reported", [None, {}, {"input_tokens": None}])
async def test_missing_usage_is_estimated(way: Relaying, wire: Wire, streaming: bool, reported: Any) -> None:
    reply = wire.answer(streaming, TEXT, usage=reported)
    assert await charged(way, wire, streaming, reply) == ESTIMATED


@both
@pytest.mark.parametrize("reported", [[], "7", 7, True])
async def test_usage_that_is_no_object_is_estimated(way: Relaying, wire: Wire, reported: Any) -> None:
    assert await charged(way, wire, False, wire.answer(False, TEXT, usage=reported)) == ESTIMATED


@both
@either
async def test_a_count_that_is_null_is_estimated_and_the_other_one_stands(
    way: Relaying, wire: Wire, streaming: bool
) -> None:
    no_input = wire.answer(streaming, TEXT, usage=wire.usage(None, 7))
    assert await charged(way, wire, streaming, no_input) == ("posted", "0.000019", 5, 7, "estimated")
    no_output = wire.answer(streaming, TEXT, usage=wire.usage(100, None))
    assert await charged(way, wire, streaming, no_output) == ("posted", "0.000122", 100, 11, "estimated")


@either
async def test_a_total_alone_is_no_usage_and_gives_the_part_that_is_missing(way: Relaying, streaming: bool) -> None:
    alone = CHAT.answer(streaming, TEXT, usage={"total_tokens": 150})
    assert await charged(way, CHAT, streaming, alone) == ESTIMATED
    beside = CHAT.answer(streaming, TEXT, usage={"prompt_tokens": 100, "total_tokens": 110})
    assert await charged(way, CHAT, streaming, beside) == ("posted", "0.00012", 100, 10, "reported")


@both
@either
async def test_zero_is_a_value_and_costs_nothing(way: Relaying, wire: Wire, streaming: bool) -> None:
    reply = wire.answer(streaming, TEXT, usage=wire.usage(0, 0))
    assert await charged(way, wire, streaming, reply) == ("posted", "0", 0, 0, "reported")
    half = wire.answer(streaming, TEXT, usage=wire.usage(0, 7))
    assert await charged(way, wire, streaming, half) == ("posted", "0.000014", 0, 7, "reported")


@both
@either
@pytest.mark.parametrize("value", ABSURD)
async def test_absurd_usage_is_never_believed(way: Relaying, wire: Wire, streaming: bool, value: Any) -> None:
    for reported in (wire.usage(value, 7), wire.usage(11, value)):
        assert await charged(way, wire, streaming, wire.answer(streaming, TEXT, usage=reported)) == ESTIMATED


@either
async def test_more_cached_tokens_than_the_prompt_has_are_never_believed(way: Relaying, streaming: bool) -> None:
    reply = CHAT.answer(streaming, TEXT, usage=usage(3, 5, cached=4))
    assert await charged(way, CHAT, streaming, reply) == ESTIMATED


@both
async def test_estimates_are_counted_in_the_metrics(way: Relaying, wire: Wire) -> None:
    async def estimates() -> float:
        families = text_string_to_metric_families((await way.gateway.admin.get("/metrics")).text)
        samples = [sample for family in families for sample in family.samples]
        counted = [each for each in samples if each.labels.get("usage_source") == "estimated"]
        return sum(sample.value for sample in counted if sample.name == "tollhouse_requests_total")

    before = await estimates()
    await charged(way, wire, False, wire.answer(False, TEXT, usage=None))
    assert await estimates() == before + 1


# Several counts in one stream.


@both
async def test_cumulative_usage_is_its_last_value_and_never_a_sum(way: Relaying, wire: Wire) -> None:
    counts = [wire.usage(4, output) for output in (1, 5, 9, 9)]
    reply = wire.counting(TEXT, counts)
    assert await charged(way, wire, True, reply) == ("posted", "0.000022", 4, 9, "reported")


@both
async def test_the_last_value_that_is_present_counts_field_by_field(way: Relaying, wire: Wire) -> None:
    counts = [wire.usage(12, 3), wire.usage(None, 8), {wire.input_field: 13}, {wire.output_field: None}]
    reply = wire.counting(TEXT, counts)
    assert await charged(way, wire, True, reply) == ("posted", "0.000029", 13, 8, "reported")


async def test_the_first_guess_of_a_message_is_replaced_by_its_count(way: Relaying) -> None:
    start = {"type": "message_start", "message": {"usage": {"input_tokens": 11, "output_tokens": 4000}}}
    delta = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}}
    reply = stream([frame(start, "message_start"), frame(delta, "message_delta"), frame({"type": "message_stop"})])
    assert await charged(way, MESSAGES, True, reply) == ("posted", "0.000015", 11, 2, "reported")


# Several answers.


@either
async def test_several_answers_are_held_for_each_and_charged_as_reported(way: Relaying, streaming: bool) -> None:
    way.first.script = CHAT.answer(streaming, usage=usage(11, 21))
    row = await way.row_of(await way.call(CHAT, streaming=streaming, n=3))
    assert charge_of(row) == ("posted", "0.000053", 11, 21, "reported")
    assert row["held_usd"] == "0.000606"  # 6 tokens in, three times 100 out


@either
async def test_several_answers_that_nobody_counted_are_estimated_together(way: Relaying, streaming: bool) -> None:
    choices = [{"index": i, "finish_reason": "stop", "message": {"content": "x" * 16}} for i in range(3)]
    deltas = [frame({"choices": [{**choice, "delta": choice["message"]}]}) for choice in choices]
    reply = stream([*deltas, DONE]) if streaming else answer_json({"choices": choices})
    assert await charged(way, CHAT, streaming, reply, n=3) == ("posted", "0.000029", 5, 12, "estimated")


# Tokens that were cached: `gpt-test` costs 1 in, 0.5 cached, 2 out; `claude-test` 3, 0.3 (written 3.75 and 6), 15.


@either
async def test_cached_tokens_of_a_chat_are_charged_at_their_own_price(way: Relaying, streaming: bool) -> None:
    way.first.script = CHAT.answer(streaming, usage=usage(101, 10, cached=40))
    row = await way.row_of(await way.call(CHAT, CHAT.cached, streaming=streaming))
    assert charge_of(row) == ("posted", "0.000101", 61, 10, "reported")  # 61 × 1 + 40 × 0.5 + 10 × 2
    assert row["cache_read_tokens"] == 40


@either
@pytest.mark.parametrize(
    ("split", "written", "cost"),
    [
        (None, (30, 0), "0.0002475"),  # 10 × 3 + 100 × 0.3 + 30 × 3.75 + 5 × 15
        ({"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 10}, (20, 10), "0.00027"),
    ],
)
async def test_cached_and_cache_write_tokens_of_a_message_are_charged_at_their_own_prices(
    way: Relaying, streaming: bool, split: dict[str, int] | None, written: tuple[int, int], cost: str
) -> None:
    cache = {"cache_read_input_tokens": 100, "cache_creation_input_tokens": 30, "cache_creation": split}
    way.first.script = MESSAGES.answer(streaming, usage=MESSAGES.usage(10, 5, **cache))
    row = await way.row_of(await way.call(MESSAGES, MESSAGES.cached, streaming=streaming))
    assert charge_of(row) == ("posted", cost, 10, 5, "reported")
    assert row["cache_read_tokens"] == 100
    assert (row["cache_write_5m_tokens"], row["cache_write_1h_tokens"]) == written


@either
async def test_without_a_price_of_their_own_cached_tokens_cost_what_input_costs(way: Relaying, streaming: bool) -> None:
    reply = CHAT.answer(streaming, usage=usage(100, 10, cached=40))
    assert await charged(way, CHAT, streaming, reply) == ("posted", "0.00012", 60, 10, "reported")
    cache = {"cache_read_input_tokens": 100, "cache_creation_input_tokens": 30}
    reply = MESSAGES.answer(streaming, usage=MESSAGES.usage(10, 5, **cache))
    assert await charged(way, MESSAGES, streaming, reply) == ("posted", "0.00015", 10, 5, "reported")


@both
@either
async def test_absurd_cache_counts_are_never_believed(way: Relaying, wire: Wire, streaming: bool) -> None:
    absurd = {"prompt_tokens_details": {"cached_tokens": -1}, "cache_read_input_tokens": -1}
    reply = wire.answer(streaming, TEXT, usage=wire.usage(**absurd))
    assert await charged(way, wire, streaming, reply) == ESTIMATED


# Embeddings: 0.02 USD per million tokens.


@pytest.mark.parametrize(
    ("reported", "charge"),
    [
        ({"prompt_tokens": 150, "total_tokens": 150}, ("posted", "0.000003", 150, 0, "reported")),
        ({"prompt_tokens": 150}, ("posted", "0.000003", 150, 0, "reported")),
        ({"total_tokens": 150}, ("posted", "0.000003", 150, 0, "reported")),
        ({"prompt_tokens": 150, "total_tokens": 200}, ("posted", "0.000003", 150, 0, "reported")),
        (None, ("posted", "0.0000004", 20, 0, "estimated")),
        ({"prompt_tokens": -1, "total_tokens": -1}, ("posted", "0.0000004", 20, 0, "estimated")),
    ],
)
async def test_embeddings_are_charged_for_their_input(way: Relaying, reported: Any, charge: tuple[Any, ...]) -> None:
    way.first.script = answer_json({"data": [{"embedding": [0.5]}], "usage": reported})
    body = {"model": "embed-test", "input": ["x" * 40, "y" * 40]}
    response = await way.gateway.client.post("/v1/embeddings", json=body, headers=bearer(way.key))
    assert charge_of(await way.row_of(response)) == charge


async def test_completions_are_charged_like_chats(way: Relaying) -> None:
    way.first.script = openai_chat(usage=usage(100, 10))
    body = {"model": "solo", "prompt": "Hello!", "max_tokens": 10}
    response = await way.gateway.client.post("/v1/completions", json=body, headers=bearer(way.key))
    assert charge_of(await way.row_of(response)) == ("posted", "0.00012", 100, 10, "reported")
