"""Signing in and out: by wallet or by link, into sessions. What is on disk decides; of two who come at once, one is in."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from tollhouse.accounts import Accounts
from tollhouse.billing.ledger import Account
from tollhouse.config.snapshot import Routes
from tollhouse.counters.base import Counters
from tollhouse.errors import InvalidKey, InvalidRequest, RateLimited
from tollhouse.identity.authors import Author
from tollhouse.identity.networks import network_of
from tollhouse.identity.principals import ANONYMOUS, Principal, Session
from tollhouse.identity.sessions import Sessions
from tollhouse.identity.wallet import Challenge, Claim, Site, challenge, checksummed, is_signed, nonce_key
from tollhouse.storage.base import Store, WalletRow
from tollhouse.times import format_us

LINK_LASTS_US = 15 * 60 * 1_000_000
_REFUSED = (
    "This signature is not good for signing in: sign the message of GET /auth/nonce anew, with this wallet and chain. "
    "Each message is good for one sign-in and a few minutes."
)


class Link(NamedTuple):
    """A sign-in link: its token, shown this once, and until when it is good."""

    url: str
    token: str
    expires_at_us: int


class SignIns:
    """Who is signed in to this process. Made from the store; checking a session never asks it again."""

    def __init__(
        self, store: Store, accounts: Accounts, counters: Counters, secret_keys: Sequence[bytes],
        session_minutes: int, clock_us: Callable[[], int],
    ) -> None:  # fmt: skip
        self.site = Site("http://localhost")  # the application says what it is, once it knows
        self._accounts = accounts
        self._journal = accounts.journal
        self._counters = counters
        self._clock_us = clock_us
        self._nonce_key = nonce_key(secret_keys[0])
        self._wallets: dict[str, WalletRow] = {}
        self._address_of: dict[str, str] = {}
        for wallet in store.wallets():
            self._remember(wallet)
        epochs, revoked = store.session_epochs(), store.revoked_sessions()
        self._sessions = Sessions(secret_keys, session_minutes * 60, clock_us, epochs=epochs, revoked=revoked)

    def address_of(self, account: Account) -> str | None:
        """The wallet of an account as EIP-55 writes it."""
        address = self._address_of.get(account.id)
        return checksummed(address) if address is not None else None

    def caller(self, token: str) -> Principal:
        """The caller of a session token; raises InvalidKey where it is no longer good."""
        session = self._sessions.read(token)
        account = self._accounts.ledger.accounts.get(session.account)
        if account is None:
            raise InvalidKey("The account of this session is gone; sign in again.")
        _check_active(account)
        return Principal(account, None, None, account.id, session)

    # In, by wallet

    def challenge(self, address: str, chain_id: int, client: str, routes: Routes) -> Challenge:
        """What a wallet has to sign now. Raises RateLimited."""
        self._take(f"challenge:{network_of(client)}", routes)
        return challenge(self.site, self._nonce_key, self._claim(address, chain_id), self._clock_us())

    async def connect(
        self, address: str, chain_id: int, signature: str, client: str, routes: Routes
    ) -> tuple[str, Account]:
        """A new session for the wallet's account, which the first sign-in makes. Raises InvalidKey and RateLimited.

        Bad signatures are counted apart from good ones, so that nobody can keep a wallet's owner out by sending bad ones.
        """
        self._take(f"connect:{network_of(client)}", routes)
        claim = self._claim(address, chain_id)
        good = is_signed(self.site, self._nonce_key, claim, signature, self._clock_us())
        self._take(f"{'good' if good else 'bad'}:{claim.address}", routes)
        if not good:
            raise InvalidKey(_REFUSED, code="invalid_signature")
        known = self._wallets.get(claim.address)
        if known is None:
            account = await self._add(claim, routes.signup_credit_nano)
        else:
            account = await self._count(known, claim)
        _check_active(account)
        await self._pay_what_is_owed(account, self._wallets[claim.address])
        return self._sessions.begin(account.id), account

    def _claim(self, address: str, chain_id: int) -> Claim:
        known = self._wallets.get(address.lower())
        return Claim(address.lower(), chain_id, known.sign_in_count if known is not None else 0)

    async def _add(self, claim: Claim, credit_nano: int) -> Account:
        row = self._accounts.new_row(checksummed(claim.address))
        wallet = WalletRow(claim.address, row.id, claim.chain_id, 1, credit_nano)
        if not await self._journal.run(lambda store: store.add_wallet(wallet, row)):
            await self._refresh(claim.address)
            raise InvalidKey(_REFUSED, code="invalid_signature")
        self._remember(wallet)
        return self._accounts.adopt(row)

    async def _count(self, known: WalletRow, claim: Claim) -> Account:
        if not await self._journal.run(
            lambda store: store.count_sign_in(claim.address, claim.chain_id, known.sign_in_count)
        ):
            await self._refresh(claim.address)
            raise InvalidKey(_REFUSED, code="invalid_signature")
        self._remember(
            replace(self._wallets[claim.address], chain_id=claim.chain_id, sign_in_count=known.sign_in_count + 1)
        )
        return self._accounts.find(known.account)

    async def _refresh(self, address: str) -> None:
        """Somebody was faster, or an earlier write reported an error and happened: what the store has is right."""
        for wallet in await self._journal.run(lambda store: store.wallets()):
            if wallet.address == address and wallet.account not in self._accounts.ledger.accounts:
                rows = await self._journal.run(lambda store: store.accounts())
                self._accounts.adopt(next(row for row in rows if row.id == wallet.account))
            known = self._wallets.get(address)
            if wallet.address == address and (known is None or known.sign_in_count < wallet.sign_in_count):
                self._remember(wallet)

    def _remember(self, wallet: WalletRow) -> None:
        self._wallets[wallet.address] = wallet
        self._address_of[wallet.account] = wallet.address

    async def _pay_what_is_owed(self, account: Account, wallet: WalletRow) -> None:
        """Book the sign-up credit that was promised with the account. The reference keeps it one, whatever fails in between."""
        if wallet.owed_nano:
            await self._accounts.credit(account, wallet.owed_nano, f"sign-up credit of {wallet.address}")
            await self._journal.run(lambda store: store.settle_wallet(wallet.address))
            self._remember(replace(self._wallets[wallet.address], owed_nano=0))

    # In, by link

    async def create_link(self, account: Account, by: Author | None = None) -> Link:
        """A link that signs in to an account once; only a hash of its token is kept."""
        if account.id == ANONYMOUS:
            raise InvalidRequest("The anonymous account is everybody's; nobody signs in to it.")
        token, at_us = secrets.token_urlsafe(32), self._clock_us()
        expires_at_us = at_us + LINK_LASTS_US
        facts = {"expires_at": format_us(expires_at_us)}
        log = by.wrote(at_us, "create_sign_in_link", account.id, account.id, {}, facts) if by is not None else None
        await self._journal.run(
            lambda store: store.add_sign_in_link(_hash(token), account.id, expires_at_us, at_us, log)
        )
        return Link(f"{self.site.url}/dashboard#sign-in={token}", token, expires_at_us)

    async def use_link(self, token: str, client: str, routes: Routes) -> tuple[str, Account]:
        """A new session for the account of a link, which is used up. Raises InvalidKey and RateLimited."""
        self._take(f"link:{network_of(client)}", routes)
        at_us = self._clock_us()
        account_id = await self._journal.run(lambda store: store.use_sign_in_link(_hash(token), at_us))
        if account_id is None:
            raise InvalidKey("This link was used already or has expired; ask for another one.", code="invalid_link")
        account = self._accounts.find(account_id)
        _check_active(account)
        return self._sessions.begin(account.id), account

    # Out

    async def log_out(self, session: Session) -> None:
        at_us = self._clock_us()
        await self._journal.run(lambda store: store.revoke_session(session.id, session.expires_at_us, at_us))
        self._sessions.revoke(session)

    async def log_out_everywhere(self, account: Account) -> None:
        self._sessions.end_all(account.id, await self._journal.run(lambda store: store.end_sessions(account.id)))

    def _take(self, name: str, routes: Routes) -> None:
        limit = routes.limits.sign_ins_per_minute
        if not limit:
            return
        allowance = self._counters.take(f"sign-in:{name}", 1, limit, limit)
        if not allowance.allowed:
            raise RateLimited(
                f"Too many attempts to sign in: {limit} per minute. Try again in {allowance.retry_after_s:.1f} s.",
                retry_after_s=allowance.retry_after_s,
            )


def _check_active(account: Account) -> None:
    if account.status != "active":
        raise InvalidKey("This account is suspended; ask its administrator.")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
