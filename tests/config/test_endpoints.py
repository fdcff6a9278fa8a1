"""Which endpoints a list of patterns stands for."""

import pytest

from tollhouse.config.endpoints import covers


@pytest.mark.parametrize(
    ("pattern", "endpoint"),
    [
        ("chat/completions", "chat/completions"),
        ("responses/*", "responses/resp_1"),
        ("responses/*", "responses/resp_1/cancel"),
        ("responses/*/cancel", "responses/resp_1/cancel"),
        ("*", "anything/at/all"),
        ("a.b", "a.b"),
    ],
)
def test_a_pattern_stands_for(pattern: str, endpoint: str) -> None:
    assert covers(["nothing", pattern], endpoint)


@pytest.mark.parametrize(
    ("pattern", "endpoint"),
    [
        ("chat/completions", "chat/completions/x"),
        ("chat/completions", "chat"),
        ("chat/completions", "Chat/completions"),
        ("responses/*", "responses"),
        ("responses/*", "responses/"),
        ("responses/*/cancel", "responses/a/b/cancel"),
        ("responses/*/cancel", "responses/cancel"),
        ("a.b", "axb"),
        ("a", "a\n"),
    ],
)
def test_a_pattern_does_not_stand_for(pattern: str, endpoint: str) -> None:
    assert not covers([pattern], endpoint)


def test_no_pattern_stands_for_nothing() -> None:
    assert not covers([], "models")
