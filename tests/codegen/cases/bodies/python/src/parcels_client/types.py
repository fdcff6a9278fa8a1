"""What goes over the wire: plain dicts, typed. Generated; do not edit."""

from typing import NotRequired, TypedDict


class PostFormRequest(TypedDict):
    to: str
    tags: NotRequired[list[str]]


class PostFormResponse(TypedDict):
    id: NotRequired[str]


class PostUploadRequest(TypedDict):
    file: bytes
    more: NotRequired[list[bytes]]
    title: NotRequired[str]


class PutJsonRequest(TypedDict):
    name: str
    note: NotRequired[str | None]
