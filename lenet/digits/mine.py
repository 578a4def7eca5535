"""Digits with labels that people drew themselves: to teach a network with, and to test one on."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from lenet.digits.data import Digits
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing, shown
from lenet.errors import InvalidError, LenetError
from lenet.texts import Message

MOST = 500  # digits
FORMAT = 1  # of a line of a file, which may say so: a newer one may mean something else


def read_files(files: Iterable[Path]) -> Digits:
    """Read .jsonl files of drawings, each with its `label`: `{"strokes": [[[x, y], ...], ...], "label": 7}`.

    InvalidError that names file and line for one that is no such drawing, has another `format` than 1, or if there are
    more than 500 digits, or none. OSError if a file cannot be read.
    """
    return merge(digit for file in files for digit in _read_file(file))


def merge(digits: Iterable[tuple[int, Tensor]]) -> Digits:
    """Put labels and their images, uint8 (32, 32), together, each once, in an order of their own.

    So the same digits are the same data, wherever they come from. InvalidError if there are none, or more than 500.
    """
    found: dict[tuple[int, bytes], Tensor] = {}
    for label, image in digits:
        found[label, image.numpy().tobytes()] = image
        if len(found) > MOST:
            raise InvalidError("mine.too_many", most=MOST)
    if not found:
        raise InvalidError("mine.none")
    keys = sorted(found)
    return Digits(torch.stack([found[key] for key in keys]), torch.tensor([label for label, _ in keys]))


def fingerprint(digits: Digits) -> str:
    """SHA-256 of digits as `merge` puts them together."""
    digest = hashlib.sha256(digits.labels.numpy().tobytes())
    digest.update(digits.images.numpy().data)
    return digest.hexdigest()


def counts(digits: Digits) -> tuple[int, ...]:
    """How many there are of each class, 0 to 9."""
    return tuple(torch.bincount(digits.labels, minlength=10).tolist())


def _read_file(file: Path) -> Iterator[tuple[int, Tensor]]:
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield _read_line(line)
            except LenetError as error:
                raise InvalidError("mine.line", source=f"{file}:{number}", reason=str(error).rstrip(".")) from error


def _read_line(line: str) -> tuple[int, Tensor]:
    try:
        drawing = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidError("file.json", error=str(error)) from error
    if isinstance(drawing, Mapping) and drawing.get("format", FORMAT) != FORMAT:
        raise InvalidError("mine.newer", format=shown(drawing["format"]))
    found = preprocess_drawing(parse_drawing(drawing))
    if found is None:
        raise InvalidError("mine.nothing_drawn")
    return _parse_label(drawing.get("label")), found.image


def _parse_label(label: Any) -> int:
    if type(label) is not int or label not in range(10):
        raise InvalidError("mine.label", value=Message("mine.missing") if label is None else shown(label))
    return label
