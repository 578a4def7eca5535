"""The form for a training: what it offers, and the recipe that its values make. Its words are `form.NAME`."""

from dataclasses import fields
from typing import Any

from lenet import networks
from lenet.errors import InvalidError
from lenet.runs import models
from lenet.settings import max_epochs
from lenet.texts import Message
from lenet.training.recipe import BATCHES, EPOCHS, OPTIMIZERS, PRESETS, SCHEDULES, SEEDS, Recipe, complete

NAMES = tuple(field.name for field in fields(Recipe) if field.name != "mine")  # digits are taught without a form
BASIC = ("network", "data", "epochs")  # always in sight; the others are advanced
KEPT = ("network", "data", "seed", "start")  # that a preset leaves as they are, unless it names them
CHOICES = {
    "network": tuple(networks.REGISTRY),
    "data": ("auto", "mnist+pens", "sample"),
    "optimizer": tuple(OPTIMIZERS),
    "schedule": tuple(SCHEDULES),
    "start": ("scratch", "current"),
}
BOUNDS = {  # least, greatest, step
    "batch": (BATCHES[0], BATCHES[-1], 1),
    "rate": (1e-6, 1, "any"),
    "decay": (0, 1, "any"),
    "smoothing": (0, 0.5, "any"),
    "average": (0, 0.9999, "any"),
    "augment": (0, 2, 0.1),
    "styles": (0, 1, 0.1),
    "outliers": (0, 1, 0.05),
    "seed": (SEEDS[0], SEEDS[-1], 1),
}


def offered() -> dict[str, Any]:
    """Describe the form.

    `fields` (name, basic, choices, bounds of a number), `presets` (name, values), `defaults`, and `usual`, the values
    that go well with each optimizer.
    """
    bounds = {**BOUNDS, "epochs": (EPOCHS[0], _most_epochs(), 1)}
    described = [
        {"name": name, "basic": name in BASIC, "choices": [*CHOICES.get(name, ())]}
        | ({"bounds": [*bounds[name]]} if name in bounds else {})
        for name in sorted(NAMES, key=lambda name: name not in BASIC)
    ]
    presets = [{"name": name, "values": _preset(preset.settings)} for name, preset in PRESETS.items()]
    return {"fields": described, "presets": presets, "usual": OPTIMIZERS, "defaults": defaults()}


def defaults() -> dict[str, Any]:
    """The values that the form begins with."""
    return _values({})


def chosen_data(values: Any) -> str:
    """The data that the form's values name, to be checked by `recipe`."""
    found = values.get("data") if isinstance(values, dict) else None
    return found if isinstance(found, str) else "auto"


def recipe(values: Any, data: str, model: str) -> Recipe:
    """The recipe of the form's values on the data of that name; `model` classifies now, to start from if asked for.

    Raise InvalidError for a value out of bounds, UnknownModelError if the model to start from is gone.
    """
    if not isinstance(values, dict) or not set(values) <= set(NAMES):
        raise InvalidError("request.form", names=list(NAMES))
    check_epochs(values.get("epochs", Recipe.epochs))
    for name, value in (("start", values.get("start", "scratch")), ("data", values.get("data", "auto"))):
        if value not in CHOICES[name]:
            raise InvalidError("recipe.one_of", field=Message(f"form.{name}"), known=list(CHOICES[name]))
    start = models.resolve(model) if values.get("start") == "current" else ""
    filled = Recipe(**complete({**values, "data": data, "start": start}))
    if start and (network := models.load_run(start).recipe.network) != filled.network:
        raise InvalidError("model.start_mismatch", network=filled.network, other=network)
    return filled


def continuation(key: str, epochs: int | None) -> Recipe:
    """The recipe that trains a run for some more epochs; without a number, for as many again, or those it lacks.

    Raise UnknownModelError if the run is gone, InvalidError for a number out of bounds, or digits that are not here.
    """
    run = models.load_run(key)
    if run.recipe.mine:
        raise InvalidError("training.taught.again")
    if epochs is None:
        missing = run.recipe.epochs if run.finished else run.recipe.epochs - len(run.history)
        epochs = min(max(1, missing), _most_epochs())
    check_epochs(epochs)
    return models.continue_recipe(run, epochs)


def check_epochs(epochs: object) -> None:
    """Raise InvalidError for a number of epochs that this page does not offer."""
    if type(epochs) is not int or not EPOCHS[0] <= epochs <= _most_epochs():
        values = {"field": Message("form.epochs"), "low": EPOCHS[0], "high": _most_epochs()}
        raise InvalidError("recipe.whole", **values)


def _most_epochs() -> int:
    return max_epochs(EPOCHS[-1])


def _preset(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in _values(settings).items() if name in settings or name not in KEPT}


def _values(settings: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {field.name: field.default for field in fields(Recipe) if field.name in NAMES}
    values |= {"data": "auto", "start": "scratch"} | settings
    return values | {"epochs": min(values["epochs"], _most_epochs())}
