"""A visitor's own digits as the page sends them to be taught: they are in memory for as long as that takes."""

import base64
import binascii
from typing import Any

import torch

from lenet.digits import mine
from lenet.digits.data import Digits
from lenet.digits.geometry import IMAGE_SIDE, MARGIN
from lenet.errors import InvalidError
from lenet.runs import models
from lenet.training import teach
from lenet.training.recipe import Recipe

BYTES = IMAGE_SIDE**2  # of an image


def parse(message: Any) -> Digits:
    """Turn `{"labels": "07…", "images": base64}` into digits: one figure and 28x28 bytes of grey for each.

    These are the inputs that the browser has made of the drawings, to the last bit as `lenet.digits` makes them. Raise
    InvalidError for anything else, for more than 500 digits, or too few.
    """
    labels, images = (message.get(name) if isinstance(message, dict) else None for name in ("labels", "images"))
    if not (isinstance(labels, str) and isinstance(images, str) and labels.isascii() and labels.isdigit()):
        raise InvalidError("request.teach")
    if len(labels) > mine.MOST:
        raise InvalidError("mine.too_many", most=mine.MOST)
    try:
        content = base64.b64decode(images, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if len(content) != BYTES * len(labels):
        raise InvalidError("request.teach")
    pixels = torch.frombuffer(bytearray(content), dtype=torch.uint8).view(-1, IMAGE_SIDE, IMAGE_SIDE)
    digits = mine.merge(zip(map(int, labels), torch.nn.functional.pad(pixels, [MARGIN] * 4), strict=True))
    teach.check(digits)
    return digits


def recipe(digits: Digits, data: str, model: str) -> Recipe:
    """The recipe that teaches a model some digits among those of that data. UnknownModelError if the model is gone."""
    start = models.resolve(model)
    return teach.recipe(models.load_run(start).recipe.network, start, data, digits)
