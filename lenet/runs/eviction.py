"""Room for a new file: the least recently used ones of a folder go, beyond its limit or on a full disk."""

import errno
import shutil
from contextlib import suppress
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT)  # the disk, or the user's share of it
ROUNDING = 2**16  # bytes that a file takes beyond its content, at most: its last block, and its entry


def keep_limit(folder: Path, newest: Path, limit: float) -> None:
    """Delete the least recently used files until the folder has at most `limit` bytes, but never the newest."""
    sizes = _sizes(folder)
    excess = sum(sizes.values()) - limit
    sizes.pop(newest, None)
    _delete(sizes, excess)


def make_room(folder: Path, newest: Path, needed: int, error: OSError) -> bool:
    """Make room for a file of `needed` bytes, whose writing met `error`. Return whether it is worth another attempt.

    If the disk is full, delete the least recently used files until the new one fits; none if all would not be enough.
    """
    if error.errno not in FULL:
        return False
    sizes = _sizes(folder)
    sizes.pop(newest, None)
    free = shutil.disk_usage(folder).free
    missing = needed + ROUNDING
    if free < missing:  # else it is a quota, which leaves nothing
        missing -= free
    if sum(sizes.values()) < missing:
        return False
    _delete(sizes, missing)
    return True


def _sizes(folder: Path) -> dict[Path, int]:
    """Return the sizes of all files that may be deleted, the least recently used first."""
    found = []
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # deleted meanwhile
            if file.suffix in (".safetensors", ".damaged", ".tmp"):
                found.append((file.stat(), file))
    return {file: status.st_size for status, file in sorted(found, key=lambda pair: pair[0].st_mtime_ns)}


def _delete(sizes: dict[Path, int], excess: float) -> None:
    for file, size in sizes.items():
        if excess <= 0:
            return
        file.unlink(missing_ok=True)
        excess -= size
