"""What can be called. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class Models:
    """What can be called."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> ModelsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return ModelsWithRawResponse(self._transport)

    def get_model(self, **given: Unpack[params.GetModelParams]) -> types.Model:
        """Get one model. One model that the API key may use."""
        return self._transport.call(_operations.GET_MODEL, given)

    def list_models(self, **given: Unpack[CallOptions]) -> types.ModelList:
        """List the models. Every model that the API key may use. Entries carry the fields of OpenAI's and of
        Anthropic's models at once, so that the clients of both can read them.
        """
        return self._transport.call(_operations.LIST_MODELS, given)


class ModelsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_model(self, **given: Unpack[params.GetModelParams]) -> RawResponse[types.Model]:
        """Get one model. One model that the API key may use."""
        return self._transport.call_raw(_operations.GET_MODEL, given)

    def list_models(self, **given: Unpack[CallOptions]) -> RawResponse[types.ModelList]:
        """List the models. Every model that the API key may use. Entries carry the fields of OpenAI's and of
        Anthropic's models at once, so that the clients of both can read them.
        """
        return self._transport.call_raw(_operations.LIST_MODELS, given)


class AsyncModels:
    """What can be called."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncModelsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncModelsWithRawResponse(self._transport)

    async def get_model(self, **given: Unpack[params.GetModelParams]) -> types.Model:
        """Get one model. One model that the API key may use."""
        return await self._transport.call(_operations.GET_MODEL, given)

    async def list_models(self, **given: Unpack[CallOptions]) -> types.ModelList:
        """List the models. Every model that the API key may use. Entries carry the fields of OpenAI's and of
        Anthropic's models at once, so that the clients of both can read them.
        """
        return await self._transport.call(_operations.LIST_MODELS, given)


class AsyncModelsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_model(self, **given: Unpack[params.GetModelParams]) -> RawResponse[types.Model]:
        """Get one model. One model that the API key may use."""
        return await self._transport.call_raw(_operations.GET_MODEL, given)

    async def list_models(self, **given: Unpack[CallOptions]) -> RawResponse[types.ModelList]:
        """List the models. Every model that the API key may use. Entries carry the fields of OpenAI's and of
        Anthropic's models at once, so that the clients of both can read them.
        """
        return await self._transport.call_raw(_operations.LIST_MODELS, given)
