"""A network as data: its layers with their sizes and counts, receptive fields, connections; and pruned copies."""

from copy import deepcopy
from dataclasses import dataclass
from math import ceil, floor

import torch
from torch import Tensor, nn

from lenet.digits.geometry import INPUT_SIDE
from lenet.errors import InvalidError
from lenet.networks.base import LeNet
from lenet.networks.layers import RBF, Subsample, TableConv2d, window

Shape = tuple[int, ...]

KINDS = {
    nn.Conv2d: "convolution",
    TableConv2d: "table_convolution",
    Subsample: "subsampling",
    nn.MaxPool2d: "max_pooling",
    nn.AvgPool2d: "average_pooling",
    nn.Linear: "linear",
    RBF: "rbf",
}


@dataclass(frozen=True)
class Layer:
    """A layer: one of `KINDS`, shapes of its input and output for one image, window, counts, receptive field.

    `kernel`, `stride` and `padding` are None if its units do not look at a window. A connection is one use of a weight,
    bias or code by a unit; in pooling without weights, one input of a unit. `macs` are the multiply-accumulates of one
    forward pass without activation functions. `receptive_field` is its side in pixels of the image.
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
    receptive_field: float


@dataclass(frozen=True)
class ReceptiveField:
    """The pixels that a layer's units depend on, along one axis of the 32x32 image.

    Unit i depends on `size` pixels from `start + i * stride` on.
    """

    size: float
    stride: float
    start: float

    def span(self, position: int) -> tuple[int, int]:
        """First pixel and number of pixels for the unit at a row or column, clipped at the image's border."""
        first = self.start + position * self.stride
        low, high = max(0, floor(first)), min(INPUT_SIDE, ceil(first + self.size))
        return low, high - low


def summary(network: LeNet) -> list[Layer]:
    """Describe every layer, in order, with the shapes that a blank image gives."""
    with torch.no_grad():
        raw = network.raw_activations(network.preprocess(torch.zeros(1, INPUT_SIDE, INPUT_SIDE, dtype=torch.uint8)))
    fields = receptive_fields(network)
    shape: Shape = network.input
    layers = []
    for name in network.layers:
        module, output = network.get_submodule(name), tuple(raw[name].shape[1:])
        kernel, stride, padding = window(module) or (None, None, None)
        layers.append(
            Layer(
                name=name,
                kind=_kind(module),
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
    return layers


def _kind(module: nn.Module) -> str:
    """One of `KINDS`; a table that connects everything is a plain convolution."""
    if isinstance(module, TableConv2d) and module.table.all():
        return KINDS[nn.Conv2d]
    return KINDS[type(module)]


def receptive_fields(network: LeNet) -> dict[str, ReceptiveField]:
    """Compute every layer's receptive field from the kernels, strides and paddings up to it."""
    pixel = network.input_scale
    size, jump, start = 1, 1, 0  # in pixels of the input
    fields = {}
    for name in network.layers:
        if sliding := window(network.get_submodule(name)):
            kernel, stride, padding = sliding
            size, start, jump = size + (kernel - 1) * jump, start - padding * jump, jump * stride
            fields[name] = ReceptiveField(size * pixel, jump * pixel, network.input_offset + start * pixel)
        else:
            fields[name] = ReceptiveField(INPUT_SIDE, INPUT_SIDE, 0)
    return fields


def first_layer_kernels(network: LeNet) -> Tensor:
    """Return the first layer's kernels (maps, rows, columns), summed over colour channels: those for a grey image."""
    layer = network.get_submodule(network.layers[0])
    assert isinstance(layer, nn.Conv2d | TableConv2d)
    return layer.weight.detach().sum(1)


def _connections(module: nn.Module, output: Shape) -> int:
    units = torch.Size(output).numel()
    match module:
        case nn.Conv2d() | TableConv2d():
            return _macs(module, output) + units  # a bias each
        case Subsample():
            return 5 * units  # of four inputs, and a bias
        case nn.MaxPool2d() | nn.AvgPool2d():
            return (window(module) or (0,))[0] ** 2 * units
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
