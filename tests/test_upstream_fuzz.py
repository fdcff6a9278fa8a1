"""The fuzzing of `make fuzz` from the other side, short and seeded: generated upstream answers. And its second reader."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fuzz import reader, upstream
from fuzz.gateway import OPENAI, PRICES, FuzzedGateway
from fuzz.shapes import SCHEMAS, source
from fuzz.upstream import fuzz_upstream
from tests.upstream import frame

ANSWERS = 160
SEEDS = (1, 2)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FuzzedGateway]:
    with FuzzedGateway(tmp_path_factory.mktemp("gateway")) as gateway:
        yield gateway


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_a_provider_sends_no_promise_is_broken(gateway: FuzzedGateway, seed: int) -> None:
    calls = fuzz_upstream(gateway, seed, ANSWERS // len(SEEDS))
    assert sum(calls.calls.values()) >= ANSWERS // len(SEEDS)
    assert {"posted", "voided"} >= {"voided"} <= set(calls.outcomes) and {"reported", "estimated"} <= set(
        calls.outcomes
    )


def test_a_wrong_charge_is_found(gateway: FuzzedGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    dearer = {name: {**prices, "input_usd_per_mtok": "9"} for name, prices in PRICES.items()}
    monkeypatch.setattr(upstream, "PRICES", dearer)
    with pytest.raises((AssertionError, ExceptionGroup)):
        fuzz_upstream(gateway, 1, 50)


def test_every_format_has_its_shapes(tmp_path: Path) -> None:
    for format_ in SCHEMAS:
        assert source(format_, tmp_path / "absent").startswith("openapi/")


# The second reader, on cases worked out by hand (BILLING.md, "Usage, normalised to disjoint axes").


def _tokens(format_: str, usage: Any, **options: Any) -> tuple[Any, bool, bool]:
    return reader.whole(format_, json.dumps({"usage": usage}).encode()).tokens(**options)


def test_the_second_reader_knows_each_format() -> None:
    chat = {"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 4}}
    assert _tokens("chat", chat) == ((6, 4, 0, 0, 5), True, True)
    response = {"input_tokens": 10, "output_tokens": 5, "input_tokens_details": {"cached_tokens": 4}}
    assert _tokens("responses", response) == ((6, 4, 0, 0, 5), True, True)
    split = {"ephemeral_5m_input_tokens": 1, "ephemeral_1h_input_tokens": 2}
    message = {"input_tokens": 10, "output_tokens": 5, "cache_read_input_tokens": 7, "cache_creation_input_tokens": 4}
    assert _tokens("messages", {**message, "cache_creation": split}) == ((10, 7, 2, 2, 5), True, True)
    assert _tokens("embeddings", {"total_tokens": 3}, no_output=True) == ((3, 0, 0, 0, 0), True, True)


@pytest.mark.parametrize("value", [-1, 1.5, "7", True, 10**9 + 1, 2**70, [], {}])
def test_the_second_reader_believes_nothing_absurd(value: Any) -> None:
    assert _tokens("chat", {"prompt_tokens": value, "completion_tokens": 5})[0] is None
    assert _tokens("chat", {"prompt_tokens": 1, "completion_tokens": value})[0] is None


def test_the_second_reader_takes_the_last_value_of_a_stream() -> None:
    frames = [
        frame({"type": "message_start", "message": {"usage": {"input_tokens": 11, "output_tokens": 900}}}),
        frame({"type": "message_delta", "usage": {"output_tokens": 3}}),
        frame({"type": "message_delta", "usage": {"output_tokens": 7}}),
        frame({"type": "message_stop"}),
        frame({"type": "message_delta", "usage": {"output_tokens": 500}}),
    ]
    *_, last = reader.streamed("messages", b"".join(frames))
    assert last.ended and last.tokens() == ((11, 0, 0, 0, 7), True, True)


@pytest.mark.parametrize("text", [b'{"a": NaN}', b'{"a": "\xff"}', b'"\\ud800"', b"[" * 5_000, b"1e999", b"{"])
def test_the_second_reader_takes_strict_json_only(text: bytes) -> None:
    assert reader.strict(text) is None


def test_the_second_reader_rounds_once_and_up() -> None:
    assert reader.cost_nano((1, 0, 0, 0, 0), PRICES[OPENAI]) == 2_500
    assert reader.cost_nano((0, 1, 0, 0, 1), PRICES[OPENAI]) == 1_250 + 10_000
    assert reader.cost_nano((1, 0, 0, 0, 0), {"input_usd_per_mtok": "0.0001", "output_usd_per_mtok": "0"}) == 1
