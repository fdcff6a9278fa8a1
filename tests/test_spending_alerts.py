"""The texts about thresholds, which say what is true when they are written."""

import pytest

from tollhouse.spending_alerts import ALERT, STOP, alert_of
from tollhouse.storage.base import Mark

USD = 10**9
DAY = 20_778
RESUME_IT, PAUSE_IT = "tollhouse providers resume one", "tollhouse providers pause one"


def test_the_text_has_every_fact() -> None:
    alert = alert_of(Mark("one", DAY, ALERT, 50 * USD), 52_100_000_000, paused=False)
    assert alert.key == "one:2026-11-21:alert:50000000000"
    assert alert.subject == "[Tollhouse] one has spent 52.1 USD today"
    assert alert.text == (
        "one has spent 52.1 USD today.\n\nProvider:   one\nDay (UTC):  2026-11-21\nSpent:      52.1 USD\n"
        "Threshold:  50 USD\n\nIt goes on serving. To stop it now:\n\n    tollhouse providers pause one\n"
    )


@pytest.mark.parametrize(
    ("kind", "paused", "unpaused", "subject", "said"),
    [
        (ALERT, False, "", "has spent 60 USD", ("goes on serving", PAUSE_IT)),
        (ALERT, True, "", "has spent 60 USD", ("It is paused", RESUME_IT)),
        (STOP, True, "", "is paused", (RESUME_IT, "stays paused tomorrow")),
        (STOP, False, "no such provider", "could NOT be paused", ("goes on serving", "no such provider")),
        (STOP, True, "the store is full", "is paused", (RESUME_IT,)),
        (STOP, False, "", "was paused", ("has resumed it since", "goes on serving", PAUSE_IT)),
    ],
)
def test_the_text_says_whether_the_provider_serves(
    kind: str, paused: bool, unpaused: str, subject: str, said: tuple[str, ...]
) -> None:
    alert = alert_of(Mark("one", DAY, kind, 50 * USD), 60 * USD, paused=paused, unpaused=unpaused)
    assert subject in alert.subject and all(words in alert.text for words in said)
    assert ("goes on serving" in alert.text) is not paused
