"""One image through a network: probabilities, and every layer's activations under its paper's name."""

from dataclasses import dataclass

import torch
from torch import Tensor

from lenet.networks.base import LeNet


@dataclass(frozen=True)
class Activations:
    """What a network computes of one image.

    `probabilities` (10,); `confidence`, 0 to 1, see `LeNet.confidence`; `layers`, each layer's values, e.g. C3 as
    (16, 10, 10); `raw`, the same before the activation function.
    """

    probabilities: Tensor
    confidence: float
    layers: dict[str, Tensor]
    raw: dict[str, Tensor]


@torch.inference_mode()
def trace(network: LeNet, image: Tensor) -> Activations:
    """Run a network on one image, uint8 (32, 32), and keep all activations.

    A network of three channels takes an image in colour too, (3, 32, 32).
    """
    raw = network.raw_activations(network.preprocess(image.unsqueeze(0)))
    layers = {name: network.activate(name, value) for name, value in raw.items()}
    logits = network.logits(layers[network.layers[-1]])
    return Activations(
        probabilities=network.probabilities(logits).squeeze(0),
        confidence=float(network.confidence(logits)),
        layers={name: value.squeeze(0) for name, value in layers.items()},
        raw={name: value.squeeze(0) for name, value in raw.items()},
    )


def saliency(network: LeNet, image: Tensor, digit: int) -> Tensor:
    """Compute d(margin)/d(pixel): float (32, 32), positive where more ink favours the digit.

    The margin is the digit's logit less the largest other one; its gradient does not fade, as that of a probability
    does, when the network is confident. Gradients of colour channels are added up.
    """
    pixels = image.unsqueeze(0).float().requires_grad_()
    logits = network(network.preprocess(pixels)).squeeze(0)
    others = logits.masked_fill(torch.arange(len(logits)) == digit, float("-inf"))
    (gradient,) = torch.autograd.grad(logits[digit] - others.max(), pixels)
    return gradient.view(-1, *image.shape[-2:]).sum(0)
