"""The cache of trained runs: what was trained once is there at once. A key is the SHA-256 of all that decides it."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Protocol

from filelock import BaseFileLock, Timeout

from lenet import networks
from lenet.digits.mnist import Data
from lenet.errors import DamagedError, LenetError
from lenet.evaluation.report import evaluate, rejection_threshold
from lenet.runs import models, store
from lenet.runs.store import Run
from lenet.training.loop import EpochEnd, Event, Finished, Started, Weights, fit, metrics
from lenet.training.recipe import Recipe

FORMAT = 3  # of the files; part of the key, so that older files are simply not found
REJECTED = 0.005  # of the validation digits, by default; of digits by other hands it is about twice as many
LOOK_EVERY = 0.25  # seconds between two looks whether another process is done
log = logging.getLogger("lenet")


class Fit(Protocol):
    """What `fit` is, wherever it runs."""

    def __call__(
        self, recipe: Recipe, data: Data, stop: Callable[[], bool], /, *, start: Weights | None
    ) -> Iterator[Event]:
        """As `lenet.train.fit`."""


@dataclass(frozen=True)
class Waiting:
    """Another process trains the same recipe; its run is awaited."""


@dataclass(frozen=True)
class Trained:
    """The last event of `train`: the stored run, which may be unfinished, and whether it was there already."""

    run: Run
    cached: bool


def train(
    recipe: Recipe, data: Data, stop: Callable[[], bool] = lambda: False, fit: Fit = fit
) -> Iterator[Event | Waiting | Trained]:
    """`fit`, unless this recipe was trained on this data before; what it reaches is tested and stored.

    What a stopped run has learned is stored too, as unfinished and under a key of its own; if that is nothing, the last
    event is `Finished`.
    """
    key = run_key(recipe, data)
    if run := find(key):
        yield Trained(run, cached=True)
        return
    start = _start(recipe)
    store.ensure_writable()
    with store.training(key) as lock:
        while not _taken(lock):
            if stop():
                yield Finished(epoch=0, seconds=0.0, stopped=True, weights={})
                return
            yield Waiting()
        if run := find(key):
            yield Trained(run, cached=True)
            return
        device, history, snapshots = "", [], []
        for event in fit(recipe, data, stop, start=start):
            yield event
            match event:
                case Started():
                    device = event.device
                    snapshots.append(event.weights)
                case EpochEnd():
                    history.append(metrics(event))
                    snapshots.append(event.weights)
                case Finished():
                    finished = event
        if not finished.epoch:
            return
        network = networks.restore(recipe.network, finished.weights)
        result = evaluate(network, data.test.images, data.test.labels)
        run = Run(
            key=_unfinished_key(key, finished) if finished.stopped else key,
            recipe=recipe,
            data=data.fingerprint,
            epoch=finished.epoch,
            history=tuple(history),
            correct=result.correct,
            total=result.total,
            seconds=finished.seconds,
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            device=device,
            finished=not finished.stopped,
            threshold=rejection_threshold(network, networks.infer(network, data.validation.images), REJECTED),
        )
        yield Trained(store.keep(run, finished.weights, snapshots), cached=False)


def run_key(recipe: Recipe, data: Data) -> str:
    """64 hexadecimal digits: SHA-256 of the canonical JSON of recipe, data fingerprint and format number."""
    if recipe.data != data.name:
        raise ValueError(f"the recipe asks for data {recipe.data!r}, this is {data.name!r}")
    return _hash({"recipe": asdict(recipe), "data": data.fingerprint, "format": FORMAT})


def find(key: str) -> Run | None:
    """The stored run of that key, verified. A damaged file is moved aside, with a warning, and counts as not there."""
    try:
        return store.read(store.path(key))[0]
    except FileNotFoundError:
        return None
    except DamagedError as damage:
        log.warning("%s", store.quarantine(key, damage))
        return None


def stored() -> list[Run]:
    """All stored runs that can be read, newest first."""
    found = [run for key in store.stored_keys() if (run := find(key))]
    return sorted(found, key=lambda run: run.date, reverse=True)


def _start(recipe: Recipe) -> Weights | None:
    if not recipe.start:
        return None
    run, weights = models.open_model(recipe.start)
    if run.recipe.network != recipe.network:
        raise LenetError(f"a {recipe.network} cannot start from the weights of a {run.recipe.network}")
    return weights


def _taken(lock: BaseFileLock) -> bool:
    try:
        lock.acquire(timeout=LOOK_EVERY)
    except Timeout:
        return False
    return True


def _unfinished_key(key: str, finished: Finished) -> str:
    return _hash({"unfinished": key, "weights": store.digest(finished.weights)})


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
