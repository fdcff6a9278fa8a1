"""Who answers, with which keys, and who is paused. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class Providers:
    """Who answers, with which keys, and who is paused."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> ProvidersWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return ProvidersWithRawResponse(self._transport)

    def add_upstream_key(self, **given: Unpack[params.AddUpstreamKeyParams]) -> types.UpstreamKey:
        """Add a key of a provider. Keeps a key encrypted in the store and uses it from now on, beside those that
        providers.yaml names. Nothing ever shows it again.
        """
        return self._transport.call(_operations.ADD_UPSTREAM_KEY, given)

    def get_provider(self, **given: Unpack[params.GetProviderParams]) -> types.Provider:
        """Get a provider. One provider with its keys, which are not shown themselves."""
        return self._transport.call(_operations.GET_PROVIDER, given)

    def list_providers(self, **given: Unpack[CallOptions]) -> types.ProviderList:
        """List the providers. Every provider of the configuration with its keys and whether it is paused. The keys
        themselves are not shown.
        """
        return self._transport.call(_operations.LIST_PROVIDERS, given)

    def pause_provider(self, **given: Unpack[params.PauseProviderParams]) -> types.Provider:
        """Pause a provider. Sends no call to the provider from now on, also after a restart, until somebody resumes it;
        calls that run finish. What no other provider serves is refused with 429. Pausing again changes the reason.
        """
        return self._transport.call(_operations.PAUSE_PROVIDER, given)

    def resume_provider(self, **given: Unpack[params.ResumeProviderParams]) -> types.Provider:
        """Resume a provider. Sends calls to a paused provider again. Resuming one that is not paused changes
        nothing.
        """
        return self._transport.call(_operations.RESUME_PROVIDER, given)

    def revoke_upstream_key(self, **given: Unpack[params.RevokeUpstreamKeyParams]) -> types.UpstreamKey:
        """Revoke a key of a provider. Uses the stored key for no call any more and forgets it. Calls that have been
        sent with it already finish. Revoking again changes nothing.
        """
        return self._transport.call(_operations.REVOKE_UPSTREAM_KEY, given)


class ProvidersWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def add_upstream_key(self, **given: Unpack[params.AddUpstreamKeyParams]) -> RawResponse[types.UpstreamKey]:
        """Add a key of a provider. Keeps a key encrypted in the store and uses it from now on, beside those that
        providers.yaml names. Nothing ever shows it again.
        """
        return self._transport.call_raw(_operations.ADD_UPSTREAM_KEY, given)

    def get_provider(self, **given: Unpack[params.GetProviderParams]) -> RawResponse[types.Provider]:
        """Get a provider. One provider with its keys, which are not shown themselves."""
        return self._transport.call_raw(_operations.GET_PROVIDER, given)

    def list_providers(self, **given: Unpack[CallOptions]) -> RawResponse[types.ProviderList]:
        """List the providers. Every provider of the configuration with its keys and whether it is paused. The keys
        themselves are not shown.
        """
        return self._transport.call_raw(_operations.LIST_PROVIDERS, given)

    def pause_provider(self, **given: Unpack[params.PauseProviderParams]) -> RawResponse[types.Provider]:
        """Pause a provider. Sends no call to the provider from now on, also after a restart, until somebody resumes it;
        calls that run finish. What no other provider serves is refused with 429. Pausing again changes the reason.
        """
        return self._transport.call_raw(_operations.PAUSE_PROVIDER, given)

    def resume_provider(self, **given: Unpack[params.ResumeProviderParams]) -> RawResponse[types.Provider]:
        """Resume a provider. Sends calls to a paused provider again. Resuming one that is not paused changes
        nothing.
        """
        return self._transport.call_raw(_operations.RESUME_PROVIDER, given)

    def revoke_upstream_key(self, **given: Unpack[params.RevokeUpstreamKeyParams]) -> RawResponse[types.UpstreamKey]:
        """Revoke a key of a provider. Uses the stored key for no call any more and forgets it. Calls that have been
        sent with it already finish. Revoking again changes nothing.
        """
        return self._transport.call_raw(_operations.REVOKE_UPSTREAM_KEY, given)


