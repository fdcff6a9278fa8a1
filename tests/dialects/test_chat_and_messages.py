"""The words that both formats have for the same thing."""

import base64

import pytest

from tollhouse.dialects import chat_and_messages as words
from tollhouse.dialects.shapes import WrongShape


@pytest.mark.parametrize("reason", ["end_turn", "max_tokens", "tool_use", "refusal"])
def test_an_end_comes_back_as_it_was(reason: str) -> None:
    assert words.stop_reason(words.finish_reason(reason), calls_tools=False, refuses=False) == reason


@pytest.mark.parametrize(
    ("budget_tokens", "effort"),
    [(0, "low"), (3_999, "low"), (4_000, "medium"), (15_999, "medium"), (16_000, "high"), (10**9, "high")],
)
def test_a_budget_stands_for_an_effort(budget_tokens: int, effort: str) -> None:
    assert words.effort_of_budget(budget_tokens) == effort


@pytest.mark.parametrize(
    ("given", "expected"), [("toolu_01-A", "toolu_01-A"), ("f.g:0", "f_g_0"), ("ü", "_"), ("", "_")]
)
def test_an_id_has_the_letters_that_anthropic_takes(given: str, expected: str) -> None:
    assert words.tool_id(given) == expected


def test_an_image_is_a_source_of_base64_or_of_an_address() -> None:
    url = words.data_url("image/png", "AAAA")
    assert words.image_source(url, "p") == {"type": "base64", "media_type": "image/png", "data": "AAAA"}
    assert words.image_source("data:IMAGE/PNG;charset=x;base64,AAAA", "p")["media_type"] == "image/png"
    assert words.image_source("http://a/b", "p") == {"type": "url", "url": "http://a/b"}


def test_a_document_is_a_pdf_or_a_text() -> None:
    written = base64.b64encode("Grüße".encode()).decode()
    assert words.document_source("JVBE", "p")["media_type"] == "application/pdf"
    assert words.document_source(f"data:text/plain;charset=utf-8;base64,{written}", "p")["data"] == "Grüße"
    for wrong in ("data:text/plain;base64,!", "data:text/plain;base64,/w==", "data:application/zip;base64,AAAA"):
        with pytest.raises(WrongShape):
            words.document_source(wrong, "p")


def test_counts_come_back_as_they_were() -> None:
    counts = {
        "input_tokens": 3,
        "cache_creation_input_tokens": 7,
        "cache_read_input_tokens": 50,
        "output_tokens": 5,
    }
    assert words.message_usage(words.chat_usage(counts)) == counts


def test_counts_that_are_missing_are_none() -> None:
    assert words.message_usage({}) == dict.fromkeys(
        ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens"), 0
    )
    assert words.message_counts(None) == words.message_counts({"input_tokens": None}) == {}
