"""Stands in for the package `spaces` as it is on ZeroGPU; a folder for a program's PYTHONPATH."""

import sys

if "torch" in sys.modules:
    raise RuntimeError("torch was imported before spaces")

from lending import GPU, patch

__all__ = ["GPU"]
patch()
