"""The books in memory against the books in the store, as both are at one moment. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tollhouse.billing.ledger import Ledger
from tollhouse.billing.money import format_usd
from tollhouse.storage.base import AccountRow, OpenHold

_FIGURES = ("balance", "spending", "adjustments", "held sum")
_NOTHING = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the running ledger says, in nano-dollars: each account's balance, spending, adjustments and held sum."""

    accounts: Mapping[str, tuple[int, int, int, int]]
    open_holds: Mapping[str, tuple[str, int]]  # request id → account and amount

    @property
    def held_nano(self) -> int:
        return sum(held_nano for *_, held_nano in self.accounts.values())


def remembered(ledger: Ledger) -> Remembered:
    """A copy of the figures, so that the ledger may go on."""
    return Remembered(
        {
            account.id: (account.balance_nano, account.spent_nano, account.adjusted_nano, account.held_nano)
            for account in ledger.accounts.values()
        },
        {request_id: (hold.account.id, hold.amount_nano) for request_id, hold in ledger.open_holds.items()},
    )


def differences(memory: Remembered, accounts: Iterable[AccountRow], holds: Iterable[OpenHold]) -> list[str]:
    """Where memory is not what the store says; none where the books are one.

    An account that only one side has counts as one without money: it is on disk a moment before it is in memory.
    """
    open_holds = {hold.request_id: (hold.account, hold.amount_nano) for hold in holds}
    held: Counter[str] = Counter()
    for account, amount_nano in open_holds.values():
        held[account] += amount_nano
    stored = {row.id: (row.balance_nano, row.spent_nano, row.adjusted_nano, held[row.id]) for row in accounts}
    found = []
    for account in sorted({*memory.accounts, *stored}):
        ours, theirs = memory.accounts.get(account, _NOTHING), stored.get(account, _NOTHING)
        found += [
            f"account {account}: its {what} is {format_usd(here)} USD in memory and {format_usd(there)} USD in the store"
            for what, here, there in zip(_FIGURES, ours, theirs, strict=True)
            if here != there
        ]
    for request_id in sorted({*memory.open_holds, *open_holds}):
        here, there = memory.open_holds.get(request_id), open_holds.get(request_id)
        if here != there:
            found.append(f"hold of {request_id}: it is {_hold(here)} in memory and {_hold(there)} in the store")
    return found


def _hold(hold: tuple[str, int] | None) -> str:
    return "not open" if hold is None else f"{format_usd(hold[1])} USD of account {hold[0]}"
