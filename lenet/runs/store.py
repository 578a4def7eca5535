"""Trained runs on disk: one run, one file, whole or not there, in a folder that does not grow without bound.

A file is safetensors: the weights under their own names, those after every epoch as `EPOCH/NAME` (0: before the first),
and all that is known of the run as JSON in the header, under "lenet". The shipped files in `weights/` are the same.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import torch
from filelock import FileLock, Timeout
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from lenet.errors import DamagedError, LenetError, UnknownModelError
from lenet.settings import cache_bytes, home
from lenet.training.loop import EpochEnd, Weights
from lenet.training.recipe import Recipe

MOST_TITLE = 60  # characters
# Names in the headers of older files, and what they are called now.
RENAMED = {"sure": "threshold", "optimiser": "optimizer", "distort": "augment", "rubbish": "outliers"}


@dataclass(frozen=True)
class Run:
    """What a training run was and reached. Accuracies and losses as in `EpochEnd`."""

    key: str
    recipe: Recipe
    data: str  # fingerprint of the data it learned from
    epoch: int  # whose weights these are, chosen by validation loss
    history: tuple[dict[str, float], ...]  # a row an epoch: EpochEnd without its weights
    correct: int  # of `total` test digits of the recipe's data
    total: int
    seconds: float  # of training
    date: str  # when it ended, ISO 8601, UTC
    device: str
    weights: str = ""  # their SHA-256, set when they are written
    snapshots: tuple[str, ...] = ()  # SHA-256 of those before the first epoch and after each, where they are kept
    finished: bool = True  # else it was stopped
    title: str = ""  # that somebody gave it
    threshold: float = 0.0  # confidence below which it rejects, 0 to 1; see `lenet.evaluation.report`

    @property
    def accuracy(self) -> float:
        """Share of the test digits read correctly, 0 to 1."""
        return self.correct / self.total


def folder() -> Path:
    """Where runs lie."""
    return home() / "runs"


def is_key(text: str) -> bool:
    """Whether this is a whole key."""
    return re.fullmatch("[0-9a-f]{64}", text) is not None


def stored_keys() -> list[str]:
    """The keys of all stored runs."""
    return [file.stem for file in folder().glob("[0-9a-f]*.safetensors")]


def path(key: str) -> Path:
    """Where the run of that key lies, if it is stored."""
    return folder() / f"{key}.safetensors"


def ensure_writable() -> None:
    """Find out before a long training, not after it, whether its run can be kept. LenetError if not."""
    cache_bytes()
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder(), prefix=".", suffix=".tmp"):
            pass
    except OSError as error:
        remedy = "Set LENET_HOME to a folder that can be written."
        raise LenetError(f"Runs cannot be kept in {folder()} ({error.strerror}). {remedy}") from error


def keep(run: Run, weights: Weights, snapshots: Sequence[Weights]) -> Run:
    """Store a run in the folder, as `write` does. What a killed process left over there goes, and so do the oldest
    unused runs where `LENET_CACHE_MB` asks for it.
    """
    with _writing():
        _sweep()
        run = write(path(run.key), run, weights, snapshots)
        _make_room(path(run.key))
    return run


def write(file: Path, run: Run, weights: Weights, snapshots: Sequence[Weights] = ()) -> Run:
    """Put a run into a file: nobody ever sees a half-written one under its name.

    Returns the run with the SHA-256 of what was written.
    """
    run = replace(run, weights=digest(weights), snapshots=tuple(map(digest, snapshots)))
    tensors = {f"{epoch}/{name}": value for epoch, part in enumerate(snapshots) for name, value in part.items()}
    tensors |= {name: value.clone() for name, value in weights.items()}  # of some epoch: not the same memory twice
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem[:16]}-", suffix=".tmp")
    os.close(handle)
    try:
        save_file(tensors, temporary, metadata={"lenet": json.dumps(asdict(run))})
        for epoch in (None, *range(len(snapshots))):
            read(Path(temporary), epoch)
        os.replace(temporary, file)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return run


def read(file: Path, epoch: int | None = None) -> tuple[Run, Weights]:
    """A run and its weights, or those after an epoch, verified.

    FileNotFoundError if the file is not there, DamagedError if it is not as it was written, UnknownModelError for an
    epoch whose weights it does not hold.
    """
    try:
        with safe_open(file, framework="pt") as content:
            run = _run(json.loads((content.metadata() or {})["lenet"]))
            names = [name for name in content.keys() if "/" not in name]  # noqa: SIM118, not a dict
            if epoch is not None and epoch not in range(len(run.snapshots)):
                kept = f"it keeps 0 to {len(run.snapshots) - 1}" if run.snapshots else "it keeps those of its end only"
                raise UnknownModelError(f"{file.stem[:12]} has no weights of epoch {epoch}: {kept}")
            prefix = "" if epoch is None else f"{epoch}/"
            weights = {name: content.get_tensor(prefix + name) for name in names}
    except (FileNotFoundError, UnknownModelError):
        raise
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise DamagedError(f"{file} cannot be read as a lenet weights file ({error!r}).") from error
    if digest(weights) != (run.weights if epoch is None else run.snapshots[epoch]):
        raise DamagedError(f"{file} is damaged: its weights are not those that were written.")
    return run, weights


def rename(key: str, title: str) -> Run:
    """Give a stored run a title, at most 60 characters; an empty one takes it away."""
    title = "".join(letter for letter in " ".join(title.split()) if letter.isprintable())
    if len(title) > MOST_TITLE:
        raise ValueError(f"a title of {len(title)} characters is too long: at most {MOST_TITLE}")
    with _writing():
        run, weights = read(path(key))
        snapshots = [read(path(key), epoch)[1] for epoch in range(len(run.snapshots))]
        return write(path(key), replace(run, title=title), weights, snapshots)


def delete(key: str) -> None:
    """Remove a stored run. FileNotFoundError if it is not there."""
    with _writing():
        path(key).unlink()


def touch(key: str) -> None:
    """Note that a run is in use, so that it is not the first to go."""
    os.utime(path(key))


def quarantine(key: str, damage: DamagedError) -> str:
    """Move a damaged run out of the way; a sentence that says so."""
    aside = path(key).with_suffix(".damaged")
    with _writing():
        os.replace(path(key), aside)
    return f"{damage} Moved to {aside.name}; train it again."


@contextmanager
def training(key: str) -> Iterator[FileLock]:
    """A lock for whoever trains this recipe, in this process or another; not yet taken. It goes with its process."""
    lock = FileLock(folder() / f".{key}.lock")
    try:
        yield lock
    finally:
        if lock.is_locked:
            Path(lock.lock_file).unlink(missing_ok=True)  # who waits for it looks for the run first
            lock.release()


def _writing() -> FileLock:
    return FileLock(folder() / ".writing.lock")


def _sweep() -> None:
    """Remove what killed processes left; to be called when nobody writes."""
    for half_written in (*folder().glob(".*.tmp"), *folder().glob(".tmp*")):  # ours, and those of safetensors
        half_written.unlink(missing_ok=True)
    for file in folder().glob(".[0-9a-f]*.lock"):
        lock = FileLock(file)
        with suppress(Timeout), lock.acquire(blocking=False):  # nobody trains under it
            file.unlink(missing_ok=True)


def _make_room(newest: Path) -> None:
    """Delete the oldest unused files until the folder is as small as `LENET_CACHE_MB` asks, but never the newest."""
    files = [(file.stat(), file) for file in folder().iterdir() if file.suffix in (".safetensors", ".damaged")]
    size = sum(status.st_size for status, _ in files)
    for status, file in sorted(files, key=lambda pair: pair[0].st_mtime_ns):
        if size <= cache_bytes():
            return
        if file != newest:
            file.unlink(missing_ok=True)
            size -= status.st_size


def _run(about: dict[str, Any]) -> Run:
    """The run that a header tells of. KeyError, TypeError or ValueError where it is none."""
    about = {
        RENAMED.get(name, name): tuple(value) if isinstance(value, list) else value for name, value in about.items()
    }
    recipe = {RENAMED.get(name, name): value for name, value in about["recipe"].items()}
    run = Run(**{**about, "recipe": Recipe(**recipe)})
    datetime.fromisoformat(run.date)
    if not (is_key(run.key) and 0 <= run.correct <= run.total > 0 and run.seconds >= 0):
        raise ValueError(f"no run has {run.correct} of {run.total} in {run.seconds} s under {run.key!r}")
    for row in cast(tuple[dict[str, Any], ...], run.history):
        EpochEnd(**row, weights={})
    return run


def digest(weights: Weights) -> str:
    """SHA-256 of weights, names included."""
    hashed = hashlib.sha256()
    for name in sorted(weights):
        hashed.update(name.encode() + weights[name].contiguous().view(torch.uint8).numpy().tobytes())
    return hashed.hexdigest()
