"""The paper's own step: a rate for every weight, measured before each pass, and one pattern at a time."""

import torch
from torch import Tensor

from lenet.digits.data import Digits
from lenet.networks import LeNet
from lenet.networks.lenet1998 import LeNet1998
from lenet.training.paper1998.gradients import SinglePattern
from lenet.training.paper1998.optimizer import PATTERNS, SDLM
from lenet.training.recipe import Recipe
from lenet.training.step import Stepper


def paper_stepper(recipe: Recipe, network: LeNet, steps: int) -> Stepper | None:
    """What trains a network by this recipe as in 1998, or None where nothing of the recipe is the paper's.

    The paper's optimizer goes with every network. Gradients of one pattern at a time are computed in NumPy for the
    network of 1998 on the CPU, with any optimizer; elsewhere PyTorch is as quick.
    """
    sdlm = SDLM(network, recipe.rate) if recipe.optimizer == "sdlm" else None
    on_cpu = next(network.parameters()).device.type == "cpu"
    if on_cpu and isinstance(network, LeNet1998) and recipe.batch == 1 and not (recipe.outliers or recipe.smoothing):
        return SinglePatternStepper(recipe, network, steps, sdlm)
    return PaperStepper(recipe, network, steps, sdlm) if sdlm else None


class PaperStepper(Stepper):
    """Measures the curvatures of the paper's optimizer, where that is the recipe's, before each epoch."""

    def __init__(self, recipe: Recipe, network: LeNet, steps: int, sdlm: SDLM | None) -> None:
        super().__init__(recipe, network, steps, sdlm)
        self.sdlm = sdlm

    def begin(self, digits: Digits, order: Tensor) -> None:
        """Estimate the curvatures on the first patterns of the epoch."""
        if self.sdlm:
            self.sdlm.measure(digits[order[:PATTERNS]].images)


class SinglePatternStepper(PaperStepper):
    """Shows the network of 1998 one pattern at a time, its gradients computed in NumPy."""

    def __init__(self, recipe: Recipe, network: LeNet1998, steps: int, sdlm: SDLM | None) -> None:
        super().__init__(recipe, network, steps, sdlm)
        network.to(memory_format=torch.contiguous_format)  # NumPy sees the weights themselves
        self.pattern = SinglePattern(network)

    def backward(self, images: Tensor, labels: Tensor) -> Tensor:
        """Give every weight the gradient of one image's loss, uint8 (1, 32, 32). Returns its logits (1, 10)."""
        logits = torch.from_numpy(self.pattern.backward(self.network.preprocess(images)[0], int(labels)))
        for name, weight in self.network.named_parameters():
            weight.grad = torch.from_numpy(self.pattern.gradients[name])
        return logits[None]
