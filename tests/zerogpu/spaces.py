"""Stands in for the package `spaces` as it is on ZeroGPU; a folder for a program's PYTHONPATH."""

import sys
from typing import Any

if "torch" in sys.modules:
    raise RuntimeError("torch was imported before spaces")

from lending import GPU, patch

__all__ = ["GPU", "gradio_auto_wrap"]


def gradio_auto_wrap(handler: Any) -> Any:
    """What Gradio does to every handler on a Space: nothing, unless it is told to."""
    return handler


patch()
