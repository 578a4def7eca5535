"""LeNet-5 in the forms that tutorials teach: every C3 map fed by every S2 map, a linear output.

Source of their names and sizes: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document
Recognition", Proceedings of the IEEE 86(11), 1998, section II.B.
"""

import torch
from torch import Tensor, nn

from lenet.networks.base import INPUT_SIDE, LeNet, crop, normalize, to_float
from lenet.networks.registry import Entry, register


class LeNet5(LeNet):
    """LeNet-5 in its modern form: ReLU, max-pooling, every C3 map fed by every S2 map, a linear output.

    Max-pooling and ReLU commute, so `forward` squashes after pooling: the same values for a quarter of the work.
    """

    squashed = frozenset({"C1", "S2", "C3", "S4", "C5", "F6"})
    activation = "ReLU"

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

    def preprocess(self, images: Tensor) -> Tensor:
        """Standardised with 0.1000 and 0.2752, mean and deviation of MNIST's training pictures padded to 32x32."""
        return normalize(to_float(images), 0.1000, 0.2752)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (N, 10)."""
        x = self.squash(self.S2(self.C1(x)))
        x = self.squash(self.S4(self.C3(x)))
        x = self.squash(self.C5(x)).flatten(1)
        x = self.squash(self.F6(x))
        return self.output(x)


class LeNet28(LeNet5):
    """LeNet-5 on MNIST's own 28x28, nothing padded, so that S4 ends in 4x4."""

    input = (1, 28, 28)
    sight = (2.0, 1.0)

    def __init__(self) -> None:
        super().__init__()
        self.C5 = nn.Conv2d(16, 120, 4)  # C1 (N, 6, 24, 24), S2 (12, 12), C3 (N, 16, 8, 8), S4 (4, 4)

    def preprocess(self, images: Tensor) -> Tensor:
        """Standardised with 0.1307 and 0.3081, mean and deviation of MNIST's training pictures."""
        return normalize(crop(images), 0.1307, 0.3081)


class LeNet28ReLU(LeNet28):
    """The same with a ReLU on its ten outputs, as one description has it: a mistake, to watch what comes of it.

    An output that is 0 for every digit has no gradient, and its class never comes back.
    """

    squashed = frozenset({"C1", "S2", "C3", "S4", "C5", "F6", "output"})

    def forward(self, x: Tensor) -> Tensor:
        """Logits (N, 10), none below 0."""
        return self.squash(super().forward(x))


class LeNetRGB(LeNet5):
    """LeNet-5 for pictures in colour, with 16 and 32 maps."""

    input = (3, INPUT_SIDE, INPUT_SIDE)

    def __init__(self) -> None:
        super().__init__()
        self.C1 = nn.Conv2d(3, 16, 5)  # (N, 16, 28, 28)
        self.C3 = nn.Conv2d(16, 32, 5)  # (N, 32, 10, 10)
        self.C5 = nn.Conv2d(32, 120, 5)  # (N, 120, 1, 1)

    def preprocess(self, images: Tensor) -> Tensor:
        """As `LeNet5`: grey images (N, 32, 32) on all three channels, colour ones (N, 3, 32, 32) as they are."""
        pixels = images.float() / 255 if images.dim() == 4 else to_float(images).expand(-1, 3, -1, -1)
        return normalize(pixels, 0.1000, 0.2752)


class LeNetSigmoid(LeNet):
    """LeNet-5 with sigmoids and average pooling, on 28x28 with zeros around."""

    input = (1, 28, 28)
    sight = (2.0, 1.0)
    squashed = frozenset({"C1", "C3", "C5", "F6"})
    activation = "sigmoid"

    def __init__(self) -> None:
        super().__init__()
        self.C1 = nn.Conv2d(1, 6, 5, padding=2)  # (N, 6, 28, 28)
        self.S2 = nn.AvgPool2d(2)  # (N, 6, 14, 14)
        self.C3 = nn.Conv2d(6, 16, 5)  # (N, 16, 10, 10)
        self.S4 = nn.AvgPool2d(2)  # (N, 16, 5, 5)
        self.C5 = nn.Conv2d(16, 120, 5)  # (N, 120, 1, 1)
        self.F6 = nn.Linear(120, 84)  # (N, 84)
        self.output = nn.Linear(84, 10)  # (N, 10)

    def squash(self, x: Tensor) -> Tensor:
        """Sigmoid."""
        return torch.sigmoid(x)

    def preprocess(self, images: Tensor) -> Tensor:
        """From 0, paper, to 1, ink, so that the zeros around are paper too."""
        return crop(images)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (N, 10)."""
        x = self.S2(self.squash(self.C1(x)))
        x = self.S4(self.squash(self.C3(x)))
        x = self.squash(self.C5(x)).flatten(1)
        x = self.squash(self.F6(x))
        return self.output(x)


register(
    "lenet5",
    Entry(
        build=LeNet5,
        title="ReLU, max-pooling",
        year=1998,
        source="LeCun et al. 1998, in the form that tutorials teach: ReLU, max-pooling, full C3, linear output",
    ),
)
register(
    "lenet5-sigmoid",
    Entry(
        build=LeNetSigmoid,
        title="sigmoid, average pooling",
        year=1998,
        source="LeCun et al. 1998, as tutorials teach its first form: sigmoid, average pooling, 28x28 padded by 2",
    ),
)
register(
    "lenet-28",
    Entry(
        build=LeNet28,
        title="28x28, no padding",
        year=1998,
        source="LeCun et al. 1998, as tutorials fit it to MNIST's 28x28, without the ReLU that one puts on its outputs",
    ),
)
register(
    "lenet-28-relu",
    Entry(
        build=LeNet28ReLU,
        title="28x28, ReLU on its outputs: a mistake",
        year=1998,
        source="lenet-28 with the ReLU that one tutorial puts on its outputs: classes die",
    ),
)
register(
    "lenet-rgb",
    Entry(
        build=LeNetRGB,
        title="colour, 16 and 32 maps",
        year=1998,
        source="LeCun et al. 1998, as tutorials widen it for colour: 3x32x32, 16 and 32 maps",
    ),
)
