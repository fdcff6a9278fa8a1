"""Who may call an operation: compiled from its `security` and its mount, once per operation."""

import hmac
from typing import Any

from connexion.middleware.abstract import RoutedAPI, RoutedMiddleware
from connexion.operations import AbstractOperation
from starlette.types import ASGIApp

from tollhouse.accounts import Accounts
from tollhouse.config.snapshot import Mount
from tollhouse.contract.edge import STATE
from tollhouse.contract.responding import Receive, Scope, Send
from tollhouse.endpoints.context import Request
from tollhouse.errors import InvalidKey, RateLimited, TollhouseError
from tollhouse.generated.operations import OPERATIONS
from tollhouse.identity.api_keys import KeyRing
from tollhouse.identity.authors import COMMAND_LINE, fingerprint
from tollhouse.identity.principals import Principal

ADMIN_SCHEME = "adminToken"


class SecurityOperation:
    """Finds the caller of one operation and hands on."""

    def __init__(
        self, next_app: ASGIApp, operation: AbstractOperation, mount: Mount, accounts: Accounts, admin_token: str
    ) -> None:
        self.next_app = next_app
        self._operation = OPERATIONS[operation.operation_id]
        self._mount = mount
        self._accounts = accounts
        self._keys: KeyRing = accounts.keys
        self._admin_token = admin_token.encode()
        self._administrator = fingerprint(admin_token)
        schemes = self._operation.security
        self._open = not schemes or operation.operation_id in mount.public
        self._keyless = mount.auth == "optional" and bool(schemes)
        self._admin = ADMIN_SCHEME in schemes
        self._takes_keys = bool(schemes) and not self._admin
        if self._open and self._operation.billing != "none":
            raise TollhouseError(
                f"routes.yaml: {operation.operation_id} on {mount.at or '/'} cannot be `public`: somebody has to pay for it."
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request: Request = scope[STATE]
        request.mount = self._mount
        request.operation = self._operation
        if self._takes_keys:
            try:
                request.principal = await self._caller(request)
            except (InvalidKey, RateLimited):
                if not self._open:  # on an open operation a bad key is as good as none
                    raise
        elif self._admin:
            self._check_admin(request)
        await self.next_app(scope, receive, send)

    async def _caller(self, request: Request) -> Principal | None:
        presented = _presented(request)
        if presented:
            return self._keys.known(presented) or await self._keys.verify(presented, request.client)
        if self._open:
            return None
        if self._keyless:
            return self._accounts.anonymous(request.config, request.client)
        raise InvalidKey("Missing API key: send it as `Authorization: Bearer <key>`, `x-api-key` or `api-key`.")

    def _check_admin(self, request: Request) -> None:
        if not hmac.compare_digest(_presented(request), self._admin_token):
            raise InvalidKey("The admin API needs the admin token: send it as `Authorization: Bearer <token>`.")
        # No socket has this address: only a command that calls the operations in its own process.
        request.administrator = COMMAND_LINE if request.client == COMMAND_LINE else self._administrator


def _presented(request: Request) -> bytes:
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


class SecurityAPI(RoutedAPI[SecurityOperation]):  # type: ignore[misc]  # Connexion publishes no types
    def __init__(self, *arguments: Any, mount: Mount, accounts: Accounts, admin_token: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._mount = mount
        self._accounts = accounts
        self._admin_token = admin_token
        self.add_paths()

    def make_operation(self, operation: AbstractOperation) -> SecurityOperation:
        return SecurityOperation(self.next_app, operation, self._mount, self._accounts, self._admin_token)


class Security(RoutedMiddleware[SecurityAPI]):  # type: ignore[misc]  # Connexion publishes no types
    api_cls = SecurityAPI
