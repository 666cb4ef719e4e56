"""A folder in, the right to write its index out: one process, or thread, at a time has it, and others are told who.

The system holds the lock (``writer.lock``), so that of a process that was killed is free at once. ``writer.json`` only
tells who has it.
"""

import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from assistant.archive import what_to_do
from assistant.errors import StoreBusy, StoreError

LOCK = "writer.lock"
HOLDER = "writer.json"


class Lock:
    """The right to write the index in a folder, until ``release``, or the end of a ``with``.

    Raises StoreBusy where another process, or thread, has it, and StoreError where the folder cannot be written.
    """

    def __init__(self, folder: Path, *, wait: bool = False) -> None:
        """``wait`` for the other to end instead of raising StoreBusy."""
        import filelock

        self._folder = folder
        self._lock = filelock.FileLock(folder / LOCK, timeout=-1 if wait else 0)
        try:
            self._lock.acquire()
        except filelock.Timeout as error:
            raise StoreBusy(
                f"The index in {folder} is being written by {holder(folder) or 'another process'}. "
                'Wait for it to end ("jushi ingest --wait"), or name another folder with --data.'
            ) from error
        except OSError as error:
            raise StoreError(f"{folder} cannot be written: {error.strerror}. {what_to_do(error)}") from error
        held = {
            "process": os.getpid(),
            "machine": socket.gethostname(),
            "since": datetime.now(UTC).isoformat("T", "seconds"),
        }
        try:
            (folder / HOLDER).write_text(json.dumps(held), "utf-8")
        except OSError as error:
            self.release()
            raise StoreError(f"{folder} cannot be written: {error.strerror}. {what_to_do(error)}") from error

    def release(self) -> None:
        """Lets the next in."""
        (self._folder / HOLDER).unlink(missing_ok=True)
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def holder(folder: Path) -> str:
    """Who says to be writing, or nothing; one that was killed still says so, and has no lock."""
    try:
        held = json.loads((folder / HOLDER).read_text("utf-8"))
        return f"process {held['process']} on {held['machine']} since {held['since']}"
    except (OSError, ValueError, KeyError, TypeError):  # it is just taking or letting go of the lock
        return ""
