"""A training run: its recipe, what it reached, and how both are written into the header of its file."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, cast

from lenet.errors import UnknownModelError
from lenet.evaluation.before_after import BeforeAfter, is_better
from lenet.evaluation.report import wilson
from lenet.texts import Message
from lenet.training.loop import EpochEnd
from lenet.training.recipe import Recipe

# Names in the headers of older files, and what they are called now.
RENAMED = {"sure": "threshold", "optimiser": "optimizer", "distort": "augment", "rubbish": "outliers"}


# What a recipe did not have when older files were written, as it was then.
ADDED = {"smoothing": 0.0, "average": 0.0}


@dataclass(frozen=True)
class Run:
    """What a training run was and reached. Accuracies and losses as in `EpochEnd`."""

    key: str
    recipe: Recipe
    data: str  # fingerprint of the training data
    epoch: int  # of the weights, chosen by validation loss
    history: tuple[dict[str, float], ...]  # one row per epoch: EpochEnd without its weights
    correct: int  # of `total` test digits of the recipe's data
    total: int
    seconds: float  # of training
    date: str  # of its end, ISO 8601, UTC
    device: str
    weights: str = ""  # their SHA-256, set when they are written
    snapshots: tuple[str, ...] = ()  # SHA-256 of the weights before the first epoch and after each, where they are kept
    finished: bool = True  # else it was stopped
    title: str = ""  # given by a person
    threshold: float = 0.0  # confidence below which it rejects, 0 to 1; see `lenet.evaluation.report`
    mine: tuple[int, ...] = ()  # how many digits of each class, 0 to 9, it was taught: lenet.training.teach
    before_after: tuple[BeforeAfter, ...] = ()  # what that teaching changed

    @property
    def accuracy(self) -> float:
        """Test accuracy, 0 to 1."""
        return self.correct / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """95% confidence interval of the test accuracy (Wilson)."""
        return wilson(self.correct, self.total)

    @property
    def is_better(self) -> bool:
        """Whether a taught network classifies better than before, in sum; another run has nothing to compare with."""
        return not self.before_after or is_better(self.before_after)

    @property
    def name(self) -> str:
        """Its title, else what it is called without one."""
        return self.title or str(self.untitled)

    @property
    def untitled(self) -> Message:
        """Its network, epochs or what it was taught, and the start of its key."""
        named = {"network": self.recipe.network, "key": self.key[:8]}
        if self.mine:
            return Message("runs.name_taught", {**named, "digits": Message("runs.digits", {"count": sum(self.mine)})})
        key = "runs.name" if self.finished else "runs.name_unfinished"
        return Message(key, {**named, "epochs": Message("runs.epochs", {"count": self.recipe.epochs})})

    def digest_after(self, epoch: int | None) -> str:
        """SHA-256 of its weights, or of those after an epoch. UnknownModelError for an epoch that it does not keep."""
        if epoch is None:
            return self.weights
        if epoch not in range(len(self.snapshots)):
            key = "store.epoch_missing" if self.snapshots else "store.epoch_only_last"
            raise UnknownModelError(key, run=self.key[:12], epoch=epoch, last=len(self.snapshots) - 1)
        return self.snapshots[epoch]

    def to_header(self) -> dict[str, Any]:
        """Return everything known of the run, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_header(cls, header: Mapping[str, Any]) -> "Run":
        """Read what `to_header` wrote in this version or an older one. Else KeyError, TypeError or ValueError."""
        values = _renamed(header)
        values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        values["recipe"] = Recipe(**{**ADDED, **_renamed(header["recipe"])})
        values["before_after"] = tuple(BeforeAfter(**row) for row in header.get("before_after", ()))
        run = cls(**values)
        for field in fields(run):
            _check(field.name, getattr(run, field.name))
        datetime.fromisoformat(run.date)
        counts = 0 <= run.correct <= run.total > 0 and run.seconds >= 0
        counts = counts and (not run.mine or (len(run.mine) == 10 and all(type(n) is int and n >= 0 for n in run.mine)))
        if not (is_key(run.key) and counts and 0 <= run.threshold <= 1):
            raise ValueError(f"no run has {run.correct} of {run.total} in {run.seconds} s under {run.key!r}")
        for row in cast(tuple[dict[str, Any], ...], run.history):
            EpochEnd(**row, weights={})
            for name, value in row.items():
                _check(f"history.{name}", value)
        return run


# What a header may hold, by the fields of a run: a file may come from anywhere.
KINDS: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("key", "data", "date", "device", "weights", "title"), str),
    **dict.fromkeys(("epoch", "correct", "total", "history.epoch"), int),
    **dict.fromkeys(("history", "snapshots", "mine", "before_after"), tuple),
    "recipe": Recipe,
    "finished": bool,
}
MOST = 1e300, 2**53  # of a float, of an integer


def _check(name: str, value: object) -> None:
    """Raise TypeError or ValueError unless a value is of its field's kind; fields without one are numbers."""
    kind = KINDS.get(name, (int, float))
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{name} is a {type(value).__name__}")
    if isinstance(value, int | float) and not abs(value) <= MOST[type(value) is int]:
        raise ValueError(f"{name} is not a finite number")


def is_key(key: str) -> bool:
    """Return whether this is a complete key: 64 hexadecimal digits."""
    return len(key) == 64 and set(key) <= set("0123456789abcdef")


def _renamed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {RENAMED.get(name, name): value for name, value in values.items()}
