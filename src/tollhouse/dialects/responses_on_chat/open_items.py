"""Items of a streamed response while they grow: each knows the events of its beginning, its parts and its end. Pure."""

from collections.abc import Iterator
from typing import Any, Protocol

from tollhouse.dialects.responses_on_chat.response import call_item, message_item, reasoning_item, text_part
from tollhouse.dialects.responses_on_chat.thoughts import merged, sealed

# An event's name and its fields, without the number that the stream gives it.
NamedEvent = tuple[str, dict[str, Any]]


class OpenItem(Protocol):
    """An item that has begun. `place` is its id and its index, as its events have them; `item` is whole once it is closed."""

    place: dict[str, Any]
    item: dict[str, Any]

    def close(self, status: str) -> Iterator[NamedEvent]:
        """The events of its end, before the one that says that the item is done."""


class OpenMessage:
    """What the assistant says: parts of text and refusals, one open at a time."""

    __slots__ = ("_annotations", "_kind", "_logprobs", "_part", "_parts", "_pieces", "item", "place")

    def __init__(self, name: str, index: int) -> None:
        self.place: dict[str, Any] = {"item_id": f"msg_{name}", "output_index": index}
        self.item = message_item(f"msg_{name}", [], "in_progress")
        self._parts: list[dict[str, Any]] = []
        self._begin("")

    def _begin(self, kind: str) -> None:
        self._kind = kind
        self._pieces: list[str] = []
        self._annotations: list[dict[str, Any]] = []
        self._logprobs: list[dict[str, Any]] = []
        self._part = {**self.place, "content_index": len(self._parts)}

    def _begun(self, kind: str) -> Iterator[NamedEvent]:
        if self._kind != kind:
            yield from self._end_part()
            self._begin(kind)
            yield "response.content_part.added", {**self._part, "part": self._whole()}

    def say(self, written: str, logprobs: list[dict[str, Any]]) -> Iterator[NamedEvent]:
        if self._kind != "text":
            yield from self._begun("text")
        self._pieces.append(written)
        self._logprobs += logprobs
        yield "response.output_text.delta", {**self._part, "delta": written, "logprobs": logprobs}

    def refuse(self, written: str) -> Iterator[NamedEvent]:
        yield from self._begun("refusal")
        self._pieces.append(written)
        yield "response.refusal.delta", {**self._part, "delta": written}

    def cite(self, annotations: list[dict[str, Any]]) -> Iterator[NamedEvent]:
        yield from self._begun("text")
        for annotation in annotations:
            number = {"annotation_index": len(self._annotations), "annotation": annotation}
            self._annotations.append(annotation)
            yield "response.output_text.annotation.added", {**self._part, **number}

    def _whole(self) -> dict[str, Any]:
        written = "".join(self._pieces)
        if self._kind == "refusal":
            return {"type": "refusal", "refusal": written}
        return text_part(written, self._annotations, self._logprobs)

    def _end_part(self) -> Iterator[NamedEvent]:
        if not self._kind:
            return
        part = self._whole()
        if self._kind == "refusal":
            yield "response.refusal.done", {**self._part, "refusal": part["refusal"]}
        else:
            yield "response.output_text.done", {**self._part, "text": part["text"], "logprobs": self._logprobs}
        yield "response.content_part.done", {**self._part, "part": part}
        self._parts.append(part)

    def close(self, status: str) -> Iterator[NamedEvent]:
        yield from self._end_part()
        self.item = message_item(self.place["item_id"], self._parts, status)


class OpenReasoning:
    """What the model thinks, as a summary; what its provider signed of it is kept for the end."""

    __slots__ = ("_details", "_part", "_pieces", "item", "place")

    def __init__(self, name: str, index: int) -> None:
        self.place: dict[str, Any] = {"item_id": f"rs_{name}", "output_index": index}
        self.item = reasoning_item(f"rs_{name}", "", None, "in_progress")
        self._part = {**self.place, "summary_index": 0}
        self._pieces: list[str] = []
        self._details: list[dict[str, Any]] = []

    def think(self, written: str) -> Iterator[NamedEvent]:
        if not self._pieces:
            yield "response.reasoning_summary_part.added", {**self._part, "part": _summary("")}
        self._pieces.append(written)
        yield "response.reasoning_summary_text.delta", {**self._part, "delta": written}

    def keep(self, details: list[dict[str, Any]]) -> None:
        self._details += details

    def close(self, status: str) -> Iterator[NamedEvent]:
        thought = "".join(self._pieces)
        if thought:
            yield "response.reasoning_summary_text.done", {**self._part, "text": thought}
            yield "response.reasoning_summary_part.done", {**self._part, "part": _summary(thought)}
        kept = sealed(merged(self._details)) if self._details else None
        self.item = reasoning_item(self.place["item_id"], thought, kept, status)


def _summary(written: str) -> dict[str, Any]:
    return {"type": "summary_text", "text": written}


class OpenCall:
    """A call of a tool, whose arguments come in pieces; its name comes first, or later at some servers."""

    __slots__ = ("_call_id", "_custom", "_pieces", "_tool", "item", "place")

    def __init__(self, name: str, index: int, call_id: str, tool: str, *, custom: bool) -> None:
        self.place: dict[str, Any] = {"item_id": f"{'ctc' if custom else 'fc'}_{name}", "output_index": index}
        self._custom = custom
        self._call_id = call_id or f"call_{name}"
        self._tool = tool
        self._pieces: list[str] = []
        self.item = self._whole("in_progress")

    def _whole(self, status: str) -> dict[str, Any]:
        written = "".join(self._pieces)
        return call_item(self.place["item_id"], self._call_id, self._tool, written, status, custom=self._custom)

    def write(self, tool: str, written: str) -> Iterator[NamedEvent]:
        self._tool = self._tool or tool
        if written:
            self._pieces.append(written)
            name = "custom_tool_call_input" if self._custom else "function_call_arguments"
            yield f"response.{name}.delta", {**self.place, "delta": written}

    def close(self, status: str) -> Iterator[NamedEvent]:
        written = "".join(self._pieces)
        if self._custom:
            yield "response.custom_tool_call_input.done", {**self.place, "input": written}
        else:
            done = {**self.place, "name": self._tool, "arguments": written}
            yield "response.function_call_arguments.done", done
        self.item = self._whole(status)
