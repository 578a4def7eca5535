"""How far a digit may be turned, scaled, shifted, thickened or corrupted and still be read.

As in figure 13 of LeCun et al. 1998, the image itself is changed, and not put right again as a drawing is.
"""

from math import cos, pi, sin

import torch
from torch import Tensor
from torch.nn.functional import grid_sample

from lenet.digits.geometry import CENTRE_OF_MASS, INPUT_SIDE
from lenet.digits.pen import change_stroke_width, pixel_grid
from lenet.networks import LeNet, infer

SEVERITIES = {
    "rotation": [7.5 * step for step in range(-6, 7)],  # degrees, clockwise
    "scale": [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0],  # times as large
    "shift": [float(step) for step in range(-10, 11, 2)],  # pixels down: half the height of MNIST's digits is 10
    "stroke": [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0],  # pixels wider
    "noise": [0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2],  # share of pixels that are inverted
}


def perturb(images: Tensor, change: str, amount: float) -> Tensor:
    """Uint8 images (N, 32, 32), changed in one of the ways of `SEVERITIES`. ValueError for another.

    Turned and scaled about where the centre of mass of MNIST's digits lies. Noise is the same every time.
    """
    match change:
        case "rotation":
            turn = amount * pi / 180
            return _moved(images, torch.tensor([[cos(turn), -sin(turn)], [sin(turn), cos(turn)]]), 0.0)
        case "scale":
            return _moved(images, amount * torch.eye(2), 0.0)
        case "shift":
            return _moved(images, torch.eye(2), amount)
        case "stroke":
            return _grey(change_stroke_width(images / 255, torch.full((len(images),), amount))) if amount else images
        case "noise":
            drawn = torch.rand(INPUT_SIDE, INPUT_SIDE, generator=torch.Generator().manual_seed(13))
            return torch.where(drawn < amount, 255 - images, images)
    raise ValueError(f"unknown change {change!r}; known: {', '.join(SEVERITIES)}")


def predict_perturbed(network: LeNet, images: Tensor, change: str) -> Tensor:
    """Probabilities (amounts, N, 10) of images under every amount of a change."""
    return torch.stack([network.probabilities(infer(network, perturb(images, change, x))) for x in SEVERITIES[change]])


def _moved(images: Tensor, matrix: Tensor, down: float) -> Tensor:
    """Each point of the digit goes to matrix @ (point - middle) + middle, and further down."""
    x, y = pixel_grid(images.device)
    target = torch.stack(torch.broadcast_tensors(x, y), -1).flatten(0, 2) - torch.tensor([0.0, down])
    source = (target - CENTRE_OF_MASS) @ torch.linalg.inv(matrix).T + CENTRE_OF_MASS
    grid = ((2 * source + 1) / INPUT_SIDE - 1).view(1, INPUT_SIDE, INPUT_SIDE, 2).expand(len(images), -1, -1, -1)
    return _grey(grid_sample(images[:, None] / 255, grid, align_corners=False)[:, 0])


def _grey(ink: Tensor) -> Tensor:
    return (ink.clamp(0, 1) * 255).round().to(torch.uint8)
