"""Where the mail server and Redis are: what is understood, and refusals that show no password."""

import pytest

from tollhouse.config.service_urls import MailServer, parse_recipients, parse_redis_url, parse_smtp_url


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", MailServer("mail.example.com")),
        ("smtp://[::1]:2525/", MailServer("::1", 2525)),
        ("smtps://me%40x.org:p%23ss@mail:465", MailServer("mail", 465, True, "me@x.org", "p#ss")),
        ("smtp+starttls://me:p@mail", MailServer("mail", None, False, "me", "p", starttls=True)),
        ("smtp://mail?from=gw@x.org", MailServer("mail", sender="gw@x.org")),
    ],
)
def test_a_mail_server_is_read_from_its_url(url: str, server: MailServer) -> None:
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail", "http://mail", "starttls://mail", "smtps+starttls://mail", "smtp://", "smtp://me:hunter2@", "smtp://me:hunter2/@mail", "smtp://me:hunter2@mail:x",
        "smtp://mail/hunter2", "smtp://mail?from=hunter2", "smtp://mail?from=a@b%0aBcc:c@d", "smtp://mail?tls=hunter2",
        "smtp://mail#hunter2", "smtp://ma il", "smtp://mail:99999", "smtp://mail?from",
    ],
)  # fmt: skip
def test_a_mail_server_that_cannot_be_read_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"is not the address|has more behind") as refused:
        parse_smtp_url(url)
    assert "hunter2" not in str(refused.value)


def test_a_mail_server_shows_no_password() -> None:
    assert "hunter2" not in repr(parse_smtp_url("smtp://me:hunter2@mail"))


def test_recipients_are_separated_by_commas() -> None:
    assert parse_recipients(" a@x.org, b+c@y.org,") == ("a@x.org", "b+c@y.org")


@pytest.mark.parametrize("text", [",", "a", "a@x.org b@y.org", "a@x.org\r\nBcc: b@y.org", "<a@x.org>", "A <a@x.org>"])
def test_recipients_that_could_change_a_header_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"names nobody|is not an e-mail address"):
        parse_recipients(text)


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("redis://localhost", "redis://localhost"),
        ("rediss://:secret@h:1/2?ssl_cert_reqs=none", "rediss://:secret@h:1/2?ssl_cert_reqs=none"),
        ("valkey://h:7000/1", "redis://h:7000/1"),
        ("valkeys://h", "rediss://h"),
        ("unix:///run/redis.sock?db=3", "unix:///run/redis.sock?db=3"),
    ],
)
def test_redis_and_valkey_have_the_same_urls(url: str, taken: str) -> None:
    assert parse_redis_url(url) == taken


@pytest.mark.parametrize(
    "url",
    [
        "localhost:6379", "http://h", "redis://", "redis://:hunter2@", "unix://", "redis://h:hunter2", "redis://h/hunter2",
        "redis://h?db=hunter2", "redis://h?socket_timeout=60", "redis://h#hunter2", "redis://h h",
    ],
)  # fmt: skip
def test_a_redis_that_cannot_be_read_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"is not the address|names no|option") as refused:
        parse_redis_url(url)
    assert "hunter2" not in str(refused.value)
