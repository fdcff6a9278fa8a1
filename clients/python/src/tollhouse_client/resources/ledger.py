"""What was paid for. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.pages import AsyncPage, Page
from .._runtime.transport import Transport


class Ledger:
    """What was paid for."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> LedgerWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return LedgerWithRawResponse(self._transport)

    def get_ledger_proof(self, **given: Unpack[CallOptions]) -> types.LedgerProof:
        """Read the books in a few numbers. The head of the hash chain, how many entries there are of each kind, and
        their sums, all of one moment. What is still on its way to the store is waited for. `tollhouse ledger audit`
        computes the same from the entries alone.
        """
        return self._transport.call(_operations.GET_LEDGER_PROOF, given)

    def get_ledger_reconciliation(
        self,
        **given: Unpack[params.GetLedgerReconciliationParams],
    ) -> Page[types.UnpaidRow, types.LedgerReconciliation]:
        """Reconcile the ledger. Requests that a provider may have answered, and may bill, and that nobody paid for, the
        newest first; and whether what the process has in memory is what its store says, compared as of one moment.
        """
        return self._transport.page(_operations.GET_LEDGER_RECONCILIATION, given)

    def list_ledger_rows(self, **given: Unpack[params.ListLedgerRowsParams]) -> Page[types.LedgerRow, types.LedgerPage]:
        """List the ledger. One row for each request that took a hold, the newest first. What is still on its way to the
        store is waited for.
        """
        return self._transport.page(_operations.LIST_LEDGER_ROWS, given)


class LedgerWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_ledger_proof(self, **given: Unpack[CallOptions]) -> RawResponse[types.LedgerProof]:
        """Read the books in a few numbers. The head of the hash chain, how many entries there are of each kind, and
        their sums, all of one moment. What is still on its way to the store is waited for. `tollhouse ledger audit`
        computes the same from the entries alone.
        """
        return self._transport.call_raw(_operations.GET_LEDGER_PROOF, given)

    def get_ledger_reconciliation(
        self,
        **given: Unpack[params.GetLedgerReconciliationParams],
    ) -> RawResponse[Page[types.UnpaidRow, types.LedgerReconciliation]]:
        """Reconcile the ledger. Requests that a provider may have answered, and may bill, and that nobody paid for, the
        newest first; and whether what the process has in memory is what its store says, compared as of one moment.
        """
        return self._transport.page_raw(_operations.GET_LEDGER_RECONCILIATION, given)

    def list_ledger_rows(
        self,
        **given: Unpack[params.ListLedgerRowsParams],
    ) -> RawResponse[Page[types.LedgerRow, types.LedgerPage]]:
        """List the ledger. One row for each request that took a hold, the newest first. What is still on its way to the
        store is waited for.
        """
        return self._transport.page_raw(_operations.LIST_LEDGER_ROWS, given)


class AsyncLedger:
    """What was paid for."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncLedgerWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncLedgerWithRawResponse(self._transport)

    async def get_ledger_proof(self, **given: Unpack[CallOptions]) -> types.LedgerProof:
        """Read the books in a few numbers. The head of the hash chain, how many entries there are of each kind, and
        their sums, all of one moment. What is still on its way to the store is waited for. `tollhouse ledger audit`
        computes the same from the entries alone.
        """
        return await self._transport.call(_operations.GET_LEDGER_PROOF, given)

    async def get_ledger_reconciliation(
        self,
        **given: Unpack[params.GetLedgerReconciliationParams],
    ) -> AsyncPage[types.UnpaidRow, types.LedgerReconciliation]:
        """Reconcile the ledger. Requests that a provider may have answered, and may bill, and that nobody paid for, the
        newest first; and whether what the process has in memory is what its store says, compared as of one moment.
        """
        return await self._transport.page(_operations.GET_LEDGER_RECONCILIATION, given)

    async def list_ledger_rows(
        self,
        **given: Unpack[params.ListLedgerRowsParams],
    ) -> AsyncPage[types.LedgerRow, types.LedgerPage]:
        """List the ledger. One row for each request that took a hold, the newest first. What is still on its way to the
        store is waited for.
        """
        return await self._transport.page(_operations.LIST_LEDGER_ROWS, given)


class AsyncLedgerWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_ledger_proof(self, **given: Unpack[CallOptions]) -> RawResponse[types.LedgerProof]:
        """Read the books in a few numbers. The head of the hash chain, how many entries there are of each kind, and
        their sums, all of one moment. What is still on its way to the store is waited for. `tollhouse ledger audit`
        computes the same from the entries alone.
        """
        return await self._transport.call_raw(_operations.GET_LEDGER_PROOF, given)

    async def get_ledger_reconciliation(
        self,
        **given: Unpack[params.GetLedgerReconciliationParams],
    ) -> RawResponse[AsyncPage[types.UnpaidRow, types.LedgerReconciliation]]:
        """Reconcile the ledger. Requests that a provider may have answered, and may bill, and that nobody paid for, the
        newest first; and whether what the process has in memory is what its store says, compared as of one moment.
        """
        return await self._transport.page_raw(_operations.GET_LEDGER_RECONCILIATION, given)

    async def list_ledger_rows(
        self,
        **given: Unpack[params.ListLedgerRowsParams],
    ) -> RawResponse[AsyncPage[types.LedgerRow, types.LedgerPage]]:
        """List the ledger. One row for each request that took a hold, the newest first. What is still on its way to the
        store is waited for.
        """
        return await self._transport.page_raw(_operations.LIST_LEDGER_ROWS, given)
