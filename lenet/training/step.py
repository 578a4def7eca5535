"""One step of training: logits, gradients, and the weights moved by the recipe's optimizer and schedule."""

from functools import partial
from typing import cast

import torch
from torch import Tensor, optim
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from lenet.digits.data import Digits
from lenet.networks import LeNet
from lenet.training.muon import Muon
from lenet.training.recipe import STEPS_OF_1998, Recipe

MOMENTUM = 0.9  # of the optimizer of that name
WARM_UP = 0.15  # of the linear schedule: fraction of the steps in which the rate rises


class Stepper:
    """Moves a network's weights, step by step; `steps` is their number in an epoch.

    `optimizer` replaces the recipe's own.
    """

    def __init__(self, recipe: Recipe, network: LeNet, steps: int, optimizer: optim.Optimizer | None = None) -> None:
        self.smoothing = recipe.smoothing
        self.network = network.to(memory_format=torch.channels_last)
        self.optimizer = optimizer or _optimizer(recipe, network)
        self.average = _average(recipe, network)
        self.schedule = _schedule(recipe, self.optimizer, recipe.epochs, steps)

    def begin(self, digits: Digits, order: Tensor) -> None:
        """Call before each epoch, which shows the digits in that order."""

    def step(self, images: Tensor, labels: Tensor) -> Tensor:
        """Learn from uint8 images (N, 32, 32). Returns their logits (N, 10) before the step."""
        logits = self.backward(images, labels)
        self.optimizer.step()
        self.schedule.step()
        if self.average:
            self.average.update_parameters(self.network)
        return logits

    @property
    def result(self) -> LeNet:
        """The network that the training is about: of averaged weights, where the recipe asks for them."""
        return cast(LeNet, self.average.module) if self.average else self.network

    def backward(self, images: Tensor, labels: Tensor) -> Tensor:
        """Give every weight the gradient of the mean loss. Returns the logits (N, 10)."""
        logits = self.network(self.network.preprocess(images))
        self.optimizer.zero_grad()
        self.network.loss(logits, labels, self.smoothing).backward()
        return logits.detach()


def _optimizer(recipe: Recipe, network: LeNet) -> optim.Optimizer:
    parameters, rate, decay = network.parameters(), recipe.rate, recipe.decay
    match recipe.optimizer:
        case "muon":
            return Muon(network, rate, decay)
        case "adamw":
            return optim.AdamW(parameters, lr=rate, weight_decay=decay, fused=True)
        case "adam":
            return optim.Adam(parameters, lr=rate, weight_decay=decay, fused=True)
        case "momentum":
            return optim.SGD(parameters, lr=rate, weight_decay=decay, momentum=MOMENTUM, fused=True)
        case "sgd":
            return optim.SGD(parameters, lr=rate, weight_decay=decay, fused=True)
    raise ValueError(f"optimizer {recipe.optimizer!r} has a stepper of its own")


def _average(recipe: Recipe, network: LeNet) -> AveragedModel | None:
    """An exponential moving average of the weights, as torch has it; it begins with those after the first step."""
    if not recipe.average:
        return None
    return AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(recipe.average))


def _schedule(recipe: Recipe, optimizer: optim.Optimizer, epochs: int, steps: int) -> optim.lr_scheduler.LRScheduler:
    match recipe.schedule:
        case "linear":
            return optim.lr_scheduler.LambdaLR(optimizer, partial(_up_and_down, last=epochs * steps))
        case "one-cycle":
            cycled = recipe.optimizer in ("adamw", "adam", "momentum")  # momentum too, where there is one to cycle
            highest = [group["lr"] for group in optimizer.param_groups]
            return optim.lr_scheduler.OneCycleLR(optimizer, highest, total_steps=epochs * steps, cycle_momentum=cycled)
        case "cosine":
            return optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * steps)
        case "1998":
            last = len(STEPS_OF_1998) - 1
            return optim.lr_scheduler.LambdaLR(optimizer, lambda step: STEPS_OF_1998[min(step // steps, last)])
    return optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)


def _up_and_down(step: int, last: int) -> float:
    """The rate's fraction of the highest one: at each of `last` steps above 0."""
    warm_up = max(1, round(WARM_UP * last))
    return min((step + 1) / warm_up, (last - step) / (last - warm_up + 1))
