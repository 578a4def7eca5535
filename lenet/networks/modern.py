"""LeNet-5 in the forms that tutorials teach: every C3 map fed by every S2 map, a linear output.

Source of their names and sizes: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document
Recognition", Proceedings of the IEEE 86(11), 1998, section II.B.
"""

import torch
from torch import Tensor, nn

from lenet.digits.geometry import INPUT_SIDE, MARGIN
from lenet.networks.base import LeNet, crop, normalize, to_float
from lenet.networks.registry import register


class LeNet5(LeNet):
    """LeNet-5 in its modern form: ReLU, max-pooling, every C3 map fed by every S2 map, a linear output."""

    squashed = frozenset({"C1", "S2", "C3", "S4", "C5", "F6"})
    squashed_late = frozenset({"C1", "C3"})
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
        """Apply ReLU."""
        return torch.relu(x)

    def preprocess(self, images: Tensor) -> Tensor:
        """Normalize by 0.1000 and 0.2752, mean and deviation of MNIST's training images padded to 32x32."""
        return normalize(to_float(images), 0.1000, 0.2752)


class LeNet28(LeNet5):
    """LeNet-5 on MNIST's own 28x28 without padding, so that S4 is 4x4."""

    input = (1, 28, 28)
    input_offset = float(MARGIN)

    def __init__(self) -> None:
        super().__init__()
        self.C5 = nn.Conv2d(16, 120, 4)  # C1 (N, 6, 24, 24), S2 (12, 12), C3 (N, 16, 8, 8), S4 (4, 4)

    def preprocess(self, images: Tensor) -> Tensor:
        """Normalize by 0.1307 and 0.3081, mean and deviation of MNIST's training images."""
        return normalize(crop(images), 0.1307, 0.3081)


class LeNet28ReLU(LeNet28):
    """The same with a ReLU on its ten logits: a common mistake, built to watch what comes of it.

    An output that is 0 for every image has no gradient, and its class is never predicted again.
    """

    squashed = frozenset({"C1", "S2", "C3", "S4", "C5", "F6", "output"})


class LeNetRGB(LeNet5):
    """LeNet-5 for images in colour, with 16 and 32 maps."""

    input = (3, INPUT_SIDE, INPUT_SIDE)

    def __init__(self) -> None:
        super().__init__()
        self.C1 = nn.Conv2d(3, 16, 5)  # (N, 16, 28, 28)
        self.C3 = nn.Conv2d(16, 32, 5)  # (N, 32, 10, 10)
        self.C5 = nn.Conv2d(32, 120, 5)  # (N, 120, 1, 1)

    def preprocess(self, images: Tensor) -> Tensor:
        """Normalize as `LeNet5`: grey images (N, 32, 32) on all three channels, or images in colour (N, 3, 32, 32)."""
        pixels = images.float() / 255 if images.dim() == 4 else to_float(images).expand(-1, 3, -1, -1)
        return normalize(pixels, 0.1000, 0.2752)


class LeNetSigmoid(LeNet):
    """LeNet-5 with sigmoids and average pooling, on 28x28 padded with zeros."""

    input = (1, 28, 28)
    input_offset = float(MARGIN)
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
        """Apply the logistic sigmoid."""
        return torch.sigmoid(x)

    def preprocess(self, images: Tensor) -> Tensor:
        """Scale to 0 for paper and 1 for ink, so that the padding is paper too."""
        return crop(images)


register("lenet5", LeNet5, year=1998)
register("lenet5-sigmoid", LeNetSigmoid, year=1998)
register("lenet-28", LeNet28, year=1998)
register("lenet-28-relu", LeNet28ReLU, year=1998)
register("lenet-rgb", LeNetRGB, year=1998)
