import json
from itertools import pairwise

import numpy as np
import pytest
import torch
from safetensors import safe_open

from lenet import networks
from lenet.networks.activations import trace
from lenet.networks.interpreter import run
from lenet.networks.plan import plan_of, receptive_fields
from lenet.runs import models


def made(name: str) -> networks.LeNet:
    return networks.create(name, torch.Generator().manual_seed(0)).requires_grad_(False)


def test_the_network_of_1998_is_counted_as_in_the_paper() -> None:
    layers = plan_of(made("lenet5-1998")).steps
    assert {layer.name: (layer.parameters, layer.connections) for layer in layers} == {
        "C1": (156, 122_304),
        "S2": (12, 5_880),
        "C3": (1_516, 151_600),
        "S4": (32, 2_000),
        "C5": (48_120, 48_120),
        "F6": (10_164, 10_164),
        "output": (0, 840),
    }
    assert sum(layer.parameters for layer in layers) == 60_000
    assert sum(layer.connections for layer in layers) == 340_908


def test_the_network_of_1989_is_counted_as_in_the_paper() -> None:
    layers = plan_of(made("lenet1-1989")).steps
    assert 16 * 16 + sum(torch.Size(layer.output).numel() for layer in layers) == 1_256
    assert sum(layer.connections for layer in layers) == 64_660
    assert sum(layer.parameters for layer in layers) == 9_760


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_every_size_follows_from_the_formula(name: str) -> None:
    layers = plan_of(made(name)).steps
    assert sum(layer.parameters for layer in layers) == networks.parameters(made(name))
    for before, layer in pairwise(layers):
        assert layer.input == before.output
    for layer in layers:
        if layer.kernel:
            w, f, p, s = layer.input[1], layer.kernel, layer.padding, layer.stride
            assert layer.output[1] == (w - f + 2 * p) // s + 1


def test_receptive_fields_are_in_pixels_of_the_image() -> None:
    assert [layer.receptive_field.size for layer in plan_of(made("lenet5")).steps] == [5, 6, 14, 16, 32, 32, 32]
    assert plan_of(made("lenet1-1989")).steps[0].receptive_field.size == 5 * 28 / 16


def test_receptive_fields_are_the_papers() -> None:
    sizes = {name: found.size for name, found in receptive_fields(networks.modern.LeNet5()).items()}
    assert sizes == {"C1": 5, "S2": 6, "C3": 14, "S4": 16, "C5": 32, "F6": 32, "output": 32}


def test_operations_are_named_by_what_they_compute() -> None:
    operations = {name: [step.operation for step in plan_of(made(name)).steps] for name in networks.REGISTRY}
    subsampled = ["conv", "subsample", "conv", "subsample", "conv", "linear", "rbf"]
    assert operations["lenet5-1998"] == subsampled
    assert operations["lenet1-1989"] == ["conv", "conv", "linear", "linear"]
    assert operations["lenet5"][1] == "max"
    assert operations["lenet5-sigmoid"][1] == "mean"


def test_a_table_lists_the_maps_that_feed_each_map() -> None:
    paper = plan_of(made("lenet5-1998")).steps[2]
    assert paper.table is not None
    assert paper.table[0] == (0, 1, 2)
    assert [len(row) for row in paper.table] == [3] * 6 + [4] * 9 + [6]
    assert plan_of(made("lenet5")).steps[2].table is None
    assert plan_of(made("lenet1-1989")).steps[0].table is None  # of H1, which has one source, all of it


def test_multiplications_of_a_convolution_by_hand() -> None:
    by_name = {layer.name: layer.macs for layer in plan_of(made("lenet5")).steps}
    assert by_name["C1"] == 28 * 28 * 6 * 25
    assert by_name["C3"] == 10 * 10 * 16 * 6 * 25
    assert by_name["S2"] == 0


class Dilated(networks.modern.LeNet5):
    def __init__(self) -> None:
        super().__init__()
        self.C5 = torch.nn.Conv2d(16, 120, 3, dilation=2)  # 5x5 too, with holes


class Doubled(networks.modern.LeNet5):
    def squash(self, x: torch.Tensor) -> torch.Tensor:
        return 2 * torch.relu(x)


class Flipped(networks.modern.LeNet5):
    def preprocess(self, images: torch.Tensor) -> torch.Tensor:
        return super().preprocess(images.flip(-1))


class Normed(networks.modern.LeNet5):
    def __init__(self) -> None:
        super().__init__()
        self.S2 = torch.nn.BatchNorm2d(6)


class Tempered(networks.modern.LeNet5):
    def probabilities(self, logits: torch.Tensor) -> torch.Tensor:
        return (logits / 9).softmax(1)


class Padded(networks.modern.LeNet5):
    def __init__(self) -> None:
        super().__init__()
        self.S2 = torch.nn.MaxPool2d(2, padding=1)


class Shrunk(networks.modern.LeNet5):
    activation = "tanhshrink"

    def squash(self, x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.tanhshrink(x)


@pytest.mark.parametrize(
    ("network", "says"),
    [
        (Dilated, r"C5 the shape \(120, 3, 3\), not \(120, 1, 1\)"),
        (Doubled, "other values of C3"),
        (Flipped, "other values of C1"),
        (Normed, "no layer like S2, BatchNorm2d"),
        (Tempered, "other values of the probabilities"),
        (Padded, "no padding around the blocks of S2"),
        (Shrunk, "no activation 'tanhshrink'"),
    ],
)
def test_a_network_that_no_plan_describes_cannot_be_registered(network: type, says: str) -> None:
    before = dict(networks.REGISTRY)
    with pytest.raises(ValueError, match=says):
        networks.register("other", network, year=2026)
    assert before == networks.REGISTRY


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_a_plan_gives_what_its_network_gives(name: str, sample) -> None:
    entry = networks.entry(name)
    network = models.load_model(name) if name in models.pretrained() else made(name)
    weights = {key: values.double().numpy() for key, values in network.state_dict().items()}
    for image in sample.test.images[:20]:
        found, wanted = run(entry.plan, weights, image.numpy()), trace(network, image)
        assert found.confidence == pytest.approx(wanted.confidence, abs=1e-4)
        np.testing.assert_allclose(found.probabilities, wanted.probabilities, atol=1e-4)
        for layer in network.layers:
            for ours, theirs in ((found.raw[layer], wanted.raw[layer]), (found.layers[layer], wanted.layers[layer])):
                assert np.abs(ours - theirs.numpy()).max() <= 1e-4 * float(theirs.abs().max())


@pytest.mark.parametrize("name", models.pretrained())
def test_the_plan_travels_in_the_header_of_the_weights(name: str) -> None:
    with safe_open(models.pretrained()[name], framework="pt") as file:
        header = json.loads(file.metadata()["plan"])
        shapes = {tensor: file.get_slice(tensor).get_shape() for tensor in file.keys()}  # noqa: SIM118, not a dict
    assert header == json.loads(json.dumps(networks.entry(name).plan.to_json()))
    named = [tensor for step in header["steps"] for tensor in step["tensors"].values()]
    assert sorted([*named, *header["posterior"].values()]) == sorted(shapes)
