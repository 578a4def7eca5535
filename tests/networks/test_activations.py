"""What is shown of a forward pass, for every network: its layers, one by one, and the answers of pretrained weights."""

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, max_pool2d

from lenet import networks
from lenet.networks.activations import saliency, trace
from lenet.runs import models

RECORDED = json.loads((Path(__file__).parent / "logits.json").read_text())

FUNCTIONS = {
    "lenet5": torch.relu,
    "lenet5-sigmoid": torch.sigmoid,
    "lenet-28": torch.relu,
    "lenet-28-relu": torch.relu,
    "lenet-rgb": torch.relu,
    "lenet5-1998": lambda a: 1.7159 * torch.tanh(2 / 3 * a),
    "lenet1-1989": torch.tanh,
}


def made(name: str) -> networks.LeNet:
    return networks.create(name, torch.Generator().manual_seed(0)).eval().requires_grad_(False)


@pytest.fixture
def network() -> networks.LeNet:
    return made("lenet5")


def image(seed: int) -> Tensor:
    return torch.randint(0, 256, (32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(seed))


def textbook(name: str, network: networks.LeNet, x: Tensor) -> dict[str, Tensor]:
    """Every layer's value, computed layer by layer in the papers' order: squash, then pool."""
    squash, values = FUNCTIONS[name], {}
    for layer in network.layers:
        module = network.get_submodule(layer)
        match layer, name:
            case ("S2" | "S4", "lenet5-sigmoid"):
                x = avg_pool2d(x, 2)
            case ("S2" | "S4", "lenet5-1998"):
                x = squash(module(x))
            case ("S2" | "S4", _):
                x = max_pool2d(x, 2)
            case ("F6" | "H3", _):
                x = squash(module(x.flatten(1)))
            case ("output", _):
                x = torch.relu(module(x)) if name == "lenet-28-relu" else module(x)
            case _:
                x = squash(module(x))
        values[layer] = x
    return values


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_shown_activations_are_those_of_the_textbook(name: str) -> None:
    network = made(name)
    shown = trace(network, image(1))
    wanted = textbook(name, network, network.preprocess(image(1)[None]))
    assert list(shown.layers) == list(shown.raw) == list(network.layers)
    for layer, values in wanted.items():
        torch.testing.assert_close(shown.layers[layer], values[0], msg=lambda text, layer=layer: f"{layer}: {text}")


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_shown_activations_are_squashed_and_feed_each_other(name: str) -> None:
    network = made(name)
    shown = trace(network, image(3))
    for layer in network.layers:
        squash = FUNCTIONS[name] if layer in network.squashed else lambda values: values
        torch.testing.assert_close(shown.layers[layer], squash(shown.raw[layer]))
    for before, layer in pairwise(network.layers):
        module, x = network.get_submodule(layer), shown.layers[before][None]
        raw = module(x.flatten(1) if layer in ("F6", "H3", "output") else x)
        torch.testing.assert_close(network.activate(layer, raw)[0], shown.layers[layer])


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_probabilities_and_confidence_are_those_of_forward(name: str) -> None:
    network = made(name)
    shown, logits = trace(network, image(2)), network(network.preprocess(image(2)[None]))
    torch.testing.assert_close(shown.probabilities, network.probabilities(logits)[0])
    assert shown.confidence == pytest.approx(float(network.confidence(logits)))


@pytest.mark.parametrize("name", RECORDED)
def test_shipped_weights_give_the_logits_that_they_gave(name: str, sample) -> None:
    """Recorded when each network still had a forward pass written out by hand."""
    logits = networks.infer(models.load_model(name), sample.test.images[:3])
    torch.testing.assert_close(logits, torch.tensor(RECORDED[name]), rtol=1e-4, atol=1e-4)


def test_probabilities_are_the_softmax_of_the_output(network) -> None:
    shown = trace(network, image(2))
    torch.testing.assert_close(shown.probabilities, shown.layers["output"].softmax(0))
    assert shown.probabilities.sum().item() == pytest.approx(1)


def test_traces_in_several_threads_do_not_mix(network) -> None:
    alone = [trace(network, image(seed)).layers["C3"] for seed in range(40)]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda seed: trace(network, image(seed)).layers["C3"], range(40)))
    for one, other in zip(alone, together, strict=True):
        torch.testing.assert_close(one, other)


def test_saliency_is_the_slope_of_the_margin(network) -> None:
    def margin(pixels: Tensor, digit: int) -> float:
        logits = network(network.preprocess(pixels[None]))[0]
        return float(logits[digit] - max(logits[other] for other in range(10) if other != digit))

    slope = saliency(network, image(1), 3)
    assert slope.shape == (32, 32)
    for row, column in ((10, 10), (16, 20), (0, 31)):
        more, less = image(1).float(), image(1).float()
        more[row, column] += 0.5
        less[row, column] -= 0.5
        assert margin(more, 3) - margin(less, 3) == pytest.approx(float(slope[row, column]), rel=0.05, abs=1e-5)
