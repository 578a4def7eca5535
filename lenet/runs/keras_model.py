"""A network's plan as a Keras model of plain layers, which Keras opens on every backend and without lenet.

Layers are named as in the paper: the one with a step's weights has the step's name, those that Keras needs beside it
begin with that name (`S2_mean`, `C1_tanh`). Maps come last, (N, rows, columns, maps). Importing this module imports
Keras, which then takes its backend: see `export.keras`.
"""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from lenet.digits.geometry import INPUT_SIDE
from lenet.networks.input import FULL
from lenet.networks.plan import Plan, Step

Values = NDArray[np.float32]
LAST: Any = {"data_format": "channels_last"}  # whatever the user's Keras is set to

# Activation functions as A f(S x), by their names in a plan: S, Keras's name of f, A.
ACTIVATIONS = {
    "ReLU": (1.0, "relu", 1.0),
    "sigmoid": (1.0, "sigmoid", 1.0),
    "tanh": (1.0, "tanh", 1.0),
    "1.7159 tanh(2a/3)": (2 / 3, "tanh", 1.7159),
}


def build(name: str, plan: Plan, weights: Mapping[str, Values]) -> keras.Model:
    """Build a model of that name from a plan and weights by their names in the file.

    Its input `images` is uint8 (N, 32, 32), 0 paper to 255 ink, its output `probabilities` float32 (N, 10). Kernels
    that a connection table leaves out are there as zeros, which training would change.
    """
    images = keras.Input((INPUT_SIDE, INPUT_SIDE), dtype="uint8", name="images")
    x = _take(plan, images)
    for step in plan.steps:
        x = _apply(step, {kind: weights[name] for kind, name in step.tensors.items()}, x)
        if step.activation and not step.late:
            x = _squash(step.name, step.activation, x)
    return keras.Model(images, _posterior(plan, weights, x), name=name)


def _add(kind: Any, name: str, x: Any, *weights: Values, **options: Any) -> Any:
    """What a new layer with these weights makes of `x`."""
    layer = kind(name=name, dtype="float32", **options)
    output = layer(x)
    layer.set_weights([*weights])
    return output


def _take(plan: Plan, images: Any) -> Any:
    """The input (N, rows, columns, channels) that the network makes of images."""
    taken, channels = plan.input, plan.input["channels"]
    x = _add(layers.Reshape, "image", images, target_shape=(INPUT_SIDE, INPUT_SIDE, 1))
    if taken["crop"]:
        x = _add(layers.Cropping2D, "crop", x, cropping=taken["crop"], **LAST)
    x = _add(layers.Rescaling, "scale", x, scale=taken["scale"] / FULL, offset=taken["offset"])
    if taken["resize"] is not None:
        matrix, side = np.array(taken["resize"], np.float32), taken["side"]
        for axis, equation, left in (("rows", "nhwc,ih->niwc", matrix.shape[1]), ("columns", "nhwc,jw->nhjc", side)):
            shape = (side, left, 1)
            x = _add(layers.EinsumDense, axis, x, matrix, equation=equation, output_shape=shape, trainable=False)
    return _add(layers.Concatenate, "channels", [x] * channels) if channels > 1 else x


def _apply(step: Step, tensors: Mapping[str, Values], x: Any) -> Any:
    """What a step gives before activation."""
    match step.operation:
        case "linear":
            weight, bias = _by_rows(step, tensors["weight"]), tensors["bias"]
            return _add(layers.Dense, step.name, _flat(step, x), weight.T, bias, units=len(bias))
        case "rbf":
            return _distances(step, _flat(step, x))
        case "conv":
            return _convolution(step, tensors, x)
    windows = {"pool_size": step.kernel, "strides": step.stride, **LAST}
    match step.operation:
        case "max":
            return _add(layers.MaxPooling2D, step.name, x, **windows)
        case "mean":
            return _add(layers.AveragePooling2D, step.name, x, **windows)
    assert step.operation == "subsample"
    assert step.kernel
    x = _add(layers.AveragePooling2D, f"{step.name}_mean", x, **windows)
    coefficients = step.kernel**2 * tensors["weight"][None, None, :, None]  # of a mean, not of a sum
    return _add(layers.DepthwiseConv2D, step.name, x, coefficients, tensors["bias"], kernel_size=1, **LAST)


