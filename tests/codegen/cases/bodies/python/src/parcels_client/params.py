"""What each method takes by name; whatever is left out is not sent. Generated; do not edit."""

from typing import NotRequired

from ._runtime.operations import CallOptions, File


class PostBytesParams(CallOptions):
    """What `post_bytes` takes."""

    body: bytes


class PostFormParams(CallOptions):
    """What `post_form` takes."""

    to: str
    tags: NotRequired[list[str]]


class PostListParams(CallOptions):
    """What `post_list` takes."""

    body: list[int]


class PostTextParams(CallOptions):
    """What `post_text` takes."""

    body: str


class PostUploadParams(CallOptions):
    """What `post_upload` takes."""

    file: File
    more: NotRequired[list[File]]
    title: NotRequired[str]


class PutJsonParams(CallOptions):
    """What `put_json` takes."""

    name: NotRequired[str]
    note: NotRequired[str | None]
