"""`tollhouse alerts`."""

import asyncio
import os
from pathlib import Path

import aiosmtplib
import click

from tollhouse.alerts import Alert, Alerts
from tollhouse.commands.common import directories, say_new_admin_token
from tollhouse.config.settings import Settings
from tollhouse.errors import TollhouseError
from tollhouse.times import format_us, now_us

TEXT = "This is a test. Alerts about spending (alert_usd_per_day, stop_usd_per_day) come to this address.\n"


@click.group()
def alerts() -> None:
    """E-mails about spending.

    \b
    Example:
      tollhouse alerts test
    """


@alerts.command()
@directories
def test(config: Path, data: Path | None) -> None:
    """Send a test e-mail to $ALERT_EMAIL_TO through $SMTP_URL, now.

    \b
    Example:
      tollhouse alerts test
    """
    settings = Settings.from_environ(os.environ, config, data)
    say_new_admin_token(settings)
    server, recipients = settings.mail_server, settings.alert_email_to
    if server is None or not recipients:
        raise TollhouseError("SMTP_URL and ALERT_EMAIL_TO are not both set, so alerts are lines of the log.")
    alert = Alert(f"test:{format_us(now_us())}", "[Tollhouse] A test of alerts", TEXT)
    try:
        asyncio.run(Alerts(server, recipients).deliver(alert))
    except (aiosmtplib.SMTPException, OSError) as error:
        raise TollhouseError(
            f"{server.host} did not take the test e-mail: {type(error).__name__}: {error}; check SMTP_URL."
        ) from error
    click.echo(f"{server.host} has taken a test e-mail for {', '.join(recipients)}.")
