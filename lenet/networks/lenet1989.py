"""The network that read zip codes in 1989: 1,256 units, 64,660 connections, 9,760 weights.

Source: LeCun et al., "Backpropagation Applied to Handwritten Zip Code Recognition", Neural Computation 1(4), 1989. What
the paper leaves open is as in karpathy/lecun1989-repro: paper around both maps' sources, which 8 maps feed an H2 map.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from lenet.networks.base import LeNet, crop
from lenet.networks.layers import TableConv2d
from lenet.networks.registry import Entry, register

GROUPS = (range(8), range(4, 12), (*range(4), *range(8, 12)))  # the H1 maps that feed each third of H2's


class LeNet1989(LeNet):
    """Two layers of maps that step by two pixels instead of pooling, every unit with a bias of its own.

    The paper squashes the outputs too and learns by mean squared error. Here they are logits, for cross-entropy: the
    same answer, and probabilities.
    """

    input = (1, 16, 16)
    sight = (2.0, 28 / 16)
    layers = ("H1", "H2", "H3", "output")
    squashed = frozenset({"H1", "H2", "H3"})
    activation = "tanh"

    def __init__(self) -> None:
        super().__init__()
        every = torch.ones(12, 1, dtype=torch.bool)
        self.H1 = TableConv2d(every, 5, stride=2, padding=2, padding_value=-1.0, bias_shape=(8, 8))  # (N, 12, 8, 8)
        self.H2 = TableConv2d(
            connection_table(), 5, stride=2, padding=2, padding_value=-1.0, bias_shape=(4, 4)
        )  # (N, 12, 4, 4)
        self.H3 = nn.Linear(192, 30)  # (N, 30)
        self.output = nn.Linear(30, 10)  # (N, 10)

    def squash(self, x: Tensor) -> Tensor:
        """Hyperbolic tangent."""
        return torch.tanh(x)

    def preprocess(self, images: Tensor) -> Tensor:
        """MNIST's 28x28 made 16x16, each pixel a mean of those that it covers; paper as -1, ink as 1."""
        return interpolate(crop(images), size=(16, 16), mode="bilinear", antialias=True) * 2 - 1

    def init_bound(self, fan_in: int) -> float:
        """The paper's 2.4 / fan-in."""
        return 2.4 / fan_in

    def forward(self, x: Tensor) -> Tensor:
        """Logits (N, 10)."""
        x = self.squash(self.H1(x))
        x = self.squash(self.H2(x)).flatten(1)
        x = self.squash(self.H3(x))
        return self.output(x)


def connection_table() -> Tensor:
    """Bool (12, 12): which H1 maps feed each H2 map."""
    table = torch.zeros(12, 12, dtype=torch.bool)
    for third, sources in enumerate(GROUPS):
        table[4 * third : 4 * third + 4, list(sources)] = True
    return table


register(
    "lenet1-1989",
    Entry(
        build=LeNet1989,
        title="16x16, as published in 1989",
        year=1989,
        source="LeCun et al. 1989, Backpropagation Applied to Handwritten Zip Code Recognition, on 16x16",
    ),
)
