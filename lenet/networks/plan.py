"""What a network is made of, layer by layer, counted on the network itself; and what it is with some wires cut."""

from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lenet.networks import INPUT_SIDE, LeNet
from lenet.networks.activations import recorded
from lenet.networks.layers import RBF, Subsample, TableConv2d
from lenet.networks.unit import SLIDING, receptive_fields, side

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Layer:
    """A layer: shapes of a digit's values, window and step where it slides, sizes, and the pixels that a unit sees.

    A connection is one use of a weight, a bias or a code by a unit; in pooling without weights, one input of a unit.
    `macs`, multiply-accumulates, are those of one forward pass, activation left out.
    """

    name: str
    kind: str
    input: Shape
    output: Shape
    kernel: int | None
    stride: int | None
    padding: int | None
    parameters: int
    connections: int
    macs: int
    receptive_field: float  # pixels, height and width


KINDS = {
    nn.Conv2d: "convolution",
    TableConv2d: "convolution, wired",
    Subsample: "subsampling, trainable",
    nn.MaxPool2d: "maximum pooling",
    nn.AvgPool2d: "average pooling",
    nn.Linear: "full connection",
    RBF: "Euclidean RBF",
}


def summary(network: LeNet) -> list[Layer]:
    """Every layer of a network, from a forward pass of a blank image."""
    with torch.no_grad(), recorded(network) as values:
        x = network.preprocess(torch.zeros(1, INPUT_SIDE, INPUT_SIDE, dtype=torch.uint8))
        network(x)
    fields = receptive_fields(network)
    shape: Shape = network.input
    found = []
    for name in network.layers:
        module, output = network.get_submodule(name), tuple(values[name].shape[1:])
        kernel, stride, padding = (
            side(getattr(module, what)) if isinstance(module, SLIDING) else None
            for what in ("kernel_size", "stride", "padding")
        )
        found.append(
            Layer(
                name=name,
                kind=KINDS[type(module)],
                input=shape,
                output=output,
                kernel=kernel,
                stride=stride,
                padding=padding,
                parameters=sum(values.numel() for values in module.parameters()),
                connections=_connections(module, output),
                macs=_macs(module, output),
                receptive_field=fields[name].size,
            )
        )
        shape = output
    return found


def _connections(module: nn.Module, output: Shape) -> int:
    units = torch.Size(output).numel()
    match module:
        case nn.Conv2d() | TableConv2d():
            return _macs(module, output) + units  # a bias each
        case Subsample():
            return 5 * units  # of four inputs, and a bias
        case nn.MaxPool2d() | nn.AvgPool2d():
            return side(module.kernel_size) ** 2 * units
        case RBF():
            return module.codes.numel()
    assert isinstance(module, nn.Linear)
    return module.weight.numel() + units


def _macs(module: nn.Module, output: Shape) -> int:
    match module:
        case nn.Conv2d():
            return module.weight.numel() * output[1] * output[2]
        case TableConv2d():
            return module.kernels.numel() * output[1] * output[2]
        case Subsample():
            return torch.Size(output).numel()
        case RBF():
            return module.codes.numel()
        case nn.Linear():
            return module.weight.numel()
    return 0


def table_layer(network: LeNet) -> str:
    """The layer of maps that is fed by other maps: C3, and H2 in 1989."""
    return next(name for name in network.layers[1:] if isinstance(network.get_submodule(name), nn.Conv2d | TableConv2d))


def connection_table(network: LeNet) -> Tensor:
    """Which maps feed each map of the table layer, bool (maps, sources)."""
    module = network.get_submodule(table_layer(network))
    if isinstance(module, TableConv2d):
        return module.table
    assert isinstance(module, nn.Conv2d)
    return torch.ones(module.weight.shape[:2], dtype=torch.bool)


def prune(network: LeNet, off: list[tuple[int, int]]) -> LeNet:
    """A copy of the network in which some wires of its table layer, (map, source) from 0, carry nothing.

    ValueError for a wire that is not there.
    """
    there = connection_table(network)
    for map, source in off:
        if not (0 <= map < there.shape[0] and 0 <= source < there.shape[1] and there[map, source]):
            raise ValueError(f"no wire leads from map {source + 1} to map {map + 1} of {table_layer(network)}")
    copied = deepcopy(network)
    module = copied.get_submodule(table_layer(copied))
    with torch.no_grad():
        for map, source in off:
            if isinstance(module, TableConv2d):
                module.kernels[(module.targets == map) & (module.sources == source)] = 0
            elif isinstance(module, nn.Conv2d):
                module.weight[map, source] = 0
    return copied
