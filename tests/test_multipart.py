"""Forms are read strictly and written anew: what goes up has one meaning, and one model."""

from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.errors import InvalidRequest
from tollhouse.multipart import PARTS_MAX, parse

B = b"multipart/form-data; boundary=xx"


def raw(*parts: bytes, end: bytes = b"--xx--\r\n") -> bytes:
    return b"".join(b"--xx\r\n" + part + b"\r\n" for part in parts) + end


def part(name: bytes, data: bytes, more: bytes = b"", lines: bytes = b"") -> bytes:
    return b'Content-Disposition: form-data; name="%s"%s\r\n%s\r\n%s' % (name, more, lines, data)


def judged(written: bytes, content_type: str) -> list[tuple[Any, Any, bytes]]:
    """Name, filename and data of each part, as Python's own parser of mail reads them."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: %s\r\n\r\n%s" % (content_type.encode(), written))
    return [
        (each.get_param("name", header="content-disposition"), each.get_filename(), each.get_payload(decode=True))
        for each in message.iter_parts()  # type: ignore[attr-defined]
    ]


def test_a_form_of_httpx_is_read_and_written_with_the_upstreams_model() -> None:
    files = {"file": ("a \u00e9.mp3", b"\x00\xff--\r\n", "audio/mpeg")}
    data = {"model": "public", "language": "en"}
    request = httpx.Request("POST", "http://x", data=data, files=files)
    form = parse(request.read(), request.headers["content-type"].encode())
    assert (form.fields, form.has_files) == ({"model": "public", "language": "en"}, True)
    again = parse(form.write("upstream"), form.content_type.encode())
    assert again.fields == {"model": "upstream", "language": "en"}
    [upload] = [each for each in again.parts if each.filename is not None]
    assert (upload.filename, upload.content_type, upload.data) == ("a \u00e9.mp3", "audio/mpeg", b"\x00\xff--\r\n")


def test_a_field_may_come_several_times_where_no_price_depends_on_it() -> None:
    form = parse(raw(part(b"image[]", b"1"), part(b"image[]", b"2"), part(b"model", b"m")), B)
    assert [each.data for each in form.parts] == [b"1", b"2", b"m"]


@pytest.mark.parametrize(
    "body",
    [
        raw(part(b"model", b"cheap"), part(b"model", b"dear")),
        raw(part(b"model", b"cheap"), part(b"model", b"dear", b'; filename="m"')),
        raw(part(b"model", b"cheap", b'; filename="m"')),
        raw(part(b"n", b"1"), part(b"n", b"10")),
        raw(part(b"stream", b"false"), part(b"stream", b"true")),
        raw(part(b"n", b"10", b'; filename="n"')),
        raw(part(b"model", b"\xff")),
        raw(part(b"model", b"bW9kZWw=", lines=b"Content-Transfer-Encoding: base64\r\n")),
        raw(part(b"", b"x")),
        raw(b"\r\nno headers"),
        raw(part(b"a\x01b", b"x")),
        raw(part(b"a", b"x"), end=b""),
        raw(*(part(b"a", b"x") for _ in range(PARTS_MAX + 1))),
        b"",
        b"model=cheap",
        b"--yy\r\n" + part(b"model", b"x") + b"\r\n--yy--\r\n",
    ],
)
def test_a_form_with_two_meanings_or_none_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        parse(body, B)


@pytest.mark.parametrize("content_type", [b"multipart/form-data", b"multipart/form-data; boundary=", B + b"y" * 300])
def test_a_form_without_a_usable_boundary_is_refused(content_type: bytes) -> None:
    with pytest.raises(InvalidRequest):
        parse(raw(part(b"model", b"m")), content_type)


def test_what_stands_around_the_parts_does_not_go_up() -> None:
    body = (
        raw(part(b"model", b"cheap", lines=b"X-Extra: 1\r\n")) + b"--xx\r\n" + part(b"model", b"dear") + b"\r\n--xx--"
    )
    form = parse(body, B)
    assert b"dear" not in form.write("cheap") and b"X-Extra" not in form.write("cheap")


names = st.text(st.characters(min_codepoint=32, exclude_characters="\x7f\x85", exclude_categories=["Cs"]), min_size=1)


@given(names, names, st.binary())
def test_another_parser_reads_in_it_what_we_wrote(name: str, filename: str, data: bytes) -> None:
    safe = name.encode().replace(b"\\", b"_").replace(b'"', b"_")
    if safe == b"model":
        return
    written = parse(raw(part(safe, data.replace(b"--xx", b""), b'; filename="f"'), part(b"model", b"m")), B)
    found = judged(written.write("up"), written.content_type)
    assert [each[2] for each in found] == [data.replace(b"--xx", b""), b"up"]
    assert found[1][0] == "model"


def test_quotes_line_ends_and_backslashes_of_names_cannot_end_a_header() -> None:
    written = parse(raw(part(b"a", b"x", b'; filename="q\\"; name=model; y="'), part(b"model", b"m")), B).write("up")
    assert b'name="a"; filename="q%22; name=model; y="\r\n' in written
