"""A streamed chat completion as the events of a response: their order, their content, what the client makes of them."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from tests.dialects.test_base import NAMES, upstream_values
from tests.oracles import OPENAI, PRESENT, misfits
from tollhouse.dialects.responses import read_event
from tollhouse.dialects.responses_on_chat import RESPONSES_ON_CHAT

EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
SHELL = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 5, "model": "m"}


def chunk(delta: dict[str, Any] | None = None, reason: str | None = None, **fields: Any) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": reason}]
    return json.dumps({**SHELL, "choices": choices, **fields}).encode()


def call(index: int, arguments: str, **fields: Any) -> dict[str, Any]:
    name = {"name": fields.pop("name")} if "name" in fields else {}
    return {"tool_calls": [{"index": index, **fields, "function": {**name, "arguments": arguments}}]}


def events(*chunks: bytes, request: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The events of a whole stream, each judged by OpenAI's client and by its document."""
    frames = RESPONSES_ON_CHAT.frames(request or {"model": "m"}, created_s=9)
    written = b"".join([*(frames.feed(data) for data in chunks), frames.end()])
    found = []
    for text in written.decode().removesuffix("\n\n").split("\n\n"):
        name, data = text.split("\n")
        event = json.loads(data.removeprefix("data: "))
        assert name == f"event: {event['type']}"
        assert EVENT.validate_python(event).type == event["type"]
        assert not PRESENT or not misfits(OPENAI, "ResponseStreamEvent", event), event
        found.append(event)
    assert [event["sequence_number"] for event in found] == list(range(len(found)))
    return found


def folded(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The output as a client puts it together from the events before the last one."""
    output: list[dict[str, Any]] = []
    for event in found:
        kind = event["type"]
        if kind == "response.output_item.added":
            assert event["output_index"] == len(output)
            output.append(json.loads(json.dumps(event["item"])))
        item = output[event["output_index"]] if "output_index" in event else {}
        if kind == "response.content_part.added":
            assert event["content_index"] == len(item["content"])
            item["content"].append(event["part"])
        elif kind == "response.reasoning_summary_part.added":
            item["summary"].append(event["part"])
        elif kind == "response.output_text.delta":
            item["content"][event["content_index"]]["text"] += event["delta"]
            item["content"][event["content_index"]]["logprobs"] += event["logprobs"]
        elif kind == "response.output_text.annotation.added":
            item["content"][event["content_index"]]["annotations"].append(event["annotation"])
        elif kind == "response.refusal.delta":
            item["content"][event["content_index"]]["refusal"] += event["delta"]
        elif kind == "response.reasoning_summary_text.delta":
            item["summary"][0]["text"] += event["delta"]
        elif kind == "response.function_call_arguments.delta":
            item["arguments"] += event["delta"]
        elif kind == "response.custom_tool_call_input.delta":
            item["input"] += event["delta"]
        elif kind == "response.output_item.done":
            assert {**item, "status": event["item"].get("status")} == {
                "status": None,
                **{name: value for name, value in event["item"].items() if name != "encrypted_content"},
            }
            output[event["output_index"]] = event["item"]
    return output


def test_a_text_is_the_sequence_that_openai_documents() -> None:
    found = events(chunk({"role": "assistant", "content": ""}), chunk({"content": "Hel"}), chunk({"content": "lo"}),
                   chunk({}, "stop"), chunk(usage=USAGE), b"[DONE]")  # fmt: skip
    assert [event["type"].removeprefix("response.") for event in found] == [
        "created", "in_progress", "output_item.added", "content_part.added", "output_text.delta", "output_text.delta",
        "output_text.done", "content_part.done", "output_item.done", "completed",
    ]  # fmt: skip
    last = found[-1]["response"]
    assert last["output"][0]["content"][0]["text"] == "Hello" and last["usage"]["total_tokens"] == 18
    assert (last["id"], last["created_at"], last["status"]) == ("resp_1", 5, "completed")
    event = read_event(json.dumps(found[-1]).encode())
    assert event.terminal and event.counts is not None and event.counts["completion_tokens"] == 7


def test_thoughts_come_before_the_text_and_calls_after_it() -> None:
    found = events(
        chunk({"reasoning_content": "H"}), chunk({"reasoning": "m."}), chunk({"content": "Hello"}),
        chunk(call(0, "", id="c1", type="function", name="f")), chunk(call(1, "", id="c2", type="function", name="g")),
        chunk(call(0, "{")), chunk(call(1, "[]")), chunk(call(0, "}")), chunk({}, "tool_calls"),
    )  # fmt: skip
    done = [event["item"] for event in found if event["type"] == "response.output_item.done"]
    assert [item["type"] for item in done] == ["reasoning", "message", "function_call", "function_call"]
    assert done[0]["summary"] == [{"type": "summary_text", "text": "Hm."}]
    assert [(item["call_id"], item["name"], item["arguments"]) for item in done[2:]] == [
        ("c1", "f", "{}"),
        ("c2", "g", "[]"),
    ]
    assert folded(found) == found[-1]["response"]["output"] == done


def test_calls_without_numbers_are_told_apart_by_their_ids() -> None:
    deltas = [{"id": each, "type": "function", "function": {"name": "f", "arguments": "{}"}} for each in ("c1", "c2")]
    found = events(*(chunk({"tool_calls": [each]}) for each in deltas))
    assert [item["call_id"] for item in found[-1]["response"]["output"]] == ["c1", "c2"]


def test_an_answer_that_was_cut_off_is_incomplete() -> None:
    last = events(chunk({"content": "Hel"}), chunk({}, "length"))[-1]
    assert last["type"] == "response.incomplete"
    assert last["response"]["incomplete_details"] == {"reason": "max_output_tokens"}
    assert last["response"]["output"][0]["status"] == "incomplete"


def test_a_failure_of_upstream_is_a_response_that_failed_and_the_end() -> None:
    frames = RESPONSES_ON_CHAT.frames({"model": "m"})
    frames.feed(chunk({"content": "Hel"}))
    written = frames.feed(b'{"error": {"message": "overloaded", "code": "rate_limit_exceeded"}}')
    failed = json.loads(written.split(b"data: ")[1])
    assert EVENT.validate_python(failed).type == "response.failed" and failed["response"]["status"] == "failed"
    assert failed["response"]["error"] == {"code": "rate_limit_exceeded", "message": "overloaded"}
    assert frames.feed(chunk({"content": "lo"})) == frames.end() == b""


def test_a_stream_that_says_nothing_is_a_response_without_output() -> None:
    assert [event["type"] for event in events()][-1] == "response.completed"


def test_the_client_reads_its_own_request_in_the_first_event() -> None:
    request = {
        "model": "m",
        "instructions": "Be brief.",
        "tools": [{"type": "function", "name": "f"}],
        "temperature": 0.5,
    }
    begun = events(chunk({"content": "x"}), request=request)[0]["response"]
    assert (begun["instructions"], begun["temperature"], begun["output"]) == ("Be brief.", 0.5, [])


texts = st.lists(st.text(min_size=1, max_size=4), max_size=4)
likely = st.fixed_dictionaries({"token": st.text(max_size=2), "logprob": st.floats(-9, 0), "bytes": st.none()})


@given(
    texts, texts, texts, st.lists(st.tuples(st.booleans(), texts), max_size=3),
    st.sampled_from(["stop", "length", "tool_calls", "content_filter", "new"]), st.lists(likely, max_size=2), st.booleans(),
)  # fmt: skip
def test_the_stream_folds_to_the_whole_answer(
    thoughts: list[str], said: list[str], refused: list[str], calls: list[tuple[bool, list[str]]], reason: str,
    logprobs: list[dict[str, Any]], counted: bool,
) -> None:  # fmt: skip
    tools = []
    chunks = [chunk({"reasoning_content": each}) for each in thoughts]
    for text in said:
        choice = {"index": 0, "delta": {"content": text}, "logprobs": {"content": logprobs}, "finish_reason": None}
        chunks.append(json.dumps({**SHELL, "choices": [choice]}).encode())
    chunks += [chunk({"refusal": each}) for each in refused]
    for index, (custom, pieces) in enumerate(calls):
        kind, field = ("custom", "input") if custom else ("function", "arguments")
        begun = {"id": f"c{index}", "type": kind, kind: {"name": "f", field: ""}}
        tools.append({**begun, kind: {"name": "f", field: "".join(pieces)}})
        chunks.append(chunk({"tool_calls": [{"index": index, **begun}]}))
        chunks += [chunk({"tool_calls": [{"index": index, kind: {field: piece}}]}) for piece in pieces]
    chunks += [chunk({}, reason), *([chunk(usage=USAGE)] if counted else [])]
    message = {"reasoning_content": "".join(thoughts), "content": "".join(said), "refusal": "".join(refused)}
    whole = RESPONSES_ON_CHAT.answer(
        {
            **SHELL,
            "choices": [
                {
                    "message": {**message, "tool_calls": tools},
                    "finish_reason": reason,
                    "logprobs": {"content": logprobs * len(said)},
                }
            ],
            "usage": USAGE if counted else None,
        },
        {"model": "m"},
    )
    found = events(*chunks)
    assert found[-1]["response"] == whole
    assert folded(found) == whole["output"]


deltas = st.dictionaries(
    st.sampled_from(
        [*NAMES, "reasoning_content", "reasoning_details", "refusal", "annotations", "custom", "index", "id"]
    ),
    upstream_values,
    max_size=5,
)


@given(st.lists(st.tuples(deltas, upstream_values, st.booleans()), max_size=5))
def test_whatever_upstream_streams_is_events_or_a_value_error(stream: list[tuple[Any, Any, bool]]) -> None:
    frames = RESPONSES_ON_CHAT.frames({"model": "m"})
    for delta, other, bare in stream:
        with contextlib.suppress(ValueError):
            choices = other if bare else [{"delta": delta, "finish_reason": other, "logprobs": other}]
            frames.feed(json.dumps({"choices": choices, "usage": other, "id": other, "service_tier": other}).encode())
    with contextlib.suppress(ValueError):
        assert frames.end().endswith(b"\n\n")


@pytest.mark.parametrize("data", [b"", b"{", b"5", b"\xff", b'{"choices": 5}', b'{"choices": [5]}'])
def test_what_is_no_chunk_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError):
        RESPONSES_ON_CHAT.frames({"model": "m"}).feed(data)
