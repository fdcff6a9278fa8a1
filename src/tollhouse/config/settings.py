"""Settings from environment variables: secrets, the data directory, addresses. Secrets never appear in a repr."""

import base64
import binascii
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from tollhouse.config.base_url import base_url_problem
from tollhouse.config.kept_secret import kept_secret
from tollhouse.config.problems import ENVIRONMENT, ConfigError, Problem
from tollhouse.config.service_urls import MailServer, parse_recipients, parse_redis_url, parse_smtp_url

T = TypeVar("T")

SECRET_KEY_BYTES_MIN = 32
MASTER_KEY_BYTES = 32
SESSION_MINUTES = 1440
SESSION_MINUTES_MAX = 525_600  # a year
PUBLISHED_SECRET_KEY = "your-secret-key-here-change-in-production"  # noqa: S105  (refused, because everyone knows it)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. Empty variables count as unset."""

    config_dir: Path
    data_dir: Path
    secret_keys: tuple[bytes, ...] = field(repr=False)  # sign sessions, newest first
    session_minutes: int
    admin_token: str = field(repr=False)  # bearer token of the admin API
    admin_token_is_new: bool  # made by this very start: print it once
    master_keys: tuple[bytes, ...] = field(repr=False)  # encrypt upstream keys at rest, newest first
    public_url: str | None  # without a trailing slash; None: the first listener
    mail_server: MailServer | None  # None: alerts are lines of the log
    alert_email_to: tuple[str, ...]
    redis_url: str | None = field(repr=False)  # as the client of Redis takes it

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], config_dir: Path, data_dir: Path | None = None) -> "Settings":
        """Read the variables; make and keep the secrets that are unset. `data_dir` wins over TOLLHOUSE_DATA_DIR.

        Raises ConfigError with every problem, before anything is made.
        """
        values, directory = _set(environ), data_directory(environ, data_dir)
        problems: list[Problem] = []
        given = _given(values, problems)
        if problems:
            raise ConfigError(problems)
        secret_keys, admin_token, admin_token_is_new, master_keys = _secrets(values, directory)
        return cls(
            config_dir=config_dir,
            data_dir=directory,
            secret_keys=secret_keys,
            session_minutes=given.session_minutes,
            admin_token=admin_token,
            admin_token_is_new=admin_token_is_new,
            master_keys=master_keys,
            public_url=given.public_url,
            mail_server=given.mail_server,
            alert_email_to=given.recipients or (),
            redis_url=given.redis_url,
        )


class _Given(NamedTuple):
    """What the environment says beside its secrets."""

    session_minutes: int
    public_url: str | None
    mail_server: MailServer | None
    recipients: tuple[str, ...] | None
    redis_url: str | None


def check_environ(environ: Mapping[str, str], data_dir: Path | None = None) -> list[Problem]:
    """What `Settings.from_environ` would refuse, kept secrets included. Makes nothing."""
    values, directory = _set(environ), data_directory(environ, data_dir)
    problems: list[Problem] = []
    _given(values, problems)
    for variable, name, check in (
        ("SECRET_KEY", "secret_key", _secret_keys),
        ("TOLLHOUSE_MASTER_KEYS", "master_keys", _master_keys),
    ):
        if variable not in values and (directory / name).is_file():
            try:
                check((directory / name).read_text("utf-8").strip(), str(directory / name), problems)
            except OSError as error:
                message = f"cannot be read: {error.strerror}"
                problems.append(Problem(str(directory / name), None, variable, message))
    return problems


def _set(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in environ.items() if value.strip()}


def _given(values: Mapping[str, str], problems: list[Problem]) -> _Given:
    """The variables, each checked."""
    _refuse_scaled_out_store(values, problems)
    _secret_keys(values.get("SECRET_KEY"), ENVIRONMENT, problems)
    _check_admin_token(values.get("TOLLHOUSE_ADMIN_TOKEN"), problems)
    _master_keys(values.get("TOLLHOUSE_MASTER_KEYS"), ENVIRONMENT, problems)
    minutes = _session_minutes(values.get("ACCESS_TOKEN_EXPIRE_MINUTES"), problems)
    public_url = _public_url(values.get("TOLLHOUSE_PUBLIC_URL"), problems)
    smtp = "such as smtp+starttls://user:password@mail.example.com:587, special characters percent-encoded"
    redis = "such as redis://localhost:6379/0, or rediss://, valkey://, unix:///run/redis.sock"
    return _Given(
        minutes,
        public_url,
        _parsed(values, "SMTP_URL", parse_smtp_url, smtp, problems),
        _parsed(values, "ALERT_EMAIL_TO", parse_recipients, "such as ops@example.com,me@example.com", problems),
        _parsed(values, "REDIS_URL", parse_redis_url, redis, problems),
    )


def data_directory(environ: Mapping[str, str], given: Path | None) -> Path:
    """Where the data are: as given, else by TOLLHOUSE_DATA_DIR, else `./data`. Makes nothing."""
    return given or Path(environ.get("TOLLHOUSE_DATA_DIR", "").strip() or "./data")


