"""Augmentation: a batch of digits as other hands would have written them, sometimes in another style.

Each digit is rotated, squeezed and sheared (planar affine maps, LeCun et al. 1998, section III.A, with rotation added),
bent (elastic distortion: Simard, Steinkraus and Platt, "Best Practices for Convolutional Neural Networks Applied to
Visual Document Analysis", ICDAR 2003) and drawn with a thinner or thicker pen. Strokes that other schools teach and
MNIST hardly has may be added: a 1's flag and foot, a 0's slash, a 7's bar, a 9's curled tail. Then the digit is put
where MNIST's makers, and `lenet.digits`, would have put it: longer side fixed, centre of mass in the centre.

Coordinates are (x, y) in pixels, x to the right, y down, the centre of the image's first pixel at (0, 0).
"""

from math import inf, pi

import torch
from torch import Tensor
from torch.nn.functional import grid_sample, pad

from lenet.digits.geometry import CENTRE_OF_MASS, DIGIT_SIDE, INPUT_SIDE, MARGIN
from lenet.digits.pen import INKED, change_stroke_width, pixel_grid
from lenet.training import styles as rare_styles
from lenet.training.styles import NUMBERS, STYLES

# Bounds at strength 1. All but the bending are uniform between minus and plus their bound.
ROTATION = 12 * pi / 180  # radians
SQUEEZE = 0.16  # of the logarithm of width to height
SHEAR = 0.16  # horizontal pixels a pixel of height
SIZE = 0.05  # of the logarithm of the size
SHIFT = 0.5  # pixels: MNIST's makers shifted digits by whole pixels
PEN = 0.72  # pixels, of stroke width
BEND = 0.65  # pixels, deviation of the elastic displacement
SMOOTH = 4.0  # pixels, deviation of the Gaussian that smooths it: Simard's for 28x28 pictures

EDGE = 1 / INPUT_SIDE - 1  # where `grid_sample` has the centre of the first pixel
INK_SPREAD = 5.0  # pixels, deviation of the ink of MNIST's digits, across and down, from their centre of mass
CONTRAST = 1.6  # resampling blurs: this makes edges as steep as MNIST's again


def augment(
    images: Tensor, labels: Tensor, strength: float, styles: float, generator: torch.Generator, n_outliers: int = 0
) -> Tensor:
    """Return new images of the same digits, uint8 (N, 32, 32), on the device of `images`, which stay as they are.

    `images` are uint8 (N, 32, 32), 0 paper to 255 ink, centred as MNIST's; `labels` int64 (N,). `strength`, 0 to 2, is
    how far they are transformed: 0 not at all, 1 as far as suits MNIST. `styles`, 0 to 1, is the fraction of the digits
    0, 1, 7 and 9 that get a stroke which MNIST hardly has; those whose shape does not suit one get none. The last
    `n_outliers` images are always fitted and centred, as digits are. The CPU `generator` decides: same state, same
    images. ValueError if `strength` or `styles` is out of bounds.
    """
    if not 0 <= strength <= 2:
        raise ValueError(f"strength {strength!r} is out of bounds: 0 to 2")
    if not 0 <= styles <= 1:
        raise ValueError(f"styles {styles!r} is out of bounds: 0 to 1")
    if not len(images) or not (strength or styles or n_outliers):
        return images.clone()
    chosen = (torch.rand(len(images), generator=generator) < styles).nonzero().flatten()
    ink, styled = _add_styles(images.float() / 255, labels, chosen, generator)
    if strength:
        ink = change_stroke_width(ink, strength * PEN * _uniform(len(ink), 1, generator, ink.device)[:, 0])
    ink = _warp(ink, strength, generator)
    changed = styled | (strength > 0)
    changed[len(changed) - n_outliers :] = True
    return torch.where(changed[:, None, None], (ink * 255).round().to(torch.uint8), images)


