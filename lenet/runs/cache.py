"""The cache of trained runs, and every network that can be read with, by its name.

A model's name is that of a network (its shipped weights), or a run's key, in full or its first 8 digits or more; with
`@3` behind it, the weights of that run after 3 epochs. A key is the SHA-256 of all that decides the weights.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from filelock import BaseFileLock, Timeout

from lenet import networks
from lenet.digits.mnist import Data
from lenet.evaluation.report import enough, report
from lenet.runs import store
from lenet.runs.store import DamagedError, Run, UnknownModelError
from lenet.settings import LenetError
from lenet.training.loop import EpochEnd, Event, Finished, Started, Weights, figures, fit
from lenet.training.recipe import Recipe

FORMAT = 2  # of the files; part of the key, so that older files are simply not found
REFUSED = 0.005  # of the validation digits, by default; of digits by other hands it is about twice as many
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
    store.ready()
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
                    history.append(figures(event))
                    snapshots.append(event.weights)
                case Finished():
                    finished = event
        if not finished.epoch:
            return
        network = networks.restore(recipe.network, finished.weights)
        result = report(network, networks.infer(network, data.test.fields), data.test.labels)
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
            sure=enough(network, networks.infer(network, data.validation.fields), REFUSED),
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
        log.warning("%s", store.set_aside(key, damage))
        return None


def stored() -> list[Run]:
    """All stored runs that can be read, newest first."""
    found = [run for key in _stored_keys() if (run := find(key))]
    return sorted(found, key=lambda run: run.date, reverse=True)


def shipped() -> dict[str, Path]:
    """The weights files that come with lenet, by network name. Missing ones are left out."""
    package = Path(__file__).parent.parent
    folder = package / "weights" if (package / "weights").is_dir() else package.parent / "weights"
    files = {name: folder / f"{name}.safetensors" for name in networks.REGISTRY}
    return {name: file for name, file in files.items() if file.is_file()}


@lru_cache(maxsize=128)
def model(name: str) -> networks.LeNet:
    """The network of that name, on the CPU.

    UnknownModelError if there is none, DamagedError if its file is. Shared between callers: don't change it.
    """
    run, weights = _open(name)
    return networks.restore(run.recipe.network, weights)


def about(name: str) -> Run:
    """What is known of a model: its recipe, figures and date. Raises as `model` does."""
    return _open(name)[0]


def whole_name(name: str) -> str:
    """The same model by its whole key, as a recipe's `start` wants it. Raises as `model` does."""
    _, at, epoch = name.partition("@")
    return about(name).key + at + epoch


def continued(run: Run, epochs: int) -> Recipe:
    """The recipe that goes on from a run's weights, at a rate that does not undo what they learned.

    A rate that had come down to nothing goes on at a tenth: after five epochs of the usual recipe, one more at the full
    rate took validation accuracy from 99.18 to 98.96 %, at a tenth to 99.28 %. What was stopped comes down from where
    its rate was highest.
    """
    recipe = replace(run.recipe, start=run.key, epochs=epochs)
    if not run.finished:
        return replace(recipe, schedule="constant" if recipe.schedule == "constant" else "cosine")
    if recipe.schedule == "constant" or run.recipe.start:
        return recipe
    return replace(recipe, rate=recipe.rate / 10)


def _open(name: str) -> tuple[Run, Weights]:
    base, _, after = name.partition("@")
    epoch = int(after) if re.fullmatch("[0-9]{1,3}", after) else None
    if "@" in name and epoch is None:
        raise UnknownModelError(f"no epoch {after!r}; as in {base}@3, a number of epochs is meant")
    if base in shipped() or base in _shipped_keys():
        network = _shipped_keys().get(base, base)
        try:
            return store.read(shipped()[network], epoch)
        except DamagedError as damage:
            remedy = f"Get lenet again, or train it: lenet train --network {network} --output {shipped()[network]}"
            raise DamagedError(f"{damage} {remedy}") from damage
    key = whole_key(base)
    try:
        opened = store.read(store.path(key), epoch)
    except DamagedError as damage:
        raise DamagedError(store.set_aside(key, damage)) from damage
    store.touch(key)
    return opened


def _shipped_keys() -> dict[str, str]:
    """Network names by the keys of their shipped runs."""
    keys = {}
    for name, file in shipped().items():
        try:
            keys[store.read(file)[0].key] = name
        except DamagedError:  # said when it is asked for by its name
            continue
    return keys


def _stored_keys() -> list[str]:
    return [file.stem for file in store.folder().glob("[0-9a-f]*.safetensors")]


def whole_key(start: str) -> str:
    """The key of the stored run that begins so, with at least 8 digits. UnknownModelError if there is not just one."""
    found = [key for key in _stored_keys() if key.startswith(start)]
    if not re.fullmatch("[0-9a-f]{8,64}", start) or len(found) != 1:
        known = ", ".join(shipped()) or "none is shipped"
        raise UnknownModelError(f"no network or run {start!r}; networks: {known}; runs: see `lenet runs`")
    return found[0]


def _start(recipe: Recipe) -> Weights | None:
    if not recipe.start:
        return None
    run, weights = _open(recipe.start)
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
