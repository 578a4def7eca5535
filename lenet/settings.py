"""Settings from environment variables: where files go, and the limits of a public page."""

import os
from pathlib import Path

from lenet.errors import InvalidError

PUBLIC_EPOCHS = 10  # that a page shared by strangers offers unless told otherwise
PUBLIC_SECONDS = 120.0  # of one training there


def home() -> Path:
    """Return the folder of runs and downloads: `LENET_HOME`, else `lenet` in the user's cache folder."""
    if chosen := os.environ.get("LENET_HOME"):
        return Path(chosen).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lenet"


def data_folder() -> Path | None:
    """Return `LENET_DATA`, a folder that holds `MNIST/raw/` as torchvision lays it out, or None if it is not set."""
    chosen = os.environ.get("LENET_DATA")
    return Path(chosen).expanduser() if chosen else None


def max_epochs(limit: int) -> int:
    """Return `LENET_MAX_EPOCHS`, the most epochs that the page offers, 1 to `limit`; by default 10 in public."""
    return int(max(1, min(limit, _number("LENET_MAX_EPOCHS", PUBLIC_EPOCHS if is_public() else limit))))


def max_seconds() -> float:
    """Return `LENET_MAX_SECONDS`, the time limit of one training on the page; by default 120 in public, else none."""
    return _number("LENET_MAX_SECONDS", PUBLIC_SECONDS if is_public() else float("inf"))


def cache_bytes() -> float:
    """Return the size limit of the folder of runs in bytes: `LENET_CACHE_MB` megabytes (default: 1,000)."""
    return 1e6 * _number("LENET_CACHE_MB", 1000)


def is_public() -> bool:
    """Return whether strangers share this page, so that nobody may see or change another's runs.

    `LENET_PUBLIC`, 1 or 0; else only on a Hugging Face Space, which sets `SPACE_ID`.
    """
    return os.environ.get("LENET_PUBLIC", "1" if os.environ.get("SPACE_ID") else "0") not in ("", "0")


def trains_for_programs() -> bool:
    """Return whether programs may train through the page's endpoints: `LENET_PUBLIC_TRAIN`, 1 or 0 (the default)."""
    return os.environ.get("LENET_PUBLIC_TRAIN", "0") not in ("", "0")


def check() -> None:
    """Fail at startup if a setting is invalid. Raises InvalidError."""
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
        raise InvalidError("setting.number", name=name, value=text)
    return value
