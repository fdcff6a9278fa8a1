"""A chat request for Anthropic: what a table of single fields does not show."""

from typing import Any

import pytest

from tollhouse.dialects.chat_on_messages.request import DEFAULT_MAX_TOKENS, request
from tollhouse.errors import InvalidRequest

HI = {"role": "user", "content": "Hi"}
TOOLS = [{"type": "function", "function": {"name": "weather"}}]
PIXEL = "data:image/png;base64,iVBORw0KGgo="


def call(name: str, arguments: str = "{}") -> dict[str, Any]:
    return {"id": name, "type": "function", "function": {"name": "weather", "arguments": arguments}}


def conversation(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    translated: list[dict[str, Any]] = request({"model": "m", "messages": list(messages)}).body["messages"]
    return translated


def settings(**fields: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What the fields become, and what was dropped."""
    translated = request({"model": "m", "messages": [HI], **fields})
    plain = request({"model": "m", "messages": [HI]}).body
    return {name: value for name, value in translated.body.items() if plain.get(name) != value}, translated.dropped


def test_instructions_go_to_the_system_prompt_wherever_they_stand() -> None:
    later = {"role": "developer", "content": [{"type": "text", "text": "Be short."}]}
    body = request({"model": "m", "messages": [{"role": "system", "content": "Be kind."}, HI, later]}).body
    assert body["system"] == [{"type": "text", "text": "Be kind."}, {"type": "text", "text": "Be short."}]
    assert body["messages"] == [HI]


def test_several_tool_results_are_one_message_of_the_user_with_what_the_user_says_next() -> None:
    results = [{"role": "tool", "tool_call_id": name, "content": name} for name in ("a", "b")]
    turns = conversation(HI, {"role": "assistant", "tool_calls": [call("a"), call("b")]}, *results, HI)
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]
    assert turns[2]["content"] == [
        {"type": "tool_result", "tool_use_id": "a", "content": "a"},
        {"type": "tool_result", "tool_use_id": "b", "content": "b"},
        {"type": "text", "text": "Hi"},
    ]


def test_roles_alternate_and_empty_messages_vanish() -> None:
    turns = conversation(HI, HI, {"role": "assistant", "content": ""}, {"role": "user", "content": None}, HI)
    assert turns == [{"role": "user", "content": [{"type": "text", "text": "Hi"}] * 3}]


def test_a_conversation_without_a_word_is_refused() -> None:
    with pytest.raises(InvalidRequest) as refused:
        conversation({"role": "system", "content": "Be kind."})
    assert refused.value.param == "messages"


def test_ids_of_other_servers_fit_in_the_call_and_in_its_result() -> None:
    turns = conversation(
        HI,
        {"role": "assistant", "tool_calls": [call("functions.weather:0")]},
        {"role": "tool", "tool_call_id": "functions.weather:0", "content": ""},
    )
    assert turns[1]["content"][0]["id"] == turns[2]["content"][0]["tool_use_id"] == "functions_weather_0"


@pytest.mark.parametrize("arguments", ["", " "])
def test_a_call_without_arguments_has_an_empty_object(arguments: str) -> None:
    assert conversation(HI, {"role": "assistant", "tool_calls": [call("a", arguments)]})[1]["content"][0]["input"] == {}


@pytest.mark.parametrize("arguments", ["{", "[1]", "7"])
def test_arguments_that_are_no_object_are_refused_by_name(arguments: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        conversation(HI, {"role": "assistant", "tool_calls": [call("a", arguments)]})
    assert refused.value.param == "messages[].tool_calls[function].function.arguments"


@pytest.mark.parametrize("url", ["ftp://example.com/a.png", "data:image/tiff;base64,AAAA", "data:image/png,abc", "x"])
def test_an_image_that_anthropic_does_not_take_is_refused(url: str) -> None:
    with pytest.raises(InvalidRequest, match=r"image_url\.url"):
        conversation({"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]})


def test_a_part_of_a_new_type_is_refused_with_those_that_can_be_sent() -> None:
    with pytest.raises(InvalidRequest, match=r"'hologram'.*text, image_url, file") as refused:
        conversation({"role": "user", "content": [{"type": "hologram"}]})
    assert refused.value.param == "messages[].content[]"


def test_a_tool_may_answer_with_an_image() -> None:
    shown = [{"type": "image_url", "image_url": {"url": PIXEL}}]
    turns = conversation(
        HI, {"role": "assistant", "tool_calls": [call("a")]}, {"role": "tool", "tool_call_id": "a", "content": shown}
    )
    assert turns[2]["content"][0]["content"][0]["source"]["media_type"] == "image/png"


def test_thoughts_without_a_signature_are_left_out_and_announced() -> None:
    said = {"role": "assistant", "content": "4", "reasoning_content": "Hm."}
    assert request({"model": "m", "messages": [HI, said]}).dropped == ("messages[].reasoning_content",)


@pytest.mark.parametrize(
    ("fields", "limit", "expected"),
    [
        ({}, None, DEFAULT_MAX_TOKENS),
        ({}, 64_000, 64_000),
        ({"max_tokens": 7}, 64_000, 7),
        ({"max_tokens": None, "max_completion_tokens": 8}, None, 8),
        ({"max_tokens": 7, "max_completion_tokens": 8}, None, 8),
    ],
)
def test_anthropic_gets_a_limit_in_any_case(fields: dict[str, Any], limit: int | None, expected: int) -> None:
    assert request({"model": "m", "messages": [HI], **fields}, max_output_tokens=limit).body["max_tokens"] == expected


@pytest.mark.parametrize(
    ("fields", "becomes", "dropped"),
    [
        ({"temperature": 1.6}, {"temperature": 1.0}, ()),
        ({"reasoning_effort": "none"}, {"thinking": {"type": "disabled"}}, ()),
        (
            {"reasoning_effort": "minimal", "temperature": 0.2},
            {"thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}},
            ("temperature",),
        ),
        ({"user": "a", "safety_identifier": "b"}, {"metadata": {"user_id": "b"}}, ("user",)),
        ({"stop": "END"}, {"stop_sequences": ["END"]}, ()),
        ({"tool_choice": "auto", "parallel_tool_calls": False}, {}, ("parallel_tool_calls", "tool_choice")),
        (
            {"response_format": {"type": "text"}, "n": 1, "logprobs": False, "modalities": ["text"], "seed": None},
            {},
            (),
        ),
    ],
)
def test_settings_that_depend_on_each_other(
    fields: dict[str, Any], becomes: dict[str, Any], dropped: tuple[str, ...]
) -> None:
    assert settings(**fields) == (becomes, dropped)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("auto", {"type": "auto", "disable_parallel_tool_use": True}),
        ("required", {"type": "any", "disable_parallel_tool_use": True}),
        ("none", {"type": "none"}),
        (None, {"type": "auto", "disable_parallel_tool_use": True}),
        (
            {"type": "function", "function": {"name": "weather"}},
            {"type": "tool", "name": "weather", "disable_parallel_tool_use": True},
        ),
    ],
)
def test_the_choice_of_tools_holds_the_question_of_parallel_calls(choice: Any, expected: dict[str, Any]) -> None:
    becomes, dropped = settings(tools=TOOLS, tool_choice=choice, parallel_tool_calls=False)
    assert becomes["tool_choice"] == expected
    assert becomes["tools"][0]["input_schema"] == {"type": "object", "properties": {}}
    assert dropped == (("parallel_tool_calls",) if choice == "none" else ())


def test_a_forced_tool_and_thinking_do_not_meet() -> None:
    becomes, _ = settings(tools=TOOLS, tool_choice="required", reasoning_effort="high")
    assert "thinking" not in becomes and becomes["output_config"] == {"effort": "high"}


def test_json_without_a_schema_is_refused_with_what_to_do() -> None:
    with pytest.raises(InvalidRequest, match="send the schema") as refused:
        settings(response_format={"type": "json_object"})
    assert refused.value.param == "response_format.type"


def test_details_without_a_signature_are_left_out_and_announced() -> None:
    details = [{"type": "reasoning.text", "index": 0, "text": "Hm."}, {"type": "reasoning.summary", "index": 1}]
    said = {"role": "assistant", "content": "4", "reasoning_details": details}
    translated = request({"model": "m", "messages": [HI, said]})
    assert translated.dropped == ("messages[].reasoning_details",)
    assert translated.body["messages"][1] == {"role": "assistant", "content": "4"}
