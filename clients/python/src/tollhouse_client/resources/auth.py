"""Signing in and out. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class Auth:
    """Signing in and out."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AuthWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AuthWithRawResponse(self._transport)

    def connect_wallet(self, **given: Unpack[params.ConnectWalletParams]) -> types.SignedIn:
        """Sign in with a wallet. Takes the wallet's signature of its challenge and begins a session. The first time
        makes an account. A signature is good for one sign-in.
        """
        return self._transport.call(_operations.CONNECT_WALLET, given)

    def get_sign_in_challenge(self, **given: Unpack[params.GetSignInChallengeParams]) -> types.SignInChallenge:
        """Get what a wallet has to sign. The EIP-4361 message of this wallet for the next minutes. It follows from the
        address, the chain and the time, so asking again changes nothing.
        """
        return self._transport.call(_operations.GET_SIGN_IN_CHALLENGE, given)

    def log_out(self, **given: Unpack[CallOptions]) -> types.Success:
        """End this session. The token of this call is refused from now on."""
        return self._transport.call(_operations.LOG_OUT, given)

    def log_out_everywhere(self, **given: Unpack[CallOptions]) -> types.Success:
        """End every session of the account. Every token that the account got so far is refused from now on. API keys
        are not touched.
        """
        return self._transport.call(_operations.LOG_OUT_EVERYWHERE, given)

    def use_sign_in_link(self, **given: Unpack[params.UseSignInLinkParams]) -> types.SignedIn:
        """Sign in with a link. Takes the token of a sign-in link that an administrator made and begins a session. A
        link is good for one sign-in.
        """
        return self._transport.call(_operations.USE_SIGN_IN_LINK, given)


class AuthWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def connect_wallet(self, **given: Unpack[params.ConnectWalletParams]) -> RawResponse[types.SignedIn]:
        """Sign in with a wallet. Takes the wallet's signature of its challenge and begins a session. The first time
        makes an account. A signature is good for one sign-in.
        """
        return self._transport.call_raw(_operations.CONNECT_WALLET, given)

    def get_sign_in_challenge(
        self,
        **given: Unpack[params.GetSignInChallengeParams],
    ) -> RawResponse[types.SignInChallenge]:
        """Get what a wallet has to sign. The EIP-4361 message of this wallet for the next minutes. It follows from the
        address, the chain and the time, so asking again changes nothing.
        """
        return self._transport.call_raw(_operations.GET_SIGN_IN_CHALLENGE, given)

    def log_out(self, **given: Unpack[CallOptions]) -> RawResponse[types.Success]:
        """End this session. The token of this call is refused from now on."""
        return self._transport.call_raw(_operations.LOG_OUT, given)

    def log_out_everywhere(self, **given: Unpack[CallOptions]) -> RawResponse[types.Success]:
        """End every session of the account. Every token that the account got so far is refused from now on. API keys
        are not touched.
        """
        return self._transport.call_raw(_operations.LOG_OUT_EVERYWHERE, given)

    def use_sign_in_link(self, **given: Unpack[params.UseSignInLinkParams]) -> RawResponse[types.SignedIn]:
        """Sign in with a link. Takes the token of a sign-in link that an administrator made and begins a session. A
        link is good for one sign-in.
        """
        return self._transport.call_raw(_operations.USE_SIGN_IN_LINK, given)


class AsyncAuth:
    """Signing in and out."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncAuthWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncAuthWithRawResponse(self._transport)

    async def connect_wallet(self, **given: Unpack[params.ConnectWalletParams]) -> types.SignedIn:
        """Sign in with a wallet. Takes the wallet's signature of its challenge and begins a session. The first time
        makes an account. A signature is good for one sign-in.
        """
        return await self._transport.call(_operations.CONNECT_WALLET, given)

    async def get_sign_in_challenge(self, **given: Unpack[params.GetSignInChallengeParams]) -> types.SignInChallenge:
        """Get what a wallet has to sign. The EIP-4361 message of this wallet for the next minutes. It follows from the
        address, the chain and the time, so asking again changes nothing.
        """
        return await self._transport.call(_operations.GET_SIGN_IN_CHALLENGE, given)

    async def log_out(self, **given: Unpack[CallOptions]) -> types.Success:
        """End this session. The token of this call is refused from now on."""
        return await self._transport.call(_operations.LOG_OUT, given)

    async def log_out_everywhere(self, **given: Unpack[CallOptions]) -> types.Success:
        """End every session of the account. Every token that the account got so far is refused from now on. API keys
        are not touched.
        """
        return await self._transport.call(_operations.LOG_OUT_EVERYWHERE, given)

    async def use_sign_in_link(self, **given: Unpack[params.UseSignInLinkParams]) -> types.SignedIn:
        """Sign in with a link. Takes the token of a sign-in link that an administrator made and begins a session. A
        link is good for one sign-in.
        """
        return await self._transport.call(_operations.USE_SIGN_IN_LINK, given)


class AsyncAuthWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def connect_wallet(self, **given: Unpack[params.ConnectWalletParams]) -> RawResponse[types.SignedIn]:
        """Sign in with a wallet. Takes the wallet's signature of its challenge and begins a session. The first time
        makes an account. A signature is good for one sign-in.
        """
        return await self._transport.call_raw(_operations.CONNECT_WALLET, given)

    async def get_sign_in_challenge(
        self,
        **given: Unpack[params.GetSignInChallengeParams],
    ) -> RawResponse[types.SignInChallenge]:
        """Get what a wallet has to sign. The EIP-4361 message of this wallet for the next minutes. It follows from the
        address, the chain and the time, so asking again changes nothing.
        """
        return await self._transport.call_raw(_operations.GET_SIGN_IN_CHALLENGE, given)

    async def log_out(self, **given: Unpack[CallOptions]) -> RawResponse[types.Success]:
        """End this session. The token of this call is refused from now on."""
        return await self._transport.call_raw(_operations.LOG_OUT, given)

    async def log_out_everywhere(self, **given: Unpack[CallOptions]) -> RawResponse[types.Success]:
        """End every session of the account. Every token that the account got so far is refused from now on. API keys
        are not touched.
        """
        return await self._transport.call_raw(_operations.LOG_OUT_EVERYWHERE, given)

    async def use_sign_in_link(self, **given: Unpack[params.UseSignInLinkParams]) -> RawResponse[types.SignedIn]:
        """Sign in with a link. Takes the token of a sign-in link that an administrator made and begins a session. A
        link is good for one sign-in.
        """
        return await self._transport.call_raw(_operations.USE_SIGN_IN_LINK, given)
