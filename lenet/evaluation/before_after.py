"""How well some digits are classified before and after a network was taught."""

from collections.abc import Iterable
from dataclasses import dataclass

from lenet.evaluation.report import wilson

OWN = "mine"  # digits of one's own, each left out of what it is classified by
KINDS = (OWN, "test", "sample")


@dataclass(frozen=True)
class BeforeAfter:
    """Of `total` digits, how many are classified correctly `before` and `after`. ValueError if that cannot be.

    `digits` says which: those of one's own, the test digits of the data, or those of the built-in sample.
    """

    digits: str  # one of KINDS
    total: int
    before: int
    after: int

    def __post_init__(self) -> None:
        numbers = (self.total, self.before, self.after)
        if self.digits not in KINDS or not all(type(number) is int for number in numbers):
            raise ValueError(f"{self.digits!r} {numbers} is no comparison")
        if not (0 <= self.before <= self.total > 0 and 0 <= self.after <= self.total):
            raise ValueError(f"of {self.total} digits, {self.before} and {self.after} are not correct")

    @property
    def intervals(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """95 % confidence intervals (Wilson) of the accuracy before and after."""
        return wilson(self.before, self.total), wilson(self.after, self.total)


def is_better(rows: Iterable[BeforeAfter]) -> bool:
    """Whether more of one's own digits are classified correctly, and the accuracy on them and on the test digits rose
    in sum.
    """
    counted = [row for row in rows if row.digits != "sample"]
    rose = any(row.after > row.before for row in counted if row.digits == OWN)
    return rose and sum((row.after - row.before) / row.total for row in counted) > 0


def is_same(rows: Iterable[BeforeAfter]) -> bool:
    """Whether as many of one's own digits are classified correctly as before."""
    return all(row.after == row.before for row in rows if row.digits == OWN)
