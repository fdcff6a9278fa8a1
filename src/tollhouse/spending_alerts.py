"""What people are told about a spending threshold: that it is reached, what is true of the provider now, and what to do. Pure."""

from tollhouse.alerts import Alert
from tollhouse.billing.money import format_usd
from tollhouse.storage.base import Mark
from tollhouse.times import format_day

ALERT, STOP, RESUME = "alert", "stop", "resume"  # the kinds of marks
_REFUSED = (
    "Calls that only this provider serves are answered 429 until an administrator resumes it:\n\n"
    "    tollhouse providers resume {}\n"
)


def alert_of(mark: Mark, total_nano: int, *, paused: bool, unpaused: str = "") -> Alert:
    """What people are told about a threshold.

    `paused` is whether the provider is now: by this threshold, by another one or by hand. `unpaused` is why this one could
    not pause it.
    """
    provider, day, threshold = mark.provider, format_day(mark.day), format_usd(mark.amount_nano)
    spent = format_usd(total_nano)
    facts = f"Provider:   {provider}\nDay (UTC):  {day}\nSpent:      {spent} USD\nThreshold:  {threshold} USD\n"
    if mark.kind == ALERT:
        subject = f"{provider} has spent {spent} USD today"
        text = (
            f"It is paused; what was under way then is still charged. {_REFUSED.format(provider)}"
            if paused
            else f"It goes on serving. To stop it now:\n\n    tollhouse providers pause {provider}\n"
        )
    elif paused:
        subject = f"{provider} is paused: it has spent {spent} USD today"
        text = (
            f"{_REFUSED.format(provider)}\n"
            "It stays paused tomorrow, too. Resumed today, it pauses again after as much again as `stop_usd_per_day`.\n"
        )
    elif unpaused:
        subject = f"{provider} has reached its stop threshold of {threshold} USD and could NOT be paused"
        text = f"It goes on serving, because pausing it failed: {unpaused}\n"
    else:
        subject = f"{provider} was paused: it has spent {spent} USD today"
        text = (
            "An administrator has resumed it since, and it goes on serving. To stop it now:\n\n"
            f"    tollhouse providers pause {provider}\n"
        )
    key = f"{provider}:{day}:{mark.kind}:{mark.amount_nano}"
    return Alert(key, f"[Tollhouse] {subject}", f"{subject}.\n\n{facts}\n{text}")
