"""What the posterior is fitted to, once a training is over."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from lenet import networks
from lenet.networks.lenet1998 import LeNet1998
from lenet.networks.registry import create

LABELS = torch.arange(1000) % 10


def distances() -> Tensor:
    """Of 1,000 digits from ten codes: ten times a score, which nine digits in ten win."""
    noise = torch.randn(1000, 10, generator=torch.Generator().manual_seed(0))
    return 10 * (noise.abs() + 2 * (torch.rand(1000, 1, generator=torch.Generator().manual_seed(1)) < 0.9) * others())


def others() -> Tensor:
    return 1 - torch.nn.functional.one_hot(LABELS, 10)


def calibrated() -> LeNet1998:
    network = create("lenet5-1998", torch.Generator().manual_seed(0))
    assert isinstance(network, LeNet1998)
    network.calibrate(-distances(), LABELS)
    return network


def loss(probabilities: Tensor) -> float:
    return -probabilities[torch.arange(len(LABELS)), LABELS].log().mean().item()


def test_the_rubbish_class_gets_half_a_percent_of_the_digits() -> None:
    network = calibrated()
    assert (network.confidence(-distances()) < 0.5).double().mean() == pytest.approx(networks.REJECTED, abs=0.001)


@pytest.mark.parametrize("change", [lambda t: t / 1.5, lambda t: t * 1.5], ids=["lower", "higher"])
def test_no_other_temperature_suits_the_digits_better(change: Callable[[Tensor], Tensor]) -> None:
    network, logits = calibrated(), -distances()
    fitted = loss(network.probabilities(logits))
    network.output.temperature.copy_(change(network.output.temperature))
    assert fitted < loss(network.probabilities(logits))


def test_it_is_another_posterior_of_the_same_network() -> None:
    before, after = create("lenet5-1998", torch.Generator().manual_seed(0)), calibrated()
    x = before.preprocess(torch.randint(0, 256, (3, 32, 32), dtype=torch.uint8))
    assert torch.equal(before(x), after(x))
    assert torch.equal(before.loss(-distances(), LABELS), after.loss(-distances(), LABELS))
    assert torch.equal(before.probabilities(-distances()), after.loss_probabilities(-distances()))
    assert {
        name for name, value in before.state_dict().items() if not torch.equal(value, after.state_dict()[name])
    } == {
        "output.rubbish",
        "output.temperature",
    }


def test_weights_of_before_have_the_papers_posterior() -> None:
    weights = {name: value for name, value in calibrated().state_dict().items() if not name.startswith("output.")}
    network = networks.restore("lenet5-1998", weights)
    posterior = torch.cat([-distances(), torch.full((1000, 1), -LeNet1998.J)], 1).softmax(1)
    assert torch.equal(network.probabilities(-distances()), posterior[:, :10])
    assert "output.rubbish" not in weights


def test_a_softmax_is_calibrated_by_the_size_of_its_output() -> None:
    network = create("lenet5", torch.Generator().manual_seed(0))
    before = network.output.weight.detach().clone()
    logits = 3 * -distances()
    network.calibrate(logits, LABELS)
    factor = (network.output.weight / before).mean().item()
    best = network.loss(factor * logits, LABELS)
    assert all(best < network.loss(factor * other * logits, LABELS) for other in (0.9, 1.1))


@pytest.mark.parametrize("name", ["lenet5", "lenet5-1998"])
def test_the_loss_that_calibration_reaches_is_told(name: str) -> None:
    network = create(name, torch.Generator().manual_seed(0))
    with torch.random.fork_rng():
        torch.manual_seed(1)
        x = network.preprocess(torch.randint(0, 256, (1000, 32, 32), dtype=torch.uint8))
    told = network.calibrate(network(x).detach(), LABELS)
    assert told == pytest.approx(loss(network.probabilities(network(x).detach())), rel=1e-4)
