"""LeNet-5 as published in 1998: 60,000 parameters, 340,908 connections.

Source: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", Proceedings of the
IEEE 86(11), 1998: section II.B, table I, figure 3, equation 9, appendix A.
"""

from importlib import resources
from operator import itemgetter

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lenet.networks.base import REJECTED, TEMPERATURES, LeNet
from lenet.networks.input import Input
from lenet.networks.layers import RBF, FullConv2d, Subsample, TableConv2d
from lenet.networks.registry import register

# Table I: a row for each S2 map, a column for each C3 map.
TABLE = """
1 0 0 0 1 1 1 0 0 1 1 1 1 0 1 1
1 1 0 0 0 1 1 1 0 0 1 1 1 1 0 1
1 1 1 0 0 0 1 1 1 0 0 1 0 1 1 1
0 1 1 1 0 0 1 1 1 1 0 0 1 0 1 1
0 0 1 1 1 0 0 1 1 1 1 0 1 1 0 1
0 0 0 1 1 1 0 0 1 1 1 1 0 1 1 1
"""
CODE = (12, 7)  # rows and columns of the images that are F6's targets


class LeNet1998(LeNet):
    """The paper's network: trainable subsampling, C3 connected by table I, F6 compared with stylised images of digits.

    The output is the squared distances of F6 from the ten codes. Minus these are logits, beside the rubbish class,
    whose distance is always `J`.
    """

    input = Input(scale=1.275, offset=-0.1)  # the paper's -0.1 for paper and 1.175 for ink
    squashed = frozenset({"C1", "S2", "C3", "S4", "C5", "F6"})
    activation = "1.7159 tanh(2a/3)"
    # The rubbish class's squared distance, of which the paper gives no value: a quarter of the smallest one between two
    # codes, 48 between those of 6 and 8. F6 halfway between the two, 12 from either, is as likely rubbish as either.
    J = 12.0  # while it learns; see `calibrate`
    rejection_threshold = 0.5  # below, rubbish is more likely than all digits together

    def __init__(self) -> None:
        super().__init__()
        self.C1 = nn.Conv2d(1, 6, 5)  # (N, 6, 28, 28)
        self.S2 = Subsample(6)  # (N, 6, 14, 14)
        self.C3 = TableConv2d(connection_table(), 5)  # (N, 16, 10, 10)
        self.S4 = Subsample(16)  # (N, 16, 5, 5)
        self.C5 = FullConv2d(16, 120, 5)  # (N, 120, 1, 1)
        self.F6 = nn.Linear(120, 84)  # (N, 84)
        self.output = RBF(codes(), self.J)  # (N, 10)

    def init_bound(self, fan_in: int) -> float:
        """Bound by the paper's 2.4 / fan-in."""
        return 2.4 / fan_in

    def logits(self, output: Tensor) -> Tensor:
        """Negate the squared distances."""
        return -output

    def probabilities(self, logits: Tensor) -> Tensor:
        """Posteriors (N, 10) of the digits; what they lack to 1 is that of the rubbish class."""
        return self._posterior(logits, self.output.rubbish, self.output.temperature)[:, :-1]

    def loss_probabilities(self, logits: Tensor) -> Tensor:
        """Posteriors (N, 10) with the rubbish class at `J` and a temperature of 1, as in equation 9."""
        return self._posterior(logits, self.J, 1.0)[:, :-1]

    def confidence(self, logits: Tensor) -> Tensor:
        """Posterior (N,) that the image is not rubbish."""
        return self.probabilities(logits).sum(1)

    @torch.no_grad()
    def calibrate(self, logits: Tensor, labels: Tensor) -> float:
        """Fit the posterior to the logits (N, 10) of digits (N,); weights, distances and `loss` stay as they are.

        The paper's posterior takes distances as they are. This one divides them by a temperature: that which gives the
        labels the least mean negative logarithm, which is returned, where the rubbish class is so far away that
        `REJECTED` of the digits are likelier rubbish than digits.
        """
        fits = []
        for temperature in torch.tensor(TEMPERATURES):
            rubbish = (-temperature * (logits / temperature).logsumexp(1)).quantile(1 - REJECTED)
            likely = self._posterior(logits, rubbish, temperature)[torch.arange(len(labels)), labels]
            fits.append((-likely.clamp(min=1e-30).log().mean().item(), rubbish, temperature))
        loss, rubbish, temperature = min(fits, key=itemgetter(0))
        self.output.rubbish.copy_(rubbish)
        self.output.temperature.copy_(temperature)
        return loss

    def loss(self, logits: Tensor, labels: Tensor, smoothing: float = 0.0) -> Tensor:
        """Mean of equation 9, nats: distance from the label's code + log(exp(-J) + sum of all exp(-distance)).

        That is the cross-entropy of eleven classes. For an `OUTLIER`, J takes the place of the first distance.
        """
        return cross_entropy(_with_rubbish(logits, self.J), labels, label_smoothing=smoothing)

    def _posterior(self, logits: Tensor, rubbish: Tensor | float, temperature: Tensor | float) -> Tensor:
        """Probabilities (N, 11) of the digits and of rubbish, which is as far away as that."""
        return (_with_rubbish(logits, rubbish) / temperature).softmax(1)


def _with_rubbish(logits: Tensor, distance: Tensor | float) -> Tensor:
    """Append the logit of the rubbish class."""
    return torch.cat([logits, torch.zeros_like(logits[:, :1]) - distance], 1)


def connection_table() -> Tensor:
    """Read table I, bool (16, 6): which S2 maps feed each C3 map."""
    rows = [[cell == "1" for cell in row.split()] for row in TABLE.strip().splitlines()]
    return torch.tensor(rows).T.contiguous()


def codes() -> Tensor:
    """Read figure 3, (10, 84): for each digit an image of 12 rows and 7 columns, +1 ink and -1 paper."""
    text = resources.files("lenet.networks").joinpath("rbf_codes.txt").read_text(encoding="utf-8")
    pixels = [line for line in text.splitlines() if set(line) <= {"#", "."} and line]
    return torch.tensor([1.0 if pixel == "#" else -1.0 for line in pixels for pixel in line]).view(10, -1)


register("lenet5-1998", LeNet1998, year=1998)
