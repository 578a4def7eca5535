"""Made rubbish, for training: pictures that are no digit, of the strokes and pens that digits are made of.

Half of it are digits of the batch corrupted: turned by a quarter or mirrored, the half of one beside the half of another,
or one over another. The other half are strokes put together at random: lines, arcs and rings between the corners,
sides and middle of a box; scribbles; zigzags; triangles and diamonds; spirals. What would make a digit after all (a
turned 0, a 1 across a 0) is left out; a few that look like one happen. To be fitted to the image by `lenet.distort`,
as digits are. A network learns of it to be sure of nothing; see `LeNet.loss`.

Coordinates are (x, y) in pixels, x to the right, y down; all works on whole batches, wherever they live.
"""

from math import pi

import torch
from torch import Tensor

from lenet.digits.mnist import Digits
from lenet.digits.pen import draw_lines, pixel_grid
from lenet.networks import OUTLIER

CURVES = 6  # of a drawing, at most
PIECES = 6  # straight lines that an arc is drawn with
PENS = 1.6, 4.0  # pixels
SIDE = 20.0  # pixels, longer side of MNIST's digits
MIDDLE = 15.5  # centre of the image
MIRRORED = (3, 4, 6, 7, 9)  # are no digit when mirrored; a mirrored 2 is a 5, a 5 a 2
CORRUPTED = 0.5  # share that is made of digits


def add_outliers(digits: Digits, share: float, generator: torch.Generator) -> Digits:
    """The digits, and behind them that share of their number of made rubbish, labelled `networks.OUTLIER`."""
    n = round(share * len(digits))
    if not n:
        return digits
    made = outliers(digits.images, digits.labels, n, generator)
    return Digits(torch.cat([digits.images, made]), torch.cat([digits.labels, digits.labels.new_full((n,), OUTLIER)]))


def outliers(images: Tensor, labels: Tensor, n: int, generator: torch.Generator) -> Tensor:
    """Pictures of no digit, uint8 (n, 32, 32), on the device of `images`.

    `images`, uint8 (N, 32, 32) with N at least 1, and their `labels` (N,) are the digits that are corrupted; they stay as
    they are. The CPU `generator` decides: same state, same pictures.
    """
    drawn = _strokes(n, generator, images.device)
    corrupted, suits = _corrupted(images, labels, n, generator)
    chosen = (torch.rand(n, generator=generator) < CORRUPTED).to(images.device) & suits
    return torch.where(chosen[:, None, None], corrupted, (drawn * 255).round().to(torch.uint8))


