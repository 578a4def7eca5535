"""One step of training: logits, gradients, and the weights moved by the recipe's optimizer and schedule."""

import torch
from torch import Tensor, optim

from lenet.digits.mnist import Digits
from lenet.networks import LeNet
from lenet.training.recipe import STEPS_OF_1998, Recipe

MOMENTUM = 0.9  # of the optimizer of that name


class Stepper:
    """Moves a network's weights, step by step; `steps` is their number in an epoch.

    `optimizer` replaces the recipe's own.
    """

    def __init__(self, recipe: Recipe, network: LeNet, steps: int, optimizer: optim.Optimizer | None = None) -> None:
        self.network = network.to(memory_format=torch.channels_last)
        self.optimizer = optimizer or _optimizer(recipe, network)
        self.schedule = _schedule(recipe, self.optimizer, recipe.epochs, steps)

    def begin(self, digits: Digits, order: Tensor) -> None:
        """Call before each epoch, which shows the digits in that order."""

    def step(self, images: Tensor, labels: Tensor) -> Tensor:
        """Learn from uint8 images (N, 32, 32). Returns their logits (N, 10) before the step."""
        logits = self.backward(images, labels)
        self.optimizer.step()
        self.schedule.step()
        return logits

    def backward(self, images: Tensor, labels: Tensor) -> Tensor:
        """Give every weight the gradient of the mean loss. Returns the logits (N, 10)."""
        logits = self.network(self.network.preprocess(images))
        self.optimizer.zero_grad()
        self.network.loss(logits, labels).backward()
        return logits.detach()


def _optimizer(recipe: Recipe, network: LeNet) -> optim.Optimizer:
    parameters, rate, decay = network.parameters(), recipe.rate, recipe.decay
    match recipe.optimizer:
        case "adamw":
            return optim.AdamW(parameters, lr=rate, weight_decay=decay, fused=True)
        case "adam":
            return optim.Adam(parameters, lr=rate, weight_decay=decay, fused=True)
        case "momentum":
            return optim.SGD(parameters, lr=rate, weight_decay=decay, momentum=MOMENTUM, fused=True)
        case "sgd":
            return optim.SGD(parameters, lr=rate, weight_decay=decay, fused=True)
    raise ValueError(f"optimizer {recipe.optimizer!r} has a stepper of its own")


def _schedule(recipe: Recipe, optimizer: optim.Optimizer, epochs: int, steps: int) -> optim.lr_scheduler.LRScheduler:
    match recipe.schedule:
        case "one-cycle":
            has_momentum = recipe.optimizer not in ("sgd", "sdlm")  # it is cycled too, where there is any
            return optim.lr_scheduler.OneCycleLR(
                optimizer, recipe.rate, total_steps=epochs * steps, cycle_momentum=has_momentum
            )
        case "cosine":
            return optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * steps)
        case "1998":
            last = len(STEPS_OF_1998) - 1
            return optim.lr_scheduler.LambdaLR(optimizer, lambda step: STEPS_OF_1998[min(step // steps, last)])
    return optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)
