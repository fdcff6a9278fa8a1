"""Which media type somebody wants, by RFC 9110."""

import pytest

from tollhouse.web.negotiation import preferred

HTML, JSON = "text/html", "application/json"


@pytest.mark.parametrize(
    "accept,wanted",
    [
        ("", HTML),
        ("*/*", HTML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),  # Chromium's
        ("application/json", JSON),
        ("Application/JSON; charset=utf-8", JSON),
        ("application/json, text/plain, */*", HTML),  # equal: the first on offer
        ("application/json, */*;q=0.5", JSON),
        ("text/html;q=0.4, application/json;q=0.5", JSON),
        ("text/*;q=0.1, application/*", JSON),
        ("text/html;q=0, */*", JSON),  # the more specific one counts, although it says less
        ("image/png", HTML),
        ("application/json;q=oops", HTML),
        (";;q=,,", HTML),
    ],
)
def test_the_best_liked_type_is_taken_and_else_the_first(accept: str, wanted: str) -> None:
    assert preferred(accept, (HTML, JSON)) == wanted
