"""Make lenet/digits/pens.npz, the real pen digits that come with the package.

    python tools/pens.py DIGITS_JSONL_GZ

DIGITS_JSONL_GZ holds a digit a line: `{"label": 7, "source": "ibm", "strokes": [[[x, y], ...], ...]}`, the longer side
of its box 1000, y down. Points that lie within 4 thousandths of the line between their neighbours are left out, which
no image of 20 pixels shows, and coordinates are rounded to 250ths.

Arrays of the file, N digits:
- labels, sources (N,): the digit, and the place of its source in `names`;
- strokes (N,): how many it has; points (strokes in all,): how many each of these has;
- x and y (points in all,): uint8, each less the one before it, modulo 256; a stroke begins with its place.

UNIPEN train_r01_v07, doi 10.5281/zenodo.1195803; CC BY 4.0.
"""

import gzip
import json
import sys

import numpy as np
from numpy.typing import NDArray

SIDE = 250  # of a digit's box: fits a byte
TOLERANCE = 4  # thousandths of that side


def main(file: str) -> None:
    """Write the file."""
    with gzip.open(file, "rt") as lines:
        pens = [json.loads(line) for line in lines]
    names = sorted({pen["source"] for pen in pens})
    strokes = [simplify(np.array(stroke, dtype=np.float64)) for pen in pens for stroke in pen["strokes"]]
    places = [np.round(stroke * SIDE / 1000).astype(np.int64) for stroke in strokes]
    steps = np.concatenate([np.diff(place, axis=0, prepend=0) for place in places]) % 256
    np.savez_compressed(
        "lenet/digits/pens.npz",
        names=np.array(names),
        labels=np.array([pen["label"] for pen in pens], dtype=np.uint8),
        sources=np.array([names.index(pen["source"]) for pen in pens], dtype=np.uint8),
        strokes=np.array([len(pen["strokes"]) for pen in pens], dtype=np.uint8),
        points=np.array([len(place) for place in places], dtype=np.uint16),
        x=steps[:, 0].astype(np.uint8),
        y=steps[:, 1].astype(np.uint8),
    )


def simplify(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Leave out points (N, 2) near the line between two that stay: Ramer 1972, Douglas and Peucker 1973."""
    if len(points) < 3:
        return points
    start, end = points[0], points[-1]
    along = end - start
    length = along @ along
    right = points - start
    place = np.clip(right @ along / length, 0, 1) if length else np.zeros(len(points))
    distance = np.hypot(*(right - place[:, None] * along).T)
    farthest = int(distance.argmax())
    if distance[farthest] <= TOLERANCE:
        return points[[0, -1]]
    return np.concatenate([simplify(points[: farthest + 1])[:-1], simplify(points[farthest:])])


if __name__ == "__main__":
    main(*sys.argv[1:])
