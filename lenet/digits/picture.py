"""Decoding a stranger's picture where it can be ended: `python picture.py < FILE` in a process of its own.

A file of 200 kB can hold a core for half a minute, or claim gigabytes. So only three formats are tried, size and scans
are counted before a pixel is decoded, and the process has a limit of memory; whoever starts it sets that of time. The
answer on stdout is one line of JSON, `{"mode", "size"}` or `{"error", "values"}`, and then the pixels. This file
imports nothing of lenet, for the process would wait for PyTorch.
"""

import json
import sys
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")
MAX_PIXELS = 1_000_000  # the page itself sends no more than 512x512
MAX_SCANS = 40  # of a progressive JPEG, each of which walks over all pixels; cameras and programs write about ten
SIDE = 512  # pixels, longer side of what is given back
MEMORY = 1 << 30  # bytes of the process, Python's own among them


class RefusedError(Exception):
    """A picture that is not decoded; a key of the table of texts and its values."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def decode(content: bytes) -> Image.Image:
    """Decode a picture: upright, at most 512 pixels a side, of mode L, RGB, RGBA, or I where it has 16 bits a value.

    Raise RefusedError for what is none of the three formats, too large or damaged.
    """
    try:
        image: Image.Image = Image.open(BytesIO(content), formats=FORMATS)
        pixels = image.width * image.height
        if pixels > MAX_PIXELS:
            raise RefusedError("photo.size", width=image.width, height=image.height, limit=MAX_PIXELS)
        if image.format in ("JPEG", "MPO") and content.count(b"\xff\xda") > MAX_SCANS:
            raise RefusedError("photo.damaged")
        image = ImageOps.exif_transpose(image)
        if image.mode.startswith("I"):
            return image.convert("I")
        transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
        image = image.convert("RGBA" if transparent else "L" if image.mode in ("1", "L") else "RGB")
    except RefusedError:
        raise
    except Exception as error:  # what Pillow's readers raise on a damaged file is anybody's guess
        raise RefusedError("photo.damaged") from error
    image.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return image


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Answer for the picture on stdin."""
    _limit_memory()
    pixels = b""
    try:
        image = decode(sys.stdin.buffer.read())
        head: dict[str, Any] = {"mode": image.mode, "size": image.size}
        pixels = image.tobytes()
    except RefusedError as refused:
        head = {"error": refused.key, "values": refused.values}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + pixels)


if __name__ == "__main__":
    main()
