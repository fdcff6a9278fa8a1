"""How the account's programs identify themselves. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class ApiKeys:
    """How the account's programs identify themselves."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> ApiKeysWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return ApiKeysWithRawResponse(self._transport)

    def create_api_key(self, **given: Unpack[params.CreateApiKeyParams]) -> types.CreatedAccountApiKey:
        """Create an API key. A new API key of the account, shown this once. Limits are optional."""
        return self._transport.call(_operations.CREATE_API_KEY, given)

    def delete_api_key(self, **given: Unpack[params.DeleteApiKeyParams]) -> types.Success:
        """Deactivate an API key. The key is refused from now on. Again changes nothing."""
        return self._transport.call(_operations.DELETE_API_KEY, given)

    def list_api_keys(self, **given: Unpack[CallOptions]) -> types.AccountApiKeyList:
        """List the API keys. Every API key of the account, without the keys themselves."""
        return self._transport.call(_operations.LIST_API_KEYS, given)


class ApiKeysWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_api_key(self, **given: Unpack[params.CreateApiKeyParams]) -> RawResponse[types.CreatedAccountApiKey]:
        """Create an API key. A new API key of the account, shown this once. Limits are optional."""
        return self._transport.call_raw(_operations.CREATE_API_KEY, given)

    def delete_api_key(self, **given: Unpack[params.DeleteApiKeyParams]) -> RawResponse[types.Success]:
        """Deactivate an API key. The key is refused from now on. Again changes nothing."""
        return self._transport.call_raw(_operations.DELETE_API_KEY, given)

    def list_api_keys(self, **given: Unpack[CallOptions]) -> RawResponse[types.AccountApiKeyList]:
        """List the API keys. Every API key of the account, without the keys themselves."""
        return self._transport.call_raw(_operations.LIST_API_KEYS, given)


class AsyncApiKeys:
    """How the account's programs identify themselves."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncApiKeysWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncApiKeysWithRawResponse(self._transport)

    async def create_api_key(self, **given: Unpack[params.CreateApiKeyParams]) -> types.CreatedAccountApiKey:
        """Create an API key. A new API key of the account, shown this once. Limits are optional."""
        return await self._transport.call(_operations.CREATE_API_KEY, given)

    async def delete_api_key(self, **given: Unpack[params.DeleteApiKeyParams]) -> types.Success:
        """Deactivate an API key. The key is refused from now on. Again changes nothing."""
        return await self._transport.call(_operations.DELETE_API_KEY, given)

    async def list_api_keys(self, **given: Unpack[CallOptions]) -> types.AccountApiKeyList:
        """List the API keys. Every API key of the account, without the keys themselves."""
        return await self._transport.call(_operations.LIST_API_KEYS, given)


class AsyncApiKeysWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_api_key(
        self,
        **given: Unpack[params.CreateApiKeyParams],
    ) -> RawResponse[types.CreatedAccountApiKey]:
        """Create an API key. A new API key of the account, shown this once. Limits are optional."""
        return await self._transport.call_raw(_operations.CREATE_API_KEY, given)

    async def delete_api_key(self, **given: Unpack[params.DeleteApiKeyParams]) -> RawResponse[types.Success]:
        """Deactivate an API key. The key is refused from now on. Again changes nothing."""
        return await self._transport.call_raw(_operations.DELETE_API_KEY, given)

    async def list_api_keys(self, **given: Unpack[CallOptions]) -> RawResponse[types.AccountApiKeyList]:
        """List the API keys. Every API key of the account, without the keys themselves."""
        return await self._transport.call_raw(_operations.LIST_API_KEYS, given)
