"""E-mails to the people who run the gateway: queued, tried again, never waited for by a call.

Where no mail server is set, the same text is a line of the log. What was not handed in when the process ends is the
caller's to send again: `ended` is called once it is known whether a message is on its way for good.
"""

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from typing import Any

import aiosmtplib
import structlog
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from tollhouse.config.service_urls import MailServer, is_address

QUEUE_MAX = 100  # messages that wait while the mail server is away
TRIES_MAX = 12
RETRY_S, RETRY_S_MAX = 1.0, 300.0  # between two tries: the first pause, twice as long each time, the longest
STEP_S, MESSAGE_S = 10.0, 30.0  # how long one step of SMTP, and a whole message, may take
CLOSE_S = 5.0  # how long stopping waits for what is queued
OUTCOMES = ("sent", "logged", "failed", "dropped")
SUBJECT_CHARACTERS_MAX = 200

Ended = Callable[[bool], Coroutine[Any, Any, None]]  # with whether people have been told

log = structlog.get_logger("tollhouse.alerts")


@dataclass(frozen=True, slots=True)
class Alert:
    """What people are to be told. `key` is the same for the same event, so that a mailbox can tell a repetition."""

    key: str
    subject: str
    text: str


class NotEncrypted(aiosmtplib.SMTPException):
    """The mail server does not encrypt, or somebody between has made it seem so."""


class Alerts(Collector):
    """Sends alerts in the order in which they come, one at a time."""

    def __init__(self, server: MailServer | None, recipients: tuple[str, ...], *, retry_s: float = RETRY_S) -> None:
        self._server = server
        self._recipients = recipients
        self._retry_s = retry_s
        self._queue: asyncio.Queue[tuple[Alert, Ended | None]] = asyncio.Queue(QUEUE_MAX)
        self._sending: asyncio.Task[None] | None = None
        self._outcomes: Counter[str] = Counter()
        self._refused = False  # whether the last try failed

    @property
    def mails(self) -> bool:
        """Whether alerts are e-mails; else they are lines of the log."""
        return self._server is not None and bool(self._recipients)

    def send(self, alert: Alert, ended: Ended | None = None) -> bool:
        """Queue an alert; never waits. One that does not fit any more is a line of the log, and False."""
        try:
            self._queue.put_nowait((alert, ended))
        except asyncio.QueueFull:
            self._count("dropped", alert, reason=f"{QUEUE_MAX} alerts are waiting already")
            return False
        if self._sending is None:
            self._sending = asyncio.ensure_future(self._send_all())
        return True

    async def deliver(self, alert: Alert) -> None:
        """Hand one message in, now; raises SMTPException or OSError where that fails."""
        assert self._server is not None, "there is a mail server"
        server = self._server
        try:
            async with asyncio.timeout(MESSAGE_S):
                refused, _ = await aiosmtplib.send(
                    message_of(alert, server, self._recipients),
                    hostname=server.host,
                    port=server.port,
                    use_tls=server.tls,
                    start_tls=server.starttls or None,  # None: where it is offered
                    username=server.user,
                    password=server.password,
                    local_hostname=_own_name(),
                    timeout=STEP_S,
                )
        except aiosmtplib.SMTPException as error:
            if server.starttls and "STARTTLS extension not supported" in str(error):  # the library has no class for it
                raise NotEncrypted("it offers no STARTTLS, and SMTP_URL asks for that; nothing was sent") from error
            raise
        if refused:
            log.warning("alert_refused_for_some", alert=alert.key, recipients=sorted(refused))

    async def close(self) -> None:
        """Send what is queued, as far as that is quick; a mail server that was away a moment ago is not waited for."""
        if self._sending is not None:
            if not self._refused:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(CLOSE_S):
                        await self._queue.join()
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)

    async def _send_all(self) -> None:
        while True:
            alert, ended = await self._queue.get()
            try:
                told = await self._send(alert)
                if ended is not None:
                    await ended(told)
            except Exception as error:  # noqa: BLE001 - a defect here must not silence every alert that comes after it
                log.error("alerting_failed", alert=alert.key, error=repr(error))
            finally:
                self._queue.task_done()

    async def _send(self, alert: Alert) -> bool:
        """Whether people have been told; a message that the server refuses for good is not tried again."""
        if not self.mails:
            self._count("logged", alert)
            return True
        for tried in range(1, TRIES_MAX + 1):
            try:
                await self.deliver(alert)
            except (aiosmtplib.SMTPException, OSError, ValueError) as error:
                self._refused = True
                if tried == TRIES_MAX or _is_final(error):
                    self._count("failed", alert, reason=_reason(error))
                    return False
                log.warning("alert_not_sent_yet", alert=alert.key, reason=_reason(error), tried=tried)
                await asyncio.sleep(min(self._retry_s * 2 ** (tried - 1), RETRY_S_MAX))
            else:
                self._refused = False
                self._count("sent", alert)
                return True
        return False

    def _count(self, outcome: str, alert: Alert, **facts: Any) -> None:
        self._outcomes[outcome] += 1
        if outcome == "sent":
            log.info("alert_sent", alert=alert.key, recipients=self._recipients)
        else:
            write = log.warning if outcome == "logged" else log.error
            write("alert", alert=alert.key, outcome=outcome, subject=alert.subject, text=alert.text, **facts)

    def collect(self) -> Iterable[Metric]:
        alerts = CounterMetricFamily("tollhouse_alerts", "Alerts by what became of them", labels=["outcome"])
        for outcome in OUTCOMES:
            alerts.add_metric([outcome], self._outcomes[outcome])
        yield alerts


def message_of(alert: Alert, server: MailServer, recipients: tuple[str, ...]) -> EmailMessage:
    """An alert as plain text. No text of it can add a header: control characters become spaces."""
    user = server.user if server.user is not None and is_address(server.user) else None
    message = EmailMessage()
    message["From"] = Address("Tollhouse", addr_spec=server.sender or user or recipients[0])
    message["To"] = tuple(Address(addr_spec=address) for address in recipients)
    message["Subject"] = _one_line(alert.subject)[:SUBJECT_CHARACTERS_MAX]
    message["Date"] = format_datetime(localtime())
    unique = "".join(letter if letter.isalnum() else "-" for letter in alert.key)
    message["Message-ID"] = f"<{unique}@{recipients[0].partition('@')[2]}>"  # a mailbox shows a repetition once
    message["Auto-Submitted"] = "auto-generated"  # no automatic answers, please (RFC 3834)
    message.set_content(alert.text)
    return message


def _own_name() -> str:
    """What this machine calls itself to a mail server, which takes an address where there is no full name (RFC 5321 4.1.3).

    The library's own way asks a name server, and everything waits for that.
    """
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _is_final(error: Exception) -> bool:
    """Whether another try would end as this one: the server has said no for good (5xx), or the message is impossible."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(each.code >= 500 for each in error.recipients)
    return isinstance(error, ValueError) or (isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= 500)


def _reason(error: Exception) -> str:
    """What failed. Servers do not repeat passwords, and neither does this."""
    return f"{type(error).__name__}: {error}"
