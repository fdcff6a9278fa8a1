"""E-mails that arrive once, as plain text, whatever the mail server does; and no password anywhere."""

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.leaving import until
from tests.mailbox import TO, Mailbox, free_port
from tests.test_upstream_tls import certificate as certificate
from tollhouse import alerts as module
from tollhouse.alerts import Alert, Alerts, NotEncrypted
from tollhouse.config.service_urls import MailServer, parse_smtp_url

ALERT = Alert("one:2026-11-21:alert:50", "[Tollhouse] one has spent 50 USD today", "one has spent 50 USD today.\n")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


def outcomes(alerts: Alerts) -> dict[str, float]:
    [metric] = alerts.collect()
    return {sample.labels["outcome"]: sample.value for sample in metric.samples if sample.value}


async def test_an_alert_arrives_as_plain_text(mailbox: Mailbox) -> None:
    alerts = Alerts(mailbox.server, TO)
    alerts.send(ALERT)
    await alerts.close()
    [message], [envelope] = mailbox.messages, mailbox.envelopes
    assert (message["Subject"], message.get_content().replace("\r\n", "\n")) == (ALERT.subject, ALERT.text)
    assert message.get_content_type() == "text/plain"
    assert (str(message["From"]), str(message["To"])) == (f"Tollhouse <{TO[0]}>", ", ".join(TO))
    assert (envelope.mail_from, tuple(envelope.rcpt_tos)) == (TO[0], TO)
    assert message["Message-ID"] == "<one-2026-11-21-alert-50@example.com>"
    assert outcomes(alerts) == {"sent": 1}


@pytest.mark.parametrize(
    ("changes", "sender"),
    [({"sender": "gw@x.org"}, "gw@x.org"), ({"user": "me@x.org"}, "me@x.org"), ({"user": "me"}, TO[0])],
)
def test_the_sender_is_the_one_named_or_the_user_or_the_recipient(changes: dict[str, Any], sender: str) -> None:
    message = module.message_of(ALERT, replace(MailServer("mail"), **changes), TO)
    assert message["From"] == f"Tollhouse <{sender}>"


async def test_no_text_adds_a_header_or_a_recipient(mailbox: Mailbox) -> None:
    alerts = Alerts(mailbox.server, TO[:1])
    alerts.send(Alert("k\r\nX-Evil: 1", "s\r\nBcc: victim@example.com\r\n\r\nbody", "one\r\n.\r\nMAIL FROM:<x@x>\r\n"))
    await alerts.close()
    [message], [envelope] = mailbox.messages, mailbox.envelopes
    assert message["Subject"] == "s Bcc: victim@example.com body"
    assert message["Bcc"] is None and message["X-Evil"] is None and envelope.rcpt_tos == [TO[0]]
    assert "MAIL FROM:<x@x>" in message.get_content()


async def test_a_server_that_is_away_is_tried_until_it_is_back() -> None:
    port = free_port()
    alerts = Alerts(MailServer("127.0.0.1", port), TO, retry_s=0.02)
    told: list[bool] = []

    async def note(sent: bool) -> None:
        told.append(sent)

    with capture_logs() as logs:
        alerts.send(ALERT, note)
        await until(lambda: len(logs) >= 2)
        assert told == []
        with Mailbox(port) as mailbox:
            await until(lambda: told)
            assert mailbox.subjects == [ALERT.subject]
            await alerts.close()
    assert outcomes(alerts) == {"sent": 1}


async def test_a_message_that_is_refused_for_now_comes_again_and_one_for_good_does_not(mailbox: Mailbox) -> None:
    alerts = Alerts(mailbox.server, TO, retry_s=0.02)
    mailbox.refusal = "451 try later"
    told: list[bool] = []

    async def note(sent: bool) -> None:
        told.append(sent)

    alerts.send(ALERT, note)
    await asyncio.sleep(0.2)
    mailbox.refusal = None
    await until(lambda: told)
    mailbox.refusal = "554 spam"
    with capture_logs() as logs:
        alerts.send(replace(ALERT, key="second"), note)
        await until(lambda: outcomes(alerts).get("failed"))
        assert [entry["alert"] for entry in logs if entry["event"] == "alert"] == ["second"]
    mailbox.refusal = None
    alerts.send(replace(ALERT, key="third"), note)
    await until(lambda: len(told) == 3)
    await alerts.close()
    assert told == [True, False, True]
    assert (len(mailbox.messages), outcomes(alerts)) == (2, {"sent": 2, "failed": 1})


