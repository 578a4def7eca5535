"""Networks by name: which there are, and how one is created or restored."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lenet.errors import InvalidError
from lenet.networks.base import LeNet
from lenet.networks.interpreter import check
from lenet.networks.layers import fan_ins
from lenet.networks.plan import Plan
from lenet.texts import text


@dataclass(frozen=True)
class Entry:
    """A network's row in the registry: its name, how to build it, the year of its source, and its plan."""

    name: str
    build: Callable[[], LeNet]
    year: int
    plan: Plan

    @property
    def title(self) -> str:
        """A few words for a menu."""
        return text(f"network.{self.name}.title")

    @property
    def source(self) -> str:
        """Where the network was published, and what of it is built here."""
        return text(f"network.{self.name}.source")


REGISTRY: dict[str, Entry] = {}


def register(name: str, build: Callable[[], LeNet], year: int) -> None:
    """Add a network under a new name. Raise ValueError if the name is taken, or no plan can describe the network."""
    if name in REGISTRY:
        raise ValueError(f"network {name!r} is registered already")
    REGISTRY[name] = Entry(name, build, year, check(_initialize(build, torch.Generator().manual_seed(0))))


def entry(name: str) -> Entry:
    """Look up a network. Raise InvalidError, which lists the known names, for an unknown one."""
    if name not in REGISTRY:
        raise InvalidError("network.unknown", name=name, known=list(REGISTRY))
    return REGISTRY[name]


def create(name: str, generator: torch.Generator) -> LeNet:
    """Create a network with random weights; the same state of the CPU generator gives the same weights.

    Weights and biases are uniform within the network's `init_bound` for the fan-in of their unit.
    """
    return _initialize(entry(name).build, generator)


def _initialize(build: Callable[[], LeNet], generator: torch.Generator) -> LeNet:
    with torch.random.fork_rng(devices=[]):  # layers draw their first weights from the global generator
        network = build()
    with torch.no_grad():
        for layer in network.children():
            for values, fan_in in fan_ins(layer):
                bound = network.init_bound(fan_in)
                values.uniform_(-bound, bound, generator=generator)
    return network


def restore(name: str, weights: dict[str, Tensor]) -> LeNet:
    """Build a network with a copy of these weights, for inference alone: no parameter requires a gradient."""
    network = entry(name).build()
    network.load_state_dict(weights)
    return network.eval().requires_grad_(False)


def parameters(network: nn.Module) -> int:
    """Count the trainable parameters."""
    return sum(p.numel() for p in network.parameters())
