"""The LeNets, as published, and their registry. Layers carry the names of their papers.

Shapes in comments are (batch, maps, rows, columns).
"""

from lenet.networks import modern, original, parts, zipcode
from lenet.networks.base import FIELD, RUBBISH, LeNet
from lenet.networks.registry import REGISTRY, Entry, create, entry, first_kernels, infer, parameters, register, restore

__all__ = [
    "FIELD",
    "REGISTRY",
    "RUBBISH",
    "Entry",
    "LeNet",
    "create",
    "entry",
    "first_kernels",
    "infer",
    "modern",
    "original",
    "parameters",
    "parts",
    "register",
    "restore",
    "zipcode",
]
