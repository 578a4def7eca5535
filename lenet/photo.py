"""A picture of a digit -> its ink alone: polarity found, paper and shadows removed.

Whatever the paper's tone and light, the result is 0 where paper is and up to 255 where ink is, as `lenet.ink` needs it.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

MAX_PIXELS = 50_000_000  # of a picture: a phone's photo passes, a picture bomb does not
SIDE = 512  # pixels of the longer side that are looked at
COARSE = 96  # pixels of the longer side in which the paper's light is looked for
AS_IS = 32  # a picture no larger than this is a digit already cut out, whose faintest grey counts
FLOOR = 0.15  # in a larger one, ink below this share of the strongest is a trace of paper, blur or compression
FAINT = 0.12  # a picture whose strongest ink is under this share of full contrast has nothing drawn on it

Values = NDArray[np.float32]


def check(image: Image.Image) -> None:
    """ValueError for a picture too large to be looked at; its size is known before its pixels are."""
    if image.width * image.height > MAX_PIXELS:
        raise ValueError(f"the picture has {image.width}x{image.height} pixels; at most {MAX_PIXELS:,} in all")


def lift(image: Image.Image) -> NDArray[np.uint8] | None:
    """The ink of a picture, uint8 (rows, columns), at most 512 a side; None where there is none.

    ValueError if the picture is too large to be looked at, or if more than one digit is on it.
    """
    check(image)
    grey = on_white(image).convert("L")
    grey.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    ink = _above_paper(grey)
    noise = 1.4826 * float(np.median(np.abs(ink - np.median(ink))))  # a deviation, as most pixels are paper
    strongest = float(ink.max())
    if strongest < max(FAINT * 255, 8 * noise):
        return None
    floor = max(5 * noise, 0 if max(grey.size) <= AS_IS else FLOOR * strongest)
    stretch = 255 if strongest < 0.9 * 255 or floor else strongest
    lifted = (np.clip(ink - floor, 0, None) * (stretch / (strongest - floor))).round().astype(np.uint8)
    if max(grey.size) > AS_IS and _is_parted(lifted):
        raise ValueError("there seems to be more than one digit on the picture; cut one out")
    return lifted


def _is_parted(ink: NDArray[np.uint8]) -> bool:
    """Whether a clear gap parts the ink into two that are each as tall, or as wide, as a digit beside another.

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


def on_white(image: Image.Image) -> Image.Image:
    """The picture the right way up, as its camera says, with 8 bits a value, and on paper where one sees through it."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):  # 16 or 32 bits: the range that is used, made 8
        values = np.asarray(image, dtype=np.float64)
        values = (values - values.min()) * (255 / max(np.ptp(values), 1e-9))
        return Image.fromarray(values.astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        grey, alpha = (np.asarray(band, dtype=np.float64) for band in (image.convert("L"), image.getchannel("A")))
        light = (grey * alpha).sum() > 127 * alpha.sum()  # ink as light as paper would not be seen on white
        back = Image.new("RGBA", image.size, "black" if light and alpha.min() < 128 else "white")
        return Image.alpha_composite(back, image)
    return image


def _above_paper(grey: Image.Image) -> Values:
    """How far each pixel stands out from the paper, in the direction in which the ink does; 0 where it does not."""
    values = np.asarray(grey, dtype=np.float32)
    paper = np.median(values)
    if np.mean(values == paper) > 0.5:  # one tone, as a drawing program makes it
        out = values - paper
        return np.clip(out if out.sum() > 0 else -out, 0, None)
    if _ink_is_dark(values):
        grey, values = ImageOps.invert(grey), 255 - values
    return np.clip(values - _lighting(grey), 0, None)


def _ink_is_dark(values: Values) -> bool:
    """Whether the pixels that leave the light's smooth course lie below it.

    The course is a quadratic surface, fitted again without the pixels that it does not explain.
    """
    step = -(-max(values.shape) // COARSE)
    coarse = values[::step, ::step].astype(np.float64)
    y, x = (axis.ravel() for axis in np.meshgrid(*(np.linspace(-1, 1, n) for n in coarse.shape), indexing="ij"))
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
    rest = coarse.ravel() - np.median(coarse)
    kept = np.full(rest.shape, True)
    for _ in range(4):
        rest = coarse.ravel() - terms @ np.linalg.lstsq(terms[kept], coarse.ravel()[kept], rcond=None)[0]
        kept = np.abs(rest) <= 2 * np.median(np.abs(rest)) + 1
    return bool(rest[~kept].sum() < 0)


def _lighting(grey: Image.Image) -> Values:
    """The paper behind light ink: what is left when all that is narrower than a third of the picture is wiped away.

    A grey-scale opening, so shadows stay in it; made small, where it is cheap, and continued over the border, where it
    would see only one side.
    """
    coarse = grey.copy()
    coarse.thumbnail((COARSE, COARSE), Image.Resampling.BOX)
    half = max(1, min(coarse.size) // 6)
    beyond = np.pad(np.asarray(coarse, dtype=np.int16), 2 * half, mode="reflect", reflect_type="odd")
    opened = Image.fromarray(beyond.clip(0, 255).astype(np.uint8))
    for wipe in (ImageFilter.MinFilter(2 * half + 1), ImageFilter.MaxFilter(2 * half + 1)):
        opened = opened.filter(wipe)
    opened = opened.crop((2 * half, 2 * half, 2 * half + coarse.width, 2 * half + coarse.height))
    return np.asarray(opened.resize(grey.size, Image.Resampling.BILINEAR), dtype=np.float32)
