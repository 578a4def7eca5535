"""Digits as a camera or a scanner would see them: made-up sheets in eight conditions of paper, light and pen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

DIGIT = 400  # pixels, the side of the enlarged 32x32 image on the sheet
SHEET = (100, 100), (200, 200)  # pixels of paper above and below, left and right of it
SHADOW_FROM = 0.45  # of the sheet's width: where a shadow begins


@dataclass(frozen=True)
class Condition:
    """Tones of paper and pen, 0 to 255, the noise's deviation, a shadow's part of the light, the blur's radius."""

    paper: float = 220
    pen: float = 40
    noise: float = 0
    shadow: float = 1
    blur: float = 0


CONDITIONS = {
    "clean": Condition(),
    "noise": Condition(noise=4),
    "a dark room": Condition(paper=200, pen=60, noise=20),
    "pencil": Condition(paper=225, pen=150, noise=8),
    "a shadow": Condition(noise=3, shadow=0.6, blur=1),
    "a hard shadow": Condition(noise=3, shadow=0.4),
    "chalk on a board": Condition(paper=40, pen=200, noise=4),
    "out of focus": Condition(noise=3, blur=3),
}


def photograph(digit: NDArray[np.uint8], condition: Condition, seed: int = 0) -> Image.Image:
    """Put an image (32, 32), 0 paper to 255 ink, on a sheet of 800x600 pixels in a condition, with its seed's noise."""
    enlarged = Image.fromarray(digit).resize((DIGIT, DIGIT), Image.Resampling.BICUBIC)
    ink = np.pad(np.asarray(enlarged).astype(float) / 255, SHEET)
    light = np.ones(ink.shape)
    light[:, int(SHADOW_FROM * ink.shape[1]) :] = condition.shadow
    noise = np.random.default_rng(seed).normal(0, condition.noise, ink.shape)
    values = (condition.paper + (condition.pen - condition.paper) * ink) * light + noise
    picture = Image.fromarray(values.clip(0, 255).astype(np.uint8))
    return picture.filter(ImageFilter.GaussianBlur(condition.blur)) if condition.blur else picture
