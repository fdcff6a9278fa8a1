"""Where the mail server and Redis are, as variables of the environment say it. No message here repeats a URL: it may hold a password."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

_SMTP_SCHEMES = ("smtp", "smtp+starttls", "smtps")
# Valkey speaks Redis' protocol, and the client knows only the names on the right.
_REDIS_SCHEMES = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss", "unix": "unix"}
_REDIS_OPTIONS = frozenset({"db", "ssl_ca_certs", "ssl_cert_reqs", "ssl_certfile", "ssl_check_hostname", "ssl_keyfile"})
# What may stand in a header and in an SMTP command as it is (RFC 5321 4.1.2, without quoted local parts).
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mails are handed in. Without `tls` and `starttls` the connection is encrypted where the server offers it."""

    host: str
    port: int | None = None  # None: 465 with TLS, 587 with STARTTLS, else 25
    tls: bool = False  # from the first byte on
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str | None = None  # None: the user where that is an address, else the first recipient
    starttls: bool = False  # nothing is sent, and nobody logs in, before the connection is encrypted (RFC 3207)


def parse_smtp_url(url: str) -> MailServer:
    """`smtp://user:password@host:port?from=address`; raises ValueError.

    `smtps://` is TLS from the first byte on, `smtp+starttls://` insists on what `smtp://` uses where it is offered.
    """
    try:
        parts = urlsplit(url)
        host, port, options = parts.hostname, parts.port, parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        host = None
    if host is None or parts.scheme not in _SMTP_SCHEMES or parts.path not in ("", "/") or re.search(r"\s", url):
        raise ValueError("is not the address of a mail server")
    sender = options.pop("from", [None])[-1]
    if options or parts.fragment or (sender is not None and not is_address(sender)):
        raise ValueError("has more behind the address than `?from=` and an e-mail address")
    user, password = (unquote(text) if text else None for text in (parts.username, parts.password))
    tls, starttls = parts.scheme == "smtps", parts.scheme == "smtp+starttls"
    return MailServer(host, port, tls, user, password, sender, starttls)


def parse_recipients(text: str) -> tuple[str, ...]:
    """E-mail addresses separated by commas; raises ValueError."""
    addresses = tuple(address.strip() for address in text.split(",") if address.strip())
    if not addresses:
        raise ValueError("names nobody")
    for address in addresses:
        if not is_address(address):
            raise ValueError(f"{address[:80]!r} is not an e-mail address")
    return addresses


def parse_redis_url(url: str) -> str:
    """The URL as the client of Redis takes it; raises ValueError."""
    try:
        parts = urlsplit(url)
        scheme, _ = _REDIS_SCHEMES.get(parts.scheme), parts.port
        options = parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        scheme = None
    if scheme is None or re.search(r"\s", url):
        raise ValueError("is not the address of a Redis or Valkey server")
    if not (parts.path.strip("/") if scheme == "unix" else parts.hostname):
        raise ValueError("names no socket" if scheme == "unix" else "names no host")
    database = "0" if scheme == "unix" else parts.path.strip("/") or "0"
    if not all(re.fullmatch(r"[0-9]{1,5}", number) for number in (database, *options.get("db", ()))):
        raise ValueError("names no number of a database")
    if options.keys() - _REDIS_OPTIONS or parts.fragment:
        raise ValueError(f"has an option that is not known here; accepted: {', '.join(sorted(_REDIS_OPTIONS))}")
    return scheme + url[len(parts.scheme) :]


def is_address(text: str) -> bool:
    """Whether a text is an e-mail address that needs no quoting anywhere."""
    return _ADDRESS.fullmatch(text) is not None
