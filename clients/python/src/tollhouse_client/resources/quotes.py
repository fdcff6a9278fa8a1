"""What a call would cost. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.transport import Transport


class Quotes:
    """What a call would cost."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> QuotesWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return QuotesWithRawResponse(self._transport)

    def create_quote(self, **given: Unpack[params.CreateQuoteParams]) -> types.Quote:
        """Price a call without making it. Takes the body of a chat completion, a completion, an embedding, a
        moderation, a message or a response exactly as it would be sent, and answers what the call would hold now, at
        which prices, and whether it would be let through. Nobody is called and nothing is taken: no money, no rate, no
        row in the ledger. A call that is sent right after it holds the same amount, or is refused with the same
        figures.
        """
        return self._transport.call(_operations.CREATE_QUOTE, given)


class QuotesWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_quote(self, **given: Unpack[params.CreateQuoteParams]) -> RawResponse[types.Quote]:
        """Price a call without making it. Takes the body of a chat completion, a completion, an embedding, a
        moderation, a message or a response exactly as it would be sent, and answers what the call would hold now, at
        which prices, and whether it would be let through. Nobody is called and nothing is taken: no money, no rate, no
        row in the ledger. A call that is sent right after it holds the same amount, or is refused with the same
        figures.
        """
        return self._transport.call_raw(_operations.CREATE_QUOTE, given)


class AsyncQuotes:
    """What a call would cost."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncQuotesWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncQuotesWithRawResponse(self._transport)

    async def create_quote(self, **given: Unpack[params.CreateQuoteParams]) -> types.Quote:
        """Price a call without making it. Takes the body of a chat completion, a completion, an embedding, a
        moderation, a message or a response exactly as it would be sent, and answers what the call would hold now, at
        which prices, and whether it would be let through. Nobody is called and nothing is taken: no money, no rate, no
        row in the ledger. A call that is sent right after it holds the same amount, or is refused with the same
        figures.
        """
        return await self._transport.call(_operations.CREATE_QUOTE, given)


class AsyncQuotesWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_quote(self, **given: Unpack[params.CreateQuoteParams]) -> RawResponse[types.Quote]:
        """Price a call without making it. Takes the body of a chat completion, a completion, an embedding, a
        moderation, a message or a response exactly as it would be sent, and answers what the call would hold now, at
        which prices, and whether it would be let through. Nobody is called and nothing is taken: no money, no rate, no
        row in the ledger. A call that is sent right after it holds the same amount, or is refused with the same
        figures.
        """
        return await self._transport.call_raw(_operations.CREATE_QUOTE, given)
