"""Health, liveness, readiness and service information. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class System:
    """Health, liveness, readiness and service information."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> SystemWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return SystemWithRawResponse(self._transport)

    def get_health(self, **given: Unpack[CallOptions]) -> types.Health | str:
        """Check the health of the service. JSON on most listeners, the text `OK` on a mount with `health: text`. It
        says that the process answers; whether it takes traffic is `/readyz`.
        """
        return self._transport.call(_operations.GET_HEALTH, given)

    def get_livez(self, **given: Unpack[CallOptions]) -> types.Liveness:
        """Check that the process is alive. For a supervisor. A failure means that the process should be restarted; no
        dependency is asked.
        """
        return self._transport.call(_operations.GET_LIVEZ, given)

    def get_readyz(self, **given: Unpack[CallOptions]) -> types.Readiness:
        """Check that the service takes traffic. For a load balancer. A 503 means that requests should go elsewhere for
        now: the store cannot be reached, or the process is shutting down and only finishes what it has begun.
        """
        return self._transport.call(_operations.GET_READYZ, given)

    def get_root(self, **given: Unpack[CallOptions]) -> types.ServiceInformation:
        """Describe the service. The service's name, its version, and the main endpoints of this listener as `METHOD
        /path`. Each base path has all of its own in `openapi.json`; sent with an API key, that has what the key may
        call and nothing else, and the models it may use by name.
        """
        return self._transport.call(_operations.GET_ROOT, given)


class SystemWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get_health(self, **given: Unpack[CallOptions]) -> RawResponse[types.Health | str]:
        """Check the health of the service. JSON on most listeners, the text `OK` on a mount with `health: text`. It
        says that the process answers; whether it takes traffic is `/readyz`.
        """
        return self._transport.call_raw(_operations.GET_HEALTH, given)

    def get_livez(self, **given: Unpack[CallOptions]) -> RawResponse[types.Liveness]:
        """Check that the process is alive. For a supervisor. A failure means that the process should be restarted; no
        dependency is asked.
        """
        return self._transport.call_raw(_operations.GET_LIVEZ, given)

    def get_readyz(self, **given: Unpack[CallOptions]) -> RawResponse[types.Readiness]:
        """Check that the service takes traffic. For a load balancer. A 503 means that requests should go elsewhere for
        now: the store cannot be reached, or the process is shutting down and only finishes what it has begun.
        """
        return self._transport.call_raw(_operations.GET_READYZ, given)

    def get_root(self, **given: Unpack[CallOptions]) -> RawResponse[types.ServiceInformation]:
        """Describe the service. The service's name, its version, and the main endpoints of this listener as `METHOD
        /path`. Each base path has all of its own in `openapi.json`; sent with an API key, that has what the key may
        call and nothing else, and the models it may use by name.
        """
        return self._transport.call_raw(_operations.GET_ROOT, given)


class AsyncSystem:
    """Health, liveness, readiness and service information."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncSystemWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncSystemWithRawResponse(self._transport)

    async def get_health(self, **given: Unpack[CallOptions]) -> types.Health | str:
        """Check the health of the service. JSON on most listeners, the text `OK` on a mount with `health: text`. It
        says that the process answers; whether it takes traffic is `/readyz`.
        """
        return await self._transport.call(_operations.GET_HEALTH, given)

    async def get_livez(self, **given: Unpack[CallOptions]) -> types.Liveness:
        """Check that the process is alive. For a supervisor. A failure means that the process should be restarted; no
        dependency is asked.
        """
        return await self._transport.call(_operations.GET_LIVEZ, given)

    async def get_readyz(self, **given: Unpack[CallOptions]) -> types.Readiness:
        """Check that the service takes traffic. For a load balancer. A 503 means that requests should go elsewhere for
        now: the store cannot be reached, or the process is shutting down and only finishes what it has begun.
        """
        return await self._transport.call(_operations.GET_READYZ, given)

    async def get_root(self, **given: Unpack[CallOptions]) -> types.ServiceInformation:
        """Describe the service. The service's name, its version, and the main endpoints of this listener as `METHOD
        /path`. Each base path has all of its own in `openapi.json`; sent with an API key, that has what the key may
        call and nothing else, and the models it may use by name.
        """
        return await self._transport.call(_operations.GET_ROOT, given)


class AsyncSystemWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get_health(self, **given: Unpack[CallOptions]) -> RawResponse[types.Health | str]:
        """Check the health of the service. JSON on most listeners, the text `OK` on a mount with `health: text`. It
        says that the process answers; whether it takes traffic is `/readyz`.
        """
        return await self._transport.call_raw(_operations.GET_HEALTH, given)

    async def get_livez(self, **given: Unpack[CallOptions]) -> RawResponse[types.Liveness]:
        """Check that the process is alive. For a supervisor. A failure means that the process should be restarted; no
        dependency is asked.
        """
        return await self._transport.call_raw(_operations.GET_LIVEZ, given)

    async def get_readyz(self, **given: Unpack[CallOptions]) -> RawResponse[types.Readiness]:
        """Check that the service takes traffic. For a load balancer. A 503 means that requests should go elsewhere for
        now: the store cannot be reached, or the process is shutting down and only finishes what it has begun.
        """
        return await self._transport.call_raw(_operations.GET_READYZ, given)

    async def get_root(self, **given: Unpack[CallOptions]) -> RawResponse[types.ServiceInformation]:
        """Describe the service. The service's name, its version, and the main endpoints of this listener as `METHOD
        /path`. Each base path has all of its own in `openapi.json`; sent with an API key, that has what the key may
        call and nothing else, and the models it may use by name.
        """
        return await self._transport.call_raw(_operations.GET_ROOT, given)
