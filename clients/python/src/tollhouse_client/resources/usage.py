"""What was used, and what it cost. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.transport import Transport


class Usage:
    """What was used, and what it cost."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> UsageWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return UsageWithRawResponse(self._transport)

    def get_all_usage(self, **given: Unpack[params.GetAllUsageParams]) -> types.UsageReport | str:
        """Get the usage of every account. What was used and charged, of all accounts or of one: the sums of the
        ledger's rows. A request counts in the hour in which it began, under the model that it named; refunded requests
        are left out.
        """
        return self._transport.call(_operations.GET_ALL_USAGE, given)

    def get_usage(self, **given: Unpack[params.GetUsageParams]) -> types.UsageReport | str:
        """Get the account's usage. What the account used and was charged: the sums of its ledger rows, your own last
        call included. A request counts in the hour in which it began, under the model that it named; refunded requests
        are left out.
        """
        return self._transport.call(_operations.GET_USAGE, given)


class UsageWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_all_usage(self, **given: Unpack[params.GetAllUsageParams]) -> RawResponse[types.UsageReport | str]:
        """Get the usage of every account. What was used and charged, of all accounts or of one: the sums of the
        ledger's rows. A request counts in the hour in which it began, under the model that it named; refunded requests
        are left out.
        """
        return self._transport.call_raw(_operations.GET_ALL_USAGE, given)

    def get_usage(self, **given: Unpack[params.GetUsageParams]) -> RawResponse[types.UsageReport | str]:
        """Get the account's usage. What the account used and was charged: the sums of its ledger rows, your own last
        call included. A request counts in the hour in which it began, under the model that it named; refunded requests
        are left out.
        """
        return self._transport.call_raw(_operations.GET_USAGE, given)


class AsyncUsage:
    """What was used, and what it cost."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncUsageWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncUsageWithRawResponse(self._transport)

    async def get_all_usage(self, **given: Unpack[params.GetAllUsageParams]) -> types.UsageReport | str:
        """Get the usage of every account. What was used and charged, of all accounts or of one: the sums of the
        ledger's rows. A request counts in the hour in which it began, under the model that it named; refunded requests
        are left out.
        """
        return await self._transport.call(_operations.GET_ALL_USAGE, given)

    async def get_usage(self, **given: Unpack[params.GetUsageParams]) -> types.UsageReport | str:
        """Get the account's usage. What the account used and was charged: the sums of its ledger rows, your own last
        call included. A request counts in the hour in which it began, under the model that it named; refunded requests
        are left out.
        """
        return await self._transport.call(_operations.GET_USAGE, given)


class AsyncUsageWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_all_usage(self, **given: Unpack[params.GetAllUsageParams]) -> RawResponse[types.UsageReport | str]:
        """Get the usage of every account. What was used and charged, of all accounts or of one: the sums of the
        ledger's rows. A request counts in the hour in which it began, under the model that it named; refunded requests
        are left out.
        """
        return await self._transport.call_raw(_operations.GET_ALL_USAGE, given)

    async def get_usage(self, **given: Unpack[params.GetUsageParams]) -> RawResponse[types.UsageReport | str]:
        """Get the account's usage. What the account used and was charged: the sums of its ledger rows, your own last
        call included. A request counts in the hour in which it began, under the model that it named; refunded requests
        are left out.
        """
        return await self._transport.call_raw(_operations.GET_USAGE, given)
