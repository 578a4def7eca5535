"""One unit of a network, taken apart: where it looks, what feeds it, and how its value comes about."""

from dataclasses import dataclass

from torch import Tensor, nn

from lenet.look import Look
from lenet.networks import FIELD, LeNet

MOST = 8  # sources of a full connection that are shown


@dataclass(frozen=True)
class Window:
    """What the units of a layer see of the field: unit i the pixels from `start + i * stride`, `size` of them."""

    size: int
    stride: int
    start: int

    def span(self, place: int) -> tuple[int, int]:
        """First pixel and number of pixels that the unit at a row or column sees, clipped at the field's border."""
        first = self.start + place * self.stride
        return max(0, first), min(FIELD, first + self.size) - max(0, first)


@dataclass(frozen=True)
class Source:
    """A map that feeds a unit: its number from 1, the values that the unit sees there, and the weights between.

    `share` is the sum of values times weights; pooling has no weights, and no shares. Of a full connection only the
    eight sources with the largest shares are shown.
    """

    map: int
    values: Tensor  # (rows, columns)
    kernel: Tensor | None  # (rows, columns)
    share: float | None


@dataclass(frozen=True)
class Unit:
    """A unit and its value: `squash(sum of all shares + bias)`, or the maximum for a pool.

    `patch` is what it sees of the field: top, left, height, width. `fed_by` names the layer before, "" for the field.
    """

    layer: str
    map: int  # from 1, as `row` and `column`
    row: int
    column: int
    value: float
    total: float  # before squashing
    bias: float | None
    patch: tuple[int, int, int, int]
    fed_by: str
    sources: tuple[Source, ...]


def windows(network: LeNet) -> dict[str, Window]:
    """Of each layer, what its units see of the field, from the kernels, strides and paddings of the layers up to it."""
    size, jump, start = 1, 1, 0
    seen = {}
    for name in network.layers:
        layer = network.get_submodule(name)
        if isinstance(layer, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
            kernel, stride, padding = (_side(getattr(layer, what)) for what in ("kernel_size", "stride", "padding"))
            size, start, jump = size + (kernel - 1) * jump, start - padding * jump, jump * stride
        else:
            size, jump, start = FIELD, FIELD, 0
        seen[name] = Window(size, jump, start)
    return seen


def unit(network: LeNet, field: Tensor, seen: Look, layer: str, map: int, row: int = 1, column: int = 1) -> Unit:
    """Take a unit apart, numbered from 1 as the page does, of a network that looked at a field.

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
    bias = getattr(module, "bias", None)
    (top, height), (left, width) = (windows(network)[layer].span(place) for place in where[1:])
    return Unit(
        layer, *places,
        value=float(values[where]),
        total=float(seen.raw[layer].view_as(values)[where]),
        bias=None if bias is None else float(bias[where[0]]),
        patch=(top, left, height, width),
        fed_by=before,
        sources=_sources(module, seen.layers[before] if before else network.prepare(field.unsqueeze(0))[0], where),
    )  # fmt: skip


def _sources(module: nn.Module, inputs: Tensor, where: tuple[int, int, int]) -> tuple[Source, ...]:
    if isinstance(module, nn.Conv2d):
        patches = _cut(nn.functional.pad(inputs, [_side(module.padding)] * 4), module, where)
        kernels = module.weight[where[0]].detach()
        return tuple(
            Source(i + 1, patch, kernel, float((patch * kernel).sum()))
            for i, (patch, kernel) in enumerate(zip(patches, kernels, strict=True))
        )
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d):
        return (Source(where[0] + 1, _cut(inputs[where[0] : where[0] + 1], module, where)[0], None, None),)
    assert isinstance(module, nn.Linear)
    values, weights = inputs.flatten(), module.weight[where[0]].detach()
    shares = values * weights
    return tuple(
        Source(place + 1, values[place].view(1, 1), weights[place].view(1, 1), float(shares[place]))
        for place in shares.abs().argsort(descending=True)[:MOST].tolist()
    )


def _cut(inputs: Tensor, module: nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d, where: tuple[int, int, int]) -> Tensor:
    kernel, stride = _side(module.kernel_size), _side(module.stride)
    top, left = where[1] * stride, where[2] * stride
    return inputs[:, top : top + kernel, left : left + kernel]


def _side(value: object) -> int:
    """Torch gives a square's side as a number or as a pair."""
    side = value[0] if isinstance(value, tuple) else value
    assert isinstance(side, int)
    return side
