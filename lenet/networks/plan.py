"""A network as data: all that one needs, beside its weights, to run it without PyTorch, or to draw it.

A plan is derived from a network's modules. As JSON it travels in the header of every file of weights; the page's engine
runs it (`ui/web/engine/network.js`), and `interpreter` does so in Python.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import nn

from lenet.digits.geometry import INPUT_SIDE
from lenet.networks.base import ACTIVATIONS, LeNet
from lenet.networks.layers import RBF, FullConv2d, Subsample, TableConv2d, window

VERSION = 1  # of the form of a plan

Shape = tuple[int, ...]

OPERATIONS: dict[type[nn.Module], str] = {
    nn.Conv2d: "conv",
    FullConv2d: "conv",
    TableConv2d: "conv",
    nn.MaxPool2d: "max",
    nn.AvgPool2d: "mean",
    Subsample: "subsample",
    nn.Linear: "linear",
    RBF: "rbf",
}

POSTERIOR = {"rubbish": "output.rubbish", "temperature": "output.temperature"}  # buffers of `layers.RBF`


@dataclass(frozen=True)
class ReceptiveField:
    """The pixels that a layer's units depend on, along one axis of the 32x32 image.

    Unit i depends on `size` pixels from `start + i * stride` on, those of them that the network's input holds.
    """

    size: float
    stride: float
    start: float


@dataclass(frozen=True)
class Step:
    """A layer: what it computes, and how large it is. Shapes are (maps, rows, columns) or (units,), of one image.

    `operation` is one of `OPERATIONS`. `kernel`, `stride` and `padding` are None where units do not look at a window;
    beyond the border a window sees `padding_value`. `table` lists for each map the maps before that feed it, from 0;
    None means all. `tensors` names the weights in the file by what they are: "weight" of a conv are kernels (rows,
    columns), map by map, and in a map one for each that feeds it; "bias" is one a map, or one a unit. `codes` are those
    of an rbf. `activation` names the function that follows, one of `base.ACTIVATIONS`; where it is `late`, the next
    step takes the values before it.

    A connection is one use of a weight, bias or code by a unit; in pooling without weights, one input of a unit. `macs`
    are the multiply-accumulates of one forward pass without activation functions.
    """

    name: str
    operation: str
    input: Shape
    output: Shape
    kernel: int | None
    stride: int | None
    padding: int | None
    padding_value: float
    table: tuple[tuple[int, ...], ...] | None
    tensors: Mapping[str, str]
    codes: tuple[tuple[float, ...], ...] | None
    activation: str | None
    late: bool
    receptive_field: ReceptiveField
    parameters: int
    connections: int
    macs: int


@dataclass(frozen=True)
class Plan:
    """A network: its input, its steps in order, and what its output means.

    `input` holds the numbers of `Input` and the matrix `resize`, or None. `rubbish` is None for a network whose outputs
    are logits of a softmax. For one whose outputs are distances it is the distance of the rubbish class in the loss
    (equation 9 of the paper). `posterior` names the tensors of its posterior: the softmax of the outputs and "rubbish",
    all divided by minus "temperature". Files from before there were these tensors have the paper's: this `rubbish`, and
    a temperature of 1.
    """

    input: Mapping[str, Any]
    steps: tuple[Step, ...]
    rubbish: float | None
    posterior: Mapping[str, str]
    version: int = VERSION

    def to_json(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)


def plan_of(network: LeNet) -> Plan:
    """Derive a network's plan. Raise ValueError for a network that a plan cannot describe."""
    if network.activation not in ACTIVATIONS:
        raise ValueError(f"a plan knows no activation {network.activation!r}; it knows {', '.join(ACTIVATIONS)}")
    for name in network.layers:
        _check(name, network.get_submodule(name))
    with torch.no_grad():
        raw = network.raw_activations(network.preprocess(torch.zeros(1, INPUT_SIDE, INPUT_SIDE, dtype=torch.uint8)))
    fields = receptive_fields(network)
    shape: Shape = network.input.shape
    steps = []
    for name in network.layers:
        output = tuple(raw[name].shape[1:])
        steps.append(_step(network, name, (shape, output), fields[name]))
        shape = output
    resize = network.input.resize
    taken = {**asdict(network.input), "resize": None if resize is None else resize.tolist()}
    posterior = POSTERIOR if isinstance(network.get_submodule(network.layers[-1]), RBF) else {}
    return Plan(taken, tuple(steps), getattr(network, "J", None), posterior)


def _check(name: str, module: nn.Module) -> None:
    if type(module) not in OPERATIONS:
        raise ValueError(f"a plan knows no layer like {name}, {type(module).__name__}")
    if OPERATIONS[type(module)] != "conv" and (window(module) or (0, 0, 0))[2]:
        raise ValueError(f"a plan knows no padding around the blocks of {name}")


def _step(network: LeNet, name: str, shapes: tuple[Shape, Shape], field: ReceptiveField) -> Step:
    output = shapes[1]
    module = network.get_submodule(name)
    kernel, stride, padding = window(module) or (None, None, None)
    return Step(
        name=name,
        operation=OPERATIONS[type(module)],
        input=shapes[0],
        output=output,
        kernel=kernel,
        stride=stride,
        padding=padding,
        padding_value=getattr(module, "padding_value", 0.0),
        table=_table(module),
        tensors={kind.replace("kernels", "weight"): f"{name}.{kind}" for kind, _ in module.named_parameters()},
        codes=tuple(map(tuple, module.codes.tolist())) if isinstance(module, RBF) else None,
        activation=network.activation if name in network.squashed else None,
        late=name in network.squashed_late,
        receptive_field=field,
        parameters=sum(values.numel() for values in module.parameters()),
        connections=_connections(module, output),
        macs=_macs(module, output),
    )


def _table(module: nn.Module) -> tuple[tuple[int, ...], ...] | None:
    """Which maps feed each map; None if all do, or if it is no convolution."""
    if not isinstance(module, TableConv2d) or module.table.all():
        return None
    return tuple(tuple(row.nonzero().flatten().tolist()) for row in module.table)


def receptive_fields(network: LeNet) -> dict[str, ReceptiveField]:
    """Compute every layer's receptive field from the kernels, strides and paddings up to it."""
    pixel = network.input.pixel
    size, jump, start = 1, 1, 0  # in pixels of the input
    fields = {}
    for name in network.layers:
        if sliding := window(network.get_submodule(name)):
            kernel, stride, padding = sliding
            size, start, jump = size + (kernel - 1) * jump, start - padding * jump, jump * stride
            fields[name] = ReceptiveField(size * pixel, jump * pixel, network.input.crop + start * pixel)
        else:
            fields[name] = ReceptiveField(INPUT_SIDE - 2 * network.input.crop, INPUT_SIDE, network.input.crop)
    return fields


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
