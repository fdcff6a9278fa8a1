"""Who pays. Generated; do not edit."""

from __future__ import annotations

from typing import Unpack

from .. import _operations, params, types
from .._runtime.answers import RawResponse
from .._runtime.async_transport import AsyncTransport
from .._runtime.operations import CallOptions
from .._runtime.transport import Transport


class Accounts:
    """Who pays."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AccountsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AccountsWithRawResponse(self._transport)

    def adjust_account(self, **given: Unpack[params.AdjustAccountParams]) -> types.Account:
        """Adjust an account. Corrects the balance up or down, once per reference: the same reference and amount again
        change nothing, and `booked` of the answer is false. It takes no more than is available, so running calls keep
        what they hold.
        """
        return self._transport.call(_operations.ADJUST_ACCOUNT, given)

    def create_account(self, **given: Unpack[params.CreateAccountParams]) -> types.Account:
        """Create an account. A new account, with a balance to begin with if you give one."""
        return self._transport.call(_operations.CREATE_ACCOUNT, given)

    def create_sign_in_link(self, **given: Unpack[params.CreateSignInLinkParams]) -> types.SignInLink:
        """Create a sign-in link. A link with which the account's holder signs in once, within 15 minutes, without a
        wallet.
        """
        return self._transport.call(_operations.CREATE_SIGN_IN_LINK, given)

    def credit_account(self, **given: Unpack[params.CreditAccountParams]) -> types.Account:
        """Credit an account. Adds to the balance, once per reference: the same reference and amount again change
        nothing, and `booked` of the answer is false.
        """
        return self._transport.call(_operations.CREDIT_ACCOUNT, given)

    def get_account(self, **given: Unpack[params.GetAccountParams]) -> types.Account:
        """Get an account. One account, with its balance as of now."""
        return self._transport.call(_operations.GET_ACCOUNT, given)

    def list_accounts(self, **given: Unpack[CallOptions]) -> types.AccountList:
        """List the accounts. Every account, the oldest first."""
        return self._transport.call(_operations.LIST_ACCOUNTS, given)

    def update_account(self, **given: Unpack[params.UpdateAccountParams]) -> types.Account:
        """Change an account. Renames, suspends or resumes the account, and sets its multiplier and its budgets. The
        keys of a suspended account are refused at once. A budget covers a calendar day or month in UTC; a request
        counts in the one in which it began, with its hold while it runs. Requests that run already are not touched:
        they finish, and are charged at the multiplier at which they began.
        """
        return self._transport.call(_operations.UPDATE_ACCOUNT, given)


class AccountsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def adjust_account(self, **given: Unpack[params.AdjustAccountParams]) -> RawResponse[types.Account]:
        """Adjust an account. Corrects the balance up or down, once per reference: the same reference and amount again
        change nothing, and `booked` of the answer is false. It takes no more than is available, so running calls keep
        what they hold.
        """
        return self._transport.call_raw(_operations.ADJUST_ACCOUNT, given)

    def create_account(self, **given: Unpack[params.CreateAccountParams]) -> RawResponse[types.Account]:
        """Create an account. A new account, with a balance to begin with if you give one."""
        return self._transport.call_raw(_operations.CREATE_ACCOUNT, given)

    def create_sign_in_link(self, **given: Unpack[params.CreateSignInLinkParams]) -> RawResponse[types.SignInLink]:
        """Create a sign-in link. A link with which the account's holder signs in once, within 15 minutes, without a
        wallet.
        """
        return self._transport.call_raw(_operations.CREATE_SIGN_IN_LINK, given)

    def credit_account(self, **given: Unpack[params.CreditAccountParams]) -> RawResponse[types.Account]:
        """Credit an account. Adds to the balance, once per reference: the same reference and amount again change
        nothing, and `booked` of the answer is false.
        """
        return self._transport.call_raw(_operations.CREDIT_ACCOUNT, given)

    def get_account(self, **given: Unpack[params.GetAccountParams]) -> RawResponse[types.Account]:
        """Get an account. One account, with its balance as of now."""
        return self._transport.call_raw(_operations.GET_ACCOUNT, given)

    def list_accounts(self, **given: Unpack[CallOptions]) -> RawResponse[types.AccountList]:
        """List the accounts. Every account, the oldest first."""
        return self._transport.call_raw(_operations.LIST_ACCOUNTS, given)

    def update_account(self, **given: Unpack[params.UpdateAccountParams]) -> RawResponse[types.Account]:
        """Change an account. Renames, suspends or resumes the account, and sets its multiplier and its budgets. The
        keys of a suspended account are refused at once. A budget covers a calendar day or month in UTC; a request
        counts in the one in which it began, with its hold while it runs. Requests that run already are not touched:
        they finish, and are charged at the multiplier at which they began.
        """
        return self._transport.call_raw(_operations.UPDATE_ACCOUNT, given)


class AsyncAccounts:
    """Who pays."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    @property
    def with_raw_response(self) -> AsyncAccountsWithRawResponse:
        """The same methods, with the status and the headers of their answers."""
        return AsyncAccountsWithRawResponse(self._transport)

    async def adjust_account(self, **given: Unpack[params.AdjustAccountParams]) -> types.Account:
        """Adjust an account. Corrects the balance up or down, once per reference: the same reference and amount again
        change nothing, and `booked` of the answer is false. It takes no more than is available, so running calls keep
        what they hold.
        """
        return await self._transport.call(_operations.ADJUST_ACCOUNT, given)

    async def create_account(self, **given: Unpack[params.CreateAccountParams]) -> types.Account:
        """Create an account. A new account, with a balance to begin with if you give one."""
        return await self._transport.call(_operations.CREATE_ACCOUNT, given)

    async def create_sign_in_link(self, **given: Unpack[params.CreateSignInLinkParams]) -> types.SignInLink:
        """Create a sign-in link. A link with which the account's holder signs in once, within 15 minutes, without a
        wallet.
        """
        return await self._transport.call(_operations.CREATE_SIGN_IN_LINK, given)

    async def credit_account(self, **given: Unpack[params.CreditAccountParams]) -> types.Account:
        """Credit an account. Adds to the balance, once per reference: the same reference and amount again change
        nothing, and `booked` of the answer is false.
        """
        return await self._transport.call(_operations.CREDIT_ACCOUNT, given)

    async def get_account(self, **given: Unpack[params.GetAccountParams]) -> types.Account:
        """Get an account. One account, with its balance as of now."""
        return await self._transport.call(_operations.GET_ACCOUNT, given)

    async def list_accounts(self, **given: Unpack[CallOptions]) -> types.AccountList:
        """List the accounts. Every account, the oldest first."""
        return await self._transport.call(_operations.LIST_ACCOUNTS, given)

    async def update_account(self, **given: Unpack[params.UpdateAccountParams]) -> types.Account:
        """Change an account. Renames, suspends or resumes the account, and sets its multiplier and its budgets. The
        keys of a suspended account are refused at once. A budget covers a calendar day or month in UTC; a request
        counts in the one in which it began, with its hold while it runs. Requests that run already are not touched:
        they finish, and are charged at the multiplier at which they began.
        """
        return await self._transport.call(_operations.UPDATE_ACCOUNT, given)


