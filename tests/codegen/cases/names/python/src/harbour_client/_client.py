"""The client, sync and async. Generated; do not edit."""

from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Self

import httpx

from ._runtime.async_transport import AsyncTransport
from ._runtime.configuration import configured
from ._runtime.operations import Scheme
from ._runtime.transport import Transport
from .resources.default import AsyncDefault, Default
from .resources.tall_ships import AsyncTallShips, TallShips

_SCHEMES: Mapping[str, Scheme] = MappingProxyType({})
_USER_AGENT = "harbour-client/2.1.0 python"


class Harbour:
    """The client of Harbour API.

    An option that is left out is taken from its environment variable: HARBOUR_BASE_URL.
    `timeout` is in seconds, for each wait on the network (600, and 5 to connect, without it); an `http_client` that is given keeps its
    own and stays open when this client closes.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = 2,
        default_headers: Mapping[str, str] | None = None,
        http_client: httpx.Client | None = None,
    ) -> None:
        settings = configured(
            environment="HARBOUR",
            user_agent=_USER_AGENT,
            default_base_url="https://harbour.example/api/v2",
            schemes=_SCHEMES,
            credentials={},
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
        )
        self._transport = Transport(settings, http_client)
        self.default = Default(self._transport)
        self.tall_ships = TallShips(self._transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, unless the HTTP client was given."""
        self._transport.close()


class AsyncHarbour:
    """The client of Harbour API.

    An option that is left out is taken from its environment variable: HARBOUR_BASE_URL.
    `timeout` is in seconds, for each wait on the network (600, and 5 to connect, without it); an `http_client` that is given keeps its
    own and stays open when this client closes.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = 2,
        default_headers: Mapping[str, str] | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        settings = configured(
            environment="HARBOUR",
            user_agent=_USER_AGENT,
            default_base_url="https://harbour.example/api/v2",
            schemes=_SCHEMES,
            credentials={},
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
        )
        self._transport = AsyncTransport(settings, http_client)
        self.default = AsyncDefault(self._transport)
        self.tall_ships = AsyncTallShips(self._transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, unless the HTTP client was given."""
        await self._transport.aclose()
