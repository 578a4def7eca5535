"""The cache of trained runs, and every network that can be read with: a shipped one by name, a trained one by key.

One run is one safetensors file, `LENET_HOME/runs/KEY.safetensors`, with all that is known of it as JSON in the header.
The shipped files in `weights/` have the same form. KEY is the SHA-256 of all that decides the weights.
"""

import hashlib
import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from lenet import networks
from lenet.data import Data
from lenet.settings import LenetError, home
from lenet.train import EpochEnd, Event, Finished, Recipe, Started, Weights, fit

FORMAT = 1  # of the files; part of the key, so that older files are simply not found
Fit = Callable[[Recipe, Data, Callable[[], bool]], Iterator[Event]]  # what `fit` is, wherever it runs
log = logging.getLogger("lenet")


@dataclass(frozen=True)
class Run:
    """What a finished training run was and reached. Accuracies and losses as in `EpochEnd`."""

    key: str
    recipe: Recipe
    data: str  # fingerprint of the data it learned from
    epoch: int  # whose weights these are, chosen by validation loss
    history: tuple[dict[str, float], ...]  # a row an epoch: EpochEnd without its weights
    correct: int  # of `total` test digits of the recipe's data
    total: int
    seconds: float  # of training
    date: str  # when it was finished, ISO 8601, UTC
    device: str
    weights: str  # SHA-256 of the weights

    @property
    def accuracy(self) -> float:
        """Share of the test digits read correctly, 0 to 1."""
        return self.correct / self.total


@dataclass(frozen=True)
class Trained:
    """The last event of `train`: the stored run, and whether it was there already."""

    run: Run
    cached: bool


class UnknownModelError(ValueError):
    """No shipped network and no stored run has this name."""


class DamagedError(LenetError):
    """A weights file whose content is not what its header says."""


def train(
    recipe: Recipe, data: Data, stop: Callable[[], bool] = lambda: False, fit: Fit = fit
) -> Iterator[Event | Trained]:
    """`fit`, unless this recipe was trained on this data before; what it reaches is tested and stored.

    A run that was stopped is not stored: its last event is `Finished`, not `Trained`.
    """
    key = run_key(recipe, data)
    if run := find(key):
        yield Trained(run, cached=True)
        return
    _make_folder()
    history: list[dict[str, float]] = []
    device, finished = "", None
    for event in fit(recipe, data, stop):
        yield event
        match event:
            case Started():
                device = event.device
            case EpochEnd():
                history.append({name: value for name, value in vars(event).items() if name != "weights"})
            case Finished():
                finished = event
    assert finished is not None
    if finished.stopped:
        return
    network = _network(recipe.network, finished.weights)
    hits = networks.infer(network, data.test.fields).argmax(1) == data.test.labels
    run = Run(
        key=key,
        recipe=recipe,
        data=data.fingerprint,
        epoch=finished.epoch,
        history=tuple(history),
        correct=int(hits.sum()),
        total=len(data.test),
        seconds=finished.seconds,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        device=device,
        weights=_digest(finished.weights),
    )
    write(path(key), run, finished.weights)
    yield Trained(run, cached=False)


