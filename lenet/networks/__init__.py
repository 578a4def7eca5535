"""The LeNets, as published, and their registry. Layers carry the names of their papers.

Shapes in comments are (batch, maps, rows, columns).
"""

from lenet.networks import layers

from lenet.networks import modern, lenet1998, lenet1989  # isort: skip - the order of menus
from lenet.networks.base import INPUT_SIDE, OUTLIER, LeNet
from lenet.networks.registry import (
    REGISTRY,
    Entry,
    create,
    entry,
    first_layer_kernels,
    infer,
    parameters,
    register,
    restore,
)

__all__ = [
    "INPUT_SIDE",
    "OUTLIER",
    "REGISTRY",
    "Entry",
    "LeNet",
    "create",
    "entry",
    "first_layer_kernels",
    "infer",
    "layers",
    "lenet1989",
    "lenet1998",
    "modern",
    "parameters",
    "register",
    "restore",
]
