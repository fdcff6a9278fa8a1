"""Budgets of an account: how much it may spend in a calendar day and a calendar month (UTC). Pure.

A request counts in the day and the month in which it began, with its hold while it runs and with its charge from then
on, so calls that run side by side cannot overrun a budget. A clock that jumps finds the windows it has been in before
with all that was spent in them.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from tollhouse.times import DAY_US

KEPT_MAX = 64  # windows of the past, for requests that began in them and for clocks that jump
_EPOCH = dt.date(1970, 1, 1)


@dataclass(slots=True)
class Window:
    """What was spent and is held in one day or one month; `start` and `end` are days since 1970, `end` not included."""

    start: int
    end: int
    spent_nano: int = 0
    held_nano: int = 0


class Over(NamedTuple):
    """A budget into which an amount does not fit, what is left of it, and when it is whole again."""

    limit: str  # daily_budget | monthly_budget
    available_nano: int
    resets_at_us: int


@dataclass(slots=True)
class Budget:
    """The limits, None where there is none, and the running windows, which count whether there is a limit or not."""

    daily_nano: int | None = None
    monthly_nano: int | None = None
    day: Window = field(default_factory=lambda: Window(0, 0))
    month: Window = field(default_factory=lambda: Window(0, 0))
    _kept: dict[tuple[int, int], Window] = field(default_factory=dict)

    def windows(self, at_us: int) -> tuple[Window, Window]:
        """The day and the month of a moment; those that nobody has seen begin empty."""
        day = at_us // DAY_US
        if not self.day.start <= day < self.day.end:
            self.day = self._window(day, day + 1)
            if not self.month.start <= day < self.month.end:
                self.month = self._window(*month_of(day))
        return self.day, self.month

    def _window(self, start: int, end: int) -> Window:
        """A window as it was left; the one that was entered the longest ago is forgotten when there are too many."""
        window = self._kept.pop((start, end), None) or Window(start, end)
        self._kept[start, end] = window
        if len(self._kept) > KEPT_MAX:
            del self._kept[next(iter(self._kept))]
        return window

    def restore(self, day: int, spent_nano: int, *, since_day: int) -> None:
        """Take up what an earlier process spent on a day: in its month, and in the day itself from `since_day` on."""
        self._window(*month_of(day)).spent_nano += spent_nano
        if day >= since_day:
            self._window(day, day + 1).spent_nano += spent_nano

    def shortage(self, amount_nano: int, at_us: int) -> Over | None:
        """The first budget into which an amount does not fit now."""
        if self.daily_nano is None and self.monthly_nano is None:
            return None
        day, month = self.windows(at_us)
        daily, monthly = self.daily_nano, self.monthly_nano
        if daily is not None and day.spent_nano + day.held_nano + amount_nano > daily:
            return Over("daily_budget", daily - day.spent_nano - day.held_nano, day.end * DAY_US)
        if monthly is not None and month.spent_nano + month.held_nano + amount_nano > monthly:
            return Over("monthly_budget", monthly - month.spent_nano - month.held_nano, month.end * DAY_US)
        return None


def month_of(day: int) -> tuple[int, int]:
    """The first day of a day's month and that of the next one, as days since 1970."""
    date = _EPOCH + dt.timedelta(days=day)
    first = date.replace(day=1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return (first - _EPOCH).days, (following - _EPOCH).days
