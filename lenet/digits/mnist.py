"""MNIST as two tensors a split. Looked for in a folder, then downloaded, then replaced by an embedded sample."""

import hashlib
import os
import tempfile
import urllib.request
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad

from lenet.errors import LenetError
from lenet.settings import data_folder, home

CHOICES = ("auto", "mnist", "sample")
HELD_OUT_OF_SAMPLE = 500  # of the sample's 4,000 training digits, kept for validation


@dataclass(frozen=True)
class Digits:
    """Labelled digits: `images` uint8 (N, 32, 32), 0 paper to 255 ink; `labels` int64 (N,), 0 to 9."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: Tensor | slice) -> "Digits":
        return Digits(self.images[index], self.labels[index])

    def to(self, device: torch.device) -> "Digits":
        """The same digits on a device."""
        return Digits(self.images.to(device), self.labels.to(device))


@dataclass(frozen=True)
class Data:
    """A data set in three parts that share no digit.

    `name` is "mnist" or "sample". `notice` tells a person what the figures rest on where that is not MNIST's own test
    set, and is empty where it is. `fingerprint` is the SHA-256 of all that training reads: training and validation.
    """

    name: str
    train: Digits
    validation: Digits
    test: Digits
    notice: str
    fingerprint: str


def load(choice: str = "auto") -> Data:
    """The data set of that name: "mnist", "sample", or "auto" (MNIST where it can be had, else the sample).

    MNIST is read from `LENET_DATA`, else from an earlier download, else downloaded into `LENET_HOME`. LenetError if it
    is asked for by name and cannot be had; ValueError for another name.
    """
    if choice not in CHOICES:
        raise ValueError(f"unknown data {choice!r}; known: {', '.join(CHOICES)}")
    if choice == "sample":
        return _sample()
    try:
        return _mnist(_mnist_folder())
    except LenetError as trouble:
        if choice == "mnist":
            raise
        sample = _sample()
        return Data(**{**vars(sample), "notice": f"{trouble} Using the sample instead. {sample.notice}"})


def at_hand() -> bool:
    """Whether MNIST can be read without a download."""
    return any(_holds_mnist(root) for root in _roots())


def _roots() -> list[Path]:
    chosen = data_folder()
    return [chosen, home() / "data"] if chosen else [home() / "data"]


def _holds_mnist(root: Path) -> bool:
    return (root / "MNIST" / "raw" / "train-images-idx3-ubyte").is_file()


def _mnist_folder() -> Path:
    for root in _roots():
        if _holds_mnist(root):
            return root
    download = home() / "data"
    _download(download)
    return download


def _torchvision_mnist() -> Any:
    try:
        from torchvision.datasets import MNIST  # late: slow to import, and some Spaces lack it
    except ImportError as error:
        raise LenetError(f"MNIST needs torchvision, which cannot be imported here ({error}).") from error
    return MNIST


def _download(root: Path) -> None:
    """Fetch MNIST's four files, checked by torchvision against their MD5, into `root`, wholly or not at all."""
    mnist = _torchvision_mnist()
    try:
        _ask_mirrors(mnist.mirrors, mnist.resources[0][0])
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root, prefix="download-") as folder:
            for train in (True, False):
                mnist(folder, train=train, download=True)
            os.replace(Path(folder) / "MNIST", root / "MNIST")
    except (OSError, RuntimeError) as error:
        if _holds_mnist(root):  # another process was first
            return
        missing = f"LENET_DATA={data_folder()} holds no MNIST/raw/ with its four files. " if data_folder() else ""
        remedy = "Set LENET_DATA to a folder that holds MNIST/raw/, or go online."
        raise LenetError(f"{missing}MNIST could not be downloaded ({error}). {remedy}") from error


def _ask_mirrors(mirrors: list[str], file: str) -> None:
    """OSError within seconds when no mirror answers; torchvision's own download would wait without a limit."""
    for mirror in mirrors:
        try:
            with urllib.request.urlopen(urllib.request.Request(mirror + file, method="HEAD"), timeout=5):
                return
        except OSError as error:
            last = error
    raise last


@cache
def _mnist(root: Path) -> Data:
    mnist = _torchvision_mnist()
    try:
        parts = [mnist(root, train=train) for train in (True, False)]
        train, test = (Digits(_fields(part.data), part.targets) for part in parts)
        held_out = torch.zeros(len(train), dtype=torch.bool)
        held_out[_embedded()["validation"]] = True
    except Exception as error:  # torchvision reads files with bare asserts and index errors
        raise LenetError(
            f"MNIST in {root} cannot be read ({error or type(error).__name__}). Put the four files there again."
        ) from error
    return _data("mnist", train[~held_out], train[held_out], test, notice="")


@cache
def _sample() -> Data:
    arrays = _embedded()
    digits = Digits(_fields(arrays["images"]), arrays["labels"])
    train, test = digits[:4000], digits[4000:]
    notice = (
        "The sample's 1,000 test digits come from MNIST's training part, held out of every training here: "
        "no test figure of MNIST."
    )
    return _data("sample", train[HELD_OUT_OF_SAMPLE:], train[:HELD_OUT_OF_SAMPLE], test, notice)


def _data(name: str, train: Digits, validation: Digits, test: Digits, notice: str) -> Data:
    digest = hashlib.sha256(name.encode())
    for tensor in (train.images, train.labels, validation.images, validation.labels):
        digest.update(tensor.numpy().data)
    return Data(name, train, validation, test, notice, digest.hexdigest())


def _fields(images: Tensor) -> Tensor:
    return pad(images, (2, 2, 2, 2))  # (N, 28, 28) -> (N, 32, 32)


def _embedded() -> dict[str, Tensor]:
    """`sample.npz`, made by tools/sample.py, which tells what its arrays are."""
    with resources.files("lenet.digits").joinpath("sample.npz").open("rb") as file, np.load(file) as arrays:
        types = {"images": np.uint8}
        return {name: torch.from_numpy(arrays[name].astype(types.get(name, np.int64))) for name in arrays.files}