def _secrets(values: Mapping[str, str], directory: Path) -> tuple[tuple[bytes, ...], str, bool, tuple[bytes, ...]]:
    """Secret keys, admin token, whether that one is new, and master keys: from the environment, else kept ones."""
    problems: list[Problem] = []
    admin_token, is_new = values.get("TOLLHOUSE_ADMIN_TOKEN"), False
    secret_key, master_keys = values.get("SECRET_KEY"), values.get("TOLLHOUSE_MASTER_KEYS")
    try:
        if secret_key is None:
            secret_key, _ = kept_secret(directory / "secret_key", lambda: secrets.token_urlsafe(48))
        if master_keys is None:
            master_keys, _ = kept_secret(directory / "master_keys", _new_master_key)
        if admin_token is None:
            admin_token, is_new = kept_secret(directory / "admin_token", lambda: secrets.token_urlsafe(32))
    except OSError as error:
        fix = "choose another directory with --data or TOLLHOUSE_DATA_DIR"
        message = f"cannot keep secrets in {directory}: {error.strerror}"
        raise ConfigError([Problem(ENVIRONMENT, None, "TOLLHOUSE_DATA_DIR", message, fix)]) from error
    secret_keys = _secret_keys(secret_key, str(directory / "secret_key"), problems)
    keys = _master_keys(master_keys, str(directory / "master_keys"), problems)
    if problems:
        raise ConfigError(problems)
    return secret_keys, admin_token, is_new, keys


def _refuse_scaled_out_store(values: Mapping[str, str], problems: list[Problem]) -> None:
    name = "TOLLHOUSE_DATABASE_URL"
    if name in values:
        message = "cannot be used: this build has only the embedded store (SQLite under the data directory)"
        problems.append(Problem(ENVIRONMENT, None, name, message, f"unset {name}"))


def _parsed(
    values: Mapping[str, str], name: str, parse: Callable[[str], T], fix: str, problems: list[Problem]
) -> T | None:
    """What a variable says; None where it is unset, or wrong, which is then one of the problems."""
    try:
        return parse(values[name]) if name in values else None
    except ValueError as error:
        problems.append(Problem(ENVIRONMENT, None, name, str(error), fix))
        return None


def _secret_keys(value: str | None, source: str, problems: list[Problem]) -> tuple[bytes, ...]:
    """Keys separated by commas: the first signs, all of them are good, so that a key can be replaced while sessions last."""
    if value is None:
        return ()
    fix = "set it to the output of `openssl rand -base64 48`, or unset it and one is made"
    texts = [text.strip() for text in value.split(",")]
    for position, text in enumerate(texts, 1):
        which = f"key {position} " if len(texts) > 1 else ""
        if text == PUBLISHED_SECRET_KEY:
            message = f"{which}is the published default, which everyone knows"
        elif len(text.encode()) < SECRET_KEY_BYTES_MIN:
            message = f"{which}is shorter than {SECRET_KEY_BYTES_MIN} bytes"
        else:
            continue
        problems.append(Problem(source, None, "SECRET_KEY", message, fix))
    return tuple(text.encode() for text in texts)


def _check_admin_token(value: str | None, problems: list[Problem]) -> None:
    if value is not None and not re.fullmatch(r"[!-~]+", value):
        fix = "a bearer token is one word of visible ASCII"
        problems.append(Problem(ENVIRONMENT, None, "TOLLHOUSE_ADMIN_TOKEN", "cannot travel in a header", fix))


def _session_minutes(value: str | None, problems: list[Problem]) -> int:
    if value is None:
        return SESSION_MINUTES
    if re.fullmatch(r"[0-9]{1,9}", value) and 1 <= int(value) <= SESSION_MINUTES_MAX:
        return int(value)
    message = f'"{value}" is not a number of minutes from 1 to {SESSION_MINUTES_MAX}'
    problems.append(Problem(ENVIRONMENT, None, "ACCESS_TOKEN_EXPIRE_MINUTES", message, f"such as {SESSION_MINUTES}"))
    return SESSION_MINUTES


def _public_url(value: str | None, problems: list[Problem]) -> str | None:
    found = base_url_problem(value, allow_private=True) if value is not None else None
    if found is not None:
        problems.append(Problem(ENVIRONMENT, None, "TOLLHOUSE_PUBLIC_URL", found[0], "such as https://llm.example.com"))
    return value.rstrip("/") if value is not None else None


def _new_master_key() -> str:
    return base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()


def _master_keys(value: str | None, source: str, problems: list[Problem]) -> tuple[bytes, ...]:
    """Keys separated by commas or spaces, in either base64 alphabet. The findings never show them."""
    keys: list[bytes] = []
    for position, text in enumerate((value or "").replace(",", " ").split(), 1):
        try:
            key = base64.b64decode(text.translate({ord("-"): "+", ord("_"): "/"}), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != MASTER_KEY_BYTES:
            message = f"key {position} is not {MASTER_KEY_BYTES} bytes in base64"
            problems.append(
                Problem(source, None, "TOLLHOUSE_MASTER_KEYS", message, "make one: `openssl rand -base64 32`")
            )
        keys.append(key)
    return tuple(keys)
