from collections import Counter

import pytest
import torch

from lenet import networks
from lenet.evaluation import paper, robustness
from lenet.runs import models

NOTHING = {"rotation": 0.0, "scale": 1.0, "shift": 0.0, "stroke": 0.0, "noise": 0.0}


@pytest.mark.parametrize("change", robustness.SEVERITIES)
def test_by_nothing_nothing_is_changed(little, change: str) -> None:
    assert NOTHING[change] in robustness.SEVERITIES[change]
    assert torch.equal(robustness.perturb(little.test.images, change, NOTHING[change]), little.test.images)


@pytest.mark.parametrize("change", robustness.SEVERITIES)
def test_grey_stays_grey_and_every_amount_differs(little, change: str) -> None:
    pictures = [robustness.perturb(little.test.images[:8], change, amount) for amount in robustness.SEVERITIES[change]]
    assert all(one.dtype == torch.uint8 and one.shape == (8, 32, 32) for one in pictures)
    assert len({one.numpy().tobytes() for one in pictures}) == len(pictures)


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


def test_an_unknown_change_is_refused(little) -> None:
    with pytest.raises(ValueError, match="unknown change 'colour'; known: rotation"):
        robustness.perturb(little.test.images, "colour", 1.0)


def test_a_digit_is_read_best_as_it_is(little) -> None:
    network: networks.LeNet = models.load_model("lenet5")
    for change, amounts in robustness.SEVERITIES.items():
        found = robustness.predict_perturbed(network, little.test.images, change)
        assert found.shape == (len(amounts), len(little.test), 10)
        shares = (found.argmax(2) == little.test.labels).double().mean(1)
        assert shares[amounts.index(NOTHING[change])] >= shares.max() - 0.01
        assert shares.min() < shares.max()


def test_the_papers_82_are_counted_as_the_paper_counts_them() -> None:
    assert len(paper.PAIRS) == 82
    assert all(label != answer for label, answer in paper.PAIRS)
    (first, _), *others = Counter(paper.PAIRS).most_common(5)
    assert first == (9, 4)
    assert {pair for pair, _ in others} == {(3, 5), (6, 5), (6, 0), (4, 9)}
