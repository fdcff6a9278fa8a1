"""A messages request for an OpenAI-dialect server: what a table of single fields does not show."""

from typing import Any

import pytest

from tollhouse.dialects.messages_on_chat.request import request
from tollhouse.errors import InvalidRequest

HI = {"role": "user", "content": "Hi"}
TOOL = {"name": "weather", "input_schema": {"type": "object"}}
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def result(name: str, content: Any = None) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": name, "content": content}


def conversation(*messages: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    body = {"model": "m", "max_tokens": 9, "messages": list(messages), **fields}
    translated: list[dict[str, Any]] = request(body).body["messages"]
    return translated


def settings(**fields: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What the fields become, and what was dropped."""
    translated = request({"model": "m", "max_tokens": 9, "messages": [HI], **fields})
    return {
        name: value for name, value in translated.body.items() if name not in ("model", "messages")
    }, translated.dropped


def test_several_results_in_one_message_become_several_messages_before_what_the_user_says() -> None:
    said = {"role": "user", "content": [text("Well?"), result("a", "1"), result("b", [text("2")])]}
    assert conversation(said) == [
        {"role": "tool", "tool_call_id": "a", "content": "1"},
        {"role": "tool", "tool_call_id": "b", "content": "2"},
        {"role": "user", "content": "Well?"},
    ]


def test_an_image_in_a_result_follows_in_a_message_of_the_user() -> None:
    told = conversation({"role": "user", "content": [result("a", [IMAGE]), text("Well?")]})
    assert told[0] == {"role": "tool", "tool_call_id": "a", "content": "The result follows in the next message."}
    assert [part["type"] for part in told[1]["content"]] == ["image_url", "text"]


@pytest.mark.parametrize("content", [None, "", []])
def test_an_empty_result_is_an_empty_text(content: Any) -> None:
    assert conversation({"role": "user", "content": [result("a", content)]})[0]["content"] == ""


def test_the_system_prompt_is_the_first_message() -> None:
    assert conversation(HI, system=[text("Be kind.")])[0] == {"role": "system", "content": "Be kind."}
    assert conversation(HI, system=[text("a"), text("b")])[0]["content"] == [text("a"), text("b")]
    assert conversation(HI, system="") == [HI]


def test_what_the_assistant_thought_said_and_called_is_one_message() -> None:
    blocks = [
        {"type": "thinking", "thinking": "Hm.", "signature": ""},
        text("I "),
        text("look."),
        {"type": "tool_use", "id": "a", "name": "weather", "input": {"city": "Zürich"}},
    ]
    assert conversation(HI, {"role": "assistant", "content": blocks})[1] == {
        "role": "assistant",
        "content": "I look.",
        "reasoning_content": "Hm.",
        "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Zürich"}'}}
        ],
    }


def test_a_plain_text_document_is_a_text_under_its_title() -> None:
    source = {"type": "text", "media_type": "text/plain", "data": "Once."}
    document = {"type": "document", "source": source, "title": "Tale"}
    assert conversation({"role": "user", "content": [document]}) == [{"role": "user", "content": "Tale\n\nOnce."}]


@pytest.mark.parametrize(
    "message",
    [
        {"role": "assistant", "content": [IMAGE]},
        {"role": "user", "content": [{"type": "thinking", "thinking": "Hm.", "signature": ""}]},
        {"role": "user", "content": [{"type": "document", "source": {"type": "file", "file_id": "f"}}]},
    ],
)
def test_a_block_where_it_cannot_stand_is_refused_and_not_lost(message: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest, match="messages"):
        conversation(message)


def test_a_tool_of_anthropics_own_is_refused_and_a_new_one_too() -> None:
    for kind in ("web_search_20250305", "web_search_20991231"):
        with pytest.raises(InvalidRequest, match=kind):
            settings(tools=[{"type": kind, "name": "web_search"}])


@pytest.mark.parametrize(
    ("fields", "becomes", "dropped"),
    [
        ({"thinking": {"type": "disabled"}}, {}, ("thinking.type",)),
        ({"thinking": {"type": "adaptive"}}, {}, ()),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, {"reasoning_effort": "low"}, ()),
        ({"thinking": {"type": "enabled", "budget_tokens": 10_000}}, {"reasoning_effort": "medium"}, ()),
        ({"thinking": {"type": "enabled", "budget_tokens": 31_999}}, {"reasoning_effort": "high"}, ()),
        (
            {"thinking": {"type": "enabled", "budget_tokens": 1024}, "output_config": {"effort": "max"}},
            {"reasoning_effort": "max"},
            (),
        ),
        ({"stop_sequences": []}, {}, ()),
        ({"tool_choice": {"type": "auto"}}, {}, ("tool_choice",)),
        ({"system": None, "metadata": None, "thinking": None}, {}, ()),
    ],
)
def test_settings_that_depend_on_each_other(
    fields: dict[str, Any], becomes: dict[str, Any], dropped: tuple[str, ...]
) -> None:
    assert settings(**fields) == ({"max_completion_tokens": 9, **becomes}, dropped)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"type": "auto"}, {"tool_choice": "auto"}),
        ({"type": "none"}, {"tool_choice": "none"}),
        ({"type": "any", "disable_parallel_tool_use": True}, {"tool_choice": "required", "parallel_tool_calls": False}),
        ({"type": "tool", "name": "a"}, {"tool_choice": {"type": "function", "function": {"name": "a"}}}),
    ],
)
def test_a_choice_has_openais_words(choice: dict[str, Any], expected: dict[str, Any]) -> None:
    becomes, _ = settings(tools=[TOOL], tool_choice=choice)
    assert expected.items() <= becomes.items()


def test_a_request_that_only_fills_the_cache_is_refused() -> None:
    with pytest.raises(InvalidRequest) as refused:
        settings(max_tokens=0)
    assert refused.value.param == "max_tokens"