def _add_styles(ink: Tensor, labels: Tensor, chosen: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Draw strokes of other styles, in place, on those chosen digits that suit them; which these are, bool (N,)."""
    numbers = torch.rand(len(chosen), NUMBERS, generator=generator).to(ink.device)
    styled = torch.zeros_like(labels, dtype=torch.bool)
    if len(chosen):
        chosen = chosen.to(ink.device)
        if ink.device.type == "cpu":  # CUDA would wait to be told how many
            suited = torch.isin(labels[chosen], torch.tensor([*STYLES]))
            chosen, numbers = chosen[suited], numbers[suited]
        ink[chosen], styled[chosen] = rare_styles.add_strokes(ink[chosen], labels[chosen], numbers)
    return ink, styled


def _uniform(n: int, numbers: int, generator: torch.Generator, device: torch.device) -> Tensor:
    """Random numbers (n, numbers), uniform in -1 to 1."""
    return (2 * torch.rand(n, numbers, generator=generator) - 1).to(device)


def _warp(ink: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Transform in one resampling, affine and elastic, which also fits the digit to the image as MNIST's makers did."""
    rotation, squeeze, shear, size, *shift = (strength * _uniform(len(ink), 6, generator, ink.device)).T
    matrix = _matrix(ROTATION * rotation, SQUEEZE * squeeze, SHEAR * shear)
    matrix, offset = _fit(ink, matrix, DIGIT_SIDE * torch.exp(SIZE * size), SHIFT * torch.stack(shift, 1))
    back = torch.linalg.inv_ex(matrix).inverse  # inv would wait for CUDA
    x, y = pixel_grid(ink.device)
    x, y = x - offset[:, :1, None], y - offset[:, 1:, None]  # (N, 1, 32) and (N, 32, 1)
    if strength:
        bend_x, bend_y = (strength * BEND * _elastic(len(ink), generator, ink.device)).unbind(1)
        x, y = x + bend_x, y + bend_y
    back = back * (2 / INPUT_SIDE)  # grid_sample has -1 and 1 at the image's edges
    source = [back[:, axis, :1, None] * x + (back[:, axis, 1:, None] * y + EDGE) for axis in (0, 1)]
    ink = grid_sample(ink[:, None], torch.stack(source, -1), align_corners=False)[:, 0]
    ink = ((ink - 0.5) * CONTRAST + 0.5).clamp(0, 1)
    return pad(ink[:, 1:-1, 1:-1], (1, 1, 1, 1))  # specks fainter than INKED may lie beyond the box


def _matrix(angle: Tensor, squeeze: Tensor, shear: Tensor) -> Tensor:
    """Linear maps (N, 2, 2) of (x, y) that shear, squeeze, then rotate."""
    sine, cosine, wide = angle.sin(), angle.cos(), (squeeze / 2).exp()
    rotate = torch.stack([cosine, -sine, sine, cosine], 1).unflatten(1, (2, 2))
    squeeze_and_shear = torch.stack([wide, wide * shear, torch.zeros_like(wide), 1 / wide], 1).unflatten(1, (2, 2))
    return rotate @ squeeze_and_shear


def _fit(ink: Tensor, matrix: Tensor, side: Tensor, shift: Tensor) -> tuple[Tensor, Tensor]:
    """Scale a map so that its result has that longer side, and place its centre of mass, but for the shift.

    Returns the scaled matrix (N, 2, 2) and the offset (N, 2). The result stays inside the image, with paper around it.
    """
    x, y = pixel_grid(ink.device)
    inked = ink > INKED
    ends = torch.stack([x.where(inked, inf).amin(2), x.where(inked, -inf).amax(2)], 1)  # (N, 2, 32), of every row
    moved = matrix[:, :, :1, None] * ends[:, None] + matrix[:, :, 1:, None] * y[:, None, :, 0]  # (N, 2, 2, 32)
    paper = ends.isinf()[:, None]
    low, high = moved.masked_fill(paper, inf).amin((2, 3)), moved.masked_fill(paper, -inf).amax((2, 3))
    scale = side / ((high - low).amax(1) + 1)
    columns, rows = ink.sum(1), ink.sum(2)
    moments = torch.stack([columns @ x[0, 0], rows @ y[0, :, 0]], 1)
    centre = (matrix @ moments[:, :, None])[:, :, 0] / rows.sum(1, keepdim=True).clamp(min=1e-6)
    scale = torch.where(scale > 0, scale, 1.0)[:, None]  # nothing inked: as it was
    offset = CENTRE_OF_MASS + shift - scale * centre
    offset = torch.maximum(offset, MARGIN + 0.5 - scale * low)
    offset = torch.minimum(offset, INPUT_SIDE - MARGIN - 1.5 - scale * high)
    return matrix * scale[:, :, None], offset.nan_to_num(0, 0, 0)


def _elastic(n: int, generator: torch.Generator, device: torch.device) -> Tensor:
    """Random displacements (N, 2, 32, 32) that shift no digit as a whole: deviation 1, at most 3, 0 at the border.

    White noise smoothed by a Gaussian, as Simard's; the noise is given on a grid as coarse as the smoothing allows.
    """
    line = torch.arange(INPUT_SIDE, dtype=torch.float32)
    knots = torch.arange(-SMOOTH, INPUT_SIDE + SMOOTH, SMOOTH)
    spread = torch.exp(-((line[:, None] - knots) ** 2) / (2 * SMOOTH**2))
    spread = (spread / spread.norm(dim=1, keepdim=True)).to(device)
    noise = torch.randn(n, 2, len(knots), len(knots), generator=generator).to(device)
    digit = torch.exp(-((line - CENTRE_OF_MASS) ** 2) / (2 * INK_SPREAD**2)).to(device)
    digit = digit / digit.sum()
    fade = (torch.minimum(line, INPUT_SIDE - 1 - line) / 6).clamp(max=1).to(device)
    smooth = spread @ noise @ spread.T
    smooth = 1.28 * (smooth - (digit @ smooth @ digit)[:, :, None, None])  # the shift was part of the deviation
    return smooth.clamp(-3, 3) * torch.minimum(fade[:, None], fade)
