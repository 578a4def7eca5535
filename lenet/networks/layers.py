"""Layers that PyTorch lacks: trainable subsampling, convolutions with a connection table, RBF outputs; a quicker C5."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, conv2d, linear, pad

VECTOR = 8  # floats in a register of AVX2


class Subsample(nn.Module):
    """The sum of each 2x2 block, times one coefficient a map, plus one bias: LeCun et al. 1998, section II.B.

    (N, maps, rows, columns) in, (N, maps, rows / 2, columns / 2) out.
    """

    kernel_size = stride = 2
    padding = 0

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(maps))
        self.bias = nn.Parameter(torch.empty(maps))

    def forward(self, x: Tensor) -> Tensor:
        """Compute the layer before activation."""
        return 4 * avg_pool2d(x, 2) * self.weight[:, None, None] + self.bias[:, None, None]


class TableConv2d(nn.Module):
    """A convolution in which each map is connected to some of the maps before; it holds only those kernels.

    `table` is bool (maps, sources). `kernels` (connections, kernel_size, kernel_size) come map by map. `bias` is one
    per map, or one per unit if `bias_shape` is (rows, columns). Sources are padded with `padding_value`.
    """

    table: Tensor
    targets: Tensor
    sources: Tensor

    def __init__(
        self,
        table: Tensor,
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
        padding_value: float = 0.0,
        bias_shape: tuple[int, ...] = (),
    ) -> None:
        super().__init__()
        self.kernel_size, self.stride, self.padding, self.padding_value = kernel_size, stride, padding, padding_value
        targets, sources = table.nonzero(as_tuple=True)
        for name, tensor in {"table": table, "targets": targets, "sources": sources}.items():
            self.register_buffer(name, tensor, persistent=False)
        self.kernels = nn.Parameter(torch.empty(len(targets), kernel_size, kernel_size))
        self.bias = nn.Parameter(torch.empty(len(table), *bias_shape))

    @property
    def weight(self) -> Tensor:
        """The kernels as of an ordinary convolution (maps, sources, rows, columns), 0 where there is no connection."""
        weight = self.kernels.new_zeros(*self.table.shape, self.kernel_size, self.kernel_size)
        return weight.index_put((self.targets, self.sources), self.kernels)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the layer before activation."""
        x = pad(x, [self.padding] * 4, value=self.padding_value) if self.padding else x
        bias = self.bias if self.bias.dim() > 1 else self.bias[:, None, None]
        return conv2d(x, self.weight, stride=self.stride) + bias


class FullConv2d(nn.Conv2d):
    """A convolution whose kernels are as large as its input, as C5's are: one product of matrices, which is quicker."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, sources, *kernel_size) in, (N, maps, 1, 1) out."""
        weight = self.weight.permute(0, 2, 3, 1).flatten(1)  # in the order of channels-last memory
        return linear(x.permute(0, 2, 3, 1).flatten(1), weight, self.bias)[:, :, None, None]


def fill_up(layer: nn.Conv2d, x: Tensor) -> Tensor:
    """Convolve as a layer does, and add maps of zeros until they are a multiple of 8, the floats of a vector register.

    With 6 maps, convolution and pooling leave a part of every register empty, and go through it one by one. The maps x
    (N, maps, rows, columns) may have been filled up before: what is more than the layer takes has no part in the sums.
    """
    sources, maps = x.shape[1] - layer.in_channels, -layer.out_channels % VECTOR
    weight = pad(layer.weight, (0, 0, 0, 0, 0, sources, 0, maps)) if sources or maps else layer.weight
    bias = pad(layer.bias, (0, maps)) if maps and layer.bias is not None else layer.bias
    return conv2d(x, weight, bias, layer.stride, layer.padding)


class RBF(nn.Module):
    """Euclidean radial basis functions: squared distances (N, classes) of the input (N, units) from fixed codes.

    With the weights are kept what the posterior takes, beside the distances: that of the rubbish class, and a
    temperature. Weights without the two, as those of older files, get this `rubbish` and 1.
    """

    codes: Tensor
    rubbish: Tensor
    temperature: Tensor

    def __init__(self, codes: Tensor, rubbish: float) -> None:
        super().__init__()
        self.register_buffer("codes", codes, persistent=False)  # (classes, units), +1 and -1
        self.register_buffer("rubbish", torch.tensor(rubbish))
        self.register_buffer("temperature", torch.tensor(1.0))

    def _load_from_state_dict(self, state_dict: dict[str, Tensor], prefix: str, *rest: Any) -> None:
        for name, value in self.named_buffers():
            if name not in self._non_persistent_buffers_set:
                state_dict.setdefault(prefix + name, value)
        super()._load_from_state_dict(state_dict, prefix, *rest)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the distances, 0 or more."""
        return (x[:, None] - self.codes).square().sum(2)


def fan_ins(layer: nn.Module) -> Iterator[tuple[Tensor, int]]:
    """Yield a layer's trainable values in parts, each with the fan-in of the units that use it."""
    if isinstance(layer, TableConv2d):
        inputs = layer.table.sum(1) * layer.kernel_size**2
        for kernel, target in zip(layer.kernels, layer.targets, strict=True):
            yield kernel, int(inputs[target])
        for bias, count in zip(layer.bias, inputs, strict=True):
            yield bias, int(count)
    elif isinstance(layer, Subsample):
        for values in layer.parameters():
            yield values, 4
    elif isinstance(layer, nn.Conv2d | nn.Linear):
        for values in layer.parameters():
            yield values, layer.weight[0].numel()


def window(layer: nn.Module) -> tuple[int, int, int] | None:
    """Kernel size, stride and padding of a layer whose units look at a window of maps; None for other layers."""
    if not isinstance(layer, nn.Conv2d | TableConv2d | nn.MaxPool2d | nn.AvgPool2d | Subsample):
        return None
    return _side(layer.kernel_size), _side(layer.stride), _side(layer.padding)


def _side(value: object) -> int:
    """Torch gives a square's side as a number or as a pair."""
    side = value[0] if isinstance(value, tuple) else value
    assert isinstance(side, int)
    return side
