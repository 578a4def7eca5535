"""A plan run without its modules, in NumPy: what the page's engine does, for one image, in as few words.

Every network is held to it when it is registered, so that no plan says less, or something else, than its network does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lenet.networks.activations import trace
from lenet.networks.base import LeNet
from lenet.networks.plan import Plan, Step, plan_of

Values = NDArray[np.float64]
TOLERANCE = 1e-4  # of a layer's largest value

ACTIVATIONS: dict[str, Callable[[Values], Values]] = {
    "ReLU": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "1.7159 tanh(2a/3)": lambda x: 1.7159 * np.tanh(2 / 3 * x),
}


@dataclass(frozen=True)
class Found:
    """What a plan computes of an image; see `activations.Activations`."""

    probabilities: Values
    confidence: float
    layers: Mapping[str, Values]
    raw: Mapping[str, Values]


def run(plan: Plan, weights: Mapping[str, Values], image: NDArray[np.uint8]) -> Found:
    """Run a plan with weights by their names in the file on an image, uint8 (32, 32)."""
    x = take(plan, image)
    layers, raw = {}, {}
    for step in plan.steps:
        tensors = {kind: weights[name] for kind, name in step.tensors.items()}
        raw[step.name] = apply(step, tensors, x)
        if raw[step.name].shape != tuple(step.output):
            raise ValueError(f"the plan gives {step.name} the shape {raw[step.name].shape}, not {step.output}")
        layers[step.name] = ACTIVATIONS[step.activation](raw[step.name]) if step.activation else raw[step.name]
        x = raw[step.name] if step.late else layers[step.name]
    return Found(*posterior(plan, weights, x), layers, raw)


def take(plan: Plan, image: NDArray[np.uint8]) -> Values:
    """The input (channels, rows, columns) that a plan's network makes of an image."""
    crop, resize = plan.input["crop"], plan.input["resize"]
    x = image[crop : len(image) - crop, crop : len(image) - crop] / 255
    if resize is not None:
        x = np.array(resize) @ x @ np.array(resize).T
    return np.stack([x * plan.input["scale"] + plan.input["offset"]] * plan.input["channels"])


def apply(step: Step, tensors: Mapping[str, Values], x: Values) -> Values:
    """What a step gives before activation."""
    match step.operation:
        case "linear":
            return tensors["weight"] @ x.ravel() + tensors["bias"]
        case "rbf":
            return ((x.ravel() - np.array(step.codes)) ** 2).sum(1)
    kernel, stride, padding = step.kernel or 0, step.stride or 0, step.padding or 0
    around = ((0, 0), (padding,) * 2, (padding,) * 2)
    windows = sliding_window_view(np.pad(x, around, constant_values=step.padding_value), (kernel,) * 2, axis=(1, 2))
    windows = windows[:, ::stride, ::stride]  # (maps, rows, columns, kernel, kernel)
    match step.operation:
        case "max":
            return windows.max((3, 4))
        case "mean":
            return windows.mean((3, 4))
        case "subsample":
            return windows.sum((3, 4)) * tensors["weight"][:, None, None] + tensors["bias"][:, None, None]
    assert step.operation == "conv"
    table = step.table or [range(len(x))] * step.output[0]
    kernels = iter(tensors["weight"].reshape(-1, kernel, kernel))
    sums = [sum(np.einsum("ijkl,kl->ij", windows[source], next(kernels)) for source in row) for row in table]
    bias = tensors["bias"]
    return np.stack(sums) + (bias if bias.ndim == 3 else bias[:, None, None])


def posterior(plan: Plan, weights: Mapping[str, Values], output: Values) -> tuple[Values, float]:
    """The ten probabilities, and the confidence."""
    logits = output
    if plan.rubbish is not None:
        rubbish, temperature = (weights[plan.posterior[kind]] for kind in ("rubbish", "temperature"))
        logits = np.append(-output, -rubbish) / temperature
    p = np.exp(logits - logits.max())
    p = (p / p.sum())[:10]
    if plan.rubbish is not None:
        return p, float(p.sum())
    return p, float(1 + (p * np.log(np.maximum(p, 1e-300))).sum() / log(10))


def check(network: LeNet) -> Plan:
    """Return a network's plan. Raise ValueError if there is none, or if it gives other values than the network."""
    plan = plan_of(network)
    image = torch.arange(32 * 32).view(32, 32).mul(37).remainder(256).to(torch.uint8)
    wanted = trace(network, image)
    weights = {name: values.double().numpy() for name, values in network.state_dict().items()}
    found = run(plan, weights, image.numpy())
    pairs = [(f"{name} before activation", found.raw[name], wanted.raw[name]) for name in network.layers]
    pairs += [(name, found.layers[name], wanted.layers[name]) for name in network.layers]
    pairs.append(("the probabilities", found.probabilities, wanted.probabilities))
    pairs.append(("the confidence", 1 + np.array(found.confidence), 1 + torch.tensor(wanted.confidence)))
    for name, ours, theirs in pairs:
        values = theirs.double().numpy()
        if ours.shape != values.shape or np.abs(ours - values).max() > TOLERANCE * np.abs(values).max():
            raise ValueError(f"the plan of {type(network).__name__} gives other values of {name} than the network")
    return plan
