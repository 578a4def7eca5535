"""Files of pictures or drawings -> inputs; one bad file or line leaves the others alone."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import UnidentifiedImageError
from torch import Tensor

from lenet.digits import photo
from lenet.digits.preprocessing import Preprocessed, preprocess_drawing, preprocess_picture
from lenet.digits.strokes import parse_drawing
from lenet.errors import InvalidError, LenetError

Answer = tuple[str, Tensor | LenetError | None]


def read_images(file: Path, channels: int = 1) -> Iterator[Answer]:
    """Yield (source, image) for each digit in a picture or a .jsonl file of drawings: uint8 (32, 32).

    With three `channels`, an image is (3, 32, 32), a picture's in its colours. `source` is the file's name, with the
    line's number for a drawing. In place of an image stands None if nothing is drawn, or an error that says why there
    is none; nothing is raised.
    """
    try:
        if file.suffix.lower() == ".jsonl":
            with file.open(encoding="utf-8-sig", errors="replace") as lines:
                yield from _read_drawings(str(file), lines, channels)
        else:
            with photo.open_picture(file) as picture:
                yield str(file), _image(preprocess_picture(picture, colours=channels == 3), channels)
    except FileNotFoundError:
        yield str(file), LenetError("file.missing")
    except UnidentifiedImageError:
        yield str(file), LenetError("file.empty" if file.stat().st_size == 0 else "file.unknown")
    except IsADirectoryError:
        yield str(file), LenetError("file.folder")
    except LenetError as error:
        yield str(file), error
    except Exception as error:  # what Pillow's readers raise on a damaged file is anybody's guess
        yield str(file), LenetError("file.damaged", error=str(error) or type(error).__name__)


def _read_drawings(name: str, lines: Iterable[str], channels: int) -> Iterator[Answer]:
    found = False
    for number, line in enumerate(lines, 1):
        if line.strip():
            found = True
            yield f"{name}:{number}", _read_drawing(line, channels)
    if not found:
        yield name, LenetError("file.empty")


def _read_drawing(line: str, channels: int) -> Tensor | LenetError | None:
    try:
        return _image(preprocess_drawing(parse_drawing(json.loads(line))), channels)
    except InvalidError as error:
        return error
    except (ValueError, RecursionError) as error:
        return InvalidError("file.json", error=str(error))


def _image(found: Preprocessed | None, channels: int) -> Tensor | None:
    if found is None or channels == 1:
        return None if found is None else found.image
    return found.image.expand(3, -1, -1) if found.colours is None else found.colours
