"""A message of the page, checked: which model is asked, what is drawn, and what else the answer is to hold."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from reprlib import repr as shortened
from typing import Any

from PIL import Image
from torch import Tensor

from lenet.digits.photo import open_picture
from lenet.digits.preprocessing import Preprocessed, preprocess_drawing, preprocess_picture
from lenet.digits.strokes import parse_drawing
from lenet.errors import InvalidError
from lenet.networks import LeNet

VERSION = 1  # of the message
MAX_PICTURE = 4_000_000  # characters of base64, 3 MB; the page sends no more than 512x512 pixels


@dataclass(frozen=True)
class Question:
    """What is asked of a drawing: which model, and what its answer is to hold besides the prediction.

    `saliency` is a digit, `unit` a unit as [layer, map, row, column] from 1, `previous` a model to compare with; each
    None if it is not asked for.
    """

    model: str
    saliency: int | None = None
    unit: list[Any] | None = None
    previous: str | None = None


def parse_question(message: Any) -> Question:
    """Check `{"version": 1, "model": name, "saliency"?, "unit"?, "previous"?}`. Raise InvalidError for another form."""
    if not isinstance(message, dict) or message.get("version") != VERSION or not isinstance(message.get("model"), str):
        raise InvalidError("request.read", version=VERSION)
    saliency, unit, previous = (message.get(name) for name in ("saliency", "unit", "previous"))
    if saliency is not None and (type(saliency) is not int or saliency not in range(10)):
        raise InvalidError("request.saliency", value=shortened(saliency))
    if unit is not None and not (isinstance(unit, list) and len(unit) == 4):
        raise InvalidError("request.unit", value=shortened(unit))
    if previous is not None and not isinstance(previous, str):
        raise InvalidError("request.previous", value=shortened(previous))
    return Question(message["model"], saliency, unit, previous)


def has_drawing(message: Mapping[str, Any]) -> bool:
    """Whether a message holds strokes or a picture, well formed or not."""
    return "strokes" in message or "picture" in message


def preprocess(message: Mapping[str, Any], colours: bool = False) -> Preprocessed | None:
    """Preprocess a message's `strokes` or `picture`, an image file in base64; None if nothing is drawn.

    With `raw` true in the message, only shrink it. With `colours`, keep those of a picture too. Raise InvalidError for
    what is no drawing, or no picture of one digit.
    """
    raw = message.get("raw") is True
    if "picture" in message:
        with _open_picture(message["picture"]) as image:
            return preprocess_picture(image, raw, colours)
    return preprocess_drawing(parse_drawing(message), raw)


def input_of(network: LeNet, drawn: Preprocessed) -> Tensor:
    """The image that a network is to see: in colour, uint8 (3, 32, 32), if it can and there is one; else (32, 32)."""
    return drawn.image if drawn.colours is None or network.input[0] == 1 else drawn.colours


def _open_picture(text: Any) -> Image.Image:
    if not isinstance(text, str) or len(text) > MAX_PICTURE:
        raise InvalidError("request.picture", limit=MAX_PICTURE)
    try:
        image = open_picture(BytesIO(base64.b64decode(text, validate=True)))
        image.load()
    except InvalidError:
        raise
    except Exception as error:  # what Pillow's readers raise on a damaged file is anybody's guess
        raise InvalidError("photo.damaged") from error
    return image
