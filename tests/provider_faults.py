"""What can be wrong with a provider before its first byte, and what a client hears where nobody else is left."""

from tests.upstream import (
    Reply,
    answer,
    answer_json,
    bad_json,
    fin,
    fin_mid_body,
    frame,
    garbage,
    gzip_body,
    hang,
    hang_mid_body,
    html,
    huge_header,
    redirect,
    reset,
    reset_mid_body,
    short_body,
    status,
    stream,
)

HUGE = 200_000  # larger than what the tests allow an answer to be
OUT_OF_CREDIT = answer_json(
    {"type": "error", "error": {"message": "Your credit balance is too low to use the API."}}, 400
)
NO_QUOTA = answer_json({"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}, 429)

# What a provider does, and the status of the client's answer where no other provider is left.
FAULTS: dict[str, tuple[Reply, int]] = {
    "hangs before the headers": (hang, 504),
    "hangs in the body": (hang_mid_body(b'{"id": '), 504),
    "resets before the headers": (reset, 502),
    "resets in the body": (reset_mid_body(b'{"id": '), 502),
    "closes before the headers": (fin, 502),
    "closes in the body": (fin_mid_body(b'{"id": '), 502),
    "sends less than it promised": (short_body(b'{"id": 1}'), 502),
    "does not speak HTTP": (garbage, 502),
    "sends a huge header": (huge_header(), 502),
    "answers 200 with HTML": (html, 502),
    "answers 200 with broken JSON": (bad_json, 502),
    "answers 200 with a list": (answer_json([1]), 502),
    "answers 200 with nothing": (answer(b""), 502),
    "answers 200 with an error": (answer_json({"error": {"message": "no capacity", "code": 503}}), 502),
    "answers 204": (answer(b"", 204), 502),
    "answers with a huge body": (answer_json({"id": "x" * HUGE}), 502),
    "redirects": (redirect("http://169.254.169.254/latest/meta-data"), 502),
    "answers in gzip": (gzip_body(b'{"choices": []}'), 502),
    "answers 400 in gzip": (answer(b"\x1f\x8b", 400, content_encoding="gzip"), 502),
    "refuses our key with 401": (status(401), 502),
    "refuses our key with 402": (status(402), 502),
    "refuses our key with 403": (status(403), 502),
    "says 400 that we are out of credit": (OUT_OF_CREDIT, 502),
    "says 429 that we are out of quota": (NO_QUOTA, 502),
    "answers 408": (status(408), 504),
    "answers 409": (status(409), 502),
    "answers 429": (status(429, retry_after=7), 429),
    "answers 500": (status(500), 502),
    "answers 503": (status(503), 502),
    "answers 529": (status(529), 502),
}
STREAM_FAULTS: dict[str, tuple[Reply, int]] = {
    "resets before the first frame": (stream([], end=reset), 502),
    "closes before the first frame": (stream([], end=fin), 502),
    "ends before the first frame": (stream([]), 502),
    "hangs before the first frame": (stream([], end=hang), 504),
    "breaks in the first frame": (stream([b"data: {"], end=fin), 502),
    "begins with an error": (stream([frame({"error": {"message": "overloaded"}})]), 502),
    "begins with a comment and an error": (stream([b": wait\n\n", frame({"error": {"message": "overloaded"}})]), 502),
    "streams in gzip": (
        answer(b"\x1f\x8b\n\n" * 9, content_encoding="gzip", content_type="text/event-stream"),
        502,
    ),
}
