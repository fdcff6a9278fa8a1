"""A request for a response as a chat completions request: conversations, tools, what cannot be sent."""

from typing import Any

import pytest

from tollhouse.dialects.responses_on_chat import RESPONSES_ON_CHAT
from tollhouse.dialects.responses_on_chat.thoughts import sealed
from tollhouse.errors import InvalidRequest

CALL = {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "sunny"}
THOUGHT = {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]}
SAID = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hello"}]}
IMAGE = {"type": "input_image", "image_url": "data:image/png;base64,AA=="}


def body(*items: Any, **fields: Any) -> dict[str, Any]:
    return RESPONSES_ON_CHAT.request({"model": "m", "input": [*items], **fields}).body


def messages(*items: Any, **fields: Any) -> list[dict[str, Any]]:
    return list(body(*items, **fields)["messages"])


def refusal(**fields: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as refused:
        RESPONSES_ON_CHAT.request({"model": "m", "input": "Hi", **fields})
    return refused.value


def tool_call(call_id: str = "c1") -> dict[str, Any]:
    return {"id": call_id, "type": "function", "function": {"name": "f", "arguments": "{}"}}


def test_a_text_is_a_message_of_the_user_and_instructions_come_first() -> None:
    translated = RESPONSES_ON_CHAT.request({"model": "m", "input": "Hi", "instructions": "Be brief.", "stream": True})
    assert translated.body == {
        "model": "m",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}],
        "stream": True,
    }
    assert translated.dropped == ()


def test_what_the_assistant_does_in_a_row_is_one_message() -> None:
    turn = {"role": "assistant", "reasoning_content": "Hm.", "content": "Hello", "tool_calls": [tool_call()]}
    assert messages(THOUGHT, SAID, CALL, OUTPUT) == [turn, {"role": "tool", "tool_call_id": "c1", "content": "sunny"}]


def test_parallel_calls_stay_together_and_their_outputs_follow_them() -> None:
    found = messages(CALL, {**CALL, "call_id": "c2"}, OUTPUT, {**OUTPUT, "call_id": "c2"})
    assert found[0] == {"role": "assistant", "tool_calls": [tool_call(), tool_call("c2")], "content": None}
    assert [each["tool_call_id"] for each in found[1:]] == ["c1", "c2"]


def test_text_after_a_call_stays_before_the_output() -> None:
    [turn, output] = messages(CALL, SAID, OUTPUT)
    assert turn == {"role": "assistant", "tool_calls": [tool_call()], "content": "Hello"} and output["role"] == "tool"


def test_two_messages_of_the_assistant_stay_two() -> None:
    assert [each["content"] for each in messages(SAID, SAID)] == ["Hello", "Hello"]


def test_images_of_a_tool_follow_after_the_last_output() -> None:
    shown = {**OUTPUT, "output": [{"type": "input_text", "text": "See"}, IMAGE]}
    found = messages(CALL, {**CALL, "call_id": "c2"}, {**shown, "output": [IMAGE]}, {**shown, "call_id": "c2"})
    image = {"type": "image_url", "image_url": {"url": IMAGE["image_url"]}}
    assert [each["role"] for each in found] == ["assistant", "tool", "tool", "user"]
    assert found[1]["content"] == "The output follows in the next message."
    assert found[2]["content"] == [{"type": "text", "text": "See"}] and found[3]["content"] == [image, image]


def test_thoughts_that_were_sealed_here_go_back_and_others_do_not() -> None:
    details = [{"type": "reasoning.text", "index": 0, "text": "Hm.", "signature": "s"}]
    [turn, _] = messages({**THOUGHT, "encrypted_content": sealed(details)}, CALL, OUTPUT)
    assert turn["reasoning_details"] == details
    translated = RESPONSES_ON_CHAT.request({"model": "m", "input": [{**THOUGHT, "encrypted_content": "gAAA"}, SAID]})
    assert "reasoning_details" not in translated.body["messages"][0]
    assert translated.dropped == ("input[reasoning].encrypted_content",)


def test_nulls_are_as_good_as_absent() -> None:
    nulls = dict.fromkeys(
        ("instructions", "tools", "tool_choice", "previous_response_id", "conversation", "prompt", "text", "reasoning", "include",
         "metadata", "store", "temperature", "truncation", "max_output_tokens", "background", "user"),
    )  # fmt: skip
    plain = RESPONSES_ON_CHAT.request({"model": "m", "input": "Hi"})
    assert RESPONSES_ON_CHAT.request({"model": "m", "input": "Hi", **nulls}) == plain


def test_tools_and_choices_have_one_level_more() -> None:
    tool = {"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}, "strict": True}
    found = body({"role": "user", "content": "Hi"}, tools=[tool], tool_choice={"type": "function", "name": "f"})
    inner = {"name": "f", "description": "d", "parameters": {"type": "object"}, "strict": True}
    assert found["tools"] == [{"type": "function", "function": inner}]
    assert found["tool_choice"] == {"type": "function", "function": {"name": "f"}}


def test_a_choice_among_no_tools_is_left_out() -> None:
    translated = RESPONSES_ON_CHAT.request({"model": "m", "input": "Hi", "tools": [], "tool_choice": "auto"})
    assert "tool_choice" not in translated.body and translated.dropped == ("tool_choice",)


def test_a_schema_for_the_answer_is_a_response_format() -> None:
    form = {"type": "json_schema", "name": "p", "schema": {"type": "object"}, "strict": True}
    found = RESPONSES_ON_CHAT.request({"model": "m", "input": "Hi", "text": {"format": form}}).body
    schema = {"name": "p", "schema": {"type": "object"}, "strict": True}
    assert found["response_format"] == {"type": "json_schema", "json_schema": schema}
    plain = RESPONSES_ON_CHAT.request({"model": "m", "input": "Hi", "text": {"format": {"type": "text"}}}).body
    assert "response_format" not in plain


@pytest.mark.parametrize("name", ["previous_response_id", "conversation", "prompt"])
def test_what_openai_keeps_is_refused_with_what_to_do(name: str) -> None:
    error = refusal(**{name: {"id": "x"}})
    assert error.param == name and "send" in error.message


def test_an_item_that_is_only_named_is_refused_with_or_without_its_type() -> None:
    for item in ({"id": "msg_1"}, {"type": "item_reference", "id": "msg_1"}, {"type": None, "id": "msg_1"}):
        assert refusal(input=[item]).param == "input[item_reference]"


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"input": []}, "input"),
        ({"input": 5}, "input"),
        ({"instructions": [{}]}, "instructions"),
        ({"input": [{"role": "robot", "content": "x"}]}, "input[message].role"),
        ({"input": [{"role": "user", "content": 5}]}, "input[message].content"),
        ({"input": [{**CALL, "arguments": {}}]}, "input[function_call].arguments"),
        ({"input": [{**OUTPUT, "call_id": None}]}, "input[function_call_output].call_id"),
        ({"input": [{"type": "brand_new"}]}, "input[]"),
        ({"tools": [{"type": "brand_new"}]}, "tools[]"),
        ({"tools": [{"type": "function", "name": "f"}], "tool_choice": "must"}, "tool_choice"),
        ({"tools": [{"type": "function", "name": "f"}], "tool_choice": {"type": "shell"}}, "tool_choice.type"),
        ({"include": [5]}, "include"),
    ],
)
def test_a_body_of_the_wrong_shape_is_refused_where_it_is_wrong(fields: dict[str, Any], param: str) -> None:
    assert refusal(**fields).param == param
