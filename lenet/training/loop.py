"""The only training loop: a recipe and data in, a stream of small events out.

Losses are mean cross-entropies in nats, accuracies 0 to 1, times seconds since the start. The weights of every event
are copies on the CPU.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

import torch
from torch import Tensor

from lenet import networks
from lenet.digits.data import Data, Digits
from lenet.errors import DivergedError
from lenet.training.augment import augment
from lenet.training.outliers import OutlierBank
from lenet.training.paper1998 import paper_stepper
from lenet.training.recipe import Recipe
from lenet.training.step import Stepper

REPORT_EVERY = 0.25  # seconds between Progress events, so that a reader can stop within half a second

Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Started:
    """Training begins: the device, the numbers of training and validation images, and the initial weights."""

    recipe: Recipe
    device: str
    train: int
    validation: int
    weights: Weights = field(repr=False, compare=False)


@dataclass(frozen=True)
class Progress:
    """Within an epoch: images seen in it, and training loss and accuracy since the last report."""

    epoch: int
    seen: int
    loss: float
    accuracy: float
    seconds: float
    weights: Weights = field(repr=False, compare=False)


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is over. Training loss and accuracy are means over all its steps."""

    epoch: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float
    weights: Weights = field(repr=False, compare=False)


@dataclass(frozen=True)
class Finished:
    """The end: the weights of the epoch with the lowest validation loss.

    Training with outliers or smoothed labels under-confides, the longer the more, so the output is then calibrated (see
    `LeNet.calibrate`), and the epoch chosen by the loss after that.
    `stopped` if the training did not run its course: then the weights at the stop are compared too, and `epoch` may be
    one that was not over.
    """

    epoch: int  # of the weights; 0 where it was stopped before the first step
    seconds: float
    stopped: bool
    weights: Weights = field(repr=False, compare=False)


Event = Started | Progress | EpochEnd | Finished


def metrics(event: object) -> dict[str, Any]:
    """An event's values by name, without its weights."""
    return {name: value for name, value in vars(event).items() if name != "weights"}


def pick_device() -> torch.device:
    """Return CUDA if available, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fit(
    recipe: Recipe,
    data: Data,
    stop: Callable[[], bool] = lambda: False,
    device: torch.device | None = None,
    start: Weights | None = None,
) -> Iterator[Event]:
    """Train by the recipe, without reading `data.test`. `stop` is asked before every step.

    `start` are the weights of the run that `recipe.start` names; ValueError if only one of the two is given. The same
    recipe, data and kind of device give the same bits. DivergedError if the loss is no longer finite.
    """
    device = device or pick_device()
    generator = torch.Generator().manual_seed(recipe.seed)
    network = _build_network(recipe, start, generator).to(device)
    train, validation = data.train.to(device), data.validation.to(device)
    steps = -(-len(train) // recipe.batch)
    stepper = paper_stepper(recipe, network, steps) or Stepper(recipe, network, steps)
    bank = OutlierBank(data.train, round(recipe.outliers * len(train) * recipe.epochs), device, generator)
    clock = _Clock()
    best = Finished(epoch=0, seconds=0.0, stopped=False, weights=copy_weights(network))
    best_loss, stopped = float("inf"), False

    yield Started(recipe, str(device), len(train), len(validation), best.weights)
    for epoch in range(1, recipe.epochs + 1):
        order = torch.randperm(len(train), generator=generator).to(device)
        whole, window = _RunningMean(device), _RunningMean(device)
        network.train()
        stepper.begin(train, order)
        for index in order.split(recipe.batch):
            if stopped := stop():
                break
            batch = train[index]
            shown = bank.add_to(batch, recipe.outliers)
            n_outliers = len(shown) - len(batch)
            images = augment(shown.images, shown.labels, recipe.augment, recipe.styles, generator, n_outliers)
            logits = stepper.step(images, shown.labels)[: len(batch)]  # outliers don't count in the metrics
            window.add(network.loss(logits, batch.labels), logits, batch.labels)
            if clock.due():
                mean_loss, accuracy = window.means()
                _check_finite(mean_loss, epoch)
                whole.absorb(window)
                yield Progress(epoch, whole.count, mean_loss, accuracy, clock.seconds(), copy_weights(stepper.result))
        whole.absorb(window)
        if not whole.count:
            break
        _check_finite(whole.means()[0], epoch)
        logits, labels = networks.infer(stepper.result.eval(), validation.images), validation.labels.cpu()
        validation_loss, validation_accuracy = measure(stepper.result, logits, labels)
        weights = copy_weights(stepper.result)
        final, final_loss = weights, validation_loss
        if recipe.outliers or recipe.smoothing:
            final, final_loss = _calibrate(recipe.network, weights, logits, labels)
        if final_loss < best_loss:
            best_loss, best = final_loss, replace(best, epoch=epoch, weights=final)
        if stopped:
            break
        clock.restart()
        yield EpochEnd(epoch, *whole.means(), validation_loss, validation_accuracy, clock.seconds(), weights)
    yield replace(best, seconds=clock.seconds(), stopped=stopped)


def validate(network: networks.LeNet, digits: Digits) -> tuple[float, float]:
    """Mean loss and accuracy of a network on some digits."""
    return measure(network, networks.infer(network.eval(), digits.images), digits.labels.cpu())


def measure(network: networks.LeNet, logits: Tensor, labels: Tensor) -> tuple[float, float]:
    """Mean loss and accuracy of a network's logits (N, 10)."""
    return network.loss(logits, labels).item(), (logits.argmax(1) == labels).double().mean().item()


def _calibrate(name: str, weights: Weights, logits: Tensor, labels: Tensor) -> tuple[Weights, float]:
    """The weights with the output calibrated on their logits (N, 10), and the loss then: see `LeNet.calibrate`."""
    network = networks.restore(name, weights)
    loss = network.calibrate(logits, labels)
    return copy_weights(network), loss


def _build_network(recipe: Recipe, start: Weights | None, generator: torch.Generator) -> networks.LeNet:
    if bool(recipe.start) != (start is not None):
        raise ValueError(f"start {recipe.start!r} and the weights to start from belong together")
    network = networks.create(recipe.network, generator)
    if start is not None:
        network.load_state_dict(start)
    return network


def _check_finite(loss: float, epoch: int) -> None:
    if not isfinite(loss):
        raise DivergedError("training.diverged", epoch=epoch, loss=str(loss))


def copy_weights(network: networks.LeNet) -> Weights:
    """Return the weights as a copy on the CPU: a state_dict() aliases the live ones."""
    return {name: value.detach().to("cpu", copy=True).contiguous() for name, value in network.state_dict().items()}


class _Clock:
    """Tells seconds since the start, and whether the next report is due."""

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


class _RunningMean:
    """Mean loss and accuracy over images, summed on the device: reading a value makes the CPU wait for CUDA."""

    def __init__(self, device: torch.device) -> None:
        self.sums = torch.zeros(2, dtype=torch.float64, device=device)  # loss, hits
        self.count = 0

    def add(self, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        self.sums += torch.stack([loss * len(labels), (logits.argmax(1) == labels).sum()])
        self.count += len(labels)

    def absorb(self, other: "_RunningMean") -> None:
        self.sums += other.sums
        self.count += other.count
        other.sums.zero_()
        other.count = 0

    def means(self) -> tuple[float, float]:
        loss, hits = (self.sums / self.count).tolist()
        return loss, hits
