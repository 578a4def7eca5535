"""Trained runs on disk: one run, one file, whole or not there, in a folder of limited size.

A file is safetensors: the weights under their own names, those after every epoch as `EPOCH/NAME` (0: before the first).
Its header holds, as JSON, everything known of the run under "lenet", and the network's plan under "plan". The
pretrained files in `weights/` are the same.
"""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import torch
from filelock import FileLock, Timeout
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes

from lenet import networks
from lenet.errors import DamagedError, InvalidError, LenetError, UnknownModelError
from lenet.runs import eviction
from lenet.runs.files import replacing
from lenet.runs.run import Run, is_key
from lenet.settings import cache_bytes, home
from lenet.training.loop import Weights

MAX_TITLE = 60  # characters
USED_EVERY = 60.0  # seconds between two marks that a run is in use


def folder() -> Path:
    """Return the folder of runs."""
    return home() / "runs"


def stored_keys() -> list[str]:
    """Return the keys of all stored runs."""
    return [file.stem for file in folder().glob("*.safetensors") if is_key(file.stem)]


def path(key: str) -> Path:
    """Return where the run of that key is stored, if it is."""
    return folder() / f"{key}.safetensors"


def ensure_writable() -> None:
    """Check before a long training whether its run can be stored. LenetError if not."""
    cache_bytes()
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder(), prefix=".", suffix=".tmp"):
            pass
    except OSError as error:
        raise LenetError("store.unwritable", folder=str(folder()), reason=error.strerror) from error


def save(run: Run, weights: Weights, snapshots: Sequence[Weights]) -> Run:
    """Store a run in the folder, as `write` does.

    Deletes what killed processes left there, and the least recently used runs beyond `LENET_CACHE_MB`. On a full disk
    it deletes just as many of them as the new one needs; OSError if they are too few, and then all are still there.
    """
    run, content = encode(run, weights, snapshots)
    file = path(run.key)
    with _writing():
        _sweep()
        try:
            _write(file, content, len(snapshots))
        except OSError as error:
            if not eviction.make_room(folder(), file, len(content), error):
                raise
            _write(file, content, len(snapshots))
        eviction.keep_limit(folder(), file, cache_bytes())
    return run


def write(file: Path, run: Run, weights: Weights, snapshots: Sequence[Weights] = ()) -> Run:
    """Write a run into a file, verified before it takes the file's name.

    Returns the run with the SHA-256 of what was written.
    """
    run, content = encode(run, weights, snapshots)
    _write(file, content, len(snapshots))
    return run


def encode(run: Run, weights: Weights, snapshots: Sequence[Weights] = ()) -> tuple[Run, bytes]:
    """Return a run with the SHA-256 of its weights, and its file."""
    run = replace(run, weights=digest(weights), snapshots=tuple(map(digest, snapshots)))
    tensors = {f"{epoch}/{name}": value for epoch, part in enumerate(snapshots) for name, value in part.items()}
    tensors |= {name: value.clone() for name, value in weights.items()}  # may share memory with those of an epoch
    header = {"lenet": run.to_header(), "plan": networks.entry(run.recipe.network).plan.to_json()}
    return run, to_bytes(tensors, metadata={name: json.dumps(value) for name, value in header.items()})


def _write(file: Path, content: bytes, snapshots: int) -> None:
    with replacing(file) as temporary:
        temporary.write_bytes(content)
        for epoch in (None, *range(snapshots)):
            read(temporary, epoch)


def read(file: Path, epoch: int | None = None) -> tuple[Run, Weights]:
    """Read a run and its weights, or its weights after an epoch, verified.

    FileNotFoundError if the file is missing, DamagedError if it is not as it was written, UnknownModelError for an
    epoch whose weights it does not hold.
    """
    try:
        with safe_open(file, framework="pt") as content:
            run = Run.from_header(json.loads((content.metadata() or {})["lenet"]))
            expected = run.digest_after(epoch)
            names = [name for name in content.keys() if "/" not in name]  # noqa: SIM118, not a dict
            prefix = "" if epoch is None else f"{epoch}/"
            weights = {name: content.get_tensor(prefix + name) for name in names}
    except (FileNotFoundError, UnknownModelError):
        raise
    except (SafetensorError, OSError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DamagedError("store.unreadable", file=str(file), reason=f"{type(error).__name__}: {error}") from error
    if digest(weights) != expected:
        raise DamagedError("store.damaged", file=str(file))
    return run, weights


def known(file: Path) -> Run:
    """Return the run of a file, read and verified once while the file stays as it is. Raises as `read` does."""
    try:
        status = file.stat()
    except NotADirectoryError as error:
        raise FileNotFoundError(str(file)) from error
    return _read_once(file, status.st_mtime_ns, status.st_size, status.st_ino)


@lru_cache(maxsize=1024)
def _read_once(file: Path, *stamp: int) -> Run:
    return read(file)[0]


def rename(key: str, title: str) -> Run:
    """Set the title of a stored run, at most 60 characters; an empty one removes it.

    InvalidError if it is too long, LenetError if the file cannot be written: then the run keeps the title it had.
    """
    title = "".join(letter for letter in " ".join(title.split()) if letter.isprintable())
    if len(title) > MAX_TITLE:
        raise InvalidError("runs.title_too_long", length=len(title), maximum=MAX_TITLE)
    try:
        with _writing():
            run, weights = read(path(key))
            snapshots = [read(path(key), epoch)[1] for epoch in range(len(run.snapshots))]
            return write(path(key), replace(run, title=title), weights, snapshots)
    except FileNotFoundError:
        raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LenetError("runs.not_renamed", reason=reason, folder=str(folder())) from error


def delete(key: str) -> None:
    """Delete a stored run. FileNotFoundError if there is none."""
    with _writing():
        path(key).unlink()


def touch(file: Path) -> None:
    """Mark a run as in use, so that it is not the next to be deleted. It may be gone, or in a read-only folder."""
    with suppress(OSError):
        if time.time() - file.stat().st_mtime > USED_EVERY:
            os.utime(file)


def quarantine(key: str, damage: DamagedError) -> DamagedError:
    """Move a damaged run out of the way, where that can be done; the error to raise or log then."""
    aside = path(key).with_suffix(".damaged")
    try:
        with _writing(), suppress(FileNotFoundError):  # another thread was first
            path(key).replace(aside)
    except OSError:
        return damage
    return DamagedError("store.quarantined", damage=damage.message, file=aside.name)


@contextmanager
def training(key: str) -> Iterator[FileLock]:
    """Yield a lock, not yet acquired, for the one process that trains this recipe. It ends with that process."""
    lock = FileLock(folder() / f".{key}.lock")
    try:
        yield lock
    finally:
        if lock.is_locked:
            Path(lock.lock_file).unlink(missing_ok=True)  # whoever waits looks for the run first
            lock.release()


def _writing() -> FileLock:
    return FileLock(folder() / ".writing.lock")


def _sweep() -> None:
    """Remove what killed processes left. Call it under `_writing`."""
    for half_written in folder().glob(".*.tmp"):
        half_written.unlink(missing_ok=True)
    for file in folder().glob(".[0-9a-f]*.lock"):
        lock = FileLock(file)
        with suppress(Timeout), lock.acquire(blocking=False):  # nobody holds it
            file.unlink(missing_ok=True)


def digest(weights: Weights) -> str:
    """Return the SHA-256 of weights, names included."""
    hashed = hashlib.sha256()
    for name in sorted(weights):
        hashed.update(name.encode() + weights[name].flatten().view(torch.uint8).numpy().tobytes())
    return hashed.hexdigest()
