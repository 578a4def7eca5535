import pytest
import torch

from lenet import networks
from lenet.evaluation import report
from lenet.evaluation.report import Report, evaluate, rejection_threshold, report_logits, wilson
from lenet.networks.modern import LeNet5


def six() -> Report:
    """Labels 0 0 1 1 1 2, predicted 0 1 1 1 0 2 with probability .95 .85 .95 .65 .55 .72: two errors."""
    labels, digits = [0, 0, 1, 1, 1, 2], [0, 1, 1, 1, 0, 2]
    probabilities = torch.zeros(6, 10)
    for row, (digit, share) in enumerate(zip(digits, [0.95, 0.85, 0.95, 0.65, 0.55, 0.72], strict=True)):
        probabilities[row, digit], probabilities[row, 9] = share, 1 - share
    probabilities[4, 8], probabilities[4, 9] = 0.3, 0.15
    first, second = probabilities.topk(2).values.unbind(1)
    return Report(probabilities, torch.tensor(labels), first - second)


def test_correct_predictions_are_counted() -> None:
    logits = torch.eye(10)[[3, 1, 4, 1, 5]]
    result = report_logits(LeNet5(), logits, torch.tensor([3, 1, 4, 2, 6]))
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
    monkeypatch.setattr(report, "BINS", 4)  # 0.55 0.65 0.72, two of them hits, and 0.85 0.95 0.95, two as well
    assert six().calibration_error == pytest.approx((abs(1.92 - 2) + abs(2.75 - 2)) / 6)
    monkeypatch.setattr(report, "BINS", 10)  # each alone, but for 0.95 and 0.95
    assert six().calibration_error == pytest.approx((0.55 + 0.35 + 0.28 + 0.85 + 0.1) / 6)


def test_the_bins_are_those_of_the_calibration_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "BINS", 4)
    (low, low_accuracy, low_count), (high, high_accuracy, high_count) = six().calibration  # the empty ones left out
    assert (low, high) == pytest.approx((1.92 / 3, 2.75 / 3))
    assert (low_accuracy, high_accuracy) == pytest.approx((2 / 3, 2 / 3))
    assert (low_count, high_count) == (3, 3)


def test_probabilities_of_0_and_1_have_a_bin() -> None:
    probabilities = torch.zeros(2, 10)  # a rubbish class may leave nothing for the digits
    probabilities[0, 3] = 1
    result = Report(probabilities, torch.tensor([3, 3]), torch.zeros(2))
    assert result.calibration == [(0.0, 0.0, 1), (1.0, 1.0, 1)]


def test_errors_come_most_confident_first() -> None:
    assert six().errors.tolist() == [1, 4]


def test_rejecting_the_least_confident_leaves_fewer_errors() -> None:
    # gaps of the two best: 0.9 0.7 0.9 0.3 0.25 0.44
    rates, error = six().rejection()
    assert rates.tolist() == pytest.approx([0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6])
    assert error.tolist() == pytest.approx([2 / 6, 1 / 5, 1 / 4, 1 / 3, 0, 0])


def test_a_threshold_rejects_what_is_below_it() -> None:
    assert [six().rejected(threshold) for threshold in (0.0, 0.29, 0.31, 0.91)] == pytest.approx([0, 1 / 6, 2 / 6, 1])


def test_the_rejection_rate_that_leaves_few_errors_by_hand() -> None:
    labels = torch.zeros(400, dtype=torch.long)
    logits = torch.zeros(400, 10)
    logits[:, 0] = torch.linspace(8, 4, 400)
    logits[-3:, 0] = -1  # the three least confident are errors
    whole = report_logits(LeNet5(), logits, labels)
    assert whole.rejection_for_error(0.005) == pytest.approx(2 / 400)  # then 1 of 398 is wrong; 2 of 399 are too many
    assert report_logits(LeNet5(), logits[:397], labels[:397]).rejection_for_error(0.005) == 0
    assert report_logits(LeNet5(), -logits[:5], labels[:5]).rejection_for_error(0.005) is None


def test_a_networks_own_threshold_comes_first() -> None:
    logits = torch.randn(2000, 10, generator=torch.Generator().manual_seed(0))
    modern, paper = (networks.create(name, torch.Generator()) for name in ("lenet5", "lenet5-1998"))
    threshold = rejection_threshold(modern, logits)
    assert float((modern.confidence(logits) < threshold).double().mean()) == pytest.approx(networks.REJECTED)
    assert rejection_threshold(paper, logits) == paper.rejection_threshold


def test_to_evaluate_is_to_infer_and_report(little) -> None:
    network = networks.create("lenet5", torch.Generator().manual_seed(0)).eval()
    result = evaluate(network, little.test.images, little.test.labels)
    expected = report_logits(network, networks.infer(network, little.test.images), little.test.labels)
    assert torch.equal(result.probabilities, expected.probabilities)
    assert (result.correct, result.total) == (expected.correct, 256)


def test_a_report_of_no_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one digit"):
        report_logits(LeNet5(), torch.empty(0, 10), torch.empty(0, dtype=torch.long))
