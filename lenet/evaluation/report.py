"""From a test set's logits to metrics: accuracy, confusion, calibration, rejection."""

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import torch
from torch import Tensor

from lenet.networks import REJECTED, LeNet, infer

BINS = 15  # of confidence, in which calibration is measured


def wilson(correct: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a fraction, `correct` of `total` (E. B. Wilson, JASA 22, 1927)."""
    z, n, p = 1.959964, total, correct / total
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return centre - half, centre + half


@dataclass(frozen=True)
class Report:
    """How well digits were classified: `probabilities` (N, 10) and `labels` (N,), N at least 1.

    `confidence` (N,) is the network's own measure, by which it rejects: `LeNet.confidence`.
    """

    probabilities: Tensor
    labels: Tensor
    confidence: Tensor

    @cached_property
    def predicted(self) -> Tensor:
        """The most probable digit (N,)."""
        return self.probabilities.argmax(1)

    @cached_property
    def hits(self) -> Tensor:
        """Whether the prediction is right, bool (N,)."""
        return self.predicted == self.labels

    @property
    def total(self) -> int:
        """Number of digits."""
        return len(self.labels)

    @property
    def correct(self) -> int:
        """Number of digits classified correctly."""
        return int(self.hits.sum())

    @property
    def accuracy(self) -> float:
        """Fraction classified correctly, 0 to 1."""
        return self.correct / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the accuracy."""
        return wilson(self.correct, self.total)

    @property
    def confusion(self) -> Tensor:
        """Confusion matrix (10, 10): counts, a row for each label, a column for each predicted digit."""
        return torch.bincount(10 * self.labels + self.predicted, minlength=100).reshape(10, 10)

    @property
    def recall(self) -> Tensor:
        """Of the digits with a label, the fraction predicted as it (10,), 0 to 1; NaN where there are none."""
        return self.confusion.diag() / self.confusion.sum(1)

    @property
    def precision(self) -> Tensor:
        """Of the digits predicted as one, the fraction with that label (10,), 0 to 1; NaN where there are none."""
        return self.confusion.diag() / self.confusion.sum(0)

    @property
    def calibration(self) -> list[tuple[float, float, int]]:
        """Mean probability of the predicted digit, accuracy, and count of each bin that is not empty.

        The bins are `BINS` equal ranges of that probability: the bars of a reliability diagram.
        """
        probability, hits = self.probabilities.amax(1).double(), self.hits.double()
        numbers = (probability * BINS).ceil().long().clamp(1, BINS)
        bins = [numbers == number for number in range(1, BINS + 1)]
        return [(float(probability[b].mean()), float(hits[b].mean()), int(b.sum())) for b in bins if b.any()]

    @property
    def calibration_error(self) -> float:
        """Expected calibration error, 0 to 1: the mean gap of probability and accuracy over the bins, by their counts.

        Source: Naeini, Cooper, Hauskrecht, AAAI 2015; Guo et al., ICML 2017.
        """
        return (
            sum(abs(probability - accuracy) * count for probability, accuracy, count in self.calibration) / self.total
        )

    @property
    def errors(self) -> Tensor:
        """Indices of the digits classified wrongly, the most confident first."""
        wrong = (~self.hits).nonzero().flatten()
        return wrong[self.probabilities.amax(1)[wrong].argsort(descending=True)]

    def rejected(self, threshold: float) -> float:
        """Fraction rejected, 0 to 1, when confidence must reach a threshold."""
        return float((self.confidence < threshold).double().mean())

    def rejection(self) -> tuple[Tensor, Tensor]:
        """Rejection rate, and error rate among the rest, both (N,), as more of the least confident are rejected.

        The first entry rejects none, the last all but the most confident: figure 10 and section III.C of LeCun et al.
        1998.
        """
        order = self.confidence.argsort(descending=True, stable=True)
        wrong = (~self.hits)[order].double().cumsum(0)
        kept = torch.arange(1, self.total + 1, dtype=torch.double)
        return (1 - kept / self.total).flip(0), (wrong / kept).flip(0)

    def rejection_for_error(self, error: float) -> float | None:
        """Smallest rejection rate that leaves at most this error rate among the rest; None where none does."""
        rates, errors = self.rejection()
        enough = rates[errors <= error]
        return float(enough.min()) if len(enough) else None


def evaluate(network: LeNet, images: Tensor, labels: Tensor) -> Report:
    """Classify uint8 images (N, 32, 32), and report against their labels (N,). ValueError if there are none."""
    return report_logits(network, infer(network, images), labels)


def report_logits(network: LeNet, logits: Tensor, labels: Tensor) -> Report:
    """Report a network's logits (N, 10) against labels (N,). ValueError if there are none."""
    if not len(labels):
        raise ValueError("a report needs at least one digit")
    return Report(network.probabilities(logits), labels, network.confidence(logits))


def rejection_threshold(network: LeNet, logits: Tensor) -> float:
    """The network's own rejection threshold, else the confidence that rejects `REJECTED` of these logits (N, 10)."""
    if network.rejection_threshold is not None:
        return network.rejection_threshold
    return max(0.0, network.confidence(logits).double().quantile(REJECTED).item())
