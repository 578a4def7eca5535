"""Models by name: the pretrained networks, and stored runs by their keys.

A model's name is that of a network (its pretrained weights) or a run's key, complete or a prefix of at least 8
characters. `KEY@3` names the weights of that run after 3 epochs. A model from the Hugging Face Hub has a complete key
once it is fetched, see `lenet.runs.hub.load`: nothing here asks another server.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from lenet import networks
from lenet.errors import DamagedError, UnknownModelError
from lenet.runs import store
from lenet.runs.hub import cache as hub_cache
from lenet.runs.run import Run, is_key
from lenet.settings import is_public
from lenet.texts import Message
from lenet.training.loop import Weights
from lenet.training.recipe import Recipe


def pretrained() -> dict[str, Path]:
    """Return the weights files that come with lenet, by network name. Missing ones are left out."""
    package = Path(__file__).parent.parent
    folder = package / "weights" if (package / "weights").is_dir() else package.parent / "weights"
    files = {name: folder / f"{name}.safetensors" for name in networks.REGISTRY}
    return {name: file for name, file in files.items() if file.is_file()}


def summary(network: str) -> dict[str, Any]:
    """Describe a network of the registry in figures: `parameters`, `input` (its shape), `year`, `source`, and the test
    `accuracy` of its pretrained weights, 0 to 1, or None.
    """
    entry = networks.entry(network)
    built = entry.build()
    return {
        "parameters": networks.parameters(built),
        "input": list(built.input.shape),
        "year": entry.year,
        "source": entry.source,
        "accuracy": load_run(network).accuracy if network in pretrained() else None,
    }


def load_model(name: str) -> networks.LeNet:
    """Return the model of that name, on the CPU. Shared between callers: don't change it.

    All names of the same weights mean the same object. UnknownModelError if there is none, DamagedError if its file is
    damaged.
    """
    place = _find(name)
    return _restored(place, _run(place).digest_after(place.epoch))


def load_run(name: str) -> Run:
    """Return the run that made a model. Raises as `load_model` does."""
    return _run(_find(name))


def open_model(name: str) -> tuple[Run, Weights]:
    """Read a model's run and weights. Raises as `load_model` does."""
    return _read(_find(name))


def resolve(name: str) -> str:
    """Return a model's name with its complete key, as `Recipe.start` needs it. Raises as `load_model` does."""
    place = _find(name)
    key = _run(place).key
    return key if place.epoch is None else f"{key}@{place.epoch}"


def short_name(model: str) -> str:
    """Return the name of the pretrained network that a complete key means, with its epoch; any other name as it is."""
    base, at, epoch = model.partition("@")
    return _pretrained_keys().get(base, base) + at + epoch


def continue_recipe(run: Run, epochs: int) -> Recipe:
    """Return the recipe that continues a run, at a learning rate that does not undo what it learned.

    A finished run whose rate had decayed continues at a tenth of it: after five epochs of AdamW, one more at the full
    rate took validation accuracy from 99.18% to 98.96%, at a tenth to 99.28%. After one of Muon, one more took it from
    99.07% to 99.21% and 99.24% (means of 3 seeds). A stopped run decays from its peak rate.
    """
    recipe = replace(run.recipe, start=run.key, epochs=epochs)
    if not run.finished:
        return replace(recipe, schedule="constant" if recipe.schedule == "constant" else "cosine")
    if recipe.schedule == "constant" or run.recipe.start:
        return recipe
    return replace(recipe, rate=float(f"{recipe.rate / 10:.12g}"))  # 0.0006, not 0.0006000000000000001


def whole_key(prefix: str) -> str:
    """Return the key of the one stored run with this prefix, 8 characters or more. UnknownModelError if none has it.

    In public, only a complete key opens a run: eight digits can be guessed.
    """
    if is_public() and not is_key(prefix):
        raise _unknown(prefix)
    if is_key(prefix):
        found = [prefix] if store.path(prefix).is_file() else []
    else:
        found = [key for key in store.stored_keys() if key.startswith(prefix)]
    if len(prefix) < 8 or not found:
        raise _unknown(prefix)
    if len(found) > 1:
        raise UnknownModelError("model.ambiguous", prefix=prefix, count=len(found))
    return found[0]


@dataclass(frozen=True)
class _Place:
    """Where the weights of a model are, under the one name that is theirs: of a network, or a complete key."""

    name: str
    file: Path
    epoch: int | None
    source: Literal["shipped", "stored", "hub"]


def _find(name: str) -> _Place:
    base, at, after = name.partition("@")
    epoch = int(after) if re.fullmatch("[0-9]{1,3}", after) else None
    if at and epoch is None:
        raise UnknownModelError("model.not_an_epoch", epoch=after, example=f"{base}@3")
    if hub_cache.has(base):
        return _Place(base, hub_cache.path(base), epoch, "hub")
    if network := base if base in pretrained() else _pretrained_keys().get(base) if is_key(base) else None:
        return _Place(network, pretrained()[network], epoch, "shipped")
    key = whole_key(base)
    return _Place(key, store.path(key), epoch, "stored")


def _run(place: _Place) -> Run:
    with _opening(place):
        run = store.known(place.file)
    run.digest_after(place.epoch)  # UnknownModelError for an epoch that it does not keep
    return run


def _read(place: _Place) -> tuple[Run, Weights]:
    with _opening(place):
        return store.read(place.file, place.epoch)


@lru_cache(maxsize=128)
def _restored(place: _Place, digest: str) -> networks.LeNet:
    """The model of a place, as long as its weights have that digest."""
    run, weights = _read(place)
    return networks.restore(run.recipe.network, weights)


@contextmanager
def _opening(place: _Place) -> Iterator[None]:
    """Say what is wrong in the model's terms, and move a damaged run out of the way; mark one that is read as used."""
    try:
        yield
    except FileNotFoundError as error:
        raise _unknown(place.name) from error
    except DamagedError as damage:
        if place.source == "stored":
            raise store.quarantine(place.name, damage) from damage
        if place.source == "hub":
            place.file.unlink(missing_ok=True)  # it is fetched anew next time
            raise
        values = {"damage": damage.message, "network": place.name, "file": str(place.file)}
        raise DamagedError("model.reinstall", **values) from damage
    if place.source != "shipped":
        store.touch(place.file)


def _pretrained_keys() -> dict[str, str]:
    """Return the names of the pretrained networks by the keys of their runs."""
    keys = {}
    for name, file in pretrained().items():
        try:
            keys[store.known(file).key] = name
        except DamagedError:  # reported when it is asked for by its name
            continue
    return keys


def _unknown(name: str) -> UnknownModelError:
    return UnknownModelError("model.unknown", name=name, networks=[*pretrained()] or Message("model.no_pretrained"))
