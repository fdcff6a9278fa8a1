"""The operations, as the transport knows them. Generated; do not edit."""

from __future__ import annotations

from typing import Never

from ._runtime.operations import Operation

GET_WEATHER: Operation[str, Never] = Operation(
    name="get_weather",
    method="GET",
    path="/weather",
)
