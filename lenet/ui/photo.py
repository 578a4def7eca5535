"""A visitor's photo -> the input that networks see, and the stages on the way: what the page leaves to the server."""

import base64
import json
import subprocess
import sys
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from lenet.digits import picture
from lenet.digits.geometry import INPUT_SIDE
from lenet.digits.preprocessing import preprocess_picture
from lenet.errors import InvalidError
from lenet.ui.answers import Answer, answering
from lenet.ui.encoding import encode_grey, encode_uint8
from lenet.ui.threads import photo_turn

MAX_PICTURE = 5_900_000  # characters of base64: of any PNG of `picture.MAX_PIXELS`
LONGEST = 2.0  # seconds that decoding may take; 512x512 pixels take a tenth


@answering
def photo(message: Any) -> Answer:
    """Preprocess `{"picture": image file in base64}`, or only shrink it if `raw` is true in the message.

    Answer `image`, uint8 (32, 32), `colours`, uint8 (3, 32, 32) or None, `placement` [scale, left, top] of the input on
    the sheet, and `stages`; or `{"image": None}` if nothing is drawn. Raise InvalidError for what is no picture, or
    shows more than one digit.
    """
    if not isinstance(message, dict):
        raise InvalidError("request.picture", limit=MAX_PICTURE)
    with photo_turn():
        found = preprocess_picture(decode(message.get("picture")), raw=message.get("raw") is True, colours=True)
    if found is None:
        return {"image": None}
    return {
        "image": encode_uint8(found.image.numpy()),
        "colours": None if found.colours is None else encode_uint8(found.colours.numpy()),
        "placement": [found.scale, found.left, found.top],
        "stages": [encode_grey(stage.name, stage.grey) for stage in found.stages],
    }


def decode(text: Any) -> Image.Image:
    """Decode a picture in base64, in a process that is ended after LONGEST seconds. Raise InvalidError for no picture.

    It is opened as `lenet.digits.picture` says.
    """
    if not isinstance(text, str) or len(text) > MAX_PICTURE:
        raise InvalidError("request.picture", limit=MAX_PICTURE)
    try:
        content = base64.b64decode(text, validate=True)
        process = subprocess.run(
            [sys.executable, "-I", picture.__file__], input=content, capture_output=True, timeout=LONGEST, check=True
        )
    except (ValueError, subprocess.SubprocessError) as error:  # no base64; ended, or out of memory
        raise InvalidError("photo.damaged") from error
    head, _, pixels = process.stdout.partition(b"\n")
    about = json.loads(head)
    if "error" in about:
        raise InvalidError(about["error"], **about["values"])
    return Image.frombytes(about["mode"], tuple(about["size"]), pixels)


def parse_image(text: Any) -> Tensor:
    """Decode an input as the page sends it back, 1,024 bytes in base64: uint8 (32, 32). Raise InvalidError for less."""
    try:
        values = base64.b64decode(text, validate=True)
    except (TypeError, ValueError):
        values = b""
    if len(values) != INPUT_SIDE**2:
        raise InvalidError("request.image", length=INPUT_SIDE**2)
    return torch.from_numpy(np.frombuffer(bytearray(values), dtype=np.uint8)).view(INPUT_SIDE, INPUT_SIDE)
