"""Digits of somebody's own, as files, as data, and as the page sends them."""

import base64
import json
from collections.abc import Iterable
from pathlib import Path

from lenet.digits import mine
from lenet.digits.data import Digits
from lenet.digits.geometry import MARGIN
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing


def write(file: Path, drawings: Iterable[object]) -> Path:
    file.write_text("".join(f"{json.dumps(drawing)}\n" for drawing in drawings))
    return file


def digits(drawings: Iterable[dict]) -> Digits:
    return mine.merge((drawing["label"], preprocess_drawing(parse_drawing(drawing)).image) for drawing in drawings)


def sent(digits: Digits) -> dict[str, str]:
    """As the page sends them."""
    images = digits.images[:, MARGIN:-MARGIN, MARGIN:-MARGIN].contiguous().numpy().tobytes()
    return {"labels": "".join(map(str, digits.labels.tolist())), "images": base64.b64encode(images).decode()}
