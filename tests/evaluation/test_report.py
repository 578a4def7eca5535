import sys

import pytest
import torch

from lenet.evaluation.report import Report, report, wilson
from lenet.networks.modern import LeNet5

MODULE = sys.modules["lenet.evaluation.report"]


def six() -> Report:
    """Six digits, two of them misread: labels 0 0 1 1 1 2, read 0 1 1 1 0 2, as sure as .95 .85 .95 .65 .55 .72."""
    labels, digits = [0, 0, 1, 1, 1, 2], [0, 1, 1, 1, 0, 2]
    probabilities = torch.zeros(6, 10)
    for row, (digit, sure) in enumerate(zip(digits, [0.95, 0.85, 0.95, 0.65, 0.55, 0.72], strict=True)):
        probabilities[row, digit], probabilities[row, 9] = sure, 1 - sure
    probabilities[4, 8], probabilities[4, 9] = 0.3, 0.15
    first, second = probabilities.topk(2).values.unbind(1)
    return Report(probabilities, torch.tensor(labels), first - second)


def test_counts_what_is_read_correctly() -> None:
    logits = torch.eye(10)[[3, 1, 4, 1, 5]]
    result = report(LeNet5(), logits, torch.tensor([3, 1, 4, 2, 6]))
    assert (result.correct, result.total, result.accuracy) == (3, 5, 0.6)
    assert torch.equal(result.probabilities, logits.softmax(1))


def test_the_interval_is_wilsons() -> None:
    # 81 of 263: the worked example of Newcombe, Statistics in Medicine 17, 1998, table I
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert six().interval == wilson(4, 6)


def test_the_confusion_counts_labels_by_what_they_were_read_as() -> None:
    confusion = six().confusion
    assert confusion[:3, :3].tolist() == [[1, 1, 0], [1, 2, 0], [0, 0, 1]]
    assert confusion.sum() == 6


def test_recall_and_precision_are_shares_of_rows_and_columns() -> None:
    assert six().recall[:3].tolist() == pytest.approx([1 / 2, 2 / 3, 1])
    assert six().precision[:3].tolist() == pytest.approx([1 / 2, 2 / 3, 1])
    assert six().recall[3:].isnan().all()


def test_the_calibration_error_is_the_mean_gap_of_its_bins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "BINS", 4)  # 0.55 0.65 0.72, two of them hits, and 0.85 0.95 0.95, two as well
    assert six().calibration_error == pytest.approx((abs(1.92 - 2) + abs(2.75 - 2)) / 6)
    monkeypatch.setattr(MODULE, "BINS", 10)  # each alone, but for 0.95 and 0.95
    assert six().calibration_error == pytest.approx((0.55 + 0.35 + 0.28 + 0.85 + 0.1) / 6)


def test_mistakes_come_most_confident_first() -> None:
    assert six().errors.tolist() == [1, 4]


def test_refusing_the_least_sure_leaves_fewer_errors() -> None:
    # gaps of the two best: 0.9 0.7 0.9 0.3 0.25 0.44
    refused, error = six().rejection()
    assert refused.tolist() == pytest.approx([0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6])
    assert error.tolist() == pytest.approx([2 / 6, 1 / 5, 1 / 4, 1 / 3, 0, 0])


def test_no_digits_no_report() -> None:
    with pytest.raises(ValueError, match="at least one digit"):
        report(LeNet5(), torch.empty(0, 10), torch.empty(0, dtype=torch.long))