async def test_giving_up_is_logged_with_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRIES_MAX", 2)
    alerts = Alerts(MailServer("127.0.0.1", free_port(), user="me", password="hunter2"), TO, retry_s=0.01)
    with capture_logs() as logs:
        alerts.send(ALERT)
        await until(lambda: outcomes(alerts).get("failed"))
    await alerts.close()
    assert logs[-1]["text"] == ALERT.text and logs[-1]["log_level"] == "error"
    assert "hunter2" not in repr(logs)


async def test_without_a_mail_server_the_text_is_a_line_of_the_log() -> None:
    for server, recipients in ((None, TO), (MailServer("mail"), ())):
        alerts = Alerts(server, recipients)
        with capture_logs() as logs:
            alerts.send(ALERT)
            await alerts.close()
        [entry] = logs
        assert (entry["log_level"], entry["text"], outcomes(alerts)) == ("warning", ALERT.text, {"logged": 1})


async def test_a_queue_that_is_full_drops_with_a_line_of_the_log_and_never_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "QUEUE_MAX", 3)
    monkeypatch.setattr(module, "CLOSE_S", 0.1)
    alerts = Alerts(MailServer("127.0.0.1", free_port()), TO, retry_s=60)
    with capture_logs() as logs:
        assert [alerts.send(replace(ALERT, key=str(number))) for number in range(5)] == [True] * 3 + [False] * 2
        await alerts.close()
    assert outcomes(alerts) == {"dropped": 2}
    assert [entry["alert"] for entry in logs if entry.get("outcome") == "dropped"] == ["3", "4"]


async def test_a_wrong_password_is_refused_and_shown_nowhere() -> None:
    with Mailbox(login=("me", "swordfish")) as mailbox:
        right = Alerts(replace(mailbox.server, user="me", password="swordfish"), TO)
        wrong = Alerts(replace(mailbox.server, user="me", password="hunter2"), TO)
        with capture_logs() as logs:
            right.send(ALERT)
            wrong.send(ALERT)
            await asyncio.gather(right.close(), wrong.close())
    assert (outcomes(right), outcomes(wrong)) == ({"sent": 1}, {"failed": 1})
    assert "hunter2" not in repr(logs) and "swordfish" not in repr(logs)


@pytest.mark.parametrize("scheme", ["smtp", "smtp+starttls", "smtps"])
async def test_the_connection_is_encrypted_where_the_server_can(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(*certificate)
    with capture_logs(), Mailbox(tls=serving, smtps=scheme == "smtps") as mailbox:
        server = parse_smtp_url(f"{scheme}://localhost:{mailbox.port}")
        stranger = Alerts(server, TO, retry_s=60)
        monkeypatch.setattr(module, "CLOSE_S", 0.5)
        stranger.send(ALERT)
        await stranger.close()
        assert mailbox.messages == [], "a certificate that nobody vouches for is not believed"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        trusting = Alerts(server, TO)
        trusting.send(ALERT)
        await trusting.close()
        assert (mailbox.subjects, mailbox.encrypted) == ([ALERT.subject], [True])


async def test_where_encryption_is_asked_for_and_not_offered_neither_a_mail_nor_a_password_is_sent() -> None:
    with Mailbox(login=("me", "swordfish")) as mailbox:
        address = f"me:swordfish@127.0.0.1:{mailbox.port}"
        insisting = Alerts(parse_smtp_url(f"smtp+starttls://{address}"), TO)
        with pytest.raises(NotEncrypted, match="offers no STARTTLS"):
            await insisting.deliver(ALERT)
        assert (mailbox.messages, mailbox.logins) == ([], [])
        await Alerts(parse_smtp_url(f"smtp://{address}"), TO).deliver(ALERT)
        assert (mailbox.subjects, mailbox.encrypted) == ([ALERT.subject], [False]), "it is a matter of the URL"
