"""A picture of a digit -> its ink alone: polarity found, paper and shadows removed.

Whatever the paper's tone and light, ink is 0 where there is paper and up to 255 where there is ink.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from lenet.digits import picture
from lenet.errors import InvalidError

FORMATS = (*picture.FORMATS, "BMP", "GIF", "TIFF")  # not EPS and the like, which start other programs
MAX_PIXELS = 50_000_000  # of a picture: a phone's photo passes, a decompression bomb does not
OPAQUE_SIDE = 1024  # pixels, longer side to which a picture is shrunk before any arithmetic with its transparency
SIDE = 256  # pixels, longer side after downscaling: enough for a digit a tenth as large, and noise averages out
AS_IS = 32  # a picture no larger than this is a digit already cut out, whose faintest grey counts
FAINT = 0.12  # a picture whose strongest ink is under this fraction of full contrast has nothing drawn on it
FLOOR = 0.25  # in a photo, what is below this fraction of the strongest ink is a trace of paper, blur or compression
SPECK = 0.04  # what hangs together in less than this fraction of the largest piece of ink is no part of a digit
THIN = 0.1  # strokes thinner than this fraction of the digit's longer side are made as thick: 2 of 20 pixels

Values = NDArray[np.float32]


def open_picture(file: Path) -> Image.Image:
    """Open one's own picture, a PNG, JPEG, WebP, BMP, GIF or TIFF, without decoding its pixels yet.

    Raise InvalidError if it has more than 50,000,000 pixels, and whatever Pillow raises for a file that is no picture.
    """
    try:
        image = Image.open(file, formats=FORMATS)
    except Image.DecompressionBombError as error:  # Pillow does not even open it
        raise InvalidError("photo.too_large", limit=MAX_PIXELS) from error
    try:
        check_size(image)
    except InvalidError:
        image.close()
        raise
    return image


def check_size(image: Image.Image) -> None:
    """Raise InvalidError if a picture has more than 50,000,000 pixels. Its pixels need not be decoded yet."""
    if image.width * image.height > MAX_PIXELS:
        raise InvalidError("photo.size", width=image.width, height=image.height, limit=MAX_PIXELS)


def to_opaque(image: Image.Image) -> Image.Image:
    """Decode a picture: upright, as its camera says, with 8 bits a value, and on paper where it is transparent."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):  # 16 or 32 bits: stretch the range that is used to 8
        image = image.convert("F")
        image.thumbnail((OPAQUE_SIDE, OPAQUE_SIDE), Image.Resampling.BOX)
        values = np.asarray(image, dtype=np.float64)
        values = (values - values.min()) * (255 / max(np.ptp(values), 1e-9))
        return Image.fromarray(values.astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image.thumbnail((OPAQUE_SIDE, OPAQUE_SIDE), Image.Resampling.BOX)
        grey, alpha = (np.asarray(band, dtype=np.float64) for band in (image.convert("L"), image.getchannel("A")))
        light = (grey * alpha).sum() > 127 * alpha.sum()  # ink as light as paper would be invisible on white
        back = Image.new("RGBA", image.size, "black" if light and alpha.min() < 128 else "white")
        return Image.alpha_composite(back, image)
    return image


def extract_ink(image: Image.Image) -> NDArray[np.uint8] | None:
    """Find the ink of an opaque picture (see `to_opaque`): uint8 (rows, columns), at most 256 a side, or None.

    Raise InvalidError if the picture shows more than one digit.
    """
    grey = image.convert("L")
    grey.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    cut_out = max(grey.size) <= AS_IS
    ink = _above_paper(grey)
    paper = np.median(ink)  # as most pixels are
    noise = 1.4826 * float(np.median(np.abs(ink - paper)))  # its deviation
    ink = np.clip(ink - paper, 0, None)
    strongest = float(ink.max()) if cut_out else float(np.sort(ink, axis=None)[-max(1, ink.size // 500)])
    if strongest < max(FAINT * 255, 6 * noise):
        return None
    floor = 0.0 if cut_out else max(4 * noise, FLOOR * strongest)
    stretch = 255 if strongest < 0.9 * 255 or floor else strongest
    isolated = (np.clip(ink - floor, 0, None) * (stretch / (strongest - floor))).clip(0, 255).round().astype(np.uint8)
    if cut_out:
        return isolated
    isolated = _without_specks(isolated)
    if _is_parted(isolated):
        raise InvalidError("photo.digits")
    return _thickened(isolated)


def ink_colours(image: Image.Image) -> Values:
    """Find the part of each pixel's contrast with the paper in red, green and blue: float (3, rows, columns), 0 to 1.

    `image` is opaque (see `to_opaque`); rows and columns are those of `extract_ink`. Where there is ink, the largest of
    the three is 1. Black and grey ink have 1 in all three.
    """
    colours = image.convert("RGB")
    colours.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    values = np.asarray(colours, dtype=np.float32).transpose(2, 0, 1)
    contrast = np.abs(values - np.median(values, axis=(1, 2), keepdims=True))
    return contrast / np.maximum(contrast.max(axis=0), 1)


def _without_specks(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Keep the pieces of ink that are large beside the largest; pixels that touch, at a corner too, hang together."""
    left = {(int(y), int(x)) for y, x in np.argwhere(ink)}
    pieces = []
    while left:
        piece = [left.pop()]
        for y, x in piece:  # grows while it is walked
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            piece.extend(near)
        pieces.append(piece)
    kept = np.zeros_like(ink)
    least = SPECK * max(map(len, pieces))
    for y, x in (place for piece in pieces if len(piece) >= least for place in piece):
        kept[y, x] = ink[y, x]
    return kept


def _thickened(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Thicken strokes to what a pen of MNIST's would have made: a hairline would fade when the digit is scaled."""
    full = np.pad(ink > 127, 1)
    inside = full[1:-1, 1:-1] & full[:-2, 1:-1] & full[2:, 1:-1] & full[1:-1, :-2] & full[1:-1, 2:]
    edge = max(1, int(full.sum() - inside.sum()))
    width = 2 * full.sum() / edge  # pixels: a stroke has two edges
    longer = max(np.ptp(places) + 1 for places in np.nonzero(ink))
    missing = round(THIN * longer - width)
    return ink if missing < 2 else np.asarray(Image.fromarray(ink).filter(ImageFilter.MaxFilter(missing | 1)))


def _is_parted(ink: NDArray[np.uint8]) -> bool:
    """Say whether a clear gap parts the ink into two that are each as tall, or as wide, as a digit beside another.

    No digit has such a gap: what of it stands apart, as the bar of a 5 may, is much smaller than the rest.
    """
    for pixels in (ink > 0, (ink > 0).T):
        columns = np.flatnonzero(pixels.any(axis=0))
        gaps = np.diff(columns)
        height = np.ptp(np.flatnonzero(pixels.any(axis=1))) + 1
        at = int(gaps.argmax()) if len(gaps) else 0
        if len(gaps) and gaps[at] > max(2, 0.06 * height):
            parts = pixels[:, : columns[at] + 1], pixels[:, columns[at + 1] :]
            heights = [np.ptp(np.flatnonzero(part.any(axis=1))) + 1 for part in parts]
            shares = [part.sum() / pixels.sum() for part in parts]
            if min(heights) > 0.6 * height and min(shares) > 0.15:
                return True
    return False


def _above_paper(grey: Image.Image) -> Values:
    """Measure how far each pixel stands out from the paper in the direction in which the ink does, 0 to 255."""
    values = np.asarray(grey, dtype=np.float32)
    paper = np.median(values)
    if np.mean(values == paper) > 0.5:  # one tone, as a drawing program makes it
        out = values - paper
        return np.clip(out if out.sum() > 0 else -out, 0, None)
    values = np.asarray(grey.filter(ImageFilter.MedianFilter(3)), dtype=np.float32)
    if _ink_is_dark(grey):
        values = 255 - values
    light = _opened(values, max(1, min(grey.size) // 6))
    return np.clip(values - light, 0, None) * (255 / np.maximum(255 - light, 16))  # in a shadow, ink is fainter too


def _ink_is_dark(grey: Image.Image) -> bool:
    """Say whether the pixels that stand out most from what is common around them are darker than it."""
    small = grey.copy()
    small.thumbnail((64, 64), Image.Resampling.BOX)
    around = small.filter(ImageFilter.MedianFilter(max(3, min(small.size) // 2 | 1)))
    out = np.asarray(small, dtype=np.float32) - np.asarray(around, dtype=np.float32)
    strong = np.abs(out) > 0.4 * np.abs(out).max()
    return bool(out[strong].sum() < 0)


def _opened(values: Values, half: int) -> Values:
    """Open in grey scale: wipe away all that is light and narrower than 2 * half + 1 pixels, keep shadows' edges.

    Beyond the border the picture is continued as it runs, so that a slope of light stays one.
    """
    beyond = np.pad(values, 2 * half, mode="reflect", reflect_type="odd")
    for least in (True, False):
        for axis in (0, 1):
            windows = np.lib.stride_tricks.sliding_window_view(beyond, 2 * half + 1, axis=axis)
            beyond = windows.min(axis=-1) if least else windows.max(axis=-1)
    return beyond