def _convolution(step: Step, tensors: Mapping[str, Values], x: Any) -> Any:
    if step.padding:
        x = _pad(step, x)
    table = step.table or [range(step.input[0])] * step.output[0]
    side = step.kernel or 0
    kernels = np.zeros((step.output[0], step.input[0], side, side), np.float32)
    pairs = [(map, source) for map, row in enumerate(table) for source in row]
    kernels[tuple(zip(*pairs, strict=True))] = tensors["weight"].reshape(-1, side, side)
    kernels, bias = kernels.transpose(2, 3, 1, 0), tensors["bias"]
    options = {"filters": len(bias), "kernel_size": side, "strides": step.stride, **LAST}
    if bias.ndim == 1:
        return _add(layers.Conv2D, step.name, x, kernels, bias, **options)
    x = _add(layers.Conv2D, step.name, x, kernels, use_bias=False, **options)
    bias = bias.transpose(1, 2, 0)  # one a unit
    whole = {"equation": "nhwc,c->nhwc", "output_shape": bias.shape, "bias_axes": "hwc"}
    return _add(layers.EinsumDense, f"{step.name}_bias", x, np.ones(bias.shape[2:], np.float32), bias, **whole)


def _pad(step: Step, x: Any) -> Any:
    """Pad with a value, though Keras pads with nothing but 0."""
    if step.padding_value:
        x = _add(layers.Rescaling, f"{step.name}_lift", x, scale=1.0, offset=-step.padding_value)
    x = _add(layers.ZeroPadding2D, f"{step.name}_padding", x, padding=step.padding, **LAST)
    if step.padding_value:
        x = _add(layers.Rescaling, f"{step.name}_lower", x, scale=1.0, offset=step.padding_value)
    return x


def _flat(step: Step, x: Any) -> Any:
    return _add(layers.Flatten, f"{step.name}_flatten", x, **LAST) if len(step.input) > 1 else x


def _by_rows(step: Step, weight: Values) -> Values:
    """Reorder the columns of weights (units, inputs) from map by map, as PyTorch flattens, to Keras's maps last."""
    return np.moveaxis(weight.reshape(-1, *step.input), 1, -1).reshape(len(weight), -1)


def _distances(step: Step, x: Any) -> Any:
    """Squared distances (N, classes) from the codes, one difference after the other: the expanded square is inexact."""
    codes = _by_rows(step, np.array(step.codes, np.float32))
    whole: Any = {"output_shape": codes.shape, "bias_axes": "ku", "trainable": False}
    ones = np.ones_like(codes)
    x = _add(layers.EinsumDense, f"{step.name}_difference", x, ones, -codes, equation="nu,ku->nku", **whole)
    x = _add(layers.Multiply, f"{step.name}_square", [x, x])
    total: Any = {"equation": "nku,u->nk", "output_shape": len(codes), "trainable": False}
    return _add(layers.EinsumDense, step.name, x, ones[0], **total)


def _squash(name: str, activation: str, x: Any) -> Any:
    slope, function, amplitude = ACTIVATIONS[activation]
    if slope != 1:
        x = _add(layers.Rescaling, f"{name}_slope", x, scale=slope)
    x = _add(layers.Activation, f"{name}_{function}", x, activation=function)
    return x if amplitude == 1 else _add(layers.Rescaling, f"{name}_amplitude", x, scale=amplitude)


def _posterior(plan: Plan, weights: Mapping[str, Values], output: Any) -> Any:
    """The ten probabilities."""
    if plan.rubbish is None:
        return _add(layers.Softmax, "probabilities", output)
    digits = plan.steps[-1].output[0]
    distance, temperature = (weights[plan.posterior[kind]] for kind in ("rubbish", "temperature"))
    logits, rubbish = -np.eye(digits, digits + 1, dtype=np.float32) / temperature, np.zeros(digits + 1, np.float32)
    rubbish[digits] = -distance / temperature
    x = _add(layers.Dense, "rubbish", output, logits, rubbish, units=digits + 1, trainable=False)
    x = _add(layers.Softmax, "posterior", x)
    whole: Any = {"units": digits, "use_bias": False, "trainable": False}
    return _add(layers.Dense, "probabilities", x, np.eye(digits + 1, digits, dtype=np.float32), **whole)
