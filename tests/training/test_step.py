from dataclasses import replace

import pytest
import torch
from training import QUICK

from lenet import networks
from lenet.training.paper1998 import paper_stepper
from lenet.training.paper1998.stepper import PaperStepper, SinglePatternStepper
from lenet.training.recipe import OPTIMIZERS, PRESETS, SCHEDULES, Recipe
from lenet.training.step import Stepper


def made(recipe: Recipe, network: networks.LeNet, steps: int) -> Stepper:
    """What `fit` trains with."""
    return paper_stepper(recipe, network, steps) or Stepper(recipe, network, steps)


def rates(recipe: Recipe, epochs: int, steps: int) -> list[float]:
    """The rate of every step."""
    network = networks.create(recipe.network, torch.Generator().manual_seed(0))
    stepper = made(replace(recipe, epochs=epochs), network, steps)
    found = []
    for _ in range(epochs * steps):
        found.append(stepper.optimizer.param_groups[0]["lr"])
        stepper.schedule.step()
    return found


@pytest.mark.filterwarnings("ignore:Detected call of `lr_scheduler.step")  # no step is made here
def test_rates_follow_their_schedule() -> None:
    def scheduled(name: str) -> list[float]:
        return rates(replace(QUICK, schedule=name, rate=0.5, optimizer="sgd"), epochs=1, steps=10)

    assert scheduled("constant") == [0.5] * 10
    assert scheduled("cosine") == sorted(scheduled("cosine"), reverse=True)
    assert scheduled("cosine")[0] == max(scheduled("one-cycle")) == 0.5
    assert scheduled("one-cycle")[0] < 0.05 > scheduled("one-cycle")[-1]


@pytest.mark.filterwarnings("ignore:Detected call of `lr_scheduler.step")
def test_the_rates_of_1998_are_the_papers() -> None:
    found = rates(Recipe(**PRESETS["1998"].settings), epochs=20, steps=2)
    wanted = [5e-4] * 2 + [2e-4] * 3 + [1e-4] * 3 + [5e-5] * 4 + [1e-5] * 8
    assert found == pytest.approx([rate for rate in wanted for _ in range(2)])


def test_one_digit_at_a_time_the_1998_network_learns_as_torch_would_have_it_learn() -> None:
    """The same three steps, once through NumPy and once, with a batch, through autograd."""
    recipe = Recipe(**{**PRESETS["1998"].settings, "optimizer": "sgd", "rate": 1e-3, "schedule": "constant"})
    images = torch.randint(0, 256, (3, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    labels = torch.tensor([3, 0, 9])
    reached = []
    for batch in (1, 2):
        network = networks.create(recipe.network, torch.Generator().manual_seed(0))
        stepper = made(replace(recipe, batch=batch), network, steps=3)
        assert isinstance(stepper, SinglePatternStepper) == (batch == 1)
        for image, label in zip(images.split(1), labels.split(1), strict=True):
            stepper.step(image, label)
        reached.append(network.state_dict())
    for name, values in reached[0].items():
        torch.testing.assert_close(values, reached[1][name], rtol=1e-4, atol=1e-6)


PAPER = Recipe(**PRESETS["1998"].settings)


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (PAPER, SinglePatternStepper),
        (replace(PAPER, optimizer="sgd"), SinglePatternStepper),
        (replace(PAPER, batch=2), PaperStepper),
        (replace(PAPER, outliers=0.5), PaperStepper),
        (replace(PAPER, network="lenet5"), PaperStepper),
        (replace(PAPER, batch=2, optimizer="sgd"), type(None)),
        (QUICK, type(None)),
    ],
)
def test_the_papers_own_training_says_whether_it_applies(recipe: Recipe, expected: type) -> None:
    network = networks.create(recipe.network, torch.Generator().manual_seed(0))
    assert type(paper_stepper(recipe, network, steps=3)) is expected


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_optimizer_goes_with_every_schedule(little, optimizer: str, schedule: str) -> None:
    recipe = Recipe(optimizer=optimizer, schedule=schedule, rate=1e-3, decay=0.0, epochs=1)
    network = networks.create(recipe.network, torch.Generator().manual_seed(0))
    stepper = made(recipe, network, steps=2)
    stepper.begin(little.train, torch.arange(8))
    before = network.F6.weight.detach().clone()
    for _ in range(2):
        assert stepper.step(little.train.images[:8], little.train.labels[:8]).shape == (8, 10)
    assert not torch.equal(network.F6.weight, before)


def test_averaged_weights_follow_those_of_every_step(little) -> None:
    recipe = replace(QUICK, average=0.75)
    network = networks.create(recipe.network, torch.Generator().manual_seed(0))
    stepper = made(recipe, network, steps=3)
    expected = None
    for _ in range(3):
        stepper.step(little.train.images[:8], little.train.labels[:8])
        now = network.F6.weight.detach().clone()
        expected = now if expected is None else 0.75 * expected + 0.25 * now
    assert stepper.result is not network
    torch.testing.assert_close(stepper.result.F6.weight.detach(), expected)


def test_without_an_average_the_result_is_the_network_itself() -> None:
    network = networks.create(QUICK.network, torch.Generator().manual_seed(0))
    assert made(QUICK, network, steps=1).result is network
