"""What every network here has in common."""

from collections.abc import Callable, Iterator
from math import log, sqrt

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot

from lenet.networks.input import Input
from lenet.networks.layers import RBF, fill_up

OUTLIER = 10  # the label of an image that is no digit
REJECTED = 0.005  # fraction of the validation digits rejected by default; of other people's digits about twice that
TEMPERATURES = torch.logspace(-1, 1, 61).tolist()  # that are tried: 0.1 to 10, each 8 % above the one before

# Activation functions by the names that the page gives them; the browser's engine has the same.
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "ReLU": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "1.7159 tanh(2a/3)": lambda x: 1.7159 * torch.tanh(2 / 3 * x),  # maps 1 to 1 and -1 to -1
}


class LeNet(nn.Module):
    """A network: layers under their paper's names, images in, ten logits out.

    `layers` names the modules in order; the activation function follows those in `squashed`. After those in
    `squashed_late` it is computed only once the next layer, a max-pooling, is: a nondecreasing function commutes with a
    maximum, and has a quarter of the values to work on there.

    `input` says how an image becomes what `forward` takes. All this is data, so that `plan` can say it too; what a plan
    cannot say is refused by `registry.register`.
    """

    input: Input
    layers: tuple[str, ...] = ("C1", "S2", "C3", "S4", "C5", "F6", "output")
    squashed: frozenset[str]
    squashed_late: frozenset[str] = frozenset()
    activation: str  # one of `ACTIVATIONS`
    fills_maps = False  # whether `forward` may fill up the maps of convolutions: see `layers.fill_up`
    rejection_threshold: float | None = None  # confidence below which an answer is rejected, if the network defines one

    def squash(self, x: Tensor) -> Tensor:
        """Apply the activation function, element by element."""
        return ACTIVATIONS[self.activation](x)

    def preprocess(self, images: Tensor) -> Tensor:
        """Turn uint8 images (N, 32, 32), 0 paper to 255 ink, into the float input (N, *input.shape) of `forward`.

        A network of three channels takes images in colour too, (N, 3, 32, 32).
        """
        return self.input.take(images)

    def forward(self, x: Tensor) -> Tensor:
        """Compute logits (N, 10) of a float input (N, *input.shape)."""
        *_, (last, raw) = self._run(x, self.fills_maps)
        return self.logits(self.activate(last, raw))

    def raw_activations(self, x: Tensor) -> dict[str, Tensor]:
        """Run all layers on a float input (N, *input.shape); return what each gives before activation, (N, ...)."""
        return dict(self._run(x, fills=False))

    def _run(self, x: Tensor, fills: bool) -> Iterator[tuple[str, Tensor]]:
        """Yield each layer and what it gives before activation; with `fills`, a convolution may add maps of zeros."""
        for name in self.layers:
            layer = self.get_submodule(name)
            if isinstance(layer, nn.Linear | RBF):
                x = x.flatten(1)
            raw = fill_up(layer, x) if fills and type(layer) is nn.Conv2d else layer(x)
            yield name, raw
            x = raw if name in self.squashed_late else self.activate(name, raw)

    def activate(self, name: str, raw: Tensor) -> Tensor:
        """Turn what a layer gives before activation into its value, of the same shape."""
        return self.squash(raw) if name in self.squashed else raw

    def logits(self, output: Tensor) -> Tensor:
        """Turn the value of the output layer (N, 10) into logits (N, 10)."""
        return output

    def init_bound(self, fan_in: int) -> float:
        """Bound of the initial weights of a unit with `fan_in` inputs, uniform within plus and minus it.

        By default PyTorch's, 1 / sqrt(fan-in).
        """
        return 1 / sqrt(fan_in)

    def probabilities(self, logits: Tensor) -> Tensor:
        """Probabilities (N, 10) of the digits. They add up to 1, or to less if there is a rubbish class."""
        return logits.softmax(1)

    def loss_probabilities(self, logits: Tensor) -> Tensor:
        """Probabilities (N, 10) as `loss` takes them: before `calibrate`, where that fits more than the weights."""
        return self.probabilities(logits)

    def confidence(self, logits: Tensor) -> Tensor:
        """Confidence (N,): 0 if all ten digits are equally likely, 1 if one is certain.

        1 less the entropy of the probabilities, in units of ln 10. The 1998 paper's measure, the gap between the two
        best scores, tells fewer non-digits from digits: see weights/README.md.
        """
        p = self.probabilities(logits)
        return 1 + torch.xlogy(p, p).sum(1) / log(10)

    @torch.no_grad()
    def calibrate(self, logits: Tensor, labels: Tensor) -> float:
        """Divide all logits, for good, by the temperature that minimises the loss of these, (N, 10), of digits (N,).

        Returns that loss. Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML
        2017.
        """
        loss, temperature = min((self.loss(logits / one, labels).item(), one) for one in TEMPERATURES)
        for values in self.get_submodule("output").parameters():
            values.div_(temperature)
        return loss

    def loss(self, logits: Tensor, labels: Tensor, smoothing: float = 0.0) -> Tensor:
        """Mean cross-entropy, nats. The target of an `OUTLIER` is all ten digits alike.

        `smoothing`, 0 to 1, is the part of every target that is spread over all classes: label smoothing (Szegedy et
        al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016).

        That is outlier exposure: Hendrycks, Mazeika and Dietterich, "Deep Anomaly Detection with Outlier Exposure",
        ICLR 2019.
        """
        targets = one_hot(labels, OUTLIER + 1).to(logits.dtype)
        targets = targets[:, :OUTLIER] + targets[:, OUTLIER:] / OUTLIER
        return cross_entropy(logits, targets, label_smoothing=smoothing)
