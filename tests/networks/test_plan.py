from itertools import pairwise

import pytest
import torch

from lenet import networks
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


def test_receptive_fields_are_told_in_pixels_of_the_field() -> None:
    assert [layer.receptive_field for layer in plan.summary(made("lenet5"))] == [5, 6, 14, 16, 32, 32, 32]
    assert plan.summary(made("lenet1-1989"))[0].receptive_field == 5 * 28 / 16


def test_multiplications_of_a_convolution_by_hand() -> None:
    by_name = {layer.name: layer.macs for layer in plan.summary(made("lenet5"))}
    assert by_name["C1"] == 28 * 28 * 6 * 25
    assert by_name["C3"] == 10 * 10 * 16 * 6 * 25
    assert by_name["S2"] == 0


@pytest.mark.parametrize(
    ("name", "layer", "count"), [("lenet5", "C3", 96), ("lenet5-1998", "C3", 60), ("lenet1-1989", "H2", 96)]
)
def test_the_wires_between_maps(name: str, layer: str, count: int) -> None:
    assert plan.table_layer(made(name)) == layer
    assert int(plan.connection_table(made(name)).sum()) == count


@pytest.mark.parametrize("name", ["lenet5", "lenet5-1998", "lenet1-1989"])
def test_a_cut_wire_carries_nothing_and_nothing_else_changes(name: str) -> None:
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


def test_a_wire_that_is_not_there_cannot_be_cut() -> None:
    network = made("lenet5-1998")
    with pytest.raises(ValueError, match="no wire leads from map 4 to map 1 of C3"):
        plan.prune(network, [(0, 3)])
    with pytest.raises(ValueError, match="no wire"):
        plan.prune(network, [(16, 0)])
