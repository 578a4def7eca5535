"""The LeNets, as published, and their registry. Layers carry the names of their papers.

Shapes in comments are (batch, maps, rows, columns).
"""

from lenet.networks import modern, lenet1998, lenet1989  # isort: skip - the order of menus
from lenet.networks.base import OUTLIER, REJECTED, LeNet
from lenet.networks.inference import infer
from lenet.networks.registry import REGISTRY, Entry, create, entry, parameters, register, restore

__all__ = [
    "OUTLIER",
    "REGISTRY",
    "REJECTED",
    "Entry",
    "LeNet",
    "create",
    "entry",
    "infer",
    "lenet1989",
    "lenet1998",
    "modern",
    "parameters",
    "register",
    "restore",
]
