"""The data directory: the files in it that several modules know, and the lock of the one process that owns it."""

import fcntl
import os
from pathlib import Path
from typing import IO

from tollhouse.errors import TollhouseError

STORE_FILE = "tollhouse.sqlite"
LOCK_FILE = "lock"  # holds the pid of the process that owns the data directory
SERVER_FILE = "server.json"  # is there while a server runs, and says where its admin API is


class DataDirectoryInUse(TollhouseError):
    """Another process owns the data directory."""


class DataDirectoryUnusable(TollhouseError):
    """The data directory cannot be made or written."""


def take_lock(data_dir: Path) -> IO[str]:
    """Own a data directory until the returned file is closed; raises DataDirectoryInUse or DataDirectoryUnusable."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / LOCK_FILE).open("a+")
    except OSError as error:
        raise DataDirectoryUnusable(
            f"{data_dir} cannot hold the data: {error.strerror}; choose another directory with --data."
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        owner = lock.read().strip()
        lock.close()
        raise DataDirectoryInUse(
            f"{data_dir} is in use by another tollhouse process{f' (pid {owner})' if owner else ''}; "
            "stop it, or choose another directory with --data."
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock
