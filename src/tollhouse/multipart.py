"""Forms with files (RFC 7578), read and written anew: so that upstream cannot read in one what we did not.

Two readers of the same multipart body may disagree, about a field that comes twice, a name with escapes, or what stands
before the first boundary; and one of the fields is the model, which has a price.
"""

import hashlib
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from tollhouse.errors import InvalidRequest

PARTS_MAX = 200
MODEL = "model"
# What a price or a limit depends on; of two values, upstream may take the one that we do not.
_ONCE = (MODEL, "n", "stream")
# How names are written between quotes (WHATWG, "multipart form data"); a backslash would escape the quote for some.
_ESCAPES = {'"': "%22", "\r": "%0D", "\n": "%0A", "\\": "%5C"}


@dataclass(slots=True)
class Part:
    name: str = ""
    filename: str | None = None
    content_type: str | None = None
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Form:
    """A form. `fields` are its texts by name, the first of each."""

    parts: tuple[Part, ...]
    fields: dict[str, str]
    boundary: str

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def has_files(self) -> bool:
        return any(part.filename is not None for part in self.parts)

    def write(self, model: str) -> bytes:
        """The form for an upstream, which has its own name for the model."""
        written = bytearray()
        for part in self.parts:
            head = f'--{self.boundary}\r\nContent-Disposition: form-data; name="{_quoted(part.name)}"'
            if part.filename is not None:
                head += f'; filename="{_quoted(part.filename)}"'
            if part.content_type is not None:
                head += f"\r\nContent-Type: {part.content_type}"
            data = model.encode() if part.name == MODEL else part.data
            written += head.encode() + b"\r\n\r\n" + data + b"\r\n"
        return bytes(written) + f"--{self.boundary}--\r\n".encode()


def parse(raw: bytes, content_type: bytes) -> Form:
    """The form in a body. Raises InvalidRequest where it is none, or has twice or in a file what has to be known."""
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise InvalidRequest("The Content-Type of this form names no boundary.")
    reader = _Reader()
    try:
        parser = MultipartParser(boundary, reader.callbacks())  # type: ignore[arg-type]  # its own TypedDict
        parser.write(raw)
        parser.finalize()
    except FormParserError as error:
        raise InvalidRequest(f"The request body is not a form with this boundary: {error}.") from error
    if not reader.ended:
        raise InvalidRequest("The form in the request body is cut off.")
    # Nobody can write a body that holds its own hash.
    return Form(tuple(reader.parts), _fields(reader.parts), hashlib.sha256(raw).hexdigest())


def _fields(parts: list[Part]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for part in parts:
        if not part.name:
            raise InvalidRequest("A part of the form has no name.")
        if part.name in _ONCE and (part.name in fields or part.filename is not None):
            raise InvalidRequest(f"The form has the field {part.name} more than once, or as a file.", param=part.name)
        if part.filename is None:
            try:
                fields.setdefault(part.name, part.data.decode())
            except UnicodeDecodeError as error:
                raise InvalidRequest(f"The field {part.name[:100]} of the form is not UTF-8.") from error
    return fields


def _quoted(name: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in name)


@dataclass(slots=True)
class _Reader:
    """Takes what the parser finds."""

    parts: list[Part] = field(default_factory=list)
    ended: bool = False
    _name: bytes = b""
    _value: bytes = b""
    _data: bytearray = field(default_factory=bytearray)

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._begin,
            "on_part_data": self._add_data,
            "on_part_end": self._end_part,
            "on_header_field": self._add_name,
            "on_header_value": self._add_value,
            "on_header_end": self._end_header,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        if len(self.parts) >= PARTS_MAX:
            raise InvalidRequest(f"The form has more than {PARTS_MAX} parts.")
        self.parts.append(Part())
        self._data = bytearray()

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        self._data += data[start:end]

    def _end_part(self) -> None:
        self.parts[-1].data = bytes(self._data)

    def _add_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        name, value = self._name.lower(), self._value
        self._name = self._value = b""
        part = self.parts[-1]
        try:
            if name == b"content-disposition":
                options = parse_options_header(value)[1]
                filename = options.get(b"filename")
                part.name = options.get(b"name", b"").decode()
                part.filename = None if filename is None else filename.decode()
            elif name == b"content-type":
                part.content_type = value.decode("ascii")
            elif name == b"content-transfer-encoding":
                raise InvalidRequest("A part of the form has a Content-Transfer-Encoding; send it as it is.")
        except UnicodeDecodeError as error:
            raise InvalidRequest("A header of the form is not UTF-8.") from error
        if any(character < " " for character in f"{part.name}{part.filename or ''}{part.content_type or ''}"):
            raise InvalidRequest("A header of the form has control characters.")

    def _end(self) -> None:
        self.ended = True
