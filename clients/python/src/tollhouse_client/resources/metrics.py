"""What monitoring reads. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class Metrics:
    """What monitoring reads."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> MetricsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return MetricsWithRawResponse(self._transport)

    def get_metrics(self, **given: Unpack[CallOptions]) -> str:
        """Read the metrics. The gateway's counters and histograms in Prometheus' text format."""
        return self._transport.call(_operations.GET_METRICS, given)


class MetricsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_metrics(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """Read the metrics. The gateway's counters and histograms in Prometheus' text format."""
        return self._transport.call_raw(_operations.GET_METRICS, given)


class AsyncMetrics:
    """What monitoring reads."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncMetricsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncMetricsWithRawResponse(self._transport)

    async def get_metrics(self, **given: Unpack[CallOptions]) -> str:
        """Read the metrics. The gateway's counters and histograms in Prometheus' text format."""
        return await self._transport.call(_operations.GET_METRICS, given)


class AsyncMetricsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_metrics(self, **given: Unpack[CallOptions]) -> RawResponse[str]:
        """Read the metrics. The gateway's counters and histograms in Prometheus' text format."""
        return await self._transport.call_raw(_operations.GET_METRICS, given)
