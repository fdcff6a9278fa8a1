"""The client, sync and async. Generated; do not edit."""

from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Self

import httpx

from ._runtime.async_transport import AsyncTransport
from ._runtime.configuration import configured
from ._runtime.operations import Scheme
from ._runtime.transport import Transport
from .resources.accounts import Accounts, AsyncAccounts
from .resources.api_keys import ApiKeys, AsyncApiKeys
from .resources.auth import AsyncAuth, Auth
from .resources.catalogue import AsyncCatalogue, Catalogue
from .resources.chat import AsyncChat, Chat
from .resources.completions import AsyncCompletions, Completions
from .resources.embeddings import AsyncEmbeddings, Embeddings
from .resources.keys import AsyncKeys, Keys
from .resources.ledger import AsyncLedger, Ledger
from .resources.log import AsyncLog, Log
from .resources.messages import AsyncMessages, Messages
from .resources.metrics import AsyncMetrics, Metrics
from .resources.models import AsyncModels, Models
from .resources.moderations import AsyncModerations, Moderations
from .resources.providers import AsyncProviders, Providers
from .resources.quotes import AsyncQuotes, Quotes
from .resources.responses import AsyncResponses, Responses
from .resources.routes import AsyncRoutes, Routes
from .resources.stats import AsyncStats, Stats
from .resources.system import AsyncSystem, System
from .resources.usage import AsyncUsage, Usage
from .resources.user import AsyncUser, User

_SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {
        "adminToken": Scheme("bearer", "Authorization", "admin_token"),
        "apiKey": Scheme("header", "api-key", "api_key"),
        "bearer": Scheme("bearer", "Authorization", "api_key"),
        "session": Scheme("bearer", "Authorization", "session_token"),
        "xApiKey": Scheme("header", "x-api-key", "api_key"),
    }
)
_USER_AGENT = "tollhouse-client/1.0.0 python"


class Tollhouse:
    """The client of the Tollhouse LLM gateway.

    An option that is left out is taken from its environment variable: TOLLHOUSE_BASE_URL, TOLLHOUSE_ADMIN_TOKEN, TOLLHOUSE_API_KEY, TOLLHOUSE_SESSION_TOKEN.
    `timeout` is in seconds, for each wait on the network (600, and 5 to connect, without it); an `http_client` that is given keeps its
    own and stays open when this client closes.
    """

    def __init__(
        self,
        *,
        admin_token: str | None = None,
        api_key: str | None = None,
        session_token: str | None = None,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = 2,
        default_headers: Mapping[str, str] | None = None,
        http_client: httpx.Client | None = None,
    ) -> None:
        settings = configured(
            environment="TOLLHOUSE",
            user_agent=_USER_AGENT,
            default_base_url="http://127.0.0.1:8000",
            schemes=_SCHEMES,
            credentials={
                "admin_token": admin_token,
                "api_key": api_key,
                "session_token": session_token,
            },
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
        )
        self._transport = Transport(settings, http_client)
        self.accounts = Accounts(self._transport)
        self.api_keys = ApiKeys(self._transport)
        self.auth = Auth(self._transport)
        self.catalogue = Catalogue(self._transport)
        self.chat = Chat(self._transport)
        self.completions = Completions(self._transport)
        self.embeddings = Embeddings(self._transport)
        self.keys = Keys(self._transport)
        self.ledger = Ledger(self._transport)
        self.log = Log(self._transport)
        self.messages = Messages(self._transport)
        self.metrics = Metrics(self._transport)
        self.models = Models(self._transport)
        self.moderations = Moderations(self._transport)
        self.providers = Providers(self._transport)
        self.quotes = Quotes(self._transport)
        self.responses = Responses(self._transport)
        self.routes = Routes(self._transport)
        self.stats = Stats(self._transport)
        self.system = System(self._transport)
        self.usage = Usage(self._transport)
        self.user = User(self._transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, unless the HTTP client was given."""
        self._transport.close()


class AsyncTollhouse:
    """The client of the Tollhouse LLM gateway.

    An option that is left out is taken from its environment variable: TOLLHOUSE_BASE_URL, TOLLHOUSE_ADMIN_TOKEN, TOLLHOUSE_API_KEY, TOLLHOUSE_SESSION_TOKEN.
    `timeout` is in seconds, for each wait on the network (600, and 5 to connect, without it); an `http_client` that is given keeps its
    own and stays open when this client closes.
    """

    def __init__(
        self,
        *,
        admin_token: str | None = None,
        api_key: str | None = None,
        session_token: str | None = None,
        base_url: str | None = None,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = 2,
        default_headers: Mapping[str, str] | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        settings = configured(
            environment="TOLLHOUSE",
            user_agent=_USER_AGENT,
            default_base_url="http://127.0.0.1:8000",
            schemes=_SCHEMES,
            credentials={
                "admin_token": admin_token,
                "api_key": api_key,
                "session_token": session_token,
            },
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
        )
        self._transport = AsyncTransport(settings, http_client)
        self.accounts = AsyncAccounts(self._transport)
        self.api_keys = AsyncApiKeys(self._transport)
        self.auth = AsyncAuth(self._transport)
        self.catalogue = AsyncCatalogue(self._transport)
        self.chat = AsyncChat(self._transport)
        self.completions = AsyncCompletions(self._transport)
        self.embeddings = AsyncEmbeddings(self._transport)
        self.keys = AsyncKeys(self._transport)
        self.ledger = AsyncLedger(self._transport)
        self.log = AsyncLog(self._transport)
        self.messages = AsyncMessages(self._transport)
        self.metrics = AsyncMetrics(self._transport)
        self.models = AsyncModels(self._transport)
        self.moderations = AsyncModerations(self._transport)
        self.providers = AsyncProviders(self._transport)
        self.quotes = AsyncQuotes(self._transport)
        self.responses = AsyncResponses(self._transport)
        self.routes = AsyncRoutes(self._transport)
        self.stats = AsyncStats(self._transport)
        self.system = AsyncSystem(self._transport)
        self.usage = AsyncUsage(self._transport)
        self.user = AsyncUser(self._transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, unless the HTTP client was given."""
        await self._transport.aclose()
