"""One step of a training: logits, gradients, and the weights moved by the recipe's optimizer and schedule."""

import torch
from torch import Tensor, optim

from lenet.digits.mnist import Digits
from lenet.networks import LeNet
from lenet.networks.lenet1998 import LeNet1998
from lenet.training.paper1998.gradients import SinglePattern
from lenet.training.paper1998.optimizer import PATTERNS, SDLM
from lenet.training.recipe import STEPS_OF_1998, Recipe


class Stepper:
    """Moves a network's weights, step by step; `steps` is their number an epoch."""

    def __init__(self, recipe: Recipe, network: LeNet, steps: int) -> None:
        self.network = network
        on_cpu = next(network.parameters()).device.type == "cpu"
        if isinstance(network, LeNet1998) and on_cpu and recipe.batch == 1 and not recipe.outliers:
            self.single: SinglePattern | None = SinglePattern(network)
        else:
            self.single = None
            network.to(memory_format=torch.channels_last)
        self.optimizer = _optimiser(recipe, network)
        self.schedule = _schedule(recipe, self.optimizer, recipe.epochs, steps)

    def begin(self, digits: Digits, order: Tensor) -> None:
        """Before an epoch that shows the digits in that order."""
        if isinstance(self.optimizer, SDLM):
            self.optimizer.measure(digits[order[:PATTERNS]].images)

    def step(self, images: Tensor, labels: Tensor) -> Tensor:
        """Learn from some images; what their logits were before."""
        logits = self._one_by_one(images, labels) if self.single else self._together(images, labels)
        self.optimizer.step()
        self.schedule.step()
        return logits

    def _together(self, images: Tensor, labels: Tensor) -> Tensor:
        logits = self.network(self.network.preprocess(images))
        self.optimizer.zero_grad()
        self.network.loss(logits, labels).backward()
        return logits.detach()

    def _one_by_one(self, images: Tensor, labels: Tensor) -> Tensor:
        assert self.single
        logits = torch.from_numpy(self.single.backward(self.network.preprocess(images)[0], int(labels)))
        for name, weight in self.network.named_parameters():
            weight.grad = torch.from_numpy(self.single.gradients[name])
        return logits[None]


def _optimiser(recipe: Recipe, network: LeNet) -> optim.Optimizer:
    parameters, rate, decay = network.parameters(), recipe.rate, recipe.decay
    match recipe.optimizer:
        case "adamw":
            return optim.AdamW(parameters, lr=rate, weight_decay=decay, fused=True)
        case "adam":
            return optim.Adam(parameters, lr=rate, weight_decay=decay, fused=True)
        case "sdlm":
            return SDLM(network, rate)
        case "momentum":
            return optim.SGD(parameters, lr=rate, weight_decay=decay, momentum=0.9, fused=True)
    return optim.SGD(parameters, lr=rate, weight_decay=decay, fused=True)


def _schedule(recipe: Recipe, optimizer: optim.Optimizer, epochs: int, steps: int) -> optim.lr_scheduler.LRScheduler:
    match recipe.schedule:
        case "one-cycle":
            cycled = recipe.optimizer != "sgd"  # momentum is cycled too, where there is any
            return optim.lr_scheduler.OneCycleLR(
                optimizer, recipe.rate, total_steps=epochs * steps, cycle_momentum=cycled
            )
        case "cosine":
            return optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * steps)
        case "1998":
            last = len(STEPS_OF_1998) - 1
            return optim.lr_scheduler.LambdaLR(optimizer, lambda step: STEPS_OF_1998[min(step // steps, last)])
    return optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)
