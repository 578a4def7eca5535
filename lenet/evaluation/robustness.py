"""Robustness: how far a digit may be rotated, scaled, shifted, thickened or made noisy and still be classified.

As in figure 13 of LeCun et al. 1998, the network's input itself is transformed, and not preprocessed again.
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
    "scale": [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0],  # factor
    "shift": [float(step) for step in range(-10, 11, 2)],  # pixels down: half the height of MNIST's digits is 10
    "stroke": [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0],  # pixels wider
    "noise": [0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2],  # fraction of pixels that are inverted
}
NOISE_SEED = 13


def perturb(images: Tensor, kind: str, severity: float) -> Tensor:
    """Transform uint8 images (N, 32, 32) in one of the ways of `SEVERITIES`. ValueError for another.

    Rotation and scale are about the centre of mass of MNIST's digits. Noise is the same every time.
    """
    match kind:
        case "rotation":
            angle = severity * pi / 180
            return _transform(images, torch.tensor([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]]))
        case "scale":
            return _transform(images, severity * torch.eye(2))
        case "shift":
            return _transform(images, torch.eye(2), severity)
        case "stroke":
            wider = torch.full((len(images),), severity)
            return _to_bytes(change_stroke_width(images / 255, wider)) if severity else images
        case "noise":
            noise = torch.rand(INPUT_SIDE, INPUT_SIDE, generator=torch.Generator().manual_seed(NOISE_SEED))
            return torch.where(noise < severity, 255 - images, images)
    raise ValueError(f"unknown kind {kind!r}; known: {', '.join(SEVERITIES)}")


def predict_perturbed(network: LeNet, images: Tensor, kind: str) -> Tensor:
    """Probabilities (severities, N, 10) of images under every severity of a kind."""
    logits = [infer(network, perturb(images, kind, severity)) for severity in SEVERITIES[kind]]
    return torch.stack([network.probabilities(each) for each in logits])


def _transform(images: Tensor, matrix: Tensor, down: float = 0.0) -> Tensor:
    """Move each point of an image to matrix @ (point - centre) + centre, and so many pixels further down."""
    x, y = pixel_grid(images.device)
    target = torch.stack(torch.broadcast_tensors(x, y), -1).flatten(0, 2) - torch.tensor([0.0, down])
    source = (target - CENTRE_OF_MASS) @ torch.linalg.inv(matrix).T + CENTRE_OF_MASS
    grid = ((2 * source + 1) / INPUT_SIDE - 1).view(1, INPUT_SIDE, INPUT_SIDE, 2).expand(len(images), -1, -1, -1)
    return _to_bytes(grid_sample(images[:, None] / 255, grid, align_corners=False)[:, 0])


def _to_bytes(ink: Tensor) -> Tensor:
    return (ink.clamp(0, 1) * 255).round().to(torch.uint8)