class AsyncAccountsWithRawResponse:
    """The same methods, with the status and the headers of their answers."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def adjust_account(self, **given: Unpack[params.AdjustAccountParams]) -> RawResponse[types.Account]:
        """Adjust an account. Corrects the balance up or down, once per reference: the same reference and amount again
        change nothing, and `booked` of the answer is false. It takes no more than is available, so running calls keep
        what they hold.
        """
        return await self._transport.call_raw(_operations.ADJUST_ACCOUNT, given)

    async def create_account(self, **given: Unpack[params.CreateAccountParams]) -> RawResponse[types.Account]:
        """Create an account. A new account, with a balance to begin with if you give one."""
        return await self._transport.call_raw(_operations.CREATE_ACCOUNT, given)

    async def create_sign_in_link(
        self,
        **given: Unpack[params.CreateSignInLinkParams],
    ) -> RawResponse[types.SignInLink]:
        """Create a sign-in link. A link with which the account's holder signs in once, within 15 minutes, without a
        wallet.
        """
        return await self._transport.call_raw(_operations.CREATE_SIGN_IN_LINK, given)

    async def credit_account(self, **given: Unpack[params.CreditAccountParams]) -> RawResponse[types.Account]:
        """Credit an account. Adds to the balance, once per reference: the same reference and amount again change
        nothing, and `booked` of the answer is false.
        """
        return await self._transport.call_raw(_operations.CREDIT_ACCOUNT, given)

    async def get_account(self, **given: Unpack[params.GetAccountParams]) -> RawResponse[types.Account]:
        """Get an account. One account, with its balance as of now."""
        return await self._transport.call_raw(_operations.GET_ACCOUNT, given)

    async def list_accounts(self, **given: Unpack[CallOptions]) -> RawResponse[types.AccountList]:
        """List the accounts. Every account, the oldest first."""
        return await self._transport.call_raw(_operations.LIST_ACCOUNTS, given)

    async def update_account(self, **given: Unpack[params.UpdateAccountParams]) -> RawResponse[types.Account]:
        """Change an account. Renames, suspends or resumes the account, and sets its multiplier and its budgets. The
        keys of a suspended account are refused at once. A budget covers a calendar day or month in UTC; a request
        counts in the one in which it began, with its hold while it runs. Requests that run already are not touched:
        they finish, and are charged at the multiplier at which they began.
        """
        return await self._transport.call_raw(_operations.UPDATE_ACCOUNT, given)
