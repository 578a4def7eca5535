"""Connections between the maps of two layers: which there are, and copies of a network without some of them."""

from copy import deepcopy

import torch
from torch import Tensor, nn

from lenet.errors import InvalidError
from lenet.networks.base import LeNet
from lenet.networks.layers import TableConv2d


def table_layer(network: LeNet) -> str:
    """Name the convolution whose maps are connected to other maps by a table: C3, or H2 in 1989."""
    return next(name for name in network.layers[1:] if isinstance(network.get_submodule(name), nn.Conv2d | TableConv2d))


def connection_table(network: LeNet) -> Tensor:
    """Return which maps feed each map of the table layer, bool (maps, sources)."""
    module = network.get_submodule(table_layer(network))
    if isinstance(module, TableConv2d):
        return module.table
    assert isinstance(module, nn.Conv2d)
    return torch.ones(module.weight.shape[:2], dtype=torch.bool)


def prune(network: LeNet, connections: list[tuple[int, int]]) -> LeNet:
    """Copy the network with some connections of its table layer, (map, source) from 0, set to zero.

    Raise InvalidError for a connection that it does not have.
    """
    table = connection_table(network)
    for map, source in connections:
        if not (0 <= map < table.shape[0] and 0 <= source < table.shape[1] and table[map, source]):
            raise InvalidError("network.connection", layer=table_layer(network), map=map + 1, source=source + 1)
    copied = deepcopy(network)
    module = copied.get_submodule(table_layer(copied))
    with torch.no_grad():
        for map, source in connections:
            if isinstance(module, TableConv2d):
                module.kernels[(module.targets == map) & (module.sources == source)] = 0
            elif isinstance(module, nn.Conv2d):
                module.weight[map, source] = 0
    return copied
