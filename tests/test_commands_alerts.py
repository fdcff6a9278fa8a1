"""`tollhouse alerts test`, as people run it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.mailbox import TO, Mailbox


def send_test(data: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tollhouse", "alerts", "test", "--data", str(data)],
        env={**os.environ, "TOLLHOUSE_ADMIN_TOKEN": "t", **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_test_e_mail_arrives(tmp_path: Path) -> None:
    with Mailbox() as mailbox:
        ran = send_test(tmp_path, SMTP_URL=mailbox.url, ALERT_EMAIL_TO=", ".join(TO))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"127.0.0.1 has taken a test e-mail for {', '.join(TO)}.\n"
    assert mailbox.subjects == ["[Tollhouse] A test of alerts"]


def test_a_test_e_mail_that_is_not_taken_says_why_and_shows_no_password(tmp_path: Path) -> None:
    with Mailbox() as mailbox:
        mailbox.refusal = "554 spam"
        ran = send_test(tmp_path, SMTP_URL=mailbox.url, ALERT_EMAIL_TO=TO[0])
        assert ran.returncode == 1 and "554, 'spam'" in ran.stderr
        url = mailbox.url.replace("//", "//me:hunter2@")
        ran = send_test(tmp_path, SMTP_URL=url, ALERT_EMAIL_TO=TO[0])
    assert ran.returncode == 1 and "hunter2" not in ran.stderr + ran.stdout


def test_a_mail_server_without_the_encryption_that_is_asked_for_is_named(tmp_path: Path) -> None:
    with Mailbox() as mailbox:
        url = mailbox.url.replace("smtp://", "smtp+starttls://me:hunter2@")
        ran = send_test(tmp_path, SMTP_URL=url, ALERT_EMAIL_TO=TO[0])
    assert (ran.returncode, ran.stdout, mailbox.messages) == (1, "", [])
    assert ran.stderr == (
        "127.0.0.1 did not take the test e-mail: NotEncrypted: it offers no STARTTLS, and SMTP_URL asks for that; "
        "nothing was sent; check SMTP_URL.\n"
    )


def test_without_an_address_there_is_nothing_to_test(tmp_path: Path) -> None:
    ran = send_test(tmp_path, SMTP_URL="", ALERT_EMAIL_TO=TO[0])
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "SMTP_URL and ALERT_EMAIL_TO are not both set, so alerts are lines of the log.\n"
