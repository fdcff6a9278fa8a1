"""The operations, as the transport knows them. Generated; do not edit."""

from __future__ import annotations

from typing import Any, Never

from . import types
from ._runtime.operations import Argument, Operation

POST_BYTES: Operation[bytes | dict[str, str], Never] = Operation(
    name="post_bytes",
    method="POST",
    path="/bytes",
    arguments=(Argument("body", "content", "", required=True),),
    body="application/octet-stream",
    body_required=True,
)

POST_FORM: Operation[types.PostFormResponse, Never] = Operation(
    name="post_form",
    method="POST",
    path="/form",
    arguments=(
        Argument("to", "body", "to", required=True),
        Argument("tags", "body", "tags"),
    ),
    body="application/x-www-form-urlencoded",
    body_required=True,
)

POST_LIST: Operation[int, Never] = Operation(
    name="post_list",
    method="POST",
    path="/list",
    arguments=(Argument("body", "content", "", required=True),),
    body="application/json",
    body_required=True,
)

POST_TEXT: Operation[str, Never] = Operation(
    name="post_text",
    method="POST",
    path="/text",
    arguments=(Argument("body", "content", "", required=True),),
    body="text/plain",
    body_required=True,
)

POST_UPLOAD: Operation[Any, Never] = Operation(
    name="post_upload",
    method="POST",
    path="/upload",
    arguments=(
        Argument("file", "body", "file", required=True),
        Argument("more", "body", "more"),
        Argument("title", "body", "title"),
    ),
    body="multipart/form-data",
    body_required=True,
)

PUT_JSON: Operation[None, Never] = Operation(
    name="put_json",
    method="PUT",
    path="/json",
    arguments=(
        Argument("name", "body", "name"),
        Argument("note", "body", "note"),
    ),
    body="application/json",
)
