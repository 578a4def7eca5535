"""What decides a training run, and the settings worth a name.

Every value of a recipe has its bounds here, for the rules and for the page's form.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from lenet import networks
from lenet.errors import InvalidError
from lenet.texts import Message

DATA = ("mnist", "mnist+pens", "sample")
# Optimizers, and what goes well with each. The last is that of 1998: lenet.training.paper1998.
OPTIMIZERS: dict[str, dict[str, Any]] = {
    "muon": {"rate": 0.03, "schedule": "linear", "decay": 0.0, "smoothing": 0.1},
    "adamw": {"rate": 6e-3, "schedule": "one-cycle", "decay": 0.2, "smoothing": 0.0},
    "adam": {"rate": 1e-3, "schedule": "constant", "decay": 0.0, "smoothing": 0.0},
    "momentum": {"rate": 0.1, "schedule": "one-cycle", "decay": 0.0, "smoothing": 0.0},
    "sgd": {"rate": 0.2, "schedule": "one-cycle", "decay": 0.0, "smoothing": 0.0},
    "sdlm": {"rate": 5e-4, "schedule": "1998", "decay": 0.0, "smoothing": 0.0},
}
USUAL = OPTIMIZERS["muon"]
SCHEDULES = ("linear", "one-cycle", "cosine", "constant", "1998")  # one-cycle: Smith and Topin 2018, as in torch
EPOCHS = range(1, 51)
BATCHES = range(1, 1025)
SEEDS = range(2**53)  # what JSON and a browser can count to
BOUNDS = {  # least and greatest of the numbers that need not be whole
    "rate": (0, 1),  # 0 itself is no rate
    "decay": (0, 1),
    "smoothing": (0, 0.5),
    "average": (0, 0.9999),
    "augment": (0, 2),
    "styles": (0, 1),
    "outliers": (0, 1),
}
# Rates of the paper's passes, as fractions of the first, 0.0005: LeCun et al. 1998, section III.B. The last one stays.
STEPS_OF_1998 = (1.0,) * 2 + (0.4,) * 3 + (0.2,) * 3 + (0.1,) * 4 + (0.02,)

RUN = re.compile("([0-9a-f]{64}(@[0-9]{1,2})?)?")
MINE = re.compile("([0-9a-f]{64})?")


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training run. InvalidError where a value is out of bounds."""

    network: str = "lenet5"  # a key of networks.REGISTRY
    data: str = "mnist"  # one of DATA
    epochs: int = 1
    batch: int = 128  # images a step
    optimizer: str = "muon"  # one of OPTIMIZERS
    rate: float = USUAL["rate"]  # learning rate, where the schedule is highest
    schedule: str = USUAL["schedule"]  # one of SCHEDULES
    decay: float = USUAL["decay"]  # weight decay: decoupled in Muon and AdamW; others add it to the gradient
    smoothing: float = USUAL["smoothing"]  # label smoothing: LeNet.loss
    average: float = 0.0  # what a moving average of the weights keeps of itself at each step; 0: there is none
    augment: float = 0.0  # strength of affine, elastic and stroke-width augmentation: lenet.training.augment
    styles: float = 0.0  # fraction of digits drawn in a style that MNIST hardly has: lenet.training.styles
    outliers: float = 0.0  # synthetic images of no digit, as a fraction of the digits: lenet.training.outliers
    seed: int = 0  # of initial weights, order of the digits, augmentation and outliers
    start: str = ""  # KEY or KEY@EPOCH of the run whose weights it begins with; empty: random ones
    mine: str = ""  # SHA-256 of digits of one's own that it is taught: lenet.training.teach; empty: none

    def __post_init__(self) -> None:
        _one_of("network", self.network, networks.REGISTRY)
        _one_of("data", self.data, DATA)
        _whole("epochs", self.epochs, EPOCHS)
        _whole("batch", self.batch, BATCHES)
        _one_of("optimizer", self.optimizer, OPTIMIZERS)
        low, high = BOUNDS["rate"]
        if not (_is_number(self.rate) and low < self.rate <= high):
            raise InvalidError("recipe.above", field=Message("form.rate"), low=low, high=high)
        _one_of("schedule", self.schedule, SCHEDULES)
        for name in ("decay", "smoothing", "average", "augment", "styles", "outliers"):
            _between(name, getattr(self, name), *BOUNDS[name])
        if self.optimizer == "sdlm" and self.decay:
            raise InvalidError("recipe.no_decay", field=Message("form.decay"), optimizer=Message("optimizer.sdlm"))
        _whole("seed", self.seed, SEEDS)
        if not (isinstance(self.start, str) and RUN.fullmatch(self.start)):
            raise InvalidError("recipe.start", field=Message("form.start"))
        if not (isinstance(self.mine, str) and MINE.fullmatch(self.mine) and (self.start or not self.mine)):
            raise InvalidError("recipe.mine")
        for field in fields(self):  # 1 and 1.0 are one recipe, and have one key
            if field.type is float:
                object.__setattr__(self, field.name, float(getattr(self, field.name)))


def _one_of(name: str, value: object, known: Iterable[str]) -> None:
    if value not in [*known]:  # a list, since what comes from outside may have no hash
        raise InvalidError("recipe.one_of", field=Message(f"form.{name}"), known=[*known])


def _whole(name: str, value: object, known: range) -> None:
    if type(value) is not int or value not in known:
        raise InvalidError("recipe.whole", field=Message(f"form.{name}"), low=known[0], high=known[-1])


def _between(name: str, value: Any, low: float, high: float) -> None:
    if not (_is_number(value) and low <= value <= high):
        raise InvalidError("recipe.between", field=Message(f"form.{name}"), low=low, high=high)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True)
class Preset:
    """Settings with a name, whose title is `preset.NAME` in the table of texts.

    `settings` are the fields of a recipe that differ from its defaults. `description` is the letter of the published
    description of a LeNet that trains so, if it is one.
    """

    settings: dict[str, Any]
    description: str = ""


def complete(settings: dict[str, Any]) -> dict[str, Any]:
    """Add to some settings of a recipe what goes well with their optimizer, where they name one."""
    optimizer = settings.get("optimizer")
    usual = OPTIMIZERS.get(optimizer, {}) if isinstance(optimizer, str) else {}
    return {**usual, **settings}


PRESETS = {
    "quick": Preset({}),
    "thorough": Preset(
        complete({"optimizer": "adamw", "epochs": 40, "decay": 0.1, "augment": 1.0, "styles": 0.3, "outliers": 0.25})
    ),
    "1998": Preset(complete({"network": "lenet5-1998", "epochs": 20, "batch": 1, "optimizer": "sdlm"})),
    # A: 28x28 input without padding, ReLU and max-pooling, 44,426 parameters; test accuracy every 400 batches
    "adam-b10": Preset(complete({"epochs": 20, "batch": 10, "optimizer": "adam"}), "A"),
    # B: LeNet-5 built by its table of layers, ReLU and max-pooling, 61,706 parameters
    "sgd": Preset(complete({"epochs": 10, "batch": 64, "optimizer": "sgd", "rate": 1e-3, "schedule": "constant"}), "B"),
    # D: LeNet-5, ReLU and max-pooling, which then reads a photo of a handwritten digit
    "adam-b64": Preset(complete({"epochs": 5, "batch": 64, "optimizer": "adam"}), "D"),
    # C tells no optimizer; E tells nothing of its training.
}
