import base64
from dataclasses import replace

import pytest
from said import said
from training import QUICK, trained

from lenet.digits import mnist as mnist_data
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.evaluation import robustness
from lenet.evaluation.report import evaluate
from lenet.runs import models
from lenet.ui.pages import testset


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Nothing is remembered of another test's data."""
    for cached in (testset.logits, testset._report, testset._accuracies):
        cached.cache_clear()


def test_part_by_part_all_digits_are_read(mnist) -> None:
    answers = [testset.test({"do": "read", "model": "lenet5", "from": start}) for start in (0, 9000)]
    assert answers == [{"done": 1000, "total": 10_000}, {"done": 10_000, "total": 10_000}]


def test_all_figures_of_a_model(sample) -> None:
    told = testset.test({"do": "report", "model": "lenet5"})
    network = models.load_model("lenet5")
    result = evaluate(network, sample.test.images, sample.test.labels)
    assert (told["correct"], told["total"], told["accuracy"]) == (result.correct, 1000, result.accuracy)
    assert told["interval"] == list(result.interval)
    assert told["confusion"] == result.confusion.tolist()
    assert "held-out" in said(told["notice"])
    assert [error["index"] for error in told["errors"]] == result.errors.tolist()
    assert sum(count for *_, count in told["calibration"]) == 1000
    by_hand = sum(abs(mean - accuracy) * count for mean, accuracy, count in told["calibration"]) / 1000
    assert told["calibration_error"] == pytest.approx(by_hand)
    assert told["rejection"][0] == [0.0, pytest.approx(1 - result.accuracy)]
    assert sum(pair["paper"] for pair in told["paper"]) == 82
    assert {*told["paper"][0]} == {"label", "digit", "here", "paper"}
    assert told["rejected"] == result.rejected(told["threshold"])


def test_a_cell_shows_the_digits_behind_it(sample) -> None:
    told = testset.test({"do": "report", "model": "lenet5"})
    error = told["errors"][0]
    cell = testset.test({"do": "cell", "model": "lenet5", "label": error["label"], "digit": error["digit"]})
    assert cell["count"] == told["confusion"][error["label"]][error["digit"]] == len(cell["digits"])
    assert error in cell["digits"]
    right = testset.test({"do": "cell", "model": "lenet5", "label": 3, "digit": 3})
    shares = [digit["probabilities"][3] for digit in right["digits"]]
    assert shares == sorted(shares)


def test_the_point_of_few_errors_is_the_reports(sample) -> None:
    network = models.load_model("lenet5")
    result = evaluate(network, sample.test.images, sample.test.labels)
    answer = testset.test({"do": "point", "model": "lenet5"})
    assert answer == {"rejected": result.rejection_for_error(testset.ERROR_RATE)}


def test_mnist_is_used_as_soon_as_it_is_there(sample, monkeypatch: pytest.MonkeyPatch) -> None:
    assert testset.test({"do": "report", "model": "lenet5"})["data"] == "sample"
    later = replace(sample, notice=(), test=sample.test[:500])
    monkeypatch.setattr(mnist_data, "at_hand", lambda: True)
    monkeypatch.setattr(mnist_data, "load", lambda choice: later)
    told = testset.test({"do": "report", "model": "lenet5"})
    assert (told["data"], told["total"], told["notice"]) == ("mnist", 500, None)


def test_a_robustness_curve_for_the_digits_and_the_drawing(sample, drawings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testset, "PERTURBED", 100)
    message = {"do": "perturb", "model": "lenet5", "kind": "rotation"}
    image = preprocess_drawing(parse_drawing(drawings[7])).image
    told = testset.test({**message, "image": base64.b64encode(image.numpy().tobytes()).decode()})
    assert told["severities"] == robustness.SEVERITIES["rotation"]
    assert len(told["accuracy"]) == len(told["drawing"]["probabilities"]) == len(told["severities"])
    plain = told["severities"].index(0.0)
    assert told["drawing"]["digit"] == 7
    assert told["drawing"]["probabilities"][plain] > 0.9 < told["accuracy"][plain]
    assert told["claims"] == [-30.0, 30.0]
    assert testset.test(message)["drawing"] is None


def test_a_run_is_tested_as_a_network_is(sample, little) -> None:
    run = trained(QUICK, little).run
    told = testset.test({"do": "report", "model": run.key})
    assert told["model"]["run"] == run.key[:8]
    assert told["threshold"] == run.threshold


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (None, "can't read this request"),
        ({"do": "report"}, "can't read this request"),
        ({"do": "report", "model": "lenet6"}, "lenet6"),
        ({"do": "dance", "model": "lenet5"}, "'dance' is not available here. Choose from: read, report"),
        ({"do": "read", "model": "lenet5", "from": -1}, "from -1 is out of bounds"),
        ({"do": "read", "model": "lenet5", "from": 1000}, "out of bounds: a whole number from 0 to 999"),
        ({"do": "cell", "model": "lenet5", "label": 3, "digit": 10}, "digit 10 is out of bounds"),
        ({"do": "cell", "model": "lenet5", "label": True, "digit": 1}, "label True is out of bounds"),
        ({"do": "perturb", "model": "lenet5", "kind": "colour"}, "'colour' is not available here"),
        ({"do": "perturb", "model": "lenet5", "kind": []}, "[] is not available here"),
        ({"do": "perturb", "model": "lenet5", "kind": "noise", "image": "AAAA"}, "1,024 bytes"),
    ],
)
def test_a_message_that_is_no_good_is_told(message, says: str) -> None:
    assert says in said(testset.test(message)["error"])
