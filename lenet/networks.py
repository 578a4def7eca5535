"""The LeNets and their registry. Layers carry the names of the 1998 paper.

Source: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", Proceedings of the
IEEE 86(11), 1998, section II.B. Shapes in comments are (batch, maps, rows, columns).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import torch
from torch import Tensor, nn

FIELD = 32  # side of the field that every network is shown, pixels: a 28x28 MNIST picture with 2 of paper around it


class LeNet(nn.Module):
    """What every network here is: layers under the paper's names, fields in, ten logits out.

    `layers` lists the named layers in order. Those in `squashed` have as their value the squashed output of the module
    of that name; the others the output itself. `input` is (channels, rows, columns) of what `forward` takes.
    """

    input: tuple[int, int, int] = (1, FIELD, FIELD)
    layers: tuple[str, ...] = ("C1", "S2", "C3", "S4", "C5", "F6", "output")
    squashed: frozenset[str]

    def squash(self, x: Tensor) -> Tensor:
        """The network's activation function, element by element."""
        raise NotImplementedError

    def prepare(self, fields: Tensor) -> Tensor:
        """Uint8 fields (N, 32, 32), 0 paper to 255 ink, as the float input (N, *self.input) of `forward`."""
        raise NotImplementedError


class LeNet5(LeNet):
    """LeNet-5 in its modern form: ReLU, max-pooling, every C3 map fed by every S2 map, a linear output.

    Max-pooling and ReLU commute, so `forward` squashes after pooling: the same values for a quarter of the work.
    """

    squashed = frozenset({"C1", "S2", "C3", "S4", "C5", "F6"})

    def __init__(self) -> None:
        super().__init__()
        self.C1 = nn.Conv2d(1, 6, 5)  # (N, 6, 28, 28)
        self.S2 = nn.MaxPool2d(2)  # (N, 6, 14, 14)
        self.C3 = nn.Conv2d(6, 16, 5)  # (N, 16, 10, 10)
        self.S4 = nn.MaxPool2d(2)  # (N, 16, 5, 5)
        self.C5 = nn.Conv2d(16, 120, 5)  # (N, 120, 1, 1)
        self.F6 = nn.Linear(120, 84)  # (N, 84)
        self.output = nn.Linear(84, 10)  # (N, 10)

    def squash(self, x: Tensor) -> Tensor:
        """ReLU."""
        return torch.relu(x)

    def prepare(self, fields: Tensor) -> Tensor:
        """Standardised with 0.1000 and 0.2752, mean and deviation of MNIST's training pictures padded to 32x32."""
        return fields.unsqueeze(1).float().div(255).sub(0.1000).div(0.2752)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (N, 10)."""
        x = self.squash(self.S2(self.C1(x)))
        x = self.squash(self.S4(self.C3(x)))
        x = self.squash(self.C5(x)).flatten(1)
        x = self.squash(self.F6(x))
        return self.output(x)


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

    Weights and biases are uniform in +-1/sqrt(fan-in), PyTorch's default for these layers.
    """
    with torch.random.fork_rng(devices=[]):  # layers draw their first weights from the global generator
        network = entry(name).build()
    with torch.no_grad():
        for layer in network.children():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                bound = 1 / sqrt(layer.weight[0].numel())
                for values in layer.parameters():
                    values.uniform_(-bound, bound, generator=generator)
    return network


def restore(name: str, weights: dict[str, Tensor]) -> LeNet:
    """The network of that name with these weights, copied, to read with: nothing in it learns."""
    network = entry(name).build()
    network.load_state_dict(weights)
    return network.eval().requires_grad_(False)


def parameters(network: nn.Module) -> int:
    """How many numbers the network learns."""
    return sum(p.numel() for p in network.parameters() if p.requires_grad)


@torch.inference_mode()
def infer(network: LeNet, fields: Tensor, batch: int = 1000) -> Tensor:
    """Logits (N, 10) on the CPU for uint8 fields (N, 32, 32), wherever the network and the fields live."""
    device = next(network.parameters()).device
    parts = [network(network.prepare(part.to(device))).cpu() for part in fields.split(batch)]
    return torch.cat(parts) if parts else torch.empty(0, 10)


register(
    "lenet5",
    Entry(
        build=LeNet5,
        title="ReLU, max-pooling",
        year=1998,
        source="LeCun et al. 1998, in the form that tutorials teach: ReLU, max-pooling, full C3, linear output",
    ),
)
