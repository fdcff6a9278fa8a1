import base64
from collections.abc import Mapping
from pathlib import Path

import pytest

from tollhouse.config.problems import ConfigError
from tollhouse.config.settings import PUBLISHED_SECRET_KEY, Settings, check_environ

KEY = "k" * 32
MASTER = base64.b64encode(b"m" * 32).decode()


def settings(data_dir: Path, environ: Mapping[str, str]) -> Settings:
    return Settings.from_environ(environ, Path("config"), data_dir)


def refused(data_dir: Path, environ: Mapping[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        settings(data_dir, environ)
    return [str(problem) for problem in raised.value.problems]


def test_unset_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first = settings(tmp_path, {})
    again = settings(tmp_path, {})
    assert first.admin_token_is_new
    assert not again.admin_token_is_new
    assert (first.secret_keys, first.admin_token, first.master_keys) == (
        again.secret_keys,
        again.admin_token,
        again.master_keys,
    )
    assert [len(key) >= 32 for key in first.secret_keys] == [True]
    assert [len(key) for key in first.master_keys] == [32]
    for name in ("secret_key", "admin_token", "master_keys"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_given_secrets_leave_no_files(tmp_path: Path) -> None:
    other = base64.urlsafe_b64encode(b"\xff" * 32).decode()
    environ = {"SECRET_KEY": KEY, "TOLLHOUSE_ADMIN_TOKEN": "t", "TOLLHOUSE_MASTER_KEYS": f"{MASTER}, {other}"}
    given = settings(tmp_path / "data", environ)
    assert (given.secret_keys, given.admin_token, given.admin_token_is_new) == ((KEY.encode(),), "t", False)
    assert given.master_keys == (b"m" * 32, b"\xff" * 32)
    assert not (tmp_path / "data").exists()


def test_what_a_start_would_refuse_is_known_beforehand_and_nothing_is_made(tmp_path: Path) -> None:
    data = tmp_path / "data"
    environ = {"SECRET_KEY": "short", "TOLLHOUSE_MASTER_KEYS": "short", "REDIS_URL": "http://x", "SMTP_URL": "x"}
    assert [str(problem) for problem in check_environ(environ, data)] == refused(data, environ)
    assert len(check_environ(environ, data)) == 4 and check_environ({}, data) == []
    assert not data.exists()
    data.mkdir()
    for name in ("secret_key", "master_keys"):
        (data / name).write_text("short\n")
    assert [str(problem) for problem in check_environ({}, data)] == refused(data, {})
    assert [path.name for path in data.iterdir() if path.name not in ("secret_key", "admin_token")] == ["master_keys"]


def test_secret_keys_rotate_the_newest_first(tmp_path: Path) -> None:
    given = settings(tmp_path, {"SECRET_KEY": f"{KEY}, {'an old key ' * 3}!"})
    assert given.secret_keys == (KEY.encode(), b"an old key an old key an old key !")


def test_a_repr_shows_no_secret(tmp_path: Path) -> None:
    environ = {
        "SECRET_KEY": KEY,
        "TOLLHOUSE_ADMIN_TOKEN": "admin-secret",
        "SMTP_URL": "smtp://me:hunter2@mail",
        "REDIS_URL": "redis://:hunter2@x",
    }
    text = repr(settings(tmp_path, environ))
    for secret in (KEY, "admin-secret", "hunter2", (tmp_path / "master_keys").read_text().strip()):
        assert secret not in text


def test_everything_else_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    usual = Settings.from_environ({"REDIS_URL": "", "SECRET_KEY": " "}, Path("config"))
    assert usual.data_dir == Path("data")
    assert (tmp_path / "data" / "secret_key").exists()
    assert usual.session_minutes == 1440
    assert (usual.public_url, usual.mail_server, usual.alert_email_to, usual.redis_url) == (None, None, (), None)


def test_the_data_directory_of_the_command_line_wins(tmp_path: Path) -> None:
    environ = {"TOLLHOUSE_DATA_DIR": str(tmp_path / "a"), "TOLLHOUSE_PUBLIC_URL": "https://x.org/"}
    assert Settings.from_environ(environ, Path("config")).data_dir == tmp_path / "a"
    given = Settings.from_environ(environ, Path("config"), tmp_path / "b")
    assert given.data_dir == tmp_path / "b"
    assert given.public_url == "https://x.org"


@pytest.mark.parametrize(
    ("name", "value", "finding"),
    [
        (
            "SECRET_KEY",
            PUBLISHED_SECRET_KEY,
            "is the published default, which everyone knows; "
            "set it to the output of `openssl rand -base64 48`, or unset it and one is made",
        ),
        (
            "SECRET_KEY",
            "k" * 31,
            "is shorter than 32 bytes; set it to the output of `openssl rand -base64 48`, or unset it and one is made",
        ),
        (
            "SECRET_KEY",
            f"{KEY},{'o' * 31}",
            "key 2 is shorter than 32 bytes; "
            "set it to the output of `openssl rand -base64 48`, or unset it and one is made",
        ),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "0", '"0" is not a number of minutes from 1 to 525600; such as 1440'),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "1h", '"1h" is not a number of minutes from 1 to 525600; such as 1440'),
        (
            "TOLLHOUSE_ADMIN_TOKEN",
            "two words",
            "cannot travel in a header; a bearer token is one word of visible ASCII",
        ),
        (
            "TOLLHOUSE_MASTER_KEYS",
            f"{MASTER},c2hvcnQ=",
            "key 2 is not 32 bytes in base64; make one: `openssl rand -base64 32`",
        ),
        ("TOLLHOUSE_MASTER_KEYS", "!", "key 1 is not 32 bytes in base64; make one: `openssl rand -base64 32`"),
        (
            "TOLLHOUSE_PUBLIC_URL",
            "x.org",
            '"x.org" is not an http or https address; such as https://llm.example.com',
        ),
        (
            "REDIS_URL",
            "http://:hunter2@x",
            "is not the address of a Redis or Valkey server; "
            "such as redis://localhost:6379/0, or rediss://, valkey://, unix:///run/redis.sock",
        ),
        (
            "SMTP_URL",
            "smtp://me:hunter#2@mail",
            "is not the address of a mail server; "
            "such as smtp+starttls://user:password@mail.example.com:587, special characters percent-encoded",
        ),
        (
            "ALERT_EMAIL_TO",
            "ops@example.com,me",
            "'me' is not an e-mail address; such as ops@example.com,me@example.com",
        ),
        (
            "TOLLHOUSE_DATABASE_URL",
            "postgresql://x",
            "cannot be used: this build has only the embedded store (SQLite under the data directory); "
            "unset TOLLHOUSE_DATABASE_URL",
        ),
    ],
)
def test_a_bad_variable_is_one_finding_and_nothing_is_made(tmp_path: Path, name: str, value: str, finding: str) -> None:
    assert refused(tmp_path / "data", {name: value}) == [f"environment: {name}: {finding}"]
    assert not (tmp_path / "data").exists()


def test_every_bad_variable_comes_at_once(tmp_path: Path) -> None:
    assert len(refused(tmp_path, {"SECRET_KEY": "short", "REDIS_URL": "x", "TOLLHOUSE_MASTER_KEYS": "x"})) == 3


def test_a_spoilt_secret_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("short\n")
    (finding,) = refused(tmp_path, {})
    assert finding.startswith(f"{tmp_path}/secret_key: SECRET_KEY: is shorter than 32 bytes")


def test_a_data_directory_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert refused(tmp_path / "file", {}) == [
        f"environment: TOLLHOUSE_DATA_DIR: cannot keep secrets in {tmp_path}/file: File exists; "
        "choose another directory with --data or TOLLHOUSE_DATA_DIR"
    ]
