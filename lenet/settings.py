"""What can be set from outside: where things lie, and the bounds of a public page."""

import os
from pathlib import Path

from lenet.errors import LenetError


def home() -> Path:
    """Folder of runs and downloads: `LENET_HOME`, else `lenet` in the user's cache folder."""
    if chosen := os.environ.get("LENET_HOME"):
        return Path(chosen).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lenet"


def data_folder() -> Path | None:
    """`LENET_DATA`: a folder that holds `MNIST/raw/` as torchvision lays it, or None when not set."""
    chosen = os.environ.get("LENET_DATA")
    return Path(chosen).expanduser() if chosen else None


def max_epochs(limit: int) -> int:
    """`LENET_MAX_EPOCHS`, the most epochs that the page offers, 1 to `limit` (the default)."""
    return int(max(1, min(limit, _number("LENET_MAX_EPOCHS", limit))))


def max_seconds() -> float:
    """`LENET_MAX_SECONDS`, how long one retraining on the page may take; without it, no bound (infinity)."""
    return _number("LENET_MAX_SECONDS", float("inf"))


def cache_bytes() -> float:
    """`LENET_CACHE_MB`, how large the folder of runs may grow, in megabytes (default: 1,000); here in bytes."""
    return 1e6 * _number("LENET_CACHE_MB", 1000)


def is_public() -> bool:
    """Whether strangers share this page, and so nobody may see or change another's runs.

    `LENET_PUBLIC`, 1 or 0; else only on a Hugging Face Space, which sets `SPACE_ID`.
    """
    return os.environ.get("LENET_PUBLIC", "1" if os.environ.get("SPACE_ID") else "0") not in ("", "0")


def check() -> None:
    """LenetError where a number that was set is none, so that it is said at the start."""
    max_epochs(1)
    max_seconds()
    cache_bytes()


def _number(name: str, default: float) -> float:
    text = os.environ.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not value > 0:
        raise LenetError(f"{name}={text} is not a number above 0. Set it to one, or unset it.")
    return value
