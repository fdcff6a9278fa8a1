"""The client, sync and async. Generated; do not edit."""

from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Self

import httpx

from ._runtime.async_transport import AsyncTransport
from ._runtime.configuration import configured
from ._runtime.operations import Scheme
from ._runtime.transport import Transport
from .resources.locks import AsyncLocksResource, LocksResource

_SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {
        "basic": Scheme("basic", "Authorization", "basic"),
        "bearer": Scheme("bearer", "Authorization", "token"),
        "inCookie": Scheme("cookie", "lock", "in_cookie"),
        "inHeader": Scheme("header", "X-Lock", "in_header"),
        "inQuery": Scheme("query", "lock", "in_query"),
        "oauth": Scheme("bearer", "Authorization", "token"),
        "unused": Scheme("header", "X-Unused", "unused"),
    }
)
_USER_AGENT = "locks-client/1.0.0 python"


class Locks:
    """The client of Locks.

    An option that is left out is taken from its environment variable: LOCKS_BASE_URL, LOCKS_BASIC, LOCKS_IN_COOKIE, LOCKS_IN_HEADER, LOCKS_IN_QUERY, LOCKS_TOKEN, LOCKS_UNUSED.
    `timeout` is in seconds, for each wait on the network (600, and 5 to connect, without it); an `http_client` that is given keeps its
    own and stays open when this client closes.
    """

    def __init__(
        self,
        *,
        basic: str | None = None,
        in_cookie: str | None = None,
        in_header: str | None = None,
        in_query: str | None = None,
        token: str | None = None,
        unused: str | None = None,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = 2,
        default_headers: Mapping[str, str] | None = None,
        http_client: httpx.Client | None = None,
    ) -> None:
        settings = configured(
            environment="LOCKS",
            user_agent=_USER_AGENT,
            default_base_url="http://127.0.0.1:8000",
            schemes=_SCHEMES,
            credentials={
                "basic": basic,
                "in_cookie": in_cookie,
                "in_header": in_header,
                "in_query": in_query,
                "token": token,
                "unused": unused,
            },
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
        )
        self._transport = Transport(settings, http_client)
        self.locks = LocksResource(self._transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, unless the HTTP client was given."""
        self._transport.close()


class AsyncLocks:
    """The client of Locks.

    An option that is left out is taken from its environment variable: LOCKS_BASE_URL, LOCKS_BASIC, LOCKS_IN_COOKIE, LOCKS_IN_HEADER, LOCKS_IN_QUERY, LOCKS_TOKEN, LOCKS_UNUSED.
    `timeout` is in seconds, for each wait on the network (600, and 5 to connect, without it); an `http_client` that is given keeps its
    own and stays open when this client closes.
    """

    def __init__(
        self,
        *,
        basic: str | None = None,
        in_cookie: str | None = None,
        in_header: str | None = None,
        in_query: str | None = None,
        token: str | None = None,
        unused: str | None = None,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = 2,
        default_headers: Mapping[str, str] | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        settings = configured(
            environment="LOCKS",
            user_agent=_USER_AGENT,
            default_base_url="http://127.0.0.1:8000",
            schemes=_SCHEMES,
            credentials={
                "basic": basic,
                "in_cookie": in_cookie,
                "in_header": in_header,
                "in_query": in_query,
                "token": token,
                "unused": unused,
            },
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
        )
        self._transport = AsyncTransport(settings, http_client)
        self.locks = AsyncLocksResource(self._transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, unless the HTTP client was given."""
        await self._transport.aclose()
