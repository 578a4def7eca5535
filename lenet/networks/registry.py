"""Networks by name: what there is, and how one is made, restored and asked."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lenet.networks.base import LeNet
from lenet.networks.layers import TableConv2d, fan_ins


@dataclass(frozen=True)
class Entry:
    """A network's row in the registry."""

    build: Callable[[], LeNet]
    title: str  # a few words for a menu
    year: int  # of the source
    source: str


REGISTRY: dict[str, Entry] = {}


def register(name: str, entry: Entry) -> None:
    """Add a network under a new name. ValueError if the name is taken."""
    if name in REGISTRY:
        raise ValueError(f"network {name!r} is registered already")
    REGISTRY[name] = entry


def entry(name: str) -> Entry:
    """The registry's row of a network. ValueError, listing the known names, for an unknown one."""
    if name not in REGISTRY:
        raise ValueError(f"unknown network {name!r}; known: {', '.join(REGISTRY)}")
    return REGISTRY[name]


def create(name: str, generator: torch.Generator) -> LeNet:
    """A new network with random weights, the same ones for the same state of the (CPU) generator.

    Weights and biases are uniform within the network's `init_bound` for the number of inputs of their unit.
    """
    with torch.random.fork_rng(devices=[]):  # layers draw their first weights from the global generator
        network = entry(name).build()
    with torch.no_grad():
        for layer in network.children():
            for values, inputs in fan_ins(layer):
                bound = network.init_bound(inputs)
                values.uniform_(-bound, bound, generator=generator)
    return network


def restore(name: str, weights: dict[str, Tensor]) -> LeNet:
    """The network of that name with these weights, copied, to read with: nothing in it learns."""
    network = entry(name).build()
    network.load_state_dict(weights)
    return network.eval().requires_grad_(False)


def parameters(network: nn.Module) -> int:
    """How many numbers the network learns."""
    return sum(p.numel() for p in network.parameters())


def first_layer_kernels(network: LeNet) -> Tensor:
    """The kernels (maps, rows, columns) of a network's first layer; of several channels, their sum: what grey meets."""
    layer = network.get_submodule(network.layers[0])
    assert isinstance(layer, nn.Conv2d | TableConv2d)
    return layer.weight.detach().sum(1)


@torch.inference_mode()
def infer(network: LeNet, images: Tensor, batch: int = 1000) -> Tensor:
    """Logits (N, 10) on the CPU for uint8 images (N, 32, 32), wherever the network and the images live."""
    device = next(network.parameters()).device
    parts = [network(network.preprocess(part.to(device))).cpu() for part in images.split(batch)]
    return torch.cat(parts) if parts else torch.empty(0, 10)
