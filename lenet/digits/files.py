"""Files of pictures or drawings -> fields, one bad file never spoiling the others."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from torch import Tensor

from lenet.digits import ink
from lenet.errors import LenetError

Answer = tuple[str, Tensor | Exception | None]


def fields(file: Path, channels: int = 1) -> Iterator[Answer]:
    """Of every digit in a picture or a .jsonl file of drawings its source and its field, uint8 (32, 32).

    For a network of three `channels` it is (3, 32, 32), a picture's in its colours.
    In place of the field stands None where nothing is drawn, or an exception that says why it cannot be read.
    """
    try:
        if file.suffix.lower() == ".jsonl":
            with file.open(encoding="utf-8-sig", errors="replace") as lines:
                for source, field in _drawings(str(file), lines):
                    yield source, field.expand(3, -1, -1) if channels == 3 and isinstance(field, Tensor) else field
        else:
            with Image.open(file) as image:
                yield str(file), ink.from_colours(image) if channels == 3 else ink.from_picture(image)
    except FileNotFoundError:
        yield str(file), LenetError("there is no such file")
    except UnidentifiedImageError:
        empty = file.stat().st_size == 0
        yield str(file), LenetError("the file is empty" if empty else "not a picture that can be read, nor .jsonl")
    except IsADirectoryError:
        yield str(file), LenetError("that is a folder; name the files in it")
    except Exception as error:  # what Pillow's readers raise on a damaged file is anybody's guess
        yield str(file), error


def _drawings(name: str, lines: Iterable[str]) -> Iterator[Answer]:
    found = False
    for number, line in enumerate(lines, 1):
        if line.strip():
            found = True
            try:
                yield f"{name}:{number}", ink.from_strokes(ink.parse(json.loads(line)))
            except (ValueError, RecursionError) as error:
                yield f"{name}:{number}", error
    if not found:
        yield name, LenetError("the file is empty")
