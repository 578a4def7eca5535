"""One unit of a network, taken apart: where it looks, what feeds it, and how its value comes about."""

from dataclasses import dataclass
from math import ceil, floor

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from lenet.networks import INPUT_SIDE, LeNet
from lenet.networks.activations import Activations
from lenet.networks.layers import RBF, Subsample, TableConv2d

MOST = 8  # sources of a full connection that are shown
SLIDING = nn.Conv2d, TableConv2d, nn.MaxPool2d, nn.AvgPool2d, Subsample  # what looks at a window of the layer before


@dataclass(frozen=True)
class ReceptiveField:
    """What the units of a layer see of the image: unit i the pixels from `start + i * stride`, `size` of them."""

    size: float
    stride: float
    start: float

    def span(self, place: int) -> tuple[int, int]:
        """First pixel and number of pixels that the unit at a row or column sees, clipped at the image's border."""
        first = self.start + place * self.stride
        low, high = max(0, floor(first)), min(INPUT_SIDE, ceil(first + self.size))
        return low, high - low


@dataclass(frozen=True)
class Source:
    """A map that feeds a unit: its number from 1, the values that the unit sees there, and the weights between.

    `contribution` is what it adds: the sum of values times weights, or of squared distances from the code, which then stands
    in place of the weights. Of maximum pooling there are neither weights nor shares. Of a full connection to single
    units only the eight with the largest shares are shown.
    """

    map: int
    values: Tensor  # (rows, columns)
    kernel: Tensor | None  # (rows, columns)
    contribution: float | None


@dataclass(frozen=True)
class Unit:
    """A unit and its value, `squash(total)`. `kind` is how the total comes about: "sum" of all shares and the bias, if there is
    one; "max" of the values; or squared "distance" from a code.

    `receptive_field` is what it sees of the image: top, left, height, width. `source_layer` names the layer before, "" for the image;
    `fan_in` is the number of all sources, of which `sources` may be the most important ones.
    """

    layer: str
    map: int  # from 1, as `row` and `column`
    row: int
    column: int
    is_spatial: bool  # whether the layer has rows and columns
    value: float
    total: float  # before activation
    squashed: bool
    kind: str
    bias: float | None
    receptive_field: tuple[int, int, int, int]
    source_layer: str
    fan_in: int
    sources: tuple[Source, ...]


def receptive_fields(network: LeNet) -> dict[str, ReceptiveField]:
    """Of each layer, what its units see of the image, from the kernels, strides and paddings of the layers up to it."""
    first, pixel = network.sight
    size, jump, start = 1, 1, 0  # in pixels of the input
    seen = {}
    for name in network.layers:
        layer = network.get_submodule(name)
        if isinstance(layer, SLIDING):
            kernel, stride, padding = (side(getattr(layer, what)) for what in ("kernel_size", "stride", "padding"))
            size, start, jump = size + (kernel - 1) * jump, start - padding * jump, jump * stride
            seen[name] = ReceptiveField(size * pixel, jump * pixel, first + start * pixel)
        else:
            seen[name] = ReceptiveField(INPUT_SIDE, INPUT_SIDE, 0)
    return seen


def unit(network: LeNet, image: Tensor, seen: Activations, layer: str, map: int, row: int = 1, column: int = 1) -> Unit:
    """Take a unit apart, numbered from 1 as the page does, of a network that looked at a image.

    ValueError for a unit that is not there. Layers without rows and columns are all maps of one unit.
    """
    if layer not in network.layers:
        raise ValueError(f"no layer {layer!r}; there are {', '.join(network.layers)}")
    values = seen.layers[layer]
    values = values if values.dim() == 3 else values.view(-1, 1, 1)
    places = (map, row, column)
    if not all(isinstance(place, int) and 1 <= place <= size for place, size in zip(places, values.shape, strict=True)):
        raise ValueError(f"no unit {places} in {layer}, which is {tuple(values.shape)}")
    where = (map - 1, row - 1, column - 1)
    before = network.layers[network.layers.index(layer) - 1] if layer != network.layers[0] else ""
    module = network.get_submodule(layer)
    (top, height), (left, width) = (receptive_fields(network)[layer].span(place) for place in where[1:])
    sources = _sources(module, seen.layers[before] if before else network.preprocess(image.unsqueeze(0))[0], where)
    return Unit(
        layer, *places,
        is_spatial=values[0].numel() > 1,
        value=float(values[where]),
        total=float(seen.raw[layer].view_as(values)[where]),
        squashed=layer in network.squashed,
        kind="max" if isinstance(module, nn.MaxPool2d) else "distance" if isinstance(module, RBF) else "sum",
        bias=_bias(module, where),
        receptive_field=(top, left, height, width),
        source_layer=before,
        fan_in=len(sources),
        sources=_most_important(sources),
    )  # fmt: skip


def _bias(module: nn.Module, where: tuple[int, int, int]) -> float | None:
    bias = getattr(module, "bias", None)
    if bias is None:
        return None
    return float(bias[where] if bias.dim() == 3 else bias[where[0]])


def _most_important(sources: list[Source]) -> tuple[Source, ...]:
    """All, or of single units those with the largest shares."""
    if len(sources) <= MOST or sources[0].values.numel() > 1:
        return tuple(sources)
    return tuple(sorted(sources, key=lambda source: -abs(source.contribution or 0.0))[:MOST])


def _sources(module: nn.Module, inputs: Tensor, where: tuple[int, int, int]) -> list[Source]:
    target = where[0]
    match module:
        case nn.Linear():
            values = inputs if inputs.dim() == 3 else inputs[:, None, None]
            return _weighted(range(len(values)), values, module.weight[target].view_as(values))
        case RBF():
            values, code = inputs[:, None, None], module.codes[target][:, None, None]
            shares = (values - code).square().flatten().tolist()
            return [Source(i + 1, values[i], code[i], share) for i, share in enumerate(shares)]
        case nn.Conv2d():
            return _weighted(range(len(inputs)), _cut(inputs, module, where), module.weight[target])
        case TableConv2d():
            wired = module.table[target].nonzero().flatten().tolist()
            return _weighted(wired, _cut(inputs, module, where)[wired], module.weight[target, wired])
    patch = _cut(inputs[target : target + 1], module, where)
    match module:
        case Subsample():
            return _weighted([target], patch, torch.full_like(patch, float(module.weight[target])))
        case nn.AvgPool2d():
            return _weighted([target], patch, torch.full_like(patch, 1 / patch.numel()))
    assert isinstance(module, nn.MaxPool2d)
    return [Source(target + 1, patch[0], None, None)]


def _weighted(maps: "range | list[int]", values: Tensor, kernels: Tensor) -> list[Source]:
    kernels = kernels.detach()
    shares = (values * kernels).sum((1, 2)).tolist()
    return [Source(i + 1, *parts) for i, *parts in zip(maps, values, kernels, shares, strict=True)]


def _cut(inputs: Tensor, module: nn.Module, where: tuple[int, int, int]) -> Tensor:
    """The window (maps, rows, columns) that a unit of a layer that slides sees of the layer before."""
    kernel, stride, padding = (side(getattr(module, what)) for what in ("kernel_size", "stride", "padding"))
    around = pad(inputs, [padding] * 4, value=getattr(module, "padding_value", 0.0))
    top, left = where[1] * stride, where[2] * stride
    return around[:, top : top + kernel, left : left + kernel]


def side(value: object) -> int:
    """Torch gives a square's side as a number or as a pair."""
    found = value[0] if isinstance(value, tuple) else value
    assert isinstance(found, int)
    return found
