"""MNIST, two tensors a part: read from a folder, else downloaded, else replaced by an embedded sample."""

import os
import tempfile
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad

from lenet.digits import pens
from lenet.digits.data import Data, Digits, make_data
from lenet.digits.download import Heard, fetch
from lenet.digits.geometry import IMAGE_SIDE, MARGIN
from lenet.errors import InvalidError, LenetError
from lenet.settings import data_folder, home
from lenet.texts import Message

CHOICES = ("auto", "mnist", "mnist+pens", "sample")
RAW_FILES = tuple(
    f"{part}-ubyte" for part in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
)
SIZE = 11_594_722  # bytes of the four, compressed
SAMPLE_VALIDATION = 500  # of the sample's 4,000 training digits


def load(choice: str = "auto") -> Data:
    """Load "mnist", "mnist+pens", "sample", or "auto": MNIST if it is available, else the sample.

    "mnist+pens" has digits of real pens among its training digits; see `lenet.digits.pens`.

    MNIST is read from `LENET_DATA`, else from an earlier download, else downloaded into `LENET_HOME`. It is looked for
    anew at each call, and kept in memory once read. Raise LenetError if MNIST is asked for and not available,
    InvalidError for another name.
    """
    if choice not in CHOICES:
        raise InvalidError("data.unknown", name=choice, known=CHOICES)
    if choice == "sample":
        return _sample()
    if choice == "mnist+pens":
        return pens.add_to(load("mnist"))
    try:
        return _mnist(_folder() or download())
    except LenetError as trouble:
        if choice == "mnist":
            raise
        return fall_back(trouble)


def fall_back(trouble: LenetError) -> Data:
    """The sample, whose notice tells why MNIST could not be had."""
    sample = _sample()
    return replace(sample, notice=(trouble.message, Message("data.fallback"), *sample.notice))


def at_hand() -> bool:
    """Say whether MNIST can be read without a download, as of now."""
    return _folder() is not None


def load_at_hand() -> Data:
    """Load MNIST if it can be read without a download, as of now, else the sample."""
    return load("mnist" if at_hand() else "sample")


def _roots() -> list[Path]:
    chosen = data_folder()
    return [chosen, home() / "data"] if chosen else [home() / "data"]


def _holds_mnist(root: Path) -> bool:
    return all((root / "MNIST" / "raw" / file).is_file() for file in RAW_FILES)


def _folder() -> Path | None:
    return next((root for root in _roots() if _holds_mnist(root)), None)


def _torchvision_mnist() -> Any:
    try:
        from torchvision.datasets import MNIST  # late: slow to import, and some Spaces lack it
    except ImportError as error:
        raise LenetError("data.torchvision", error=str(error)) from error
    return MNIST


def download(heard: Heard = lambda came: None) -> Path:
    """Fetch MNIST's four files, checked against their MD5, wholly or not at all, and return the folder.

    `heard` is told the bytes that came so far, of `SIZE`. LenetError if they cannot be had; every wait has its limit.
    """
    mnist, root = _torchvision_mnist(), home() / "data"
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root, prefix="download-") as folder:
            raw = Path(folder) / "MNIST" / "raw"
            raw.mkdir(parents=True)
            fetch(mnist.mirrors, mnist.resources, raw, heard)
            os.replace(raw.parent, root / "MNIST")
    except OSError as error:
        if _holds_mnist(root):  # another process was first
            return root
        reason = error.strerror or str(error)
        if chosen := data_folder():
            raise LenetError("data.missing", folder=str(chosen), error=reason) from error
        raise LenetError("data.download", error=reason) from error
    return root


@cache
def _mnist(root: Path) -> Data:
    mnist = _torchvision_mnist()
    try:
        parts = [mnist(root, train=train) for train in (True, False)]
        train, test = (_checked(part.data, part.targets) for part in parts)
        held_out = torch.zeros(len(train), dtype=torch.bool)
        held_out[_embedded()["validation"]] = True
    except Exception as error:  # torchvision reads files with bare asserts and index errors
        raise LenetError("data.damaged", folder=str(root), error=str(error) or type(error).__name__) from error
    return make_data("mnist", train[~held_out], train[held_out], test)


@cache
def _sample() -> Data:
    arrays = _embedded()
    digits = Digits(_add_margin(arrays["images"]), arrays["labels"])
    train, test = digits[:4000], digits[4000:]
    held_out = Message("data.sample_notice", {"number": len(test)})
    return make_data("sample", train[SAMPLE_VALIDATION:], train[:SAMPLE_VALIDATION], test, held_out)


def _checked(images: Tensor, labels: Tensor) -> Digits:
    """Digits with their margin. ValueError for what has the form of a data file, but not the content."""
    if images.shape != (len(labels), IMAGE_SIDE, IMAGE_SIDE) or images.dtype != torch.uint8:
        raise ValueError(f"{tuple(images.shape)} images of {len(labels)} labels")
    if labels.dim() != 1 or not 0 <= int(labels.min()) <= int(labels.max()) <= 9:
        raise ValueError("a label is not a digit from 0 to 9")
    return Digits(_add_margin(images), labels)


def _add_margin(images: Tensor) -> Tensor:
    return pad(images, [MARGIN] * 4)  # (N, 28, 28) -> (N, 32, 32)


def _embedded() -> dict[str, Tensor]:
    """Read `sample.npz`; tools/sample.py, which makes it, says what its arrays are."""
    with resources.files("lenet.digits").joinpath("sample.npz").open("rb") as file, np.load(file) as arrays:
        types = {"images": np.uint8}
        return {name: torch.from_numpy(arrays[name].astype(types.get(name, np.int64))) for name in arrays.files}
