"""Serving the OpenAPI documents: whole to everybody, and to who sends an API key only what that key may do."""

import hmac
from collections.abc import Mapping

import orjson
from cachetools import LRUCache

from tollhouse.contract.narrowed import narrowed
from tollhouse.contract.responding import JSON
from tollhouse.contract.security import is_session, presented_credential
from tollhouse.endpoints.context import Request, Services
from tollhouse.identity.principals import Principal
from tollhouse.rates import Headers

NARROWED_MAX = 32  # documents for keys that are kept; each is some hundred kilobytes
HEADERS: Headers = [*JSON, (b"cache-control", b"private, no-cache"), (b"vary", b"authorization, x-api-key, api-key")]


class Publisher:
    """The documents of one listener and configuration, by path."""

    def __init__(self, documents: Mapping[str, bytes], services: Services, admin_token: str) -> None:
        self._documents = documents
        self._services = services
        self._admin_token = admin_token.encode()
        self._narrowed: LRUCache[tuple[str, tuple[str, ...]], bytes] = LRUCache(NARROWED_MAX)

    async def document(self, path: str, request: Request) -> bytes | None:
        """The document at a path for whoever asks; None where there is none. Raises InvalidKey for a key that is not good."""
        whole = self._documents.get(path)
        if whole is None:
            return None
        principal = await self._key_holder(request)
        if principal is None:
            return whole
        allowed = principal.models
        models = tuple(model for model in request.router.models if allowed is None or model in allowed)
        if (path, models) not in self._narrowed:
            self._narrowed[path, models] = orjson.dumps(narrowed(orjson.loads(whole), models))
        return self._narrowed[path, models]

    async def _key_holder(self, request: Request) -> Principal | None:
        """Who sent an API key. None for nobody, for an account holder and for an administrator, who need other documents, too."""
        presented = presented_credential(request)
        if not presented or hmac.compare_digest(presented, self._admin_token):
            return None
        if is_session(presented):
            self._services.sign_ins.caller(presented.decode("ascii", "replace"))
            return None
        keys = self._services.accounts.keys
        return keys.known(presented) or await keys.verify(presented, request.client)
