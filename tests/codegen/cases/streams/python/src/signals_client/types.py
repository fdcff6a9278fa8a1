"""What goes over the wire: plain dicts, typed. Generated; do not edit."""

from typing import NotRequired, TypedDict


class TalkRequest(TypedDict):
    text: str
    stream: NotRequired[bool]


class TalkResponse(TypedDict):
    answer: NotRequired[str]


class Word(TypedDict):
    word: str
