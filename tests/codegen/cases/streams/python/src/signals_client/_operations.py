"""The operations, as the transport knows them. Generated; do not edit."""

from __future__ import annotations

from . import types
from ._runtime.operations import Argument, Operation

TALK: Operation[types.TalkResponse, types.Word] = Operation(
    name="talk",
    method="POST",
    path="/talk",
    arguments=(
        Argument("text", "body", "text", required=True),
        Argument("stream", "body", "stream"),
    ),
    body="application/json",
    body_required=True,
    switch="stream",
    end="[DONE]",
)

WATCH: Operation[None, types.Word] = Operation(
    name="watch",
    method="GET",
    path="/watch/{mast}",
    arguments=(Argument("mast", "path", "mast", required=True),),
)
