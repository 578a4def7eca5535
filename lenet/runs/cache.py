"""The cache of trained runs, by the SHA-256 of everything that decides a training."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from filelock import BaseFileLock, Timeout

from lenet import networks
from lenet.digits.mnist import Data
from lenet.errors import DamagedError, InvalidError, LenetError
from lenet.evaluation.report import evaluate, rejection_threshold
from lenet.runs import models, store
from lenet.runs.run import Run
from lenet.texts import Message
from lenet.training.loop import EpochEnd, Event, Finished, Started, Weights, fit, metrics
from lenet.training.recipe import Recipe

FORMAT = 3  # of the files; part of the key, so that older files are not found
REJECTED = 0.005  # fraction of the validation digits rejected by default; of other people's digits about twice that
POLL_EVERY = 0.25  # seconds between two attempts to take another process's lock
log = logging.getLogger("lenet")


class Fit(Protocol):
    """The signature of `fit`, wherever it runs."""

    def __call__(
        self, recipe: Recipe, data: Data, stop: Callable[[], bool], /, *, start: Weights | None
    ) -> Iterator[Event]:
        """See `lenet.training.loop.fit`."""


@dataclass(frozen=True)
class Waiting:
    """Another process is training the same recipe; its result is awaited."""


@dataclass(frozen=True)
class Trained:
    """The last event of `train`: the stored run, perhaps unfinished, and whether it was stored before."""

    run: Run
    cached: bool


@dataclass(frozen=True)
class Unsaved:
    """The last event of `train` where the run could not be stored: the run, perhaps unfinished, its weights, and why.

    `store.write` puts them into a file elsewhere. In the folder of runs, as KEY.safetensors, that is a stored run.
    """

    run: Run
    weights: Weights = field(repr=False, compare=False)
    reason: Message | str


def train(
    recipe: Recipe, data: Data, stop: Callable[[], bool] = lambda: False, fit: Fit = fit
) -> Iterator[Event | Waiting | Trained | Unsaved]:
    """Yield the events of `fit`, evaluate and store the run; if this recipe was trained on this data, yield its run.

    A stopped run is stored too, as unfinished and under a key of its own. If it was stopped before its first step, the
    last event is `Finished`.
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
        else:
            yield from _store(key, recipe, data, fit(recipe, data, stop, start=start))


def _store(key: str, recipe: Recipe, data: Data, events: Iterator[Event]) -> Iterator[Event | Trained | Unsaved]:
    """Pass the events of a training on, and store its run at the end."""
    device, history, snapshots = "", [], []
    for event in events:
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
        date=datetime.now(UTC).isoformat(timespec="milliseconds"),
        device=device,
        finished=not finished.stopped,
        threshold=rejection_threshold(network, networks.infer(network, data.validation.images), REJECTED),
    )
    try:
        last: Trained | Unsaved = Trained(store.save(run, finished.weights, snapshots), cached=False)
    except LenetError as error:
        last = Unsaved(run, finished.weights, error.message)
    except OSError as error:
        last = Unsaved(run, finished.weights, error.strerror or type(error).__name__)
    yield last


def run_key(recipe: Recipe, data: Data) -> str:
    """Return the SHA-256, in hexadecimal, of the canonical JSON of recipe, data fingerprint and format number."""
    if recipe.data != data.name:
        raise ValueError(f"the recipe asks for data {recipe.data!r}, this is {data.name!r}")
    return _hash({"recipe": asdict(recipe), "data": data.fingerprint, "format": FORMAT})


def find(key: str) -> Run | None:
    """Return the stored run of that key, verified. A damaged one is moved out of the way, with a warning."""
    try:
        return store.known(store.path(key))
    except FileNotFoundError:
        return None
    except DamagedError as damage:
        log.warning("%s", store.quarantine(key, damage))
        return None


def stored() -> list[Run]:
    """Return all stored runs that can be read, newest first."""
    found = [run for key in store.stored_keys() if (run := find(key))]
    return sorted(found, key=lambda run: run.date, reverse=True)


def _start(recipe: Recipe) -> Weights | None:
    if not recipe.start:
        return None
    run, weights = models.open_model(recipe.start)
    if run.recipe.network != recipe.network:
        raise InvalidError("model.start_mismatch", network=recipe.network, other=run.recipe.network)
    return weights


def _taken(lock: BaseFileLock) -> bool:
    try:
        lock.acquire(timeout=POLL_EVERY)
    except Timeout:
        return False
    return True


def _unfinished_key(key: str, finished: Finished) -> str:
    return _hash({"unfinished": key, "weights": store.digest(finished.weights)})


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
