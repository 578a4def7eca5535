"""LeNet-5 in the forms that tutorials teach: every C3 map fed by every S2 map, a linear output.

Source of their names and sizes: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document
Recognition", Proceedings of the IEEE 86(11), 1998, section II.B.
"""

from torch import nn

from lenet.digits.geometry import IMAGE_SIDE, MARGIN
from lenet.networks.base import LeNet
from lenet.networks.input import Input, normalized
from lenet.networks.layers import FullConv2d
from lenet.networks.registry import register


class LeNet5(LeNet):
    """LeNet-5 in its modern form: ReLU, max-pooling, every C3 map fed by every S2 map, a linear output."""

    input = normalized(0.1000, 0.2752)  # mean and deviation of MNIST's training images padded to 32x32
    squashed = frozenset({"C1", "S2", "C3", "S4", "C5", "F6"})
    squashed_late = frozenset({"C1", "C3"})
    activation = "ReLU"
    fills_maps = True

    def __init__(self) -> None:
        super().__init__()
        self.C1 = nn.Conv2d(1, 6, 5)  # (N, 6, 28, 28)
        self.S2 = nn.MaxPool2d(2)  # (N, 6, 14, 14)
        self.C3 = nn.Conv2d(6, 16, 5)  # (N, 16, 10, 10)
        self.S4 = nn.MaxPool2d(2)  # (N, 16, 5, 5)
        self.C5 = FullConv2d(16, 120, 5)  # (N, 120, 1, 1)
        self.F6 = nn.Linear(120, 84)  # (N, 84)
        self.output = nn.Linear(84, 10)  # (N, 10)


class LeNet28(LeNet5):
    """LeNet-5 on MNIST's own 28x28 without padding, so that S4 is 4x4."""

    input = normalized(0.1307, 0.3081, crop=MARGIN)  # mean and deviation of MNIST's training images

    def __init__(self) -> None:
        super().__init__()
        self.C5 = FullConv2d(16, 120, 4)  # C1 (N, 6, 24, 24), S2 (12, 12), C3 (N, 16, 8, 8), S4 (4, 4)


class LeNet28ReLU(LeNet28):
    """The same with a ReLU on its ten logits: a common mistake, built to watch what comes of it.

    An output that is 0 for every image has no gradient, and its class is never predicted again.
    """

    squashed = frozenset({"C1", "S2", "C3", "S4", "C5", "F6", "output"})


class LeNetRGB(LeNet5):
    """LeNet-5 for images in colour, with 16 and 32 maps."""

    input = normalized(0.1000, 0.2752, channels=3)

    def __init__(self) -> None:
        super().__init__()
        self.C1 = nn.Conv2d(3, 16, 5)  # (N, 16, 28, 28)
        self.C3 = nn.Conv2d(16, 32, 5)  # (N, 32, 10, 10)
        self.C5 = FullConv2d(32, 120, 5)  # (N, 120, 1, 1)


class LeNetSigmoid(LeNet):
    """LeNet-5 with sigmoids and average pooling, on 28x28 padded with zeros."""

    input = Input(crop=MARGIN, side=IMAGE_SIDE)  # 0 for paper, so that the padding is paper too
    squashed = frozenset({"C1", "C3", "C5", "F6"})
    activation = "sigmoid"
    fills_maps = True

    def __init__(self) -> None:
        super().__init__()
        self.C1 = nn.Conv2d(1, 6, 5, padding=2)  # (N, 6, 28, 28)
        self.S2 = nn.AvgPool2d(2)  # (N, 6, 14, 14)
        self.C3 = nn.Conv2d(6, 16, 5)  # (N, 16, 10, 10)
        self.S4 = nn.AvgPool2d(2)  # (N, 16, 5, 5)
        self.C5 = FullConv2d(16, 120, 5)  # (N, 120, 1, 1)
        self.F6 = nn.Linear(120, 84)  # (N, 84)
        self.output = nn.Linear(84, 10)  # (N, 10)


register("lenet5", LeNet5, year=1998)
register("lenet5-sigmoid", LeNetSigmoid, year=1998)
register("lenet-28", LeNet28, year=1998)
register("lenet-28-relu", LeNet28ReLU, year=1998)
register("lenet-rgb", LeNetRGB, year=1998)
