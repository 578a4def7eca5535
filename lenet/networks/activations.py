"""One forward pass -> probabilities and every layer's activations, under the paper's names."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

import torch
from torch import Tensor

from lenet.networks import LeNet

_one_at_a_time = Lock()  # networks are shared between threads, and a hook hears every thread's passes


@dataclass(frozen=True)
class Activations:
    """What a network makes of one digit.

    `probabilities` (10,); how `sure` it is, 0 to 1, see `LeNet.confidence`; `layers`, each layer's values, e.g. C3 as
    (16, 10, 10); and `raw`, what the modules of those names gave before activation, of the same shapes.
    """

    probabilities: Tensor
    confidence: float
    layers: dict[str, Tensor]
    raw: dict[str, Tensor]


@contextmanager
def recorded(network: LeNet) -> Iterator[dict[str, Tensor]]:
    """Within the context, every forward pass leaves the values of all layers (N, ...) in the dictionary.

    The hooks let go at the end, whatever happens in between.
    """
    values: dict[str, Tensor] = {}
    handles = [
        network.get_submodule(name).register_forward_hook(
            lambda module, inputs, output, name=name: values.update({name: output.detach()})
        )
        for name in network.layers
    ]
    try:
        yield values
    finally:
        for handle in handles:
            handle.remove()


@torch.inference_mode()
def trace(network: LeNet, image: Tensor) -> Activations:
    """Show a network one image, uint8 (32, 32), and take down everything it does.

    A network of three channels takes a image in colour too, (3, 32, 32).
    """
    with _one_at_a_time, recorded(network) as values:
        logits = network(network.preprocess(image.unsqueeze(0)))
    raw = {name: value.squeeze(0) for name, value in values.items()}
    layers = {name: network.squash(value) if name in network.squashed else value for name, value in raw.items()}
    return Activations(network.probabilities(logits).squeeze(0), float(network.confidence(logits)), layers, raw)


def saliency(network: LeNet, image: Tensor, digit: int) -> Tensor:
    """What more ink would do for a digit, pixel by pixel: float (32, 32), above 0 where it would speak for it.

    The gradient of the digit's lead, its logit less the strongest other one, by the image's values; unlike that of a
    probability, it does not fade when the network is sure.
    """
    shown = image.unsqueeze(0).float().requires_grad_()
    logits = network(network.preprocess(shown)).squeeze(0)
    others = logits.masked_fill(torch.arange(len(logits)) == digit, float("-inf"))
    (gradient,) = torch.autograd.grad(logits[digit] - others.max(), shown)
    return gradient.view(-1, *image.shape[-2:]).sum(0)  # of all channels
