"""The only training loop: a recipe and data in, a stream of small events out."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

import torch
from torch import Tensor

from lenet import networks
from lenet.digits.mnist import Data, Digits
from lenet.errors import DivergedError
from lenet.training.augment import augment
from lenet.training.outliers import add_outliers
from lenet.training.recipe import Recipe
from lenet.training.step import Stepper

REPORT_EVERY = 0.25  # seconds between Progress events, so that whoever reads them can stop within half a second

Weights = dict[str, Tensor]


@dataclass(frozen=True)
class Started:
    """Training begins: where, on how many digits, and with which weights. Those of all events are copies on the CPU."""

    recipe: Recipe
    device: str
    train: int
    validation: int
    weights: Weights = field(repr=False, compare=False)


@dataclass(frozen=True)
class Progress:
    """Within an epoch: digits seen in it, and the mean training loss (nats) and accuracy since the last report."""

    epoch: int
    seen: int
    loss: float
    accuracy: float
    seconds: float  # since the start
    weights: Weights = field(repr=False, compare=False)


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is over. Losses are mean nats a digit, accuracies 0 to 1; the training ones are over the whole epoch."""

    epoch: int
    train_loss: float
    train_accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float  # since the start
    weights: Weights = field(repr=False, compare=False)


@dataclass(frozen=True)
class Finished:
    """The end: the weights with the lowest validation loss, each epoch's last ones compared.

    Where rubbish was shown, which makes a network doubt too much, they are fit_temperature; see `fit_temperature`. `stopped` if
    it did not run its course; then the weights at the stop are compared too, and `epoch` may be one that was not over.
    """

    epoch: int  # of the weights; 0 where it was stopped before the first step
    seconds: float
    stopped: bool
    weights: Weights = field(repr=False, compare=False)


Event = Started | Progress | EpochEnd | Finished


def metrics(event: Event) -> dict[str, Any]:
    """What an event tells, without its weights."""
    return {name: value for name, value in vars(event).items() if name != "weights"}


def pick_device() -> torch.device:
    """CUDA when there is any, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fit(
    recipe: Recipe,
    data: Data,
    stop: Callable[[], bool] = lambda: False,
    device: torch.device | None = None,
    start: Weights | None = None,
) -> Iterator[Event]:
    """Train by the recipe, never looking at `data.test`. Asks `stop` at every step.

    `start` are the weights of the run that `recipe.start` names, ValueError where just one of them is given. The same
    recipe, data and kind of device give the same bits. Raises DivergedError when the loss is not finite.
    """
    device = device or pick_device()
    generator = torch.Generator().manual_seed(recipe.seed)
    network = build_network(recipe, start, generator).to(device)
    train, validation = data.train.to(device), data.validation.to(device)
    steps = -(-len(train) // recipe.batch)
    stepper = Stepper(recipe, network, steps)
    clock = _Clock()
    best = Finished(epoch=0, seconds=0.0, stopped=False, weights=_copy(network))
    best_loss, stopped = float("inf"), False

    yield Started(recipe, str(device), len(train), len(validation), best.weights)
    for epoch in range(1, recipe.epochs + 1):
        order = torch.randperm(len(train), generator=generator).to(device)
        whole, window = RunningMean(device), RunningMean(device)
        network.train()
        stepper.begin(train, order)
        for index in order.split(recipe.batch):
            if stopped := stop():
                break
            batch = train[index]
            shown = add_outliers(batch, recipe.outliers, generator)
            made = len(shown) - len(batch)
            images = augment(shown.images, shown.labels, recipe.augment, recipe.styles, generator, made)
            logits = stepper.step(images, shown.labels)[: len(batch)]  # rubbish has no place in the figures
            window.add(network.loss(logits, batch.labels), logits, batch.labels)
            if clock.due():
                mean_loss, accuracy = window.means()
                _check(mean_loss, epoch)
                whole.absorb(window)
                yield Progress(epoch, whole.digits, mean_loss, accuracy, clock.seconds(), _copy(network))
        whole.absorb(window)
        if not whole.digits:
            break
        _check(whole.means()[0], epoch)
        validation_loss, validation_accuracy = evaluate(network, validation)
        weights = _copy(network)
        if validation_loss < best_loss:
            best_loss, best = validation_loss, replace(best, epoch=epoch, weights=weights)
        if stopped:
            break
        clock.restart()
        yield EpochEnd(epoch, *whole.means(), validation_loss, validation_accuracy, clock.seconds(), weights)
    if recipe.outliers and best.epoch:
        best = replace(best, weights=fit_temperature(recipe.network, best.weights, validation))
    yield replace(best, seconds=clock.seconds(), stopped=stopped)


def evaluate(network: networks.LeNet, digits: Digits) -> tuple[float, float]:
    """Mean loss (nats) and accuracy (0 to 1) of a network on some digits."""
    network.eval()
    logits, labels = networks.infer(network, digits.images), digits.labels.cpu()
    return network.loss(logits, labels).item(), (logits.argmax(1) == labels).double().mean().item()


def fit_temperature(name: str, weights: Weights, digits: Digits) -> Weights:
    """The same weights, the output's multiplied by what makes the loss on some digits least.

    That is temperature scaling: Guo, Pleiss, Sun and Weinberger, ICML 2017.
    """
    network = networks.restore(name, weights)
    logits, labels = networks.infer(network, digits.images), digits.labels.cpu()
    factors = torch.logspace(-1, 1, 201).tolist()
    network.scale_logits(min(factors, key=lambda factor: network.loss(factor * logits, labels).item()))
    return _copy(network)


def build_network(recipe: Recipe, start: Weights | None, generator: torch.Generator) -> networks.LeNet:
    if bool(recipe.start) != (start is not None):
        raise ValueError(f"start {recipe.start!r} and the weights to start from belong together")
    network = networks.create(recipe.network, generator)
    if start is not None:
        network.load_state_dict(start)
    return network


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


class RunningMean:
    """Sums of loss and hits, kept on the device: reading them is what would make CUDA wait."""

    def __init__(self, device: torch.device) -> None:
        self.sums = torch.zeros(2, dtype=torch.float64, device=device)  # loss, hits
        self.digits = 0

    def add(self, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        self.sums += torch.stack([loss * len(labels), (logits.argmax(1) == labels).sum()])
        self.digits += len(labels)

    def absorb(self, other: "RunningMean") -> None:
        self.sums += other.sums
        self.digits += other.digits
        other.sums.zero_()
        other.digits = 0

    def means(self) -> tuple[float, float]:
        loss, hits = (self.sums / self.digits).tolist()
        return loss, hits
