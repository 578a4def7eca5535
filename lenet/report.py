"""Logits of a whole test set -> figures to believe."""

from dataclasses import dataclass
from math import sqrt

from torch import Tensor


@dataclass(frozen=True)
class Report:
    """How well a set of digits was read."""

    correct: int
    total: int

    @property
    def accuracy(self) -> float:
        """Share read correctly, 0 to 1."""
        return self.correct / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the accuracy (E. B. Wilson, JASA 22, 1927)."""
        z, n, p = 1.959964, self.total, self.accuracy
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return middle - half, middle + half


def report(logits: Tensor, labels: Tensor) -> Report:
    """Figures of logits (N, 10) against labels (N,), N at least 1. ValueError where there are none."""
    if not len(labels):
        raise ValueError("a report needs at least one digit")
    return Report(correct=int((logits.argmax(1) == labels).sum()), total=len(labels))
