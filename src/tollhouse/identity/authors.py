"""Who administers: the author of a change, and the row that the change leaves in the log of administration."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from tollhouse.storage.base import LogRow

COMMAND_LINE = (
    "command line"  # author and address of a command that works on the data directory itself, while no server runs
)


class Author(NamedTuple):
    """Who asked for a change, from which network address, in which request. Nothing in here is a secret."""

    name: str
    client: str = ""
    request_id: str = ""

    def wrote(
        self, at_us: int, action: str, account: str, thing: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> LogRow:
        """The row of one change: the operation, the account it is about, the id of what changed, and its facts."""
        return LogRow(
            id=f"log_{secrets.token_hex(8)}",
            at_us=at_us,
            actor=self.name,
            client=self.client,
            request_id=self.request_id,
            action=action,
            account=account,
            object=thing,
            before=orjson.dumps(before).decode(),
            after=orjson.dumps(after).decode(),
        )


def fingerprint(admin_token: str) -> str:
    """What the log calls the bearer of an admin token: the beginning of its SHA-256."""
    return f"token {hashlib.sha256(admin_token.encode()).hexdigest()[:8]}"
