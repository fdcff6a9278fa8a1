"""How an account's programs identify themselves, and what each of them may use. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.transport import Transport


class Keys:
    """How an account's programs identify themselves, and what each of them may use."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> KeysWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return KeysWithRawResponse(self._transport)

    def create_key(self, **given: Unpack[params.CreateKeyParams]) -> types.CreatedApiKey:
        """Create an API key. A new API key for the account. The answer is the only place that ever shows the key
        itself.
        """
        return self._transport.call(_operations.CREATE_KEY, given)

    def get_key(self, **given: Unpack[params.GetKeyParams]) -> types.ApiKey:
        """Get an API key. One API key, with what it has used of its quota. The key itself is not shown."""
        return self._transport.call(_operations.GET_KEY, given)

    def list_keys(self, **given: Unpack[params.ListKeysParams]) -> types.ApiKeyList:
        """List an account's API keys. Every API key of the account, revoked ones too, the oldest first. The keys
        themselves are not shown.
        """
        return self._transport.call(_operations.LIST_KEYS, given)

    def revoke_key(self, **given: Unpack[params.RevokeKeyParams]) -> types.ApiKey:
        """Revoke an API key. The key stops working at once and for good. Revoking it again changes nothing."""
        return self._transport.call(_operations.REVOKE_KEY, given)

    def rotate_key(self, **given: Unpack[params.RotateKeyParams]) -> types.CreatedApiKey:
        """Rotate an API key. A new API key that may do what the old one may, until the same day; the old one works
        until the overlap is over. Both share one quota with all that was used of it, so rotating renews nothing. Each
        has its own rates. The answer is the only place that ever shows the new key itself.
        """
        return self._transport.call(_operations.ROTATE_KEY, given)

    def update_key(self, **given: Unpack[params.UpdateKeyParams]) -> types.ApiKey:
        """Change an API key. Changes what the key may do, from its next request on. Requests that run already are not
        touched. What the key has used of its quota stays counted. A revoked key cannot be changed.
        """
        return self._transport.call(_operations.UPDATE_KEY, given)


class KeysWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create_key(self, **given: Unpack[params.CreateKeyParams]) -> RawResponse[types.CreatedApiKey]:
        """Create an API key. A new API key for the account. The answer is the only place that ever shows the key
        itself.
        """
        return self._transport.call_raw(_operations.CREATE_KEY, given)

    def get_key(self, **given: Unpack[params.GetKeyParams]) -> RawResponse[types.ApiKey]:
        """Get an API key. One API key, with what it has used of its quota. The key itself is not shown."""
        return self._transport.call_raw(_operations.GET_KEY, given)

    def list_keys(self, **given: Unpack[params.ListKeysParams]) -> RawResponse[types.ApiKeyList]:
        """List an account's API keys. Every API key of the account, revoked ones too, the oldest first. The keys
        themselves are not shown.
        """
        return self._transport.call_raw(_operations.LIST_KEYS, given)

    def revoke_key(self, **given: Unpack[params.RevokeKeyParams]) -> RawResponse[types.ApiKey]:
        """Revoke an API key. The key stops working at once and for good. Revoking it again changes nothing."""
        return self._transport.call_raw(_operations.REVOKE_KEY, given)

    def rotate_key(self, **given: Unpack[params.RotateKeyParams]) -> RawResponse[types.CreatedApiKey]:
        """Rotate an API key. A new API key that may do what the old one may, until the same day; the old one works
        until the overlap is over. Both share one quota with all that was used of it, so rotating renews nothing. Each
        has its own rates. The answer is the only place that ever shows the new key itself.
        """
        return self._transport.call_raw(_operations.ROTATE_KEY, given)

    def update_key(self, **given: Unpack[params.UpdateKeyParams]) -> RawResponse[types.ApiKey]:
        """Change an API key. Changes what the key may do, from its next request on. Requests that run already are not
        touched. What the key has used of its quota stays counted. A revoked key cannot be changed.
        """
        return self._transport.call_raw(_operations.UPDATE_KEY, given)


