"""The cache of trained runs, by the SHA-256 of everything that decides a training."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import torch
from filelock import BaseFileLock, Timeout

from lenet import networks
from lenet.digits import mine, mnist
from lenet.digits.data import Data
from lenet.errors import DamagedError, InvalidError, LenetError
from lenet.evaluation.before_after import OWN, BeforeAfter
from lenet.evaluation.report import Report, evaluate, rejection_threshold
from lenet.networks import LeNet
from lenet.runs import models, store
from lenet.runs.run import ADDED, Run
from lenet.texts import Message
from lenet.training.loop import EpochEnd, Event, Finished, Started, Weights, metrics
from lenet.training.recipe import Recipe
from lenet.training.teach import Checked, Checking, learn

FORMAT = 3  # of the files; part of the key, so that older files are not found
POLL_EVERY = 0.25  # seconds between two attempts to take another process's lock
log = logging.getLogger("lenet")


class Fit(Protocol):
    """The signature of `learn`, wherever it runs."""

    def __call__(
        self, recipe: Recipe, data: Data, stop: Callable[[], bool], /, *, start: Weights | None
    ) -> Iterator[Event | Checking | Checked]:
        """See `lenet.training.teach.learn`."""


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


Happening = Event | Checking | Checked | Waiting | Trained | Unsaved  # what `train` yields


def train(
    recipe: Recipe, data: Data, stop: Callable[[], bool] = lambda: False, fit: Fit = learn
) -> Iterator[Happening]:
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
            yield from _store(key, recipe, data, start, fit(recipe, data, stop, start=start))


def _store(
    key: str, recipe: Recipe, data: Data, start: Weights | None, events: Iterator[Event | Checking | Checked]
) -> Iterator[Happening]:
    """Pass the events of a training on, and store its run at the end."""
    device, history, snapshots = "", [], []
    checked: Checked | None = None
    for event in events:
        yield event
        match event:
            case Started():
                device = event.device
                snapshots.append(event.weights)
            case EpochEnd():
                history.append(metrics(event))
                snapshots.append(event.weights)
            case Checked():
                checked = event
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
        threshold=rejection_threshold(network, networks.infer(network, data.validation.images)),
        mine=mine.counts(data.mine) if data.mine else (),
        before_after=_compare(recipe.network, start, network, data, result, checked) if checked and start else (),
    )
    try:
        last: Trained | Unsaved = Trained(store.save(run, finished.weights, snapshots), cached=False)
    except LenetError as error:
        last = Unsaved(run, finished.weights, error.message)
    except OSError as error:
        last = Unsaved(run, finished.weights, error.strerror or type(error).__name__)
    yield last


def _compare(
    name: str, start: Weights, taught: LeNet, data: Data, result: Report, checked: Checked
) -> tuple[BeforeAfter, ...]:
    """What was changed: of one's own digits, the test digits, and the sample's where these are others."""
    rows = [BeforeAfter(OWN, checked.total, checked.before, checked.after)]
    before = networks.restore(name, start).to(memory_format=torch.channels_last)  # a third quicker
    for kind in ("test", "sample") if data.name != "sample" else ("test",):
        digits = data.test if kind == "test" else mnist.load("sample").test
        after = result if kind == "test" else evaluate(taught, digits.images, digits.labels)
        correct = evaluate(before, digits.images, digits.labels).correct
        rows.append(BeforeAfter(kind, after.total, correct, after.correct))
    return tuple(rows)


def run_key(recipe: Recipe, data: Data) -> str:
    """Return the SHA-256, in hexadecimal, of the canonical JSON of recipe, data fingerprint and format number.

    A recipe without digits of one's own or anything of `ADDED` has the key that it had before there were any.
    """
    if recipe.mine != (mine.fingerprint(data.mine) if data.mine else ""):
        raise ValueError(f"digits {recipe.mine!r} are not those of this data")
    if recipe.data != data.name:
        raise ValueError(f"the recipe asks for data {recipe.data!r}, this is {data.name!r}")
    values = {name: value for name, value in asdict(recipe).items() if value or name not in ("mine", *ADDED)}
    return _hash({"recipe": values, "data": data.fingerprint, "format": FORMAT})


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
