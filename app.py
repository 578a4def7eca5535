"""The page as a program: `python app.py`, or what a Hugging Face Space runs."""

from contextlib import suppress

with suppress(ImportError):
    import spaces  # noqa: F401 - a Space on ZeroGPU wants this before torch

from lenet.errors import LenetError
from lenet.ui import build, launch

try:
    demo = build()
except LenetError as error:
    raise SystemExit(f"lenet: {error}") from None

if __name__ == "__main__":
    launch(demo)
