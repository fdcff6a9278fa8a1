"""The operations, as the transport knows them. Generated; do not edit."""

from __future__ import annotations

from typing import Never

from ._runtime.operations import Operation

BY_BASIC: Operation[str, Never] = Operation(
    name="by_basic",
    method="GET",
    path="/basic",
    security=("basic",),
)

BY_BEARER: Operation[str, Never] = Operation(
    name="by_bearer",
    method="GET",
    path="/bearer",
    security=("bearer",),
)

BY_COOKIE: Operation[str, Never] = Operation(
    name="by_cookie",
    method="GET",
    path="/cookie",
    security=("inCookie",),
)

BY_EITHER: Operation[str, Never] = Operation(
    name="by_either",
    method="GET",
    path="/either",
    security=("unused", "bearer"),
)

BY_HEADER: Operation[str, Never] = Operation(
    name="by_header",
    method="GET",
    path="/header",
    security=("inHeader", "bearer"),
)

BY_OAUTH: Operation[str, Never] = Operation(
    name="by_oauth",
    method="GET",
    path="/oauth",
    security=("oauth",),
)

BY_QUERY: Operation[str, Never] = Operation(
    name="by_query",
    method="GET",
    path="/query",
    security=("inQuery",),
)

OPEN_TO_ALL: Operation[str, Never] = Operation(
    name="open_to_all",
    method="GET",
    path="/open",
)
