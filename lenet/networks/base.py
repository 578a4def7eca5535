"""What every network here has in common."""

from math import log, sqrt

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot

INPUT_SIDE = (
    32  # side of the image that every network is shown, pixels: a 28x28 MNIST picture with 2 of paper around it
)
OUTLIER = 10  # the label of what is no digit


class LeNet(nn.Module):
    """What every network here is: layers under the paper's names, images in, ten logits out.

    `layers` lists the named layers in order. Those in `squashed` have as their value the squashed output of the module
    of that name; the others the output itself. `input` is (channels, rows, columns) of what `forward` takes, and its
    pixel i shows the image from pixel `sight[0] + i * sight[1]` on, `sight[1]` of them.
    """

    input: tuple[int, int, int] = (1, INPUT_SIDE, INPUT_SIDE)
    sight: tuple[float, float] = (0.0, 1.0)
    layers: tuple[str, ...] = ("C1", "S2", "C3", "S4", "C5", "F6", "output")
    squashed: frozenset[str]
    activation: str  # the activation function, in a few words
    rejection_threshold: float | None = (
        None  # how sure is sure enough, where the network has an answer of its own to that
    )

    def squash(self, x: Tensor) -> Tensor:
        """The network's activation function, element by element."""
        raise NotImplementedError

    def preprocess(self, images: Tensor) -> Tensor:
        """Uint8 images (N, 32, 32), 0 paper to 255 ink, as the float input (N, *self.input) of `forward`."""
        raise NotImplementedError

    def init_bound(self, fan_in: int) -> float:
        """Initial weights of a unit with that many inputs are uniform within plus and minus this: PyTorch's default."""
        return 1 / sqrt(fan_in)

    def probabilities(self, logits: Tensor) -> Tensor:
        """Probabilities (N, 10) of the digits. They add up to 1, or to less where rubbish has a share of its own."""
        return logits.softmax(1)

    def confidence(self, logits: Tensor) -> Tensor:
        """How sure it is, (N,), of the digit that it says: 0 where all ten are as likely, 1 where one is certain.

        1 less the entropy of the probabilities, in units of ln 10. The paper's measure, the gap between the two best
        scores, told fewer non-digits from digits: see weights/README.md.
        """
        shares = self.probabilities(logits)
        return 1 + torch.xlogy(shares, shares).sum(1) / log(10)

    def scale_logits(self, factor: float) -> None:
        """Multiply all logits by a factor, for good, so that probabilities are as bold as they should be."""
        with torch.no_grad():
            for values in self.get_submodule("output").parameters():
                values.mul_(factor)

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Mean cross-entropy, nats. Of what is `OUTLIER`, any digit should be as likely as another.

        For rubbish, this is outlier exposure: Hendrycks, Mazeika and Dietterich, ICLR 2019.
        """
        targets = one_hot(labels, OUTLIER + 1).to(logits.dtype)
        return cross_entropy(logits, targets[:, :OUTLIER] + targets[:, OUTLIER:] / OUTLIER)


def crop(images: Tensor) -> Tensor:
    """The middle 28x28 of images (N, 32, 32), where MNIST's pictures lie, as floats 0 to 1 (N, 1, 28, 28)."""
    return images[:, None, 2:-2, 2:-2].float() / 255


def normalize(pixels: Tensor, mean: float, deviation: float) -> Tensor:
    """Float pixels 0 to 1 as so many deviations from the mean."""
    return pixels.sub(mean).div(deviation)


def to_float(images: Tensor) -> Tensor:
    """Fields (N, 32, 32) as floats 0 to 1 of one channel (N, 1, 32, 32)."""
    return images.unsqueeze(1).to(torch.float32) / 255