def run_key(recipe: Recipe, data: Data) -> str:
    """64 hexadecimal digits: SHA-256 of the canonical JSON of recipe, data fingerprint and format number."""
    if recipe.data != data.name:
        raise ValueError(f"the recipe asks for data {recipe.data!r}, this is {data.name!r}")
    canonical = {"recipe": asdict(recipe), "data": data.fingerprint, "format": FORMAT}
    return hashlib.sha256(json.dumps(canonical, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def path(key: str) -> Path:
    """Where the run of that key lies, if it is stored."""
    return _folder() / f"{key}.safetensors"


def find(key: str) -> Run | None:
    """The stored run of that key, verified. A damaged file is moved aside, with a warning, and counts as not there."""
    try:
        return read(path(key))[0]
    except FileNotFoundError:
        return None
    except DamagedError as damage:
        log.warning("%s", _set_aside(path(key), damage))
        return None


def stored() -> list[Run]:
    """All stored runs that can be read, newest first."""
    found = [run for file in _folder().glob("*.safetensors") if (run := find(file.stem))]
    return sorted(found, key=lambda run: run.date, reverse=True)


def shipped() -> dict[str, Path]:
    """The weights files that come with lenet, by network name. Missing ones are left out."""
    package = Path(__file__).parent
    folder = package / "weights" if (package / "weights").is_dir() else package.parent / "weights"
    files = {name: folder / f"{name}.safetensors" for name in networks.REGISTRY}
    return {name: file for name, file in files.items() if file.is_file()}


@lru_cache(maxsize=64)
def model(name: str) -> networks.LeNet:
    """The network to read digits with, on the CPU: a shipped one by its name, a run by its key or its first 8+ digits.

    UnknownModelError if there is none, DamagedError if its file is. Shared between callers: don't change it.
    """
    run, weights = _open(name)
    return _network(run.recipe.network, weights)


def about(name: str) -> Run:
    """What is known of a model: its recipe, figures and date. Raises as `model` does."""
    return _open(name)[0]


def read(file: Path) -> tuple[Run, Weights]:
    """A weights file, verified: FileNotFoundError if it is not there, DamagedError if it is not as it was written."""
    try:
        with safe_open(file, framework="pt") as content:
            about = json.loads((content.metadata() or {})["lenet"])
            weights = {name: content.get_tensor(name) for name in content.keys()}  # noqa: SIM118, not a dict
        run = Run(**{**about, "recipe": Recipe(**about["recipe"]), "history": tuple(about["history"])})
    except FileNotFoundError:
        raise
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise DamagedError(f"{file} cannot be read as a lenet weights file ({error!r}).") from error
    if _digest(weights) != run.weights:
        raise DamagedError(f"{file} is damaged: its weights are not those that were written.")
    return run, weights


def write(file: Path, run: Run, weights: Weights) -> None:
    """Store a run: nobody ever sees a half-written file under its name."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.stem[:16]}-", suffix=".tmp")
    os.close(handle)
    try:
        save_file(weights, temporary, metadata={"lenet": json.dumps(asdict(run))})
        read(Path(temporary))
        os.replace(temporary, file)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _open(name: str) -> tuple[Run, Weights]:
    if file := shipped().get(name):
        try:
            return read(file)
        except DamagedError as damage:
            remedy = f"Get lenet again, or train it: lenet train --network {name} --output {file}"
            raise DamagedError(f"{damage} {remedy}") from damage
    file = path(_whole_key(name))
    try:
        return read(file)
    except DamagedError as damage:
        raise DamagedError(_set_aside(file, damage)) from damage


def _whole_key(name: str) -> str:
    found = [file.stem for file in _folder().glob("*.safetensors") if file.stem.startswith(name)]
    if not re.fullmatch("[0-9a-f]{8,64}", name) or len(found) != 1:
        known = ", ".join(shipped()) or "none is shipped"
        raise UnknownModelError(f"no network or run {name!r}; networks: {known}; runs: see `lenet runs`")
    return found[0]


def _set_aside(file: Path, damage: DamagedError) -> str:
    aside = file.with_suffix(".damaged")
    os.replace(file, aside)
    return f"{damage} Moved to {aside.name}; train it again."


def _make_folder() -> None:
    """Find out before a long training, not after it, whether its run can be kept."""
    try:
        _folder().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=_folder()):
            pass
    except OSError as error:
        remedy = "Set LENET_HOME to a folder that can be written."
        raise LenetError(f"Runs cannot be kept in {_folder()} ({error.strerror}). {remedy}") from error


def _folder() -> Path:
    return home() / "runs"


def _network(name: str, weights: Weights) -> networks.LeNet:
    network = networks.entry(name).build()
    network.load_state_dict(weights)
    return network.eval().requires_grad_(False)


def _digest(weights: Weights) -> str:
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode() + weights[name].contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
