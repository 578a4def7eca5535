"""Gradients of the network of 1998 for one pattern at a time, in NumPy.

One pattern is a tenth of a millisecond of arithmetic, and PyTorch spends more than a millisecond on it: with 55,000
steps a pass, that is the difference between minutes and an hour. The weights are the network's own, viewed as NumPy
arrays. Shapes are (maps, rows, columns); names of derivatives of the loss begin with `g_`.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from torch import Tensor

from lenet.networks import OUTLIER
from lenet.networks.lenet1998 import LeNet1998

Array = np.ndarray[Any, np.dtype[np.float32]]

AMPLITUDE = 1.7159  # of the squashing function, whose slope at 0 is 2/3 of that


class SinglePattern:
    """Computes the gradients of a network's loss, equation 9, for one pattern; the network is on the CPU."""

    def __init__(self, network: LeNet1998) -> None:
        self.weights: dict[str, Array] = {name: w.detach().numpy() for name, w in network.named_parameters()}
        assert all(w.flags.c_contiguous for w in self.weights.values()), "reshaping must not copy them"
        self.gradients: dict[str, Array] = {name: np.empty(w.shape, np.float32) for name, w in self.weights.items()}
        self.codes: Array = network.output.codes.numpy()
        self.table = network.C3.targets.numpy(), network.C3.sources.numpy()
        self.rubbish = network.J  # squared distance of the rubbish class

    def backward(self, x: Tensor, label: int) -> Array:
        """Fill `gradients` from one preprocessed image (1, 32, 32). Returns its logits (10,)."""
        w, g = self.weights, self.gradients
        dense = np.zeros((16, 6, 25), np.float32)
        dense[self.table] = w["C3.kernels"].reshape(-1, 25)
        kernels = dense.reshape(16, 150)

        c1_patches = _patches(x.numpy())  # (25, 784)
        c1 = _squash(w["C1.weight"].reshape(6, 25) @ c1_patches + w["C1.bias"][:, None])
        s2_sums = _blocks(c1, 14)
        s2 = _squash(s2_sums * w["S2.weight"][:, None, None] + w["S2.bias"][:, None, None])
        c3_patches = _patches(s2)  # (150, 100)
        c3 = _squash(kernels @ c3_patches + w["C3.bias"][:, None])
        s4_sums = _blocks(c3, 5)
        s4 = _squash(s4_sums * w["S4.weight"][:, None, None] + w["S4.bias"][:, None, None])
        c5 = _squash(w["C5.weight"].reshape(120, 400) @ s4.ravel() + w["C5.bias"])
        f6 = _squash(w["F6.weight"] @ c5 + w["F6.bias"])
        distances = np.square(f6 - self.codes).sum(1)

        evidence = np.exp(min(self.rubbish, distances.min()) - np.append(distances, np.float32(self.rubbish)))
        g_distances = -(evidence / evidence.sum())[:OUTLIER]
        if label != OUTLIER:
            g_distances[label] += 1
        g_f6 = 2 * (g_distances.sum() * f6 - g_distances @ self.codes) * _slope(f6)
        np.outer(g_f6, c5, out=g["F6.weight"])
        g["F6.bias"][:] = g_f6
        g_c5 = (g_f6 @ w["F6.weight"]) * _slope(c5)
        np.outer(g_c5, s4.ravel(), out=g["C5.weight"].reshape(120, 400))
        g["C5.bias"][:] = g_c5
        g_s4 = (g_c5 @ w["C5.weight"].reshape(120, 400)).reshape(16, 5, 5) * _slope(s4)
        g_c3 = self._subsampling("S4", s4_sums, g_s4) * _slope(c3)
        g["C3.kernels"][:] = (g_c3 @ c3_patches.T).reshape(16, 6, 5, 5)[self.table]
        g["C3.bias"][:] = g_c3.sum(1)
        g_s2 = _fold(kernels.T @ g_c3, s2.shape) * _slope(s2)
        g_c1 = self._subsampling("S2", s2_sums, g_s2) * _slope(c1)
        g["C1.weight"][:] = (g_c1 @ c1_patches.T).reshape(6, 1, 5, 5)
        g["C1.bias"][:] = g_c1.sum(1)
        return -distances

    def _subsampling(self, layer: str, sums: Array, g_output: Array) -> Array:
        """Back through a subsampling layer: fill its gradients, return those of its input (maps, positions)."""
        self.gradients[f"{layer}.weight"][:] = (g_output * sums).sum((1, 2))
        self.gradients[f"{layer}.bias"][:] = g_output.sum((1, 2))
        g_sums = g_output * self.weights[f"{layer}.weight"][:, None, None]
        return g_sums.repeat(2, axis=1).repeat(2, axis=2).reshape(len(g_output), -1)


def _squash(a: Array) -> Array:
    return np.float32(AMPLITUDE) * np.tanh(np.float32(2 / 3) * a)


def _slope(y: Array) -> Array:
    """Derivative of the squashing function, from its value."""
    return np.float32(2 / 3 / AMPLITUDE) * (np.float32(AMPLITUDE**2) - y * y)


def _patches(maps: Array) -> Array:
    """Receptive field of each unit of a 5x5 convolution, a column a unit: (maps * 25, positions)."""
    windows = sliding_window_view(maps, (5, 5), (1, 2))
    return windows.transpose(0, 3, 4, 1, 2).reshape(25 * len(maps), -1)


def _fold(columns: Array, shape: tuple[int, ...]) -> Array:
    """The transpose of `_patches`: add each value to the position in the maps that it was taken from."""
    maps = np.zeros(shape, np.float32)
    side = shape[1] - 4
    parts = columns.reshape(shape[0], 5, 5, side, side)
    for row in range(5):
        for column in range(5):
            maps[:, row : row + side, column : column + side] += parts[:, row, column]
    return maps


def _blocks(maps: Array, side: int) -> Array:
    """Sums over 2x2 blocks (maps, side, side)."""
    return maps.reshape(len(maps), side, 2, side, 2).sum((2, 4))
