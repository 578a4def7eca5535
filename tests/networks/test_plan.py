from itertools import pairwise

import pytest
import torch

from lenet import networks
from lenet.errors import InvalidError
from lenet.networks import plan


def made(name: str) -> networks.LeNet:
    return networks.create(name, torch.Generator().manual_seed(0)).requires_grad_(False)


def test_the_network_of_1998_is_counted_as_in_the_paper() -> None:
    layers = plan.summary(made("lenet5-1998"))
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
    layers = plan.summary(made("lenet1-1989"))
    assert 16 * 16 + sum(torch.Size(layer.output).numel() for layer in layers) == 1_256
    assert sum(layer.connections for layer in layers) == 64_660
    assert sum(layer.parameters for layer in layers) == 9_760


@pytest.mark.parametrize("name", networks.REGISTRY)
def test_every_size_follows_from_the_formula(name: str) -> None:
    layers = plan.summary(made(name))
    assert sum(layer.parameters for layer in layers) == networks.parameters(made(name))
    for before, layer in pairwise(layers):
        assert layer.input == before.output
    for layer in layers:
        if layer.kernel:
            w, f, p, s = layer.input[1], layer.kernel, layer.padding, layer.stride
            assert layer.output[1] == (w - f + 2 * p) // s + 1


def test_receptive_fields_are_in_pixels_of_the_image() -> None:
    assert [layer.receptive_field for layer in plan.summary(made("lenet5"))] == [5, 6, 14, 16, 32, 32, 32]
    assert plan.summary(made("lenet1-1989"))[0].receptive_field == 5 * 28 / 16


def test_receptive_fields_are_the_papers() -> None:
    sizes = {name: found.size for name, found in plan.receptive_fields(networks.modern.LeNet5()).items()}
    assert sizes == {"C1": 5, "S2": 6, "C3": 14, "S4": 16, "C5": 32, "F6": 32, "output": 32}


def test_padding_is_clipped_at_the_border() -> None:
    padded = networks.modern.LeNet5()
    padded.C1 = torch.nn.Conv2d(1, 6, 5, padding=2)
    found = plan.receptive_fields(padded)["C1"]
    assert found.span(0) == (0, 3)
    assert found.span(10) == (8, 5)
    assert found.span(31) == (29, 3)


def test_kinds_are_named_as_the_modules() -> None:
    kinds = {name: [layer.kind for layer in plan.summary(made(name))] for name in networks.REGISTRY}
    subsampled = ["convolution", "subsampling", "table_convolution", "subsampling", "convolution", "linear", "rbf"]
    assert kinds["lenet5-1998"] == subsampled
    assert kinds["lenet1-1989"] == ["convolution", "table_convolution", "linear", "linear"]
    assert kinds["lenet5"][1] == "max_pooling"
    assert kinds["lenet5-sigmoid"][1] == "average_pooling"


def test_first_layer_kernels_of_colour_are_summed() -> None:
    network = made("lenet-rgb")
    assert plan.first_layer_kernels(network).shape == (16, 5, 5)
    torch.testing.assert_close(plan.first_layer_kernels(network), network.C1.weight.sum(1))
    assert plan.first_layer_kernels(made("lenet1-1989")).shape == (12, 5, 5)


def test_multiplications_of_a_convolution_by_hand() -> None:
    by_name = {layer.name: layer.macs for layer in plan.summary(made("lenet5"))}
    assert by_name["C1"] == 28 * 28 * 6 * 25
    assert by_name["C3"] == 10 * 10 * 16 * 6 * 25
    assert by_name["S2"] == 0


@pytest.mark.parametrize(
    ("name", "layer", "count"), [("lenet5", "C3", 96), ("lenet5-1998", "C3", 60), ("lenet1-1989", "H2", 96)]
)
def test_the_connections_between_maps(name: str, layer: str, count: int) -> None:
    assert plan.table_layer(made(name)) == layer
    assert int(plan.connection_table(made(name)).sum()) == count


@pytest.mark.parametrize("name", ["lenet5", "lenet5-1998", "lenet1-1989"])
def test_a_pruned_connection_is_zero_and_nothing_else_changes(name: str) -> None:
    network = made(name)
    layer = plan.table_layer(network)
    there = plan.connection_table(network)
    map, source = there.nonzero()[5].tolist()
    before = network.get_submodule(layer).weight.clone()
    after = plan.prune(network, [(map, source)]).get_submodule(layer).weight
    assert after[map, source].abs().sum() == 0 < before[map, source].abs().sum()
    after, expected = after.clone(), before.clone()
    after[map, source] = expected[map, source] = 0
    assert torch.equal(after, expected)
    assert torch.equal(network.get_submodule(layer).weight, before)  # which others read with


def test_a_connection_that_is_not_there_cannot_be_pruned() -> None:
    network = made("lenet5-1998")
    with pytest.raises(InvalidError, match="C3 has no connection from map 4 to map 1"):
        plan.prune(network, [(0, 3)])
    with pytest.raises(InvalidError, match="no connection"):
        plan.prune(network, [(16, 0)])
