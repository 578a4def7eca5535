"""A visitor's photo -> the input that networks see, and the stages on the way: what the page leaves to the server."""

import base64
from io import BytesIO
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from lenet.digits.geometry import INPUT_SIDE
from lenet.digits.photo import open_picture
from lenet.digits.preprocessing import preprocess_picture
from lenet.errors import InvalidError
from lenet.ui.answers import Answer, answering
from lenet.ui.encoding import encode_grey, encode_uint8
from lenet.ui.threads import slow_slot

MAX_PICTURE = 4_000_000  # characters of base64, 3 MB; the page sends no more than 512x512 pixels


@answering
def photo(message: Any) -> Answer:
    """Preprocess `{"picture": image file in base64}`, or only shrink it if `raw` is true in the message.

    Answer `image`, uint8 (32, 32), `colours`, uint8 (3, 32, 32) or None, `placement` [scale, left, top] of the input on
    the sheet, and `stages`; or `{"image": None}` if nothing is drawn. Raise InvalidError for what is no picture, or
    shows more than one digit.
    """
    if not isinstance(message, dict):
        raise InvalidError("request.picture", limit=MAX_PICTURE)
    with slow_slot(), _open(message.get("picture")) as picture:
        found = preprocess_picture(picture, raw=message.get("raw") is True, colours=True)
    if found is None:
        return {"image": None}
    return {
        "image": encode_uint8(found.image.numpy()),
        "colours": None if found.colours is None else encode_uint8(found.colours.numpy()),
        "placement": [found.scale, found.left, found.top],
        "stages": [encode_grey(stage.name, stage.grey) for stage in found.stages],
    }


def _open(text: Any) -> Image.Image:
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


def parse_image(text: Any) -> Tensor:
    """Decode an input as the page sends it back, 1,024 bytes in base64: uint8 (32, 32). Raise InvalidError for less."""
    try:
        values = base64.b64decode(text, validate=True)
    except (TypeError, ValueError):
        values = b""
    if len(values) != INPUT_SIDE**2:
        raise InvalidError("request.image", length=INPUT_SIDE**2)
    return torch.from_numpy(np.frombuffer(bytearray(values), dtype=np.uint8)).view(INPUT_SIDE, INPUT_SIDE)
