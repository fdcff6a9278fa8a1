"""WeatherResource. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class WeatherResource:
    """WeatherResource."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> WeatherResourceWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return WeatherResourceWithRawResponse(self._transport)

    def get_weather(self, **given: Unpack[CallOptions]) -> str:
        """get_weather."""
        return self._transport.call(_operations.GET_WEATHER, given)


class WeatherResourceWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_weather(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """get_weather."""
        return self._transport.call_raw(_operations.GET_WEATHER, given)


class AsyncWeatherResource:
    """WeatherResource."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncWeatherResourceWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncWeatherResourceWithRawResponse(self._transport)

    async def get_weather(self, **given: Unpack[CallOptions]) -> str:
        """get_weather."""
        return await self._transport.call(_operations.GET_WEATHER, given)


class AsyncWeatherResourceWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_weather(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """get_weather."""
        return await self._transport.call_raw(_operations.GET_WEATHER, given)