class AsyncKeys:
    """How an account's programs identify themselves, and what each of them may use."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncKeysWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncKeysWithRawResponse(self._transport)

    async def create_key(self, **given: Unpack[params.CreateKeyParams]) -> types.CreatedApiKey:
        """Create an API key. A new API key for the account. The answer is the only place that ever shows the key
        itself.
        """
        return await self._transport.call(_operations.CREATE_KEY, given)

    async def get_key(self, **given: Unpack[params.GetKeyParams]) -> types.ApiKey:
        """Get an API key. One API key, with what it has used of its quota. The key itself is not shown."""
        return await self._transport.call(_operations.GET_KEY, given)

    async def list_keys(self, **given: Unpack[params.ListKeysParams]) -> types.ApiKeyList:
        """List an account's API keys. Every API key of the account, revoked ones too, the oldest first. The keys
        themselves are not shown.
        """
        return await self._transport.call(_operations.LIST_KEYS, given)

    async def revoke_key(self, **given: Unpack[params.RevokeKeyParams]) -> types.ApiKey:
        """Revoke an API key. The key stops working at once and for good. Revoking it again changes nothing."""
        return await self._transport.call(_operations.REVOKE_KEY, given)

    async def rotate_key(self, **given: Unpack[params.RotateKeyParams]) -> types.CreatedApiKey:
        """Rotate an API key. A new API key that may do what the old one may, until the same day; the old one works
        until the overlap is over. Both share one quota with all that was used of it, so rotating renews nothing. Each
        has its own rates. The answer is the only place that ever shows the new key itself.
        """
        return await self._transport.call(_operations.ROTATE_KEY, given)

    async def update_key(self, **given: Unpack[params.UpdateKeyParams]) -> types.ApiKey:
        """Change an API key. Changes what the key may do, from its next request on. Requests that run already are not
        touched. What the key has used of its quota stays counted. A revoked key cannot be changed.
        """
        return await self._transport.call(_operations.UPDATE_KEY, given)


class AsyncKeysWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create_key(self, **given: Unpack[params.CreateKeyParams]) -> RawResponse[types.CreatedApiKey]:
        """Create an API key. A new API key for the account. The answer is the only place that ever shows the key
        itself.
        """
        return await self._transport.call_raw(_operations.CREATE_KEY, given)

    async def get_key(self, **given: Unpack[params.GetKeyParams]) -> RawResponse[types.ApiKey]:
        """Get an API key. One API key, with what it has used of its quota. The key itself is not shown."""
        return await self._transport.call_raw(_operations.GET_KEY, given)

    async def list_keys(self, **given: Unpack[params.ListKeysParams]) -> RawResponse[types.ApiKeyList]:
        """List an account's API keys. Every API key of the account, revoked ones too, the oldest first. The keys
        themselves are not shown.
        """
        return await self._transport.call_raw(_operations.LIST_KEYS, given)

    async def revoke_key(self, **given: Unpack[params.RevokeKeyParams]) -> RawResponse[types.ApiKey]:
        """Revoke an API key. The key stops working at once and for good. Revoking it again changes nothing."""
        return await self._transport.call_raw(_operations.REVOKE_KEY, given)

    async def rotate_key(self, **given: Unpack[params.RotateKeyParams]) -> RawResponse[types.CreatedApiKey]:
        """Rotate an API key. A new API key that may do what the old one may, until the same day; the old one works
        until the overlap is over. Both share one quota with all that was used of it, so rotating renews nothing. Each
        has its own rates. The answer is the only place that ever shows the new key itself.
        """
        return await self._transport.call_raw(_operations.ROTATE_KEY, given)

    async def update_key(self, **given: Unpack[params.UpdateKeyParams]) -> RawResponse[types.ApiKey]:
        """Change an API key. Changes what the key may do, from its next request on. Requests that run already are not
        touched. What the key has used of its quota stays counted. A revoked key cannot be changed.
        """
        return await self._transport.call_raw(_operations.UPDATE_KEY, given)
