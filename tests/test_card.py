"""The model card tells the truth about the pretrained networks' files."""

import hashlib
import re
from pathlib import Path

import pytest
import torch

from lenet import networks
from lenet.evaluation.report import evaluate, wilson
from lenet.runs import models
from lenet.training.recipe import PRESETS, Recipe

CARD = (Path(__file__).parent.parent / "weights" / "README.md").read_text(encoding="utf-8")
PRETRAINED = [*models.pretrained()]


def row(start: str) -> list[str]:
    """The cells of the card's first table row that begins so."""
    (line, *_) = [line for line in CARD.splitlines() if line.startswith(f"| {start} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_every_network_is_pretrained_but_one() -> None:
    assert [name for name in networks.REGISTRY if name != "lenet-28-relu"] == PRETRAINED  # a mistake to look at


@pytest.mark.parametrize("name", PRETRAINED)
def test_a_files_digest_is_the_cards(name: str) -> None:
    file = models.pretrained()[name]
    assert row(file.name)[1] == f"`{hashlib.sha256(file.read_bytes()).hexdigest()}`"


@pytest.mark.parametrize("name", PRETRAINED)
def test_a_files_accuracy_is_the_cards(name: str) -> None:
    run = models.load_run(name)
    cells = row(f"`{name}`")
    low, high = wilson(run.correct, run.total)
    assert cells[1] == f"{networks.parameters(models.load_model(name)):,}"
    assert cells[4:7] == [
        f"{run.correct:,} of {run.total:,}",
        f"{run.accuracy:.2%}",
        f"{low:.2%} to {high:.2%}",
    ]
    assert run.recipe.data == "mnist"
    assert run.total == 10_000


@pytest.mark.parametrize("name", PRETRAINED)
def test_the_samples_accuracy_is_what_the_card_says(name: str, sample) -> None:
    """The sample's test digits are held out of every training; 1,000 measure an accuracy to within its interval."""
    network = models.load_model(name)
    result = evaluate(network, sample.test.images, sample.test.labels)
    low, high = result.interval
    assert low <= models.load_run(name).accuracy <= high


@pytest.mark.parametrize("name", PRETRAINED)
def test_mnists_accuracy_is_what_the_file_says(name: str, mnist) -> None:
    network, run = models.load_model(name), models.load_run(name)
    correct = evaluate(network, mnist.test.images, mnist.test.labels).correct
    assert abs(correct - run.correct) <= 2  # other kinds of processor round otherwise


def test_lenet5_is_calibrated_as_the_card_says(mnist) -> None:
    network = models.load_model("lenet5")
    result = evaluate(network, mnist.test.images, mnist.test.labels)
    assert result.calibration_error <= 0.005
    assert float(row("`lenet5`")[7].strip("%")) == pytest.approx(100 * result.calibration_error, abs=0.03)


@pytest.mark.parametrize("name", PRETRAINED)
def test_a_file_holds_weights_that_learn_nothing_more(name: str) -> None:
    network = models.load_model(name)
    assert not network.training
    assert all(not values.requires_grad and torch.isfinite(values).all() for values in network.parameters())


def test_the_commands_of_the_card_are_the_recipes_that_were_run() -> None:
    """`lenet train` with the options that the card gives makes the pretrained network's recipe."""
    commands = re.findall(r"lenet train --preset (\S+) --network (\S+) --epochs (\d+) --seed (\d+)", CARD)
    assert {network for _, network, _, _ in commands} == set(PRETRAINED)
    for preset, network, epochs, seed in commands:
        settings = {**PRESETS[preset].settings, "network": network, "epochs": int(epochs), "seed": int(seed)}
        assert Recipe(**settings) == models.load_run(network).recipe
