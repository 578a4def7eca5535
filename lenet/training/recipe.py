"""What decides a training run, and the settings worth a name."""

import re
from dataclasses import dataclass, fields
from typing import Any

from lenet import networks

EPOCHS = range(1, 51)
BATCHES = range(1, 1025)
OPTIMIZERS = {
    "adamw": "AdamW",
    "adam": "Adam",
    "momentum": "SGD, momentum 0.9",
    "sgd": "SGD, plain",
    "sdlm": "diagonal Levenberg-Marquardt",  # stochastic, as in 1998; see lenet.sdlm
}
SCHEDULES = {
    "one-cycle": "one cycle",  # Smith and Topin 2018, as in torch: cosine up over 30 % of the steps, then down
    "cosine": "cosine down",
    "constant": "constant",
    "1998": "steps of 1998",
}
# Rates of the paper's passes, as shares of the first, 0.0005: LeCun et al. 1998, section III.B. The last one stays.
STEPS_OF_1998 = (1.0,) * 2 + (0.4,) * 3 + (0.2,) * 3 + (0.1,) * 4 + (0.02,)


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training run. ValueError where a value is out of bounds."""

    network: str = "lenet5"
    data: str = "mnist"  # mnist | sample
    epochs: int = 5  # 1-50
    batch: int = 128  # digits a step, 1-1024
    optimizer: str = "adamw"  # a key of OPTIMIZERS
    rate: float = 6e-3  # learning rate, where the schedule is highest; above 0 up to 1
    schedule: str = "one-cycle"  # a key of SCHEDULES
    decay: float = 0.2  # weight decay, 0 to 1: AdamW's is decoupled, the others add it to the gradient
    augment: float = 0.0  # strength of affine, elastic and stroke-width distortions, 0 to 2; see lenet.training.augment
    styles: float = 0.0  # share of digits written in a style that MNIST hardly has, 0 to 1; see lenet.training.styles
    outliers: float = 0.0  # made patterns of no digit a digit, 0 to 1; see lenet.training.outliers
    seed: int = 0  # of initial weights, order and distortions of digits, 0 up to 2**63 - 1
    start: str = ""  # KEY or KEY@EPOCH of the run whose weights it begins with; empty: random ones

    def __post_init__(self) -> None:
        for name in ("network", "data", "optimizer", "schedule", "start"):
            if not isinstance(getattr(self, name), str):
                raise ValueError(f"{name} {getattr(self, name)!r} is out of bounds: a name")
        networks.entry(self.network)
        rules = {
            "data": (self.data in ("mnist", "sample"), "mnist or sample"),
            "epochs": (type(self.epochs) is int and self.epochs in EPOCHS, f"{EPOCHS[0]} to {EPOCHS[-1]}"),
            "batch": (type(self.batch) is int and self.batch in BATCHES, f"{BATCHES[0]} to {BATCHES[-1]}"),
            "optimizer": (self.optimizer in OPTIMIZERS, ", ".join(OPTIMIZERS)),
            "rate": (_number(self.rate) and 0 < self.rate <= 1, "above 0 up to 1"),
            "schedule": (self.schedule in SCHEDULES, ", ".join(SCHEDULES)),
            "decay": (_number(self.decay) and 0 <= self.decay <= self._most_decay(), f"0 to {self._most_decay()}"),
            "augment": (_number(self.augment) and 0 <= self.augment <= 2, "0 to 2"),
            "styles": (_number(self.styles) and 0 <= self.styles <= 1, "0 to 1"),
            "outliers": (_number(self.outliers) and 0 <= self.outliers <= 1, "0 to 1"),
            "seed": (type(self.seed) is int and 0 <= self.seed < 2**63, "0 to 2**63 - 1"),
            "start": (bool(re.fullmatch("([0-9a-f]{64}(@[0-9]{1,2})?)?", self.start)), "KEY (64 digits) or KEY@EPOCH"),
        }
        for name, (holds, rule) in rules.items():
            if not holds:
                raise ValueError(f"{name} {getattr(self, name)!r} is out of bounds: {rule}")
        for field in fields(self):  # 1 and 1.0 are one recipe, and have one key
            if field.type is float:
                object.__setattr__(self, field.name, float(getattr(self, field.name)))

    def _most_decay(self) -> int:
        return 0 if self.optimizer == "sdlm" else 1  # the paper's has none


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True)
class Preset:
    """Settings with a name: `settings` are the fields of a recipe that differ from its defaults."""

    title: str
    settings: dict[str, Any]


# The tutorials are the published descriptions of a LeNet that tell how they train it; others give no optimizer.
PRESETS = {
    "quick": Preset("quick · one cycle of AdamW", {}),
    "thorough": Preset(
        "careful · distorted digits, as the shipped weights",
        {"epochs": 40, "decay": 0.1, "augment": 1.0, "styles": 0.3, "outliers": 0.25},
    ),
    "1998": Preset(
        "1998 · one digit at a time, as published",
        {
            "network": "lenet5-1998",
            "epochs": 20,
            "batch": 1,
            "optimizer": "sdlm",
            "rate": 5e-4,
            "schedule": "1998",
            "decay": 0.0,
        },
    ),
    "adam-b10": Preset(
        "tutorial A · Adam, batch 10",
        {"epochs": 20, "batch": 10, "optimizer": "adam", "rate": 1e-3, "schedule": "constant", "decay": 0.0},
    ),
    "sgd": Preset(
        "tutorial B · plain SGD",
        {"epochs": 10, "batch": 64, "optimizer": "sgd", "rate": 1e-3, "schedule": "constant", "decay": 0.0},
    ),
    "adam-b64": Preset(
        "tutorial D · Adam, batch 64",
        {"epochs": 5, "batch": 64, "optimizer": "adam", "rate": 1e-3, "schedule": "constant", "decay": 0.0},
    ),
}
