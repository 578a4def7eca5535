"""Batches of digits as a pen made them: how wide it was, a wider or thinner one, and lines drawn with it.

All works on float images (N, 32, 32), 0 paper to 1 ink, on any device. Coordinates are (x, y) in pixels, x to the
right, y down, the centre of the image's first pixel at (0, 0).
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import pad

from lenet.digits import raster
from lenet.digits.geometry import INPUT_SIDE, PENS

INKED = 0.25  # of full ink: what counts as ink when a digit's bounding box is taken


def pixel_grid(device: torch.device) -> tuple[Tensor, Tensor]:
    """Return x (1, 1, 32) and y (1, 32, 1) of the image's pixel centres."""
    line = torch.arange(INPUT_SIDE, dtype=torch.float32, device=device)
    return line[None, None, :], line[None, :, None]


def pen_width(ink: Tensor) -> Tensor:
    """Estimate the stroke width (N,) in pixels.

    A line of length l and width w has the area lw and, along its two edges, the total variation 2l.
    """
    across, down = ink.diff(dim=2)[:, :-1], ink.diff(dim=1)[:, :, :-1]
    return 2 * ink.sum((1, 2)) / torch.hypot(across, down).sum((1, 2)).clamp(min=1e-6)


def change_stroke_width(ink: Tensor, wider: Tensor) -> Tensor:
    """Make strokes wider by so many pixels (N,), thinner where negative, but none thinner than MNIST's thinnest.

    The result lies between the ink and the 3x3 maximum or minimum of it.
    """
    wider = torch.maximum(wider, (PENS[0] - pen_width(ink)).clamp(max=0))[:, None, None] / 2
    thick, thin = _neighbours(ink, torch.maximum), _neighbours(ink, torch.minimum)
    ink = ink + wider.clamp(min=0) * (thick - ink) + wider.clamp(max=0) * (ink - thin)
    return ink / ink.amax((1, 2), keepdim=True).clamp(min=INKED)


def draw_lines(lines: Tensor, pen: Tensor) -> Tensor:
    """Draw lines (N, S, 4), each from (x, y) to (x, y), with pens (N,) that wide: ink (N, 32, 32), 0 to 1."""
    x, y = (axis[None] for axis in pixel_grid(lines.device))
    x0, y0, x1, y1 = (value[:, :, None, None] for value in lines.unbind(2))
    squared = raster.squared_distance(x, y, x0, y0, x1, y1)  # (N, S, 32, 32)
    return raster.ink(squared.amin(1).sqrt(), pen[:, None, None])


def _neighbours(ink: Tensor, pick: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """The maximum or minimum of the 3x3 pixels around each, paper beyond the image; quicker than pooling."""
    wide = pad(ink, (1, 1, 1, 1))
    wide = pick(pick(wide[:, :-2], wide[:, 1:-1]), wide[:, 2:])
    return pick(pick(wide[:, :, :-2], wide[:, :, 1:-1]), wide[:, :, 2:])
