import pytest
import torch
from training import QUICK, trained

from lenet import networks
from lenet.evaluation import robustness
from lenet.evaluation.report import report
from lenet.runs import models
from lenet.ui.pages import testset


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Nothing is remembered of another test's data."""
    for cached in (testset._digits, testset._logits, testset._report, testset._accuracies):
        cached.cache_clear()


def test_part_by_part_all_digits_are_read(mnist) -> None:
    answers = [testset.answer({"do": "read", "model": "lenet5", "from": start}) for start in (0, 9000)]
    assert answers == [{"done": 1000, "total": 10_000}, {"done": 10_000, "total": 10_000}]


def test_all_figures_of_a_model(sample) -> None:
    told = testset.answer({"do": "report", "model": "lenet5"})
    network = models.load_model("lenet5")
    result = report(network, networks.infer(network, sample.test.images), sample.test.labels)
    assert (told["correct"], told["total"], told["accuracy"]) == (result.correct, 1000, result.accuracy)
    assert told["interval"] == list(result.interval)
    assert told["confusion"] == result.confusion.tolist()
    assert "held-out" in told["notice"]
    assert [mistake["place"] for mistake in told["mistakes"]] == result.errors.tolist()
    assert sum(count for *_, count in told["calibration"]) == 1000
    by_hand = sum(abs(said - right) * count for said, right, count in told["calibration"]) / 1000
    assert told["calibration_error"] == pytest.approx(by_hand)
    assert told["rejection"][0] == [0.0, pytest.approx(1 - result.accuracy)]
    assert sum(pair["paper"] for pair in told["pairs"]) == 82


def test_a_cell_shows_the_digits_behind_it(sample) -> None:
    told = testset.answer({"do": "report", "model": "lenet5"})
    mistake = told["mistakes"][0]
    cell = testset.answer({"do": "cell", "model": "lenet5", "label": mistake["label"], "digit": mistake["digit"]})
    assert cell["count"] == told["confusion"][mistake["label"]][mistake["digit"]] == len(cell["digits"])
    assert mistake in cell["digits"]
    right = testset.answer({"do": "cell", "model": "lenet5", "label": 3, "digit": 3})
    shares = [digit["probabilities"][3] for digit in right["digits"]]
    assert shares == sorted(shares)


def test_the_point_of_few_errors_by_hand() -> None:
    labels = torch.zeros(400, dtype=torch.long)
    logits = torch.zeros(400, 10)
    logits[:, 0] = torch.linspace(8, 4, 400)
    logits[-3:, 0] = -1  # the three least sure are misread
    network = networks.modern.LeNet5()
    assert testset.rejected_for_error(report(network, logits, labels)) == pytest.approx(
        2 / 400
    )  # then 1 of 398 is misread; 2 of 399 are too many
    assert testset.rejected_for_error(report(network, logits[:397], labels[:397])) == 0
    assert testset.rejected_for_error(report(network, -logits[:5], labels[:5])) is None


def test_a_curve_of_changes_for_the_digits_and_the_drawing(sample, drawings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testset, "CHANGED", 100)
    message = {"version": 1, "do": "changed", "model": "lenet5", "change": "rotation"}
    told = testset.answer({**message, "strokes": drawings[7]["strokes"]})
    assert told["amounts"] == robustness.SEVERITIES["rotation"]
    assert len(told["accuracy"]) == len(told["drawing"]["probabilities"]) == len(told["amounts"])
    plain = told["amounts"].index(0.0)
    assert told["drawing"]["digit"] == 7
    assert told["drawing"]["probabilities"][plain] > 0.9 < told["accuracy"][plain]
    assert told["claims"] == (-30.0, 30.0)
    assert testset.answer(message)["drawing"] is None


def test_a_run_is_tested_as_a_network_is(sample, little) -> None:
    run = trained(QUICK, little).run
    told = testset.answer({"do": "report", "model": run.key})
    assert told["model"]["title"] == f"your run {run.key[:8]}"
    assert told["sure"] == run.threshold


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (None, "a message is"),
        ({"do": "report"}, "a message is"),
        ({"do": "report", "model": "lenet6"}, "no network or run 'lenet6'"),
        ({"do": "dance", "model": "lenet5"}, "none of read, report"),
        ({"do": "read", "model": "lenet5", "from": -1}, "from -1 is out of bounds"),
        ({"do": "read", "model": "lenet5", "from": 1000}, "out of bounds: 0 to 999"),
        ({"do": "cell", "model": "lenet5", "label": 3, "digit": 10}, "digit 10 is out of bounds"),
        ({"do": "cell", "model": "lenet5", "label": True, "digit": 1}, "label True is out of bounds"),
        ({"do": "changed", "model": "lenet5", "change": "colour"}, "unknown change 'colour'"),
        ({"do": "changed", "model": "lenet5", "change": "noise", "strokes": 5}, "stroke"),
    ],
)
def test_a_message_that_is_no_good_is_told(message, says: str) -> None:
    assert says in testset.answer(message)["error"]
