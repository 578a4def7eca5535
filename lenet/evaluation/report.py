"""Logits of a whole test set -> figures to believe."""

from dataclasses import dataclass
from math import sqrt

import torch
from torch import Tensor

from lenet.networks import LeNet

BINS = 15  # of confidence, in which calibration is measured


def wilson(correct: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, `correct` of `total` (E. B. Wilson, JASA 22, 1927)."""
    z, n, p = 1.959964, total, correct / total
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return middle - half, middle + half


@dataclass(frozen=True)
class Report:
    """How well digits were read: `probabilities` (N, 10) of each, its label, and the `confidence` of each (N,)."""

    probabilities: Tensor
    labels: Tensor
    confidence: Tensor

    @property
    def predicted(self) -> Tensor:
        """What each was read as (N,)."""
        return self.probabilities.argmax(1)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.labels)

    @property
    def correct(self) -> int:
        """How many were read correctly."""
        return int((self.predicted == self.labels).sum())

    @property
    def accuracy(self) -> float:
        """Share read correctly, 0 to 1."""
        return self.correct / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the accuracy."""
        return wilson(self.correct, self.total)

    @property
    def confusion(self) -> Tensor:
        """Counts (10, 10): a row for each label, a column for what it was read as."""
        return torch.bincount(10 * self.labels + self.predicted, minlength=100).reshape(10, 10)

    @property
    def recall(self) -> Tensor:
        """Of the digits with a label, the share read as it (10,), 0 to 1; NaN where there are none."""
        return self.confusion.diag() / self.confusion.sum(1)

    @property
    def precision(self) -> Tensor:
        """Of what was read as a digit, the share with that label (10,), 0 to 1; NaN where nothing was."""
        return self.confusion.diag() / self.confusion.sum(0)

    @property
    def calibration_error(self) -> float:
        """Mean distance of confidence from accuracy over equal bins of confidence, weighted by their sizes, 0 to 1.

        Expected calibration error: Naeini, Cooper, Hauskrecht, AAAI 2015; Guo et al., ICML 2017.
        """
        confidence, hits = self.probabilities.amax(1).double(), (self.predicted == self.labels).double()
        bins = (confidence * BINS).ceil().long().clamp(1, BINS) - 1
        gaps = torch.zeros(BINS, dtype=torch.double).index_add(0, bins, confidence - hits)
        return float(gaps.abs().sum() / self.total)

    @property
    def errors(self) -> Tensor:
        """Places of the digits that were misread, the most confident first."""
        wrong = (self.predicted != self.labels).nonzero().flatten()
        return wrong[self.probabilities.amax(1)[wrong].argsort(descending=True)]

    def rejection(self) -> tuple[Tensor, Tensor]:
        """Share refused, and error among the rest, both (N,), when ever more of the least sure are refused.

        LeCun et al. 1998, section III.C, figure 10; `LeNet.confidence` tells what is sure. The first entry refuses none, the
        last all but the surest.
        """
        order = self.confidence.argsort(descending=True, stable=True)
        wrong = (self.predicted != self.labels)[order].double().cumsum(0)
        kept = torch.arange(1, self.total + 1, dtype=torch.double)
        return (1 - kept / self.total).flip(0), (wrong / kept).flip(0)


def report(network: LeNet, logits: Tensor, labels: Tensor) -> Report:
    """Figures of a network's logits (N, 10) against labels (N,), N at least 1. ValueError where there are none."""
    if not len(labels):
        raise ValueError("a report needs at least one digit")
    return Report(network.probabilities(logits), labels, network.confidence(logits))


def rejection_threshold(network: LeNet, logits: Tensor, fraction: float) -> float:
    """How sure, 0 to 1, is sure enough: the network's own answer, else so that this share of what has these logits
    (N, 10) is refused.
    """
    if network.rejection_threshold is not None:
        return network.rejection_threshold
    return max(0.0, network.confidence(logits).double().quantile(fraction).item())
