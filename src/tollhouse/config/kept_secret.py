"""Secrets that are made at first start and kept in the data directory, one file each, readable by its owner alone."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept_secret(path: Path, make: Callable[[], str]) -> tuple[str, bool]:
    """The secret in a file, and whether this call made it.

    Several processes may start at once: the file appears complete or not at all, and all of them get the same secret.
    Raises OSError where the directory cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return path.read_text("utf-8").strip(), False
    except FileNotFoundError:
        return _make(path, make())


def _make(path: Path, secret: str) -> tuple[str, bool]:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # unlike a rename, a link never replaces what another process has put there
        return secret, True
    except FileExistsError:
        return path.read_text("utf-8").strip(), False
    finally:
        draft.unlink()
