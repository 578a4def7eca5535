from collections import Counter

import pytest
import torch

from lenet import networks
from lenet.evaluation import paper, robustness
from lenet.runs import models

NEUTRAL = {"rotation": 0.0, "scale": 1.0, "shift": 0.0, "stroke": 0.0, "noise": 0.0}


@pytest.mark.parametrize("kind", robustness.SEVERITIES)
def test_the_neutral_severity_changes_nothing(little, kind: str) -> None:
    assert NEUTRAL[kind] in robustness.SEVERITIES[kind]
    assert torch.equal(robustness.perturb(little.test.images, kind, NEUTRAL[kind]), little.test.images)


@pytest.mark.parametrize("kind", robustness.SEVERITIES)
def test_images_stay_bytes_and_every_severity_differs(little, kind: str) -> None:
    images = [robustness.perturb(little.test.images[:8], kind, severity) for severity in robustness.SEVERITIES[kind]]
    assert all(each.dtype == torch.uint8 and each.shape == (8, 32, 32) for each in images)
    assert len({each.numpy().tobytes() for each in images}) == len(images)


def dot(row: int, column: int) -> torch.Tensor:
    image = torch.zeros(1, 32, 32, dtype=torch.uint8)
    image[0, row, column] = 255
    return image


def test_shifts_turns_and_sizes_by_hand() -> None:
    assert torch.equal(robustness.perturb(dot(16, 16), "shift", 4.0), dot(20, 16))
    assert torch.equal(robustness.perturb(dot(10, 16), "rotation", 90.0), dot(16, 22))  # from above to the right
    doubled = robustness.perturb(dot(16, 19), "scale", 2.0)[0]
    assert doubled[16, 22] == 255
    assert doubled[16, 16] == 0


def test_noise_inverts_its_share_of_pixels() -> None:
    noisy = robustness.perturb(torch.zeros(1, 32, 32, dtype=torch.uint8), "noise", 0.1)
    assert set(noisy.unique().tolist()) == {0, 255}
    assert float((noisy == 255).double().mean()) == pytest.approx(0.1, abs=0.03)


def test_wider_strokes_have_more_ink(little) -> None:
    thin, plain, thick = (robustness.perturb(little.test.images, "stroke", x).double().mean() for x in (-1, 0, 1))
    assert thin < plain < thick


def test_an_unknown_kind_is_refused(little) -> None:
    with pytest.raises(ValueError, match="unknown kind 'colour'; known: rotation"):
        robustness.perturb(little.test.images, "colour", 1.0)


def test_accuracy_is_highest_without_a_change(little) -> None:
    network: networks.LeNet = models.load_model("lenet5")
    for kind, severities in robustness.SEVERITIES.items():
        probabilities = robustness.predict_perturbed(network, little.test.images, kind)
        assert probabilities.shape == (len(severities), len(little.test), 10)
        accuracies = (probabilities.argmax(2) == little.test.labels).double().mean(1)
        assert accuracies[severities.index(NEUTRAL[kind])] >= accuracies.max() - 0.01
        assert accuracies.min() < accuracies.max()


def test_the_papers_82_are_counted_as_the_paper_counts_them() -> None:
    assert len(paper.PAIRS) == 82
    assert all(label != predicted for label, predicted in paper.PAIRS)
    (first, _), *others = Counter(paper.PAIRS).most_common(5)
    assert first == (9, 4)
    assert {pair for pair, _ in others} == {(3, 5), (6, 5), (6, 0), (4, 9)}
