"""How long a prompt is: every string of it in UTF-8 bytes, images counted apart."""

from typing import Any

from tollhouse.dialects.base import utf8_length

# Content parts that are an image, and where its bytes or its address are: OpenAI chat and responses, Anthropic.
IMAGE_TYPES = ("image_url", "input_image", "image")
IMAGE_PAYLOADS = ("image_url", "source")
# Where a part only names what the provider stores or fetches: nobody here knows how long that is.
REFERENCE_KEYS = ("file_id", "file_url")


class Measure:
    """Adds up a prompt. Keys are counted with the values, because tool schemas go to the model with their names."""

    __slots__ = ("images", "references", "text_bytes", "tokens")

    def __init__(self) -> None:
        self.text_bytes = 0
        self.tokens = 0
        self.images = 0
        self.references = 0

    def add(self, value: Any) -> None:
        """Count a value that is text throughout: tools, schemas, a system prompt's options."""
        self._add(value, in_message=False)

    def _add(self, value: Any, *, in_message: bool) -> None:
        """Count a value of the parsed body; nesting is bounded by the edge's depth limit."""
        if type(value) is str:
            self.text_bytes += utf8_length(value)
        elif type(value) is list:
            for item in value:
                self._add(item, in_message=in_message)
        elif type(value) is dict:
            image = in_message and value.get("type") in IMAGE_TYPES
            self.images += image
            self.references += in_message and _is_reference(value)
            for key, item in value.items():
                if not (image and key in IMAGE_PAYLOADS):  # whatever else an image carries is text like any other
                    self.text_bytes += utf8_length(key)
                    self._add(item, in_message=in_message)
        elif value is not None:
            self.text_bytes += len(repr(value))  # a number or a boolean, written out

    def add_messages(self, messages: Any) -> None:
        """Count messages, in which parts may be images or name stored files; a fast path for those of plain text."""
        if type(messages) is not list:
            self._add(messages, in_message=True)
            return
        for message in messages:
            content = message.get("content") if type(message) is dict else None
            if type(content) is str and len(message) == 2:
                self.text_bytes += utf8_length(content) + 12  # the role and the template around it
            else:
                self._add(message, in_message=True)

    def add_tokens(self, values: Any) -> bool:
        """Count a list of token numbers; False where the list holds something else."""
        if type(values) is list and values and type(values[0]) is int:
            self.tokens += len(values)
            return True
        return False


def _is_reference(part: dict[str, Any]) -> bool:
    """Whether a part stands for a document that is not in the request: a stored file, or one at an address."""
    if any(key in part for key in REFERENCE_KEYS):
        return True
    source = part.get("source")
    return part.get("type") == "document" and type(source) is dict and source.get("type") == "url"
