"""The only training loop: a recipe and data in, a stream of small events out."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.optim.lr_scheduler import OneCycleLR

from lenet import networks
from lenet.data import Data, Digits
from lenet.settings import LenetError

EPOCHS = range(1, 51)
BATCHES = range(1, 1025)
REPORT_EVERY = 0.25  # seconds between Progress events, so that whoever reads them can stop within half a second

Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training run. ValueError where a value is out of bounds.

    AdamW with a one-cycle rate (Smith and Topin 2018, as in torch: cosine up over 30 % of the steps, then down).
    """

    network: str = "lenet5"
    data: str = "mnist"  # mnist | sample
    epochs: int = 5  # 1-50
    batch: int = 128  # digits a step, 1-1024
    rate: float = 6e-3  # peak learning rate, above 0 up to 1
    decay: float = 0.2  # AdamW's decoupled weight decay, 0 up to 1
    seed: int = 0  # of initial weights and of the order of digits, 0 up to 2**63 - 1

    def __post_init__(self) -> None:
        networks.entry(self.network)
        rules = {
            "data": (self.data in ("mnist", "sample"), "mnist or sample"),
            "epochs": (type(self.epochs) is int and self.epochs in EPOCHS, f"{EPOCHS[0]} to {EPOCHS[-1]}"),
            "batch": (type(self.batch) is int and self.batch in BATCHES, f"{BATCHES[0]} to {BATCHES[-1]}"),
            "rate": (0 < self.rate <= 1, "above 0 up to 1"),
            "decay": (0 <= self.decay <= 1, "0 to 1"),
            "seed": (type(self.seed) is int and 0 <= self.seed < 2**63, "0 to 2**63 - 1"),
        }
        for name, (holds, rule) in rules.items():
            if not holds:
                raise ValueError(f"{name} {getattr(self, name)!r} is out of bounds: {rule}")


@dataclass(frozen=True)
class Started:
    """Training begins: where, and on how many digits."""

    recipe: Recipe
    device: str
    train: int
    validation: int


@dataclass(frozen=True)
class Progress:
    """Within an epoch: digits seen in it, and the mean training loss (nats) and accuracy since the last report."""

    epoch: int
    seen: int
    loss: float
    accuracy: float
    seconds: float  # since the start


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is over. Losses are mean nats a digit, accuracies 0 to 1; the training ones are over the whole epoch."""

    epoch: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float  # since the start
    weights: Weights  # copies on the CPU


@dataclass(frozen=True)
class Finished:
    """The end: the weights of the epoch with the lowest validation loss. `stopped` if it did not run its course."""

    epoch: int  # of the weights; 0 where it was stopped before the first was over
    weights: Weights
    seconds: float
    stopped: bool


Event = Started | Progress | EpochEnd | Finished


class DivergedError(LenetError):
    """The loss is no longer a finite number."""


def pick_device() -> torch.device:
    """CUDA when there is any, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fit(
    recipe: Recipe,
    data: Data,
    stop: Callable[[], bool] = lambda: False,
    device: torch.device | None = None,
) -> Iterator[Event]:
    """Train by the recipe, never looking at `data.test`. Asks `stop` at every step.

    The same recipe, data and kind of device give the same bits. Raises DivergedError when the loss is not finite.
    """
    device = device or pick_device()
    generator = torch.Generator().manual_seed(recipe.seed)
    network = networks.create(recipe.network, generator).to(device).to(memory_format=torch.channels_last)
    train, validation = data.train.to(device), data.validation.to(device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay, fused=True)
    steps = -(-len(train) // recipe.batch)
    schedule = OneCycleLR(optimiser, recipe.rate, total_steps=recipe.epochs * steps)
    clock = _Clock()
    best = Finished(epoch=0, weights=_copy(network), seconds=0.0, stopped=True)
    best_loss = float("inf")

    yield Started(recipe, str(device), len(train), len(validation))
    for epoch in range(1, recipe.epochs + 1):
        order = torch.randperm(len(train), generator=generator).to(device)
        whole, window = _Tally(device), _Tally(device)
        network.train()
        for index in order.split(recipe.batch):
            if stop():
                yield Finished(best.epoch, best.weights, clock.seconds(), stopped=True)
                return
            batch = train[index]
            logits = network(network.prepare(batch.fields))
            loss = cross_entropy(logits, batch.labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            window.add(loss.detach(), logits.detach(), batch.labels)
            if clock.due():
                mean_loss, accuracy = window.means()
                _check(mean_loss, epoch)
                whole.absorb(window)
                yield Progress(epoch, whole.digits, mean_loss, accuracy, clock.seconds())
        whole.absorb(window)
        _check(whole.means()[0], epoch)
        validation_loss, validation_accuracy = evaluate(network, validation)
        weights = _copy(network)
        clock.restart()
        yield EpochEnd(epoch, *whole.means(), validation_loss, validation_accuracy, clock.seconds(), weights)
        if validation_loss < best_loss:
            best_loss = validation_loss
            best = Finished(epoch, weights, 0.0, stopped=True)
    yield Finished(best.epoch, best.weights, clock.seconds(), stopped=False)


def evaluate(network: networks.LeNet, digits: Digits) -> tuple[float, float]:
    """Mean cross-entropy (nats) and accuracy (0 to 1) of a network on some digits."""
    network.eval()
    logits, labels = networks.infer(network, digits.fields), digits.labels.cpu()
    return cross_entropy(logits, labels).item(), (logits.argmax(1) == labels).double().mean().item()


def _check(loss: float, epoch: int) -> None:
    if not isfinite(loss):
        raise DivergedError(f"Training diverged in epoch {epoch}: the loss is {loss}. Lower the rate and train again.")


def _copy(network: networks.LeNet) -> Weights:
    """A state_dict() aliases the live weights; this does not."""
    return {name: value.detach().to("cpu", copy=True).contiguous() for name, value in network.state_dict().items()}


class _Clock:
    """Seconds since the start, and whether the next report is due."""

    def __init__(self) -> None:
        self.start = self.last = time.perf_counter()

    def seconds(self) -> float:
        return time.perf_counter() - self.start

    def restart(self) -> None:
        self.last = time.perf_counter()

    def due(self) -> bool:
        due = time.perf_counter() - self.last >= REPORT_EVERY
        if due:
            self.restart()
        return due


class _Tally:
    """Sums of loss and hits, kept on the device: reading them is what would make CUDA wait."""

    def __init__(self, device: torch.device) -> None:
        self.sums = torch.zeros(2, dtype=torch.float64, device=device)  # loss, hits
        self.digits = 0

    def add(self, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        self.sums += torch.stack([loss * len(labels), (logits.argmax(1) == labels).sum()])
        self.digits += len(labels)

    def absorb(self, other: "_Tally") -> None:
        self.sums += other.sums
        self.digits += other.digits
        other.sums.zero_()
        other.digits = 0

    def means(self) -> tuple[float, float]:
        loss, hits = (self.sums / self.digits).tolist()
        return loss, hits
