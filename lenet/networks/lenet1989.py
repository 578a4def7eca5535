"""The network that classified zip code digits in 1989: 1,256 units, 64,660 connections, 9,760 parameters.

Source: LeCun et al., "Backpropagation Applied to Handwritten Zip Code Recognition", Neural Computation 1(4), 1989. What
the paper leaves open is as in karpathy/lecun1989-repro: what both layers of maps are padded with (the value of paper),
and which 8 maps feed each H2 map.
"""

import torch
from torch import Tensor, nn

from lenet.digits.geometry import MARGIN
from lenet.networks.base import LeNet
from lenet.networks.input import Input
from lenet.networks.layers import TableConv2d
from lenet.networks.registry import register

GROUPS = (range(8), range(4, 12), (*range(4), *range(8, 12)))  # the H1 maps that feed each third of H2's


class LeNet1989(LeNet):
    """The network of 1989: two convolutions of stride 2 instead of pooling, a bias for every unit.

    The paper squashes the outputs too and minimises the mean squared error. Here they are logits, for cross-entropy:
    the same answer, and probabilities.
    """

    input = Input(crop=MARGIN, side=16, scale=2.0, offset=-1.0)  # MNIST's 28x28, downscaled; paper is -1, ink 1
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

    def init_bound(self, fan_in: int) -> float:
        """Bound by the paper's 2.4 / fan-in."""
        return 2.4 / fan_in


def connection_table() -> Tensor:
    """Build the table, bool (12, 12): which H1 maps feed each H2 map."""
    table = torch.zeros(12, 12, dtype=torch.bool)
    for third, sources in enumerate(GROUPS):
        table[4 * third : 4 * third + 4, list(sources)] = True
    return table


register("lenet1-1989", LeNet1989, year=1989)
