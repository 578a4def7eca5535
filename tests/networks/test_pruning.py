import pytest
import torch

from lenet import networks
from lenet.errors import InvalidError
from lenet.networks import pruning


def made(name: str) -> networks.LeNet:
    return networks.create(name, torch.Generator().manual_seed(0)).requires_grad_(False)


@pytest.mark.parametrize(
    ("name", "layer", "count"), [("lenet5", "C3", 96), ("lenet5-1998", "C3", 60), ("lenet1-1989", "H2", 96)]
)
def test_the_connections_between_maps(name: str, layer: str, count: int) -> None:
    assert pruning.table_layer(made(name)) == layer
    assert int(pruning.connection_table(made(name)).sum()) == count


@pytest.mark.parametrize("name", ["lenet5", "lenet5-1998", "lenet1-1989"])
def test_a_pruned_connection_is_zero_and_nothing_else_changes(name: str) -> None:
    network = made(name)
    layer = pruning.table_layer(network)
    there = pruning.connection_table(network)
    map, source = there.nonzero()[5].tolist()
    before = network.get_submodule(layer).weight.clone()
    after = pruning.prune(network, [(map, source)]).get_submodule(layer).weight
    assert after[map, source].abs().sum() == 0 < before[map, source].abs().sum()
    after, expected = after.clone(), before.clone()
    after[map, source] = expected[map, source] = 0
    assert torch.equal(after, expected)
    assert torch.equal(network.get_submodule(layer).weight, before)  # which others read with


def test_a_connection_that_is_not_there_cannot_be_pruned() -> None:
    network = made("lenet5-1998")
    with pytest.raises(InvalidError, match="C3 has no connection from map 4 to map 1"):
        pruning.prune(network, [(0, 3)])
    with pytest.raises(InvalidError, match="no connection"):
        pruning.prune(network, [(16, 0)])
