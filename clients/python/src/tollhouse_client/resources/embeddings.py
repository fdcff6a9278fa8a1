"""Vectors of texts. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.transport import Transport


class Embeddings:
    """Vectors of texts."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> EmbeddingsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return EmbeddingsWithRawResponse(self._transport)

    def create_embedding(self, **given: Unpack[params.CreateEmbeddingParams]) -> types.EmbeddingList:
        """Create embeddings. Turns texts, or texts that are already tokens, into vectors. With `encoding_format:
        base64` a vector is the base64 of its little-endian float32 values, even where the upstream answers with
        numbers.
        """
        return self._transport.call(_operations.CREATE_EMBEDDING, given)


class EmbeddingsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_embedding(self, **given: Unpack[params.CreateEmbeddingParams]) -> RawResponse[types.EmbeddingList]:
        """Create embeddings. Turns texts, or texts that are already tokens, into vectors. With `encoding_format:
        base64` a vector is the base64 of its little-endian float32 values, even where the upstream answers with
        numbers.
        """
        return self._transport.call_raw(_operations.CREATE_EMBEDDING, given)


class AsyncEmbeddings:
    """Vectors of texts."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncEmbeddingsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncEmbeddingsWithRawResponse(self._transport)

    async def create_embedding(self, **given: Unpack[params.CreateEmbeddingParams]) -> types.EmbeddingList:
        """Create embeddings. Turns texts, or texts that are already tokens, into vectors. With `encoding_format:
        base64` a vector is the base64 of its little-endian float32 values, even where the upstream answers with
        numbers.
        """
        return await self._transport.call(_operations.CREATE_EMBEDDING, given)


class AsyncEmbeddingsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_embedding(self, **given: Unpack[params.CreateEmbeddingParams]) -> RawResponse[types.EmbeddingList]:
        """Create embeddings. Turns texts, or texts that are already tokens, into vectors. With `encoding_format:
        base64` a vector is the base64 of its little-endian float32 values, even where the upstream answers with
        numbers.
        """
        return await self._transport.call_raw(_operations.CREATE_EMBEDDING, given)
