"""A real mail server on a loopback port that keeps what it is given.

with Mailbox() as mailbox:
    ... mailbox.server, mailbox.url, mailbox.subjects
    mailbox.refusal = "451 try later"      # what it answers to a message from now on; None takes it
"""

import email
import email.policy
import socket
import ssl
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tollhouse.config.service_urls import MailServer, parse_smtp_url

TO = ("ops@example.com", "me@example.com")


class Mailbox:
    """`login` is asked of whoever sends; with `tls` it offers STARTTLS, or with `smtps` talks nothing else."""

    def __init__(
        self, port: int | None = None, *, login: tuple[str, str] | None = None, tls: ssl.SSLContext | None = None,
        smtps: bool = False,
    ) -> None:  # fmt: skip
        self.port = port or free_port()
        self.messages: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.encrypted: list[bool] = []
        self.refusal: str | None = None
        self.logins: list[tuple[str, str]] = []
        self._login = login
        options: dict[str, Any] = {"ssl_context": tls} if smtps else {"tls_context": tls}
        if login is not None:
            options |= {"authenticator": self._authenticate, "auth_require_tls": False}
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def server(self) -> MailServer:
        return parse_smtp_url(self.url)

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for message in self.messages]

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._controller.stop()

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword) and self._login is not None
        self.logins.append((data.login.decode(), data.password.decode()))
        success = self.logins[-1] == self._login
        return AuthResult(success=success, handled=False)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._login is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusal is not None:
            return self.refusal
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        self.envelopes.append(envelope)
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])
