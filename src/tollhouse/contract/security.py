"""Who may call an operation: compiled from its `security` and its mount, once per operation."""

import hmac
from dataclasses import replace
from typing import Any

from connexion.middleware.abstract import RoutedAPI
from connexion.operations import AbstractOperation
from starlette.types import ASGIApp

from tollhouse.config.snapshot import Mount
from tollhouse.contract.edge import STATE
from tollhouse.contract.responding import Receive, Scope, Send
from tollhouse.contract.routing import Operations, nothing_at
from tollhouse.dialects import DIALECTS
from tollhouse.endpoints.context import Request, Services
from tollhouse.errors import InvalidKey, RateLimited, TollhouseError
from tollhouse.generated.operations import OPERATIONS
from tollhouse.identity.api_keys import KeyRing
from tollhouse.identity.authors import COMMAND_LINE, fingerprint
from tollhouse.identity.principals import Principal

ADMIN_SCHEME = "adminToken"
SESSION_SCHEME = "session"

_WANTS_SESSION = (
    "This needs a session, not an API key: sign in and send its token as `Authorization: Bearer <token>`. "
    "API keys are for calling models."
)


class SecurityOperation:
    """Finds the caller of one operation and hands on."""

    def __init__(
        self, next_app: ASGIApp, operation: AbstractOperation, mount: Mount, services: Services, admin_token: str
    ) -> None:
        self.next_app = next_app
        self._operation = OPERATIONS[operation.operation_id]
        self._mount = mount
        self._of_provider = (
            {dialect: replace(mount, errors=dialect) for dialect in DIALECTS} if mount.errors == "provider" else {}
        )
        self._accounts = services.accounts
        self._sign_ins = services.sign_ins
        self._keys: KeyRing = services.accounts.keys
        self._admin_token = admin_token.encode()
        self._administrator = fingerprint(admin_token)
        schemes = self._operation.security
        self._open = not schemes or operation.operation_id in mount.public
        self._keyless = mount.auth == "optional" and bool(schemes)
        self._admin = ADMIN_SCHEME in schemes
        self._takes_sessions = SESSION_SCHEME in schemes
        self._takes_keys = bool(schemes) and not self._admin and not self._takes_sessions
        if self._open and self._operation.billing != "none":
            raise TollhouseError(
                f"routes.yaml: {operation.operation_id} on {mount.at or '/'} cannot be `public`: somebody has to pay for it."
            )
        if self._open and self._takes_sessions:
            raise TollhouseError(
                f"routes.yaml: {operation.operation_id} on {mount.at or '/'} cannot be `public`: it is about who signed in."
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request: Request = scope[STATE]
        request.mount = self._mount
        passing = self._operation.document == "provider"
        provider = request.config.providers.get(scope["path_params"]["provider"]) if passing else None
        if provider is not None:
            request.mount = self._of_provider.get(provider.dialect, self._mount)
        request.operation = self._operation
        if self._takes_keys:
            try:
                request.principal = await self._caller(request)
            except (InvalidKey, RateLimited):
                if not self._open:  # on an open operation a bad key is as good as none
                    raise
        elif self._takes_sessions:
            request.principal = self._sign_ins.caller(_session_token(request))
        elif self._admin:
            self._check_admin(request)
        if passing and provider is None:  # a path like any other that nothing is written for, to those who may ask
            raise nothing_at(scope, self._mount)
        await self.next_app(scope, receive, send)

    async def _caller(self, request: Request) -> Principal | None:
        presented = presented_credential(request)
        if is_session(presented) and not self._open:
            raise InvalidKey("This is a session's token, which is good for the account only; send an API key here.")
        if presented:
            return self._keys.known(presented) or await self._keys.verify(presented, request.client)
        if self._open:
            return None
        if self._keyless:
            return self._accounts.anonymous(request.config, request.client)
        raise InvalidKey("Missing API key: send it as `Authorization: Bearer <key>`, `x-api-key` or `api-key`.")

    def _check_admin(self, request: Request) -> None:
        if not hmac.compare_digest(presented_credential(request), self._admin_token):
            raise InvalidKey("The admin API needs the admin token: send it as `Authorization: Bearer <token>`.")
        # No socket has this address: only a command that calls the operations in its own process.
        request.administrator = COMMAND_LINE if request.client == COMMAND_LINE else self._administrator


def presented_credential(request: Request) -> bytes:
    """The credential of a request: bearer token, x-api-key or api-key; empty where there is none.

    Raises InvalidKey where one was meant and is empty: an unset variable must not turn into a call without a key.
    """
    headers = request.headers
    authorization = headers.get(b"authorization")
    if authorization is not None:
        if authorization[:7].lower() not in (b"bearer ", b"bearer"):  # an empty key has lost its space on the way
            raise InvalidKey("The Authorization header must be `Bearer <key>`.")
        presented = authorization[7:].strip()
    else:
        given = [headers[name] for name in (b"x-api-key", b"api-key") if name in headers]
        if not given:
            return b""
        presented = given[0]
    if not presented:
        raise InvalidKey("The API key is empty; is the variable that should hold it set?")
    return presented


def _session_token(request: Request) -> str:
    """The token of a session; raises InvalidKey where there is none, and says why where it is something else."""
    headers = request.headers
    if b"authorization" not in headers and (b"x-api-key" in headers or b"api-key" in headers):
        raise InvalidKey(_WANTS_SESSION)
    presented = presented_credential(request)
    if not presented:
        raise InvalidKey("Missing session: sign in and send its token as `Authorization: Bearer <token>`.")
    if not is_session(presented):
        raise InvalidKey(_WANTS_SESSION)
    return presented.decode("ascii", "replace")


def is_session(presented: bytes) -> bool:
    """Whether this has the form of a session's token (three parts), which no API key has."""
    return presented.count(b".") == 2


class SecurityAPI(RoutedAPI[SecurityOperation]):  # type: ignore[misc]  # Connexion publishes no types
    def __init__(self, *arguments: Any, mount: Mount, services: Services, admin_token: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._mount = mount
        self._services = services
        self._admin_token = admin_token
        self.add_paths()

    def make_operation(self, operation: AbstractOperation) -> SecurityOperation:
        return SecurityOperation(self.next_app, operation, self._mount, self._services, self._admin_token)


class Security(Operations):
    api_cls = SecurityAPI
