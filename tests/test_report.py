import sys

import pytest
import torch

from lenet.report import Report, report, wilson

MODULE = sys.modules["lenet.report"]  # lenet.report is the function


def six() -> Report:
    """Six digits, two of them misread: labels 0 0 1 1 1 2, read 0 1 1 1 0 2, as sure as 0.9 0.8 0.9 0.6 0.5 0.7."""
    labels, digits = [0, 0, 1, 1, 1, 2], [0, 1, 1, 1, 0, 2]
    probabilities = torch.zeros(6, 10)
    for row, (digit, sure) in enumerate(zip(digits, [0.9, 0.8, 0.9, 0.6, 0.5, 0.7], strict=True)):
        probabilities[row, digit], probabilities[row, 9] = sure, 1 - sure
    probabilities[4, 8], probabilities[4, 9] = 0.3, 0.2
    return Report(probabilities, torch.tensor(labels))


def test_counts_what_is_read_correctly() -> None:
    logits = torch.eye(10)[[3, 1, 4, 1, 5]]
    result = report(logits, torch.tensor([3, 1, 4, 2, 6]))
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
    monkeypatch.setattr(MODULE, "BINS", 2)  # 0.5 in the first, all others in the second: |0.5 - 0| and |3.9 - 4|
    assert six().calibration_error == pytest.approx((0.5 + 0.1) / 6)
    monkeypatch.setattr(MODULE, "BINS", 10)  # 0.9: |1.8 - 2|, 0.8: |0.8 - 0|, 0.7: |0.7 - 1|, 0.6: |0.6 - 1|, 0.5
    assert six().calibration_error == pytest.approx((0.2 + 0.8 + 0.3 + 0.4 + 0.5) / 6)


def test_mistakes_come_most_confident_first() -> None:
    assert six().mistakes.tolist() == [1, 4]


def test_refusing_the_least_sure_leaves_fewer_errors() -> None:
    # gaps of the two best: 0.8 0.6 0.8 0.2 0.2 0.4; of those that tie the first is kept longest
    refused, error = six().rejection()
    assert refused.tolist() == pytest.approx([0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6])
    assert error.tolist() == pytest.approx([2 / 6, 1 / 5, 1 / 4, 1 / 3, 0, 0])


def test_no_digits_no_report() -> None:
    with pytest.raises(ValueError, match="at least one digit"):
        report(torch.empty(0, 10), torch.empty(0, dtype=torch.long))
