"""JSON that two readers could read differently is refused; everything else is written out again as it came."""

import math

import orjson
import pytest

from tollhouse.contract.json_body import parse
from tollhouse.errors import InvalidRequest

DEPTH = 64

REFUSED = {
    "nothing": b"", "white space": b" ", "a byte order mark": b"\xef\xbb\xbf{}", "duplicate keys": b'{"a":1,"a":1}',
    "duplicate keys, escaped": b'{"a":1,"\\u0061":2}', "duplicate keys inside": b'[{"b":{"a":1,"a":2}}]', "NaN": b"[NaN]",
    "Infinity": b"[Infinity]", "-Infinity": b"[-Infinity]", "1e999": b"[1e999]", "-1e999": b"[-1e999]", "1e400": b"1e400",
    "400 digits": b"[" + b"9" * 400 + b".0]", "a high surrogate": b'["\\ud800"]', "a low surrogate": b'["\\udc00"]',
    "surrogates in the wrong order": b'["\\udc00\\ud800"]', "a surrogate in a key": b'{"\\ud800":1}',
    "a surrogate in UTF-8": b'["\xed\xa0\x80"]', "half a character": b'["\xc3"]', "overlong UTF-8": b'["\xc0\xaf"]',
    "invalid UTF-8 in a key": b'{"\xff":1}', "2**64": b"[18446744073709551616]", "-2**63-1": b"[-9223372036854775809]",
    "100,000 digits": b"[" + b"9" * 100_000 + b"]", "a big integer in depth": b'{"a":[{"b":18446744073709551616}]}',
    "depth 65": b"[" * 65 + b"]" * 65, "depth 65 in objects": b'{"a":' * 65 + b"1" + b"}" * 65,
    "depth 100,000": b"[" * 100_000 + b"]" * 100_000, "depth 100,000, open": b"[" * 100_000,
    "a trailing comma": b"[1,]", "a comment": b"[1] // one", "two values": b"{} {}", "a leading zero": b"[01]",
    "a raw tab": b'["\t"]', "a null byte": b'["\x00"]', "a null byte behind": b"{}\x00", "single quotes": b"{'a':1}",
    "a bare word": b"{a:1}", "half a value": b'{"a":', "an invalid escape": b'["\\x41"]', "a vertical tab": b"\x0b{}",
}  # fmt: skip


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED)
def test_ambiguous_or_broken_json_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse(raw, DEPTH)
    assert caught.value.error_code == "invalid_json" and len(str(caught.value)) < 400


PASSES = [
    b'{"a":[1,-1,0.5,true,false,null,"b"]}', b"[18446744073709551615,-9223372036854775808]", b'["\\ud83d\\ude00"]',
    '["é\u2028\U0001f600"]'.encode(), b'["\\u0000"]', b"[1e308,1E5,-0.0]", b"null", b'"a"', b"[" * 64 + b"]" * 64,
    b'{"' + b"[{" * 100 + b'":1}', b'{"":{"":{}}}', b" \r\n\t[ ] ",
]  # fmt: skip


@pytest.mark.parametrize("raw", PASSES)
def test_plain_json_is_written_out_again_as_it_was_understood(raw: bytes) -> None:
    value = parse(raw, DEPTH)
    assert value == orjson.loads(raw)
    assert parse(orjson.dumps(value), DEPTH) == value


def test_numbers_keep_their_kind() -> None:
    assert [type(each) for each in parse(b"[1,1.0,1e2]", DEPTH)] == [int, float, float]
    assert math.copysign(1, parse(b"[-0.0]", DEPTH)[0]) == -1
    assert parse(b"[9007199254740993]", DEPTH) == [9007199254740993]


def test_brackets_in_strings_are_not_depth() -> None:
    assert parse(orjson.dumps({"a": "[" * 1000 + "{" * 1000}), 1)


def test_depth_is_counted_over_objects_and_lists() -> None:
    assert parse(b'{"a":[{"b":[]}]}', 4)
    with pytest.raises(InvalidRequest, match="deeper than 3 levels"):
        parse(b'{"a":[{"b":[]}]}', 3)
