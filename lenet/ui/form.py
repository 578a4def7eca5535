"""The form for a training: what it offers, and the recipe that comes of what was filled in."""

from dataclasses import MISSING, fields
from typing import Any

from lenet import networks
from lenet.runs import models
from lenet.settings import max_epochs
from lenet.texts import text
from lenet.training.recipe import BATCHES, EPOCHS, OPTIMIZERS, PRESETS, SCHEDULES, Recipe

DATA = {"auto": "MNIST · 60,000 digits", "sample": "Sample · 4,000 digits"}
KEPT = ("network", "data", "seed", "start")  # what a preset leaves as it is, where it does not name it
STARTS = {"scratch": "random weights", "current": "the weights that read now"}
PLAIN = ("network", "data", "epochs")  # always to be seen; the others are under "more"
NUMBERS = {
    "epochs": (EPOCHS[0], EPOCHS[-1], 1),
    "batch": (BATCHES[0], BATCHES[-1], 1),
    "rate": (1e-6, 1, "any"),
    "decay": (0, 1, "any"),
    "augment": (0, 2, 0.1),
    "styles": (0, 1, 0.1),
    "outliers": (0, 1, 0.05),
    "seed": (0, 2**53 - 1, 1),  # what a browser can count to
}
ABOUT = {
    "network": "Network",
    "data": "Data",
    "epochs": "Epochs",
    "batch": "Batch, digits a step",
    "optimizer": "Optimizer",
    "rate": "Learning rate, at most",
    "schedule": "Rate over time",
    "decay": "Weight decay",
    "augment": "Distortions, 0 to 2",
    "styles": "Rare styles, share 0 to 1",
    "outliers": "Rubbish, share 0 to 1",
    "seed": "Seed",
    "start": "Start from",
}


def offered() -> dict[str, Any]:
    """What the page's form is made of: its fields, the presets, and the values that it begins with."""
    choices = {
        "network": {name: f"{name} · {row.title}" for name, row in networks.REGISTRY.items()},
        "data": DATA,
        "optimizer": {name: text(f"optimizer.{name}") for name in OPTIMIZERS},
        "schedule": {name: text(f"schedule.{name}") for name in SCHEDULES},
        "start": STARTS,
    }
    bounds = {**NUMBERS, "epochs": (EPOCHS[0], max_epochs(EPOCHS[-1]), 1)}
    parts = [
        {"name": name, "label": label, "plain": name in PLAIN, "choices": list(choices.get(name, {}).items())}
        | ({"bounds": bounds[name]} if name in bounds else {})
        for name, label in ABOUT.items()
    ]
    presets = [
        {"name": name, "title": text(f"preset.{name}"), "values": _changes(preset.settings)}
        for name, preset in PRESETS.items()
    ]
    return {"fields": parts, "presets": presets}


def defaults() -> dict[str, Any]:
    """The values that the form begins with."""
    return _values({})


def _changes(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in _values(settings).items() if name in settings or name not in KEPT}


def _values(settings: dict[str, Any]) -> dict[str, Any]:
    values = {field.name: field.default for field in fields(Recipe) if field.default is not MISSING}
    values |= {"data": "auto", "start": "scratch"} | settings
    return values | {"epochs": min(values["epochs"], max_epochs(EPOCHS[-1]))}


def filled(form: Any, data: str, reads: str) -> Recipe:
    """The recipe of a filled form, for that data; `reads` is the model that reads now, to start from where wished.

    ValueError where something is out of bounds.
    """
    if not isinstance(form, dict) or not set(form) <= set(ABOUT):
        raise ValueError(f"a form is an object of {', '.join(ABOUT)}")
    most = max_epochs(EPOCHS[-1])
    epochs = form.get("epochs", Recipe.epochs)
    if type(epochs) is not int or epochs > most:
        raise ValueError(f"epochs {epochs!r} is out of bounds: 1 to {most} on this page")
    start = form.get("start", "scratch")
    for name, value, known in (("start", start, STARTS), ("data", form.get("data", "auto"), DATA)):
        if value not in [*known]:
            raise ValueError(f"{name} {value!r} is out of bounds: {', '.join(known)}")
    return Recipe(**{**form, "data": data, "start": models.resolve(reads) if start == "current" else ""})
