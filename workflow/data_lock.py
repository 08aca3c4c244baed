"""The lock on a data directory: one `passline up` at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 15.0


class InUse(Exception):
    """Somebody else holds the data directory."""


@contextmanager
def locked(directory: Path, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[int]:
    """Holds *directory*, which is made where it is missing, and yields the lock's descriptor.

    Child processes that inherit the descriptor hold the lock too. So after a ``kill -9`` of its owner it is free only
    when the last of them is gone, and this waits for them: two brokers that write one file would ruin it.
    """
    # Guests' names and addresses will be in there.
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor, directory, time.monotonic() + patience_seconds)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int, directory: Path, until: float) -> None:
    while not _taken(descriptor):
        owner = os.pread(descriptor, 32, 0).decode().strip()
        if _lives(owner):
            raise InUse(f"{directory} is in use by another passline up, process {owner}.")
        if time.monotonic() > until:
            raise InUse(f"{directory} is still in use by processes that an earlier passline up left behind.")
        time.sleep(0.05)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lives(process_id: str) -> bool:
    if not process_id.isdigit():
        return False
    try:
        os.kill(int(process_id), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
