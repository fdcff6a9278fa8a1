"""The table for a responses client on a chat upstream, for the items of the input."""

from collections.abc import Callable
from typing import Any

from tollhouse.dialects.translation import DROPPED, MAPPED, REFUSED, Field

PIXEL = "data:image/png;base64,iVBORw0KGgo="
_PDF = "data:application/pdf;base64,JVBERi0xLjQ="
_USER = {"role": "user", "content": "Hi"}
_CALL = {"type": "function_call", "call_id": "call_1", "name": "weather", "arguments": "{}"}
_OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "sunny"}
_CUSTOM_CALL = {"type": "custom_tool_call", "call_id": "call_1", "name": "sql", "input": "SELECT 1"}
_CUSTOM_OUTPUT = {"type": "custom_tool_call_output", "call_id": "call_1", "output": "1"}
_THOUGHT = {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Hm."}]}
_SEE = {"type": "input_text", "text": "See"}
_SAID = {"type": "output_text", "text": "Hello"}

_BOOKKEEPING = "it says something to the provider alone that gave it"
_NO_SUCH_ITEM = "it belongs to one of OpenAI's own tools, which this model's provider does not have; leave it out."
_OTHER_ITEMS = (
    "file_search_call", "computer_call", "computer_call_output", "web_search_call", "tool_search_call", "tool_search_output",
    "additional_tools", "image_generation_call", "code_interpreter_call", "local_shell_call", "local_shell_call_output",
    "shell_call", "shell_call_output", "apply_patch_call", "apply_patch_call_output", "mcp_list_tools", "mcp_approval_request",
    "mcp_approval_response", "mcp_call", "program", "program_output",
)  # fmt: skip


def _items(*items: dict[str, Any]) -> dict[str, Any]:
    return {"model": "m", "input": [_USER, *items]}


def _message(**fields: Any) -> dict[str, Any]:
    return _items({"type": "message", "role": "user", "content": "Hi", **fields})


def _reply(**part: Any) -> dict[str, Any]:
    return _message(role="assistant", content=[part])


def _called(**fields: Any) -> dict[str, Any]:
    return _items({**_CALL, **fields}, _OUTPUT)


def _answered(**fields: Any) -> dict[str, Any]:
    return _items(_CALL, {**_OUTPUT, **fields})


def _bookkeeping(kind: str, example: Callable[..., dict[str, Any]], *names: str) -> tuple[Field, ...]:
    """Fields of an item that only its provider reads."""
    values = {"status": "incomplete", "caller": {"type": "direct"}, "phase": "commentary"}
    return tuple(
        Field(
            f"input[{kind}].{name}", DROPPED, example(**{name: values.get(name, "x")}), note=_BOOKKEEPING,
            neutral=("completed",) if name == "status" else (),
        )
        for name in names
    )  # fmt: skip


_MESSAGE = (
    Field("input[message]", MAPPED, _message(), "messages[]", "The type may be left out."),
    Field("input[message].role", MAPPED, _message(role="developer"), "messages[].role", "`developer` becomes `system`."),
    Field("input[message].content", MAPPED, _message(), "messages[].content"),
    *_bookkeeping("message", _message, "id", "status", "phase"),
)  # fmt: skip

_OUT = "messages[].content"
_KINDS = {
    "input_text": ("text", {"type": "input_text", "text": "this"}),
    "input_image": ("image_url", {"type": "input_image", "image_url": PIXEL}),
    "input_file": ("file", {"type": "input_file", "file_data": _PDF, "filename": "a.pdf"}),
}


def _parts(where: str, holding: Callable[..., dict[str, Any]]) -> tuple[Field, ...]:
    """What a message or the output of a tool may be made of; `holding` is a body with a part."""

    def example(kind: str, **fields: Any) -> dict[str, Any]:
        return holding({**_KINDS[kind][1], **fields})

    def same(kind: str, name: str, becomes: str, note: str = "", whole: bool = False, **fields: Any) -> Field:
        to = f"{_OUT}[{_KINDS[kind][0]}]{becomes}"
        return Field(f"{where}[{kind}].{name}", MAPPED, example(kind, **fields), to, note, whole=whole)

    return (
        *(Field(f"{where}[{kind}]", MAPPED, example(kind), f"{_OUT}[{to}]") for kind, (to, _) in _KINDS.items()),
        same("input_text", "text", ".text"),
        same("input_image", "image_url", ".image_url.url"),
        same("input_image", "detail", ".image_url.detail", "`original` becomes `high`.", detail="low"),
        Field(
            f"{where}[input_image].file_id", REFUSED, example("input_image", file_id="file_1"),
            note="an image that OpenAI keeps is not there for this model's provider; send it as `image_url`.",
        ),
        same("input_file", "file_data", ".file.file_data"),
        same("input_file", "filename", ".file.filename"),
        same("input_file", "file_id", ".file.file_id", file_id="file_1"),
        Field(
            f"{where}[input_file].file_url", REFUSED, example("input_file", file_url="https://example.com/a.pdf"),
            note="a chat completion fetches no files; send it as `file_data`.",
        ),
        Field(
            f"{where}[input_file].detail", DROPPED, example("input_file", detail="high"),
            note="a chat completion has no such setting for files", neutral=("auto",),
        ),
        *(
            same(
                kind, "prompt_cache_breakpoint", ".prompt_cache_breakpoint", whole=True,
                prompt_cache_breakpoint={"mode": "explicit"},
            )
            for kind in _KINDS
        ),
    )  # fmt: skip


_IN = "input[message].content"
_SAYS = (
    *_parts(_IN, lambda part: _message(content=[_SEE, part])),
    Field(f"{_IN}[output_text]", MAPPED, _reply(**_SAID), _OUT, "Texts of the assistant become one."),
    Field(f"{_IN}[output_text].text", MAPPED, _reply(**_SAID), _OUT),
    *(
        Field(f"{_IN}[output_text].{name}", DROPPED, _reply(**_SAID, **{name: [{}]}), note=_BOOKKEEPING, neutral=([],))
        for name in ("annotations", "logprobs")
    ),
    Field(f"{_IN}[refusal]", MAPPED, _reply(type="refusal", refusal="No."), "messages[].refusal", "Refusals become one."),
    Field(f"{_IN}[refusal].refusal", MAPPED, _reply(type="refusal", refusal="No."), "messages[].refusal"),
)  # fmt: skip

_TOOLS = "messages[].tool_calls"
_CALLS = (
    Field("input[function_call]", MAPPED, _called(), f"{_TOOLS}[function]"),
    Field("input[function_call].call_id", MAPPED, _called(), f"{_TOOLS}[function].id"),
    Field("input[function_call].name", MAPPED, _called(), f"{_TOOLS}[function].function.name"),
    Field("input[function_call].arguments", MAPPED, _called(), f"{_TOOLS}[function].function.arguments"),
    *_bookkeeping("function_call", _called, "id", "status", "namespace", "caller"),
    Field("input[function_call_output]", MAPPED, _answered(), "messages[]", "A message of the role `tool`."),
    Field("input[function_call_output].call_id", MAPPED, _answered(), "messages[].tool_call_id"),
    Field(
        "input[function_call_output].output", MAPPED, _answered(), _OUT,
        "A text or parts. Images and files follow in a message of the user: that of a tool takes text only.",
    ),
    *_parts("input[function_call_output].output", lambda part: _answered(output=[_SEE, part])),
    *_bookkeeping("function_call_output", _answered, "id", "status", "name", "namespace", "caller"),
    Field("input[custom_tool_call]", MAPPED, _items(_CUSTOM_CALL, _CUSTOM_OUTPUT), f"{_TOOLS}[custom]"),
    *(
        Field(f"input[custom_tool_call].{name}", MAPPED, _items(_CUSTOM_CALL, _CUSTOM_OUTPUT), f"{_TOOLS}[custom].{to}")
        for name, to in (("call_id", "id"), ("name", "custom.name"), ("input", "custom.input"))
    ),
    *_bookkeeping(
        "custom_tool_call", lambda **fields: _items({**_CUSTOM_CALL, **fields}), "id", "status", "namespace", "caller"
    ),
    Field("input[custom_tool_call_output]", MAPPED, _items(_CUSTOM_OUTPUT), "messages[]"),
    Field(
        "input[custom_tool_call_output].call_id", MAPPED, _items(_CUSTOM_OUTPUT), "messages[].tool_call_id"
    ),
    Field("input[custom_tool_call_output].output", MAPPED, _items(_CUSTOM_OUTPUT), _OUT),
    *_parts(
        "input[custom_tool_call_output].output",
        lambda part: _items({**_CUSTOM_OUTPUT, "output": [_SEE, part]}),
    ),
    *_bookkeeping(
        "custom_tool_call_output", lambda **fields: _items({**_CUSTOM_OUTPUT, **fields}), "id", "caller"
    ),
)  # fmt: skip

_SUMMED = _items(_THOUGHT, {"role": "assistant", "content": "Hello"})
_THOUGHT_OUT = _items({**_THOUGHT, "summary": [], "content": [{"type": "reasoning_text", "text": "Hm."}]})
_REASONING = (
    Field("input[reasoning]", MAPPED, _SUMMED, "messages[].reasoning_content", "Extension."),
    *(
        Field(f"input[reasoning].{path}", MAPPED, example, "messages[].reasoning_content", "Texts become one.")
        for names, example in (
            (("summary", "summary[summary_text]", "summary[summary_text].text"), _SUMMED),
            (("content", "content[reasoning_text]", "content[reasoning_text].text"), _THOUGHT_OUT),
        )
        for path in names
    ),
    Field(
        "input[reasoning].encrypted_content", MAPPED,
        _items({**_THOUGHT, "encrypted_content": "tollhouse:W3sidHlwZSI6InJlYXNvbmluZy50ZXh0Iiwic2lnbmF0dXJlIjoicyJ9XQ=="}),
        "messages[].reasoning_details", "What was given here goes back to where it came from; anything else is left out.",
    ),
    *_bookkeeping("reasoning", lambda **fields: _items({**_THOUGHT, **fields}), "id", "status"),
)  # fmt: skip

ITEM_FIELDS: tuple[Field, ...] = (
    *_MESSAGE,
    *_SAYS,
    *_CALLS,
    *_REASONING,
    Field(
        "input[item_reference]", REFUSED, _items({"id": "msg_1"}),
        note="no response is kept for this model, so its items have no names; send the item itself.",
    ),
    *(
        Field(
            f"input[{kind}]", REFUSED, _items({"type": kind}),
            note="only OpenAI shortens conversations that way; send the conversation itself.",
        )
        for kind in ("compaction", "compaction_trigger")
    ),
    *(Field(f"input[{kind}]", REFUSED, _items({"type": kind}), note=_NO_SUCH_ITEM) for kind in _OTHER_ITEMS),
)  # fmt: skip