def _corrupted(images: Tensor, labels: Tensor, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Digits turned, mirrored, halved and overlaid, uint8 (n, 32, 32), and which of them (n,) are none any more."""
    picked = torch.randint(len(images), (2, n), generator=generator).to(images.device)
    kind, way, angle, offset = torch.rand(4, n, generator=generator).to(images.device)[:, :, None, None]
    (one, other), (label, another) = images[picked], labels[picked]
    turned, mirrored = _turned(one, way), one.flip(2)
    other = _turned(other, way)
    x, y = pixel_grid(images.device)
    side = (x - MIDDLE) * (2 * pi * angle).cos() + (y - MIDDLE) * (2 * pi * angle).sin()
    halves = torch.where(side > 4 * offset - 2, one, other)
    over = torch.maximum(one, other)
    plain = (another <= 1) | (label == 1)  # a turned 0 is a 0, and a line through a digit leaves it one
    kinds = (
        (turned, label != 0),
        (mirrored, torch.isin(label, torch.tensor(MIRRORED, device=label.device))),
        (halves, ~plain),
        (over, ~plain),
    )
    index = (kind[:, 0, 0] * len(kinds)).long()
    pictures = torch.stack([picture for picture, _ in kinds])
    suits = torch.stack([suit for _, suit in kinds])
    rows = torch.arange(n, device=images.device)
    return pictures[index, rows], suits[index, rows]


def _turned(images: Tensor, way: Tensor) -> Tensor:
    """By a quarter, to the left or to the right."""
    return torch.where(way < 0.5, images.mT.flip(1), images.mT.flip(2))


def _strokes(n: int, generator: torch.Generator, device: torch.device) -> Tensor:
    """Drawings of random strokes, 0 paper to 1 ink, (n, 32, 32), as large as digits."""
    kind, shape, thick, squeeze = torch.rand(4, n, generator=generator).to(device)
    wide = torch.rand(n, 3, CURVES, 2, generator=generator).to(device)  # three numbers a curve and axis
    ends = torch.where((kind < 0.5)[:, None, None], _parts(wide), _path(kind, shape, wide))
    bulge = wide[:, 2, :, 0]
    bulge = torch.where(bulge < 0.45, 0.0, (bulge - 0.725) * 2.4)
    bulge = torch.where(((kind >= 0.5) & (kind < 0.7))[:, None] | (kind < 0.5)[:, None], bulge, 0.0)
    ring = (kind < 0.2)[:, None]  # the first two curves are the halves of a ring, and two strokes at least are beside
    ends[:, 1] = torch.where(ring, ends[:, 0], ends[:, 1])
    bulge[:, :2] = torch.where(ring, torch.tensor([0.5, -0.5], device=device), bulge[:, :2])
    least = torch.where(kind < 0.2, 4, torch.where(kind < 0.5, 2, 4))
    most = torch.where(kind < 0.5, 5, CURVES)
    count = least + (shape * (most - least + 1)).long()
    lines = _arcs(ends, bulge)
    used = torch.arange(CURVES, device=device) < count[:, None]
    lines = torch.where(used[:, :, None, None], lines, lines[:, :1])
    lines = torch.where((kind > 0.92)[:, None, None, None], _spiral(shape, wide).unflatten(1, (CURVES, PIECES)), lines)
    return _drawn(lines.flatten(1, 2), squeeze, PENS[0] + (PENS[1] - PENS[0]) * thick)


def _parts(numbers: Tensor) -> Tensor:
    """Ends (n, CURVES, 4) of curves between the corners, sides and middle of a box."""
    places = (numbers[:, :2] * 3).floor() - 1
    begin, end = places.unbind(1)
    end = torch.where((begin == end).all(2, keepdim=True), -begin + (begin == 0), end)
    jitter = (numbers[:, :2] * 97 % 1 - 0.5) * 0.3
    return torch.cat([begin + jitter[:, 0], end + jitter[:, 1]], 2)


def _path(kind: Tensor, shape: Tensor, numbers: Tensor) -> Tensor:
    """Ends (n, CURVES, 4) of curves that go on from each other: scribbles, zigzags, triangles and diamonds."""
    step = torch.arange(CURVES + 1, device=numbers.device)
    free = torch.cat([numbers[:, 0], numbers[:, 1, :1]], 1) * 2 - 1  # (n, CURVES + 1, 2)
    zigzag = torch.stack([(step % 2) * 2.0 - 1, step / 3 - 1], 1) + 0.3 * free
    zigzag = torch.where((numbers[:, 2, :1, 1:] < 0.5), zigzag, zigzag.flip(2))
    corners = torch.where(shape < 0.6, 3, 4)[:, None]
    angle = 2 * pi * (step / corners + numbers[:, 2, :1, 1])
    polygon = torch.stack([angle.cos(), angle.sin()], 2)
    kind = kind[:, None, None]
    points = torch.where(kind < 0.7, free, torch.where(kind < 0.82, zigzag, polygon))
    return torch.cat([points[:, :-1], points[:, 1:]], 2)


def _arcs(ends: Tensor, bulge: Tensor) -> Tensor:
    """Half ellipses (n, CURVES, PIECES, 4) between ends (n, CURVES, 4), as high as `bulge` times their width."""
    turn = torch.linspace(0, pi, PIECES + 1, device=ends.device)[:, None]
    begin, way = ends[:, :, None, :2], (ends[:, :, 2:] - ends[:, :, :2])[:, :, None]
    aside = torch.stack([-way[..., 1], way[..., 0]], -1) * bulge[:, :, None, None]
    points = begin + way * (1 - turn.cos()) / 2 + aside * turn.sin()
    return torch.cat([points[:, :, :-1], points[:, :, 1:]], 3)


def _spiral(shape: Tensor, numbers: Tensor) -> Tensor:
    """Lines (n, CURVES * PIECES, 4) of a spiral of two turns or more: with fewer it is a 6 or a 9."""
    along = torch.linspace(0, 1, CURVES * PIECES + 1, device=shape.device)
    turns = (2.2 + 1.3 * shape[:, None]) * torch.where(numbers[:, 0, :1, 0] < 0.5, 1, -1)
    angle = 2 * pi * (turns * along + numbers[:, 0, 1, :1])
    points = along[:, None] * torch.stack([angle.cos(), angle.sin()], 2)
    return torch.cat([points[:, :-1], points[:, 1:]], 2)


def _drawn(lines: Tensor, squeeze: Tensor, pen: Tensor) -> Tensor:
    """Lines (n, L, 4) drawn with pens (n,) so that their box fills the digits' place."""
    squeeze = torch.stack([0.55 + 0.45 * squeeze, torch.ones_like(squeeze)], 1)
    points = lines.unflatten(2, (2, 2)) * squeeze[:, None, None]
    low, high = points.amin((1, 2)), points.amax((1, 2))
    scale = (SIDE - pen) / (high - low).amax(1).clamp(min=1e-3)
    points = MIDDLE + (points - ((low + high) / 2)[:, None, None]) * scale[:, None, None, None]
    return draw_lines(points.flatten(2), pen)
