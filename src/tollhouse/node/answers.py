"""What the engine says, as OpenAI's answers and stream frames. Pure."""

from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """Token counts of one request. Each prompt counts once, however many choices it has."""

    choices_per_prompt: int
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    _begun: dict[int, int] = field(default_factory=dict)  # by choice: tokens seen of one whose usage has not come yet
    _prompts: dict[int, int] = field(default_factory=dict)  # by prompt: tokens, from the engine's progress reports

    def note(self, index: int, chunk: Frame) -> None:
        """Take what a chunk of choice `index` tells."""
        first_choice = index % self.choices_per_prompt == 0
        if progress := chunk.get("prompt_progress"):
            self._prompts[index // self.choices_per_prompt] = progress["total"]
        elif usage := chunk.get("usage"):
            self._begun.pop(index, None)
            self.completion_tokens += usage["completion_tokens"]
            if first_choice:
                self.prompt_tokens += usage["prompt_tokens"]
                self.cached_tokens += usage.get("prompt_tokens_details", {}).get("cached_tokens", 0)
        else:
            self._begun[index] = self._begun.get(index, 0) + 1

    def usage(self) -> Frame:
        """OpenAI's usage object, exact once every choice is finished."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.prompt_tokens + self.completion_tokens,
            "prompt_tokens_details": {"cached_tokens": self.cached_tokens},
        }

    def tokens_so_far(self) -> int:
        """All tokens worked on; near the truth where the client left before the engine reported its usage."""
        prompt_tokens = max(self.prompt_tokens, sum(self._prompts.values()))
        return prompt_tokens + self.completion_tokens + sum(self._begun.values())


@dataclass(slots=True)
class Answer:
    """One answer under way: chat completion or text completion."""

    id: str
    created: int  # Unix seconds
    model: str
    chat: bool
    tally: Tally
    top_logprobs: int = 0  # of text completions: alternatives per token
    _started: set[int] = field(default_factory=set)
    _offsets: dict[int, int] = field(default_factory=dict)

    def frames(self, index: int, chunk: Frame) -> list[Frame]:
        """The stream frames a chunk becomes: none, one, or two with the frame that opens a choice."""
        self.tally.note(index, chunk)
        frames = []
        if self.chat and index not in self._started:
            self._started.add(index)
            opening = {"index": index, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}
            frames.append(self._frame([opening]))
        choices = [self._choice(index, choice) for choice in chunk.get("choices", ()) if "prompt_progress" not in chunk]
        frames += [self._frame([choice]) for choice in choices if _says_something(choice)]
        return frames

    def usage_frame(self) -> Frame:
        """The last frame of a stream that asked for it with `stream_options.include_usage`."""
        return {**self._frame([]), "usage": self.tally.usage()}

    def whole(self, frames: list[Frame]) -> Frame:
        """The plain answer that a complete list of frames adds up to."""
        choices: dict[int, Frame] = {}
        for frame in frames:
            for choice in frame["choices"]:
                _add(choices.setdefault(choice["index"], {"index": choice["index"]}), choice)
        kind = "chat.completion" if self.chat else "text_completion"
        ordered = [choices[index] for index in sorted(choices)]
        return {**self._frame(ordered), "object": kind, "usage": self.tally.usage()}

    def _frame(self, choices: list[Frame]) -> Frame:
        kind = "chat.completion.chunk" if self.chat else "text_completion"
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model, "choices": choices}

    def _choice(self, index: int, choice: Frame) -> Frame:
        logprobs = choice.get("logprobs")
        finish_reason = choice.get("finish_reason")
        if self.chat:
            delta = {name: value for name, value in choice["delta"].items() if name != "role" and value is not None}
            extra = {"logprobs": logprobs} if logprobs else {}
            return {"index": index, "delta": delta, **extra, "finish_reason": finish_reason}
        written = self._legacy_logprobs(index, logprobs["content"]) if logprobs else None
        return {"index": index, "text": choice["text"], "logprobs": written, "finish_reason": finish_reason}

    def _legacy_logprobs(self, index: int, tokens: list[Frame]) -> Frame:
        """Text completions have a format of their own for logprobs; the engine writes the chat format."""
        offsets = []
        for token in tokens:
            offsets.append(self._offsets.get(index, 0))
            self._offsets[index] = offsets[-1] + len(token["token"])
        tops = [token["top_logprobs"][: self.top_logprobs] for token in tokens]
        return {
            "tokens": [token["token"] for token in tokens],
            "token_logprobs": [token["logprob"] for token in tokens],
            "top_logprobs": [{top["token"]: top["logprob"] for top in each} for each in tops],
            "text_offset": offsets,
        }


def _says_something(choice: Frame) -> bool:
    said = choice.get("delta") or choice.get("text") or choice.get("logprobs")
    return bool(said) or choice["finish_reason"] is not None


def _add(whole: Frame, choice: Frame) -> None:
    """Add one streamed choice to the whole one."""
    if "delta" in choice:
        _add_delta(whole.setdefault("message", {}), choice["delta"])
    else:
        whole["text"] = whole.get("text", "") + choice["text"]
        whole.setdefault("logprobs", None)
    if choice.get("logprobs"):
        logprobs = whole.get("logprobs") or {}
        whole["logprobs"] = {name: logprobs.get(name, []) + part for name, part in choice["logprobs"].items()}
    whole["finish_reason"] = choice["finish_reason"]


def _add_delta(message: Frame, delta: Frame) -> None:
    for name, value in delta.items():
        if name == "tool_calls":
            for part in value:
                _add_tool_call(message.setdefault("tool_calls", []), part)
        elif isinstance(value, str) and name != "role":
            message[name] = message.get(name, "") + value
        else:
            message[name] = value


def _add_tool_call(calls: list[Frame], part: Frame) -> None:
    """The first part of a call brings its id and name, the later ones more of its arguments."""
    if part.get("index", 0) >= len(calls):
        calls.append({"id": part.get("id"), "type": "function", "function": {"name": "", "arguments": ""}})
    function = calls[part.get("index", 0)]["function"]
    for name, text in part.get("function", {}).items():
        function[name] += text
