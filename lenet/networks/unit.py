"""One unit of a network, explained: its receptive field, what feeds it, and how its value is computed."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from lenet.errors import InvalidError
from lenet.networks.activations import Activations
from lenet.networks.base import LeNet
from lenet.networks.layers import RBF, Subsample, TableConv2d, window
from lenet.networks.plan import receptive_fields

MAX_SOURCES = 8  # that are listed, of a layer whose sources are single units


@dataclass(frozen=True)
class Source:
    """A map that feeds a unit: its number from 1, the values in the unit's window, and the kernel for them.

    `contribution` is the sum of values times kernel; for an RBF, `kernel` is the code and `contribution` the squared
    distance from it. Max-pooling has neither.
    """

    map: int
    values: Tensor  # (rows, columns)
    kernel: Tensor | None  # of the same shape
    contribution: float | None


@dataclass(frozen=True)
class Unit:
    """A unit and how its value is computed.

    `total` is, by `kind`, the "sum" of all contributions and the bias, the "max" of the values, or the squared
    "distance" from a code. `value` is the total after the function that `activation` names, if there is one.
    `receptive_field` is the top, left, height and width of the pixels that it depends on, in the image. `source_layer`
    names the layer before, "" for the input. `fan_in` counts all sources; `sources` lists them, or those eight with
    the largest contributions if each is a single unit.
    """

    layer: str
    map: int  # from 1, as `row` and `column`
    row: int
    column: int
    is_spatial: bool  # the layer has more than one unit per map
    value: float
    total: float
    activation: str | None
    kind: str
    bias: float | None
    receptive_field: tuple[int, int, int, int]
    source_layer: str
    fan_in: int
    sources: tuple[Source, ...]


def explain_unit(
    network: LeNet, image: Tensor, activations: Activations, layer: str, map: int, row: int = 1, column: int = 1
) -> Unit:
    """Explain one unit, numbered from 1, of a network whose `activations` are those of `image`.

    A layer without rows and columns has one unit per map. Raise InvalidError for a unit that the network does not have.
    """
    if layer not in network.layers:
        raise InvalidError("unit.layer", layer=str(layer), known=network.layers)
    values = activations.layers[layer]
    values = values if values.dim() == 3 else values.view(-1, 1, 1)
    places = (map, row, column)
    if not all(isinstance(place, int) and 1 <= place <= size for place, size in zip(places, values.shape, strict=True)):
        shape = tuple(values.shape)
        raise InvalidError("unit.place", layer=layer, place=[str(place) for place in places], shape=shape)
    where = (map - 1, row - 1, column - 1)
    before = network.layers[network.layers.index(layer) - 1] if layer != network.layers[0] else ""
    module = network.get_submodule(layer)
    (top, height), (left, width) = (receptive_fields(network)[layer].span(place) for place in where[1:])
    inputs = activations.layers[before] if before else network.preprocess(image.unsqueeze(0))[0]
    sources = _sources(module, inputs, where)
    squashed = layer in network.squashed and before not in network.squashed_late  # then its inputs are shown squashed
    return Unit(
        layer, *places,
        is_spatial=values[0].numel() > 1,
        value=float(values[where]),
        total=float((activations.raw if squashed else activations.layers)[layer].view_as(values)[where]),
        activation=network.activation if squashed else None,
        kind="max" if isinstance(module, nn.MaxPool2d) else "distance" if isinstance(module, RBF) else "sum",
        bias=_bias(module, where),
        receptive_field=(top, left, height, width),
        source_layer=before,
        fan_in=len(sources),
        sources=_largest(sources),
    )  # fmt: skip


def _bias(module: nn.Module, where: tuple[int, int, int]) -> float | None:
    bias = getattr(module, "bias", None)
    if bias is None:
        return None
    return float(bias[where] if bias.dim() == 3 else bias[where[0]])


def _largest(sources: list[Source]) -> tuple[Source, ...]:
    """All sources, or of many single units those with the largest contributions."""
    if len(sources) <= MAX_SOURCES or sources[0].values.numel() > 1:
        return tuple(sources)
    return tuple(sorted(sources, key=lambda source: -abs(source.contribution or 0.0))[:MAX_SOURCES])


def _sources(module: nn.Module, inputs: Tensor, where: tuple[int, int, int]) -> list[Source]:
    target = where[0]
    match module:
        case nn.Linear():
            values = inputs if inputs.dim() == 3 else inputs[:, None, None]
            return _weighted(range(len(values)), values, module.weight[target].view_as(values))
        case RBF():
            values, code = inputs[:, None, None], module.codes[target][:, None, None]
            distances = (values - code).square().flatten().tolist()
            return [Source(i + 1, values[i], code[i], distance) for i, distance in enumerate(distances)]
        case nn.Conv2d():
            return _weighted(range(len(inputs)), _cut(inputs, module, where), module.weight[target])
        case TableConv2d():
            maps = module.table[target].nonzero().flatten().tolist()
            return _weighted(maps, _cut(inputs, module, where)[maps], module.weight[target, maps])
    patch = _cut(inputs[target : target + 1], module, where)
    match module:
        case Subsample():
            return _weighted([target], patch, torch.full_like(patch, float(module.weight[target])))
        case nn.AvgPool2d():
            return _weighted([target], patch, torch.full_like(patch, 1 / patch.numel()))
    assert isinstance(module, nn.MaxPool2d)
    return [Source(target + 1, patch[0], None, None)]


def _weighted(maps: range | list[int], values: Tensor, kernels: Tensor) -> list[Source]:
    kernels = kernels.detach()
    sums = (values * kernels).sum((1, 2)).tolist()
    return [Source(i + 1, *parts) for i, *parts in zip(maps, values, kernels, sums, strict=True)]


def _cut(inputs: Tensor, module: nn.Module, where: tuple[int, int, int]) -> Tensor:
    """Cut a unit's window (maps, rows, columns) out of the layer before."""
    sliding = window(module)
    assert sliding
    kernel, stride, padding = sliding
    around = pad(inputs, [padding] * 4, value=getattr(module, "padding_value", 0.0))
    top, left = where[1] * stride, where[2] * stride
    return around[:, top : top + kernel, left : left + kernel]