class AsyncProviders:
    """Who answers, with which keys, and who is paused."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncProvidersWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncProvidersWithRawResponse(self._transport)

    async def add_upstream_key(self, **given: Unpack[params.AddUpstreamKeyParams]) -> types.UpstreamKey:
        """Add a key of a provider. Keeps a key encrypted in the store and uses it from now on, beside those that
        providers.yaml names. Nothing ever shows it again.
        """
        return await self._transport.call(_operations.ADD_UPSTREAM_KEY, given)

    async def get_provider(self, **given: Unpack[params.GetProviderParams]) -> types.Provider:
        """Get a provider. One provider with its keys, which are not shown themselves."""
        return await self._transport.call(_operations.GET_PROVIDER, given)

    async def list_providers(self, **given: Unpack[CallOptions]) -> types.ProviderList:
        """List the providers. Every provider of the configuration with its keys and whether it is paused. The keys
        themselves are not shown.
        """
        return await self._transport.call(_operations.LIST_PROVIDERS, given)

    async def pause_provider(self, **given: Unpack[params.PauseProviderParams]) -> types.Provider:
        """Pause a provider. Sends no call to the provider from now on, also after a restart, until somebody resumes it;
        calls that run finish. What no other provider serves is refused with 429. Pausing again changes the reason.
        """
        return await self._transport.call(_operations.PAUSE_PROVIDER, given)

    async def resume_provider(self, **given: Unpack[params.ResumeProviderParams]) -> types.Provider:
        """Resume a provider. Sends calls to a paused provider again. Resuming one that is not paused changes
        nothing.
        """
        return await self._transport.call(_operations.RESUME_PROVIDER, given)

    async def revoke_upstream_key(self, **given: Unpack[params.RevokeUpstreamKeyParams]) -> types.UpstreamKey:
        """Revoke a key of a provider. Uses the stored key for no call any more and forgets it. Calls that have been
        sent with it already finish. Revoking again changes nothing.
        """
        return await self._transport.call(_operations.REVOKE_UPSTREAM_KEY, given)


class AsyncProvidersWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def add_upstream_key(self, **given: Unpack[params.AddUpstreamKeyParams]) -> RawResponse[types.UpstreamKey]:
        """Add a key of a provider. Keeps a key encrypted in the store and uses it from now on, beside those that
        providers.yaml names. Nothing ever shows it again.
        """
        return await self._transport.call_raw(_operations.ADD_UPSTREAM_KEY, given)

    async def get_provider(self, **given: Unpack[params.GetProviderParams]) -> RawResponse[types.Provider]:
        """Get a provider. One provider with its keys, which are not shown themselves."""
        return await self._transport.call_raw(_operations.GET_PROVIDER, given)

    async def list_providers(self, **given: Unpack[CallOptions]) -> RawResponse[types.ProviderList]:
        """List the providers. Every provider of the configuration with its keys and whether it is paused. The keys
        themselves are not shown.
        """
        return await self._transport.call_raw(_operations.LIST_PROVIDERS, given)

    async def pause_provider(self, **given: Unpack[params.PauseProviderParams]) -> RawResponse[types.Provider]:
        """Pause a provider. Sends no call to the provider from now on, also after a restart, until somebody resumes it;
        calls that run finish. What no other provider serves is refused with 429. Pausing again changes the reason.
        """
        return await self._transport.call_raw(_operations.PAUSE_PROVIDER, given)

    async def resume_provider(self, **given: Unpack[params.ResumeProviderParams]) -> RawResponse[types.Provider]:
        """Resume a provider. Sends calls to a paused provider again. Resuming one that is not paused changes
        nothing.
        """
        return await self._transport.call_raw(_operations.RESUME_PROVIDER, given)

    async def revoke_upstream_key(
        self,
        **given: Unpack[params.RevokeUpstreamKeyParams],
    ) -> RawResponse[types.UpstreamKey]:
        """Revoke a key of a provider. Uses the stored key for no call any more and forgets it. Calls that have been
        sent with it already finish. Revoking again changes nothing.
        """
        return await self._transport.call_raw(_operations.REVOKE_UPSTREAM_KEY, given)
