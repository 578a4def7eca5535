"""Labelled digits, and a data set made of them."""

import hashlib
from dataclasses import dataclass

import torch
from torch import Tensor

from lenet.texts import Message


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
        """Copy the digits to a device, unless they are there."""
        return Digits(self.images.to(device), self.labels.to(device))


@dataclass(frozen=True)
class Data:
    """A data set in three parts that share no digit.

    `name` is "mnist", "mnist+pens" or "sample". `notice` says what the figures are measured on if that is not MNIST's
    own test set, and is empty if it is. `fingerprint` is the SHA-256 of training and validation digits. `mine` are
    one's own digits, to be taught: see `lenet.training.teach`.
    """

    name: str
    train: Digits
    validation: Digits
    test: Digits
    notice: tuple[Message, ...]
    fingerprint: str
    mine: Digits | None = None


def make_data(name: str, train: Digits, validation: Digits, test: Digits, *notice: Message) -> Data:
    """Put a data set together, with its fingerprint."""
    digest = hashlib.sha256(name.encode())
    for tensor in (train.images, train.labels, validation.images, validation.labels):
        digest.update(tensor.numpy().data)
    return Data(name, train, validation, test, notice, digest.hexdigest())


def join(*parts: Digits) -> Digits:
    """Put digits together."""
    return Digits(torch.cat([part.images for part in parts]), torch.cat([part.labels for part in parts]))


def tested_on(name: str) -> str:
    """The name of the data set whose test digits the one of that name has: pens are only trained with."""
    return name.removesuffix("+pens")
