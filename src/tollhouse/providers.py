"""Providers as the process knows them beside the configuration: the keys that are kept for them, and which are paused.

A new key is on disk before it counts. Revoking and pausing count at once, on disk a moment later: where the store fails
in between, they hold in this process all the same, and repeating them writes them. What an administrator changes is
written together with its row in the log of administration.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import structlog

from tollhouse.billing.journal import Journal
from tollhouse.config.problems import nearest
from tollhouse.config.snapshot import Config, Provider, UpstreamKey
from tollhouse.config.upstream_keys import A_KEY_IS, is_key
from tollhouse.errors import Conflict, InvalidRequest, NotFound, Unavailable
from tollhouse.identity.authors import Author
from tollhouse.identity.facts import Facts, changed, facts_of_pause, facts_of_upstream_key
from tollhouse.storage.base import LogRow, PauseRow, Store, UpstreamKeyRow
from tollhouse.vault import CannotOpen, Vault

SHOWN_CHARACTERS_MIN = 16  # of a key whose last four are shown: of a shorter one they would give too much away

log = structlog.get_logger("tollhouse.providers")


@dataclass(slots=True)
class StoredKey:
    """A key of the store, opened once. `value` is None where it was revoked or cannot be opened, and `problem` says why."""

    row: UpstreamKeyRow
    value: str | None = field(repr=False)
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ListedProvider:
    """A provider as it is now. `configured` is None where only its stored keys or its pause are left of it."""

    name: str
    configured: Provider | None
    pause: PauseRow | None
    stored: tuple[StoredKey, ...]


class Providers:
    """Stored keys and pauses of one process. `paused` and `revoked` are live: whoever holds them sees each change at once."""

    def __init__(self, store: Store, journal: Journal, vault: Vault, clock_us: Callable[[], int]) -> None:
        """Read what the store has. A key that cannot be opened is listed so and keeps nobody from starting."""
        self.configured: Mapping[str, Provider] = MappingProxyType({})  # set with each configuration
        self.on_change: Callable[[], None] = lambda: None  # called when other keys can be used than before
        self._journal = journal
        self._vault = vault
        self._clock_us = clock_us
        self._changing = asyncio.Lock()
        self._keys = {row.id: self._opened(row) for row in store.upstream_keys()}
        self._paused = {pause.provider: pause for pause in store.paused_providers()}
        self._revoked: set[str] = set()
        self.paused: Mapping[str, PauseRow] = MappingProxyType(self._paused)
        self.revoked: Set[str] = self._revoked  # since this process started; older ones are in no router

    # What calls are served with

    def stored_keys(self, provider: str) -> tuple[UpstreamKey, ...]:
        """The stored keys of a provider that are not revoked; the value of one that cannot be opened is None."""
        return tuple(
            UpstreamKey(key.row.id, key.row.weight, key.value)
            for key in self._keys_of(provider)
            if key.row.revoked_at_us is None
        )

    def with_stored_keys(self, config: Config) -> Config:
        """A configuration whose providers have their stored keys beside those of `providers.yaml`."""
        providers = {name: replace(each, keys=self._all_keys(each)) for name, each in config.providers.items()}
        return replace(config, providers=MappingProxyType(providers))

    def _all_keys(self, provider: Provider) -> tuple[UpstreamKey, ...]:
        """A provider that can be asked without a key is asked with one where one is stored."""
        stored = self.stored_keys(provider.name)
        usable = any(key.value is not None for key in stored)
        return (*(key for key in provider.keys if key.value != "" or not usable), *stored)

    # What administrators see

    def all(self) -> list[ListedProvider]:
        """Every provider, in the order of the configuration, then those of which only something stored is left."""
        left = {key.row.provider for key in self._keys.values() if key.row.revoked_at_us is None} | self._paused.keys()
        return [self._listed(name) for name in (*self.configured, *sorted(left - self.configured.keys()))]

    def find(self, name: str) -> ListedProvider:
        """A provider by its name; raises NotFound with the nearest one."""
        if name not in self.configured and name not in self._paused and not self._keys_of(name):
            hint = nearest(name, self.configured) or f"there are {', '.join(self.configured) or 'none'}."
            raise NotFound(f"There is no provider {name}; {hint}")
        return self._listed(name)

    def _listed(self, name: str) -> ListedProvider:
        return ListedProvider(name, self.configured.get(name), self._paused.get(name), self._keys_of(name))

    def _keys_of(self, provider: str) -> tuple[StoredKey, ...]:
        return tuple(key for key in self._keys.values() if key.row.provider == provider)

    # What administrators change

    async def add_key(self, provider: str, value: str, weight: int = 1, by: Author | None = None) -> StoredKey:
        """Keep another key for a provider, and use it from now on.

        Raises NotFound, InvalidRequest where it cannot be a key, Conflict where the provider has the same one already.
        """
        if self.find(provider).configured is None:
            raise NotFound(f"The provider {provider} is not in providers.yaml any more, so nothing would use its key.")
        if not is_key(value):
            raise InvalidRequest(f"value holds something that is not a key; {A_KEY_IS}.", param="value")
        key_id = f"upk_{secrets.token_hex(8)}"
        last_four = value[-4:] if len(value) >= SHOWN_CHARACTERS_MIN else ""
        async with self._changing:
            self._check_new(provider, value)
            sealed = self._vault.seal(provider, key_id, value)
            row = UpstreamKeyRow(key_id, provider, sealed, last_four, weight, self._clock_us())
            written = self._log(by, "add_upstream_key", key_id, {}, facts_of_upstream_key(row))
            await self._journal.run(lambda store: store.add_upstream_key(row, written))
            key = self._keys[key_id] = StoredKey(row, value)
            self.on_change()
        return key

    def _check_new(self, provider: str, value: str) -> None:
        """The same key twice would only have twice the weight, and look like a spare one."""
        for key in self._keys_of(provider):
            if key.value == value:
                raise Conflict(f"The provider {provider} has this key already: {key.row.id}.")

    async def revoke_key(self, provider: str, key_id: str, by: Author | None = None) -> StoredKey:
        """Use a key no more, from now on, and forget it; raises NotFound."""
        key = self._keys.get(key_id)
        if key is None or key.row.provider != provider:
            self.find(provider)
            raise NotFound(
                f"The provider {provider} has no stored key {key_id}; `tollhouse providers list` shows them, and the keys of "
                "the configuration are taken out of providers.yaml."
            )
        before, at_us = key.row, key.row.revoked_at_us or self._clock_us()
        key.row, key.value, key.problem = replace(before, sealed=None, revoked_at_us=at_us), None, None
        self._revoked.add(key_id)
        self.on_change()
        was, is_ = changed({**facts_of_upstream_key(before), "revoked_at": None}, facts_of_upstream_key(key.row))
        written = self._log(by, "revoke_upstream_key", key_id, was, is_)
        # Written again on each call: an earlier one may have met a store that failed, and the key must not come back.
        await self._journal.run(lambda store: store.revoke_upstream_key(key_id, at_us, written))
        return key

    async def pause(self, provider: str, reason: str = "", by: Author | None = None) -> ListedProvider:
        """Refuse new calls to a provider from now on; those that run go on. Clients are told the reason.

        One that is paused stays so since then; an administrator can give another reason. Raises NotFound.
        """
        self.find(provider)
        async with self._changing:
            before = self._paused.get(provider)
            if before is None:
                pause = PauseRow(provider, self._clock_us(), reason, by.name if by is not None else "")
            elif by is not None and before.reason != reason:
                pause = replace(before, reason=reason, paused_by=by.name)
            else:
                pause = before
            self._paused[provider] = pause
            was, is_ = changed(facts_of_pause(before), facts_of_pause(pause))
            written = self._log(by, "pause_provider", provider, was, is_)
            if before != pause:
                log.warning("provider_paused", provider=provider, reason=pause.reason, by=pause.paused_by)
            # Written again where nothing changed, as above.
            await self._journal.run(lambda store: store.pause_provider(pause, written))
        return self._listed(provider)

    async def resume(self, provider: str, by: Author | None = None) -> ListedProvider:
        """Let calls to a paused provider through again; raises NotFound."""
        self.find(provider)
        async with self._changing:
            before = self._paused.get(provider)
            was, is_ = changed(facts_of_pause(before), facts_of_pause(None))
            written = self._log(by, "resume_provider", provider, was, is_)
            await self._journal.run(lambda store: store.resume_provider(provider, written))
            if self._paused.pop(provider, None) is not None:
                log.warning("provider_resumed", provider=provider, by=by.name if by is not None else "")
        return self._listed(provider)

    def _log(self, by: Author | None, action: str, thing: str, before: Facts, after: Facts) -> LogRow | None:
        return by.wrote(self._clock_us(), action, "", thing, before, after) if by is not None else None

    # Master keys

    def _opened(self, row: UpstreamKeyRow) -> StoredKey:
        if row.sealed is None:
            return StoredKey(row, None)
        try:
            return StoredKey(row, self._vault.open(row.provider, row.id, row.sealed))
        except CannotOpen as error:
            log.error("upstream_key_unusable", provider=row.provider, key_id=row.id, reason=str(error))
            return StoredKey(row, None, str(error))

    async def reseal(self) -> None:
        """Seal what an older master key has sealed under the newest, while calls use it; afterwards the older can go.

        A store that fails ends this; what is left is done when it is called again.
        """
        old = [key for key in self._keys.values() if key.value is not None and not self._is_current(key)]
        try:
            for key in old:
                await self._reseal(key)
        except Unavailable:
            return  # the journal has said why
        if old:
            log.info("upstream_keys_resealed", count=len(old))

    def _is_current(self, key: StoredKey) -> bool:
        return key.row.sealed is None or self._vault.is_current(key.row.sealed)

    async def _reseal(self, key: StoredKey) -> None:
        row, value = key.row, key.value
        if row.sealed is None or value is None:
            return  # revoked meanwhile
        old, new = row.sealed, self._vault.seal(row.provider, row.id, value)
        await self._journal.run(lambda store: store.reseal_upstream_key(row.id, old, new))
        if key.row is row:
            key.row = replace(row, sealed=new)
