"""Print what the lesson says of pen digits: LENET_DATA=... python benchmarks/lesson.py [--digits N] [--model NAME]

- Moved to the right by a pixel: how much each layer changes, the sum of the absolute differences as a part of the sum
  of the absolute values, and how often a layer changes least of those that the lesson compares.
- Turned clockwise about the middle of the drawing, 3 degrees at a time: from where on a digit is read as another one.
- Drawn at 0.4 of its size in a corner: how often it is read without its preprocessing as it is with it.
- How often the network is sure: a probability above 99 %.
- What one epoch on the built-in sample reaches, with the seeds 0 to 4.
"""

import argparse
import random

import numpy as np
import torch
from pens import read

from lenet import networks
from lenet.digits import mnist
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import Drawing, parse_drawing
from lenet.networks.activations import Activations, trace
from lenet.networks.base import LeNet
from lenet.runs import models
from lenet.settings import data_folder
from lenet.training.loop import Finished, fit, validate
from lenet.training.recipe import Recipe

LAYERS = ["C1", "S2", "C3", "S4", "C5", "F6"]
COMPARED = ["C1", "S2", "F6"]
STEP, HALF_TURN = 3, 180  # degrees
SIZE = 0.4  # of the small drawing
SURE = 0.99
SEEDS = range(5)


def image(drawing: Drawing, raw: bool = False) -> torch.Tensor:
    """The network's input."""
    preprocessed = preprocess_drawing(drawing, raw)
    assert preprocessed is not None  # the pens left ink
    return preprocessed.image


def answer(network: LeNet, drawing: Drawing, raw: bool = False) -> int:
    """The digit that a drawing is read as."""
    return int(trace(network, image(drawing, raw)).probabilities.argmax())


def changes(before: Activations, after: Activations) -> list[float]:
    """How much each layer changes."""
    pairs = [(before.layers[name], after.layers[name]) for name in LAYERS]
    return [float((old - new).abs().sum() / old.abs().sum()) for old, new in pairs]


def turned(drawing: Drawing, degrees: float) -> Drawing:
    """The drawing, turned clockwise about its middle: y runs down."""
    points = np.concatenate(drawing.strokes)
    middle = (points.min(0) + points.max(0)) / 2
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[cos, sin], [-sin, cos]])
    return Drawing(tuple((stroke - middle) @ turn + middle for stroke in drawing.strokes))


def limit(network: LeNet, drawing: Drawing, digit: int) -> int:
    """The first angle at which a digit is read as another one, or half a turn."""
    angles = range(STEP, HALF_TURN, STEP)
    return next((angle for angle in angles if answer(network, turned(drawing, angle)) != digit), HALF_TURN)


def cornered(drawing: Drawing) -> Drawing:
    """The drawing made small, in the upper left corner of the sheet."""
    return Drawing(tuple(SIZE * stroke for stroke in drawing.strokes))


def once(seed: int) -> float:
    """The test accuracy of a network after an epoch on the sample."""
    sample = mnist.load("sample")
    *_, last = fit(Recipe(data="sample", epochs=1, seed=seed), sample)
    assert isinstance(last, Finished)
    return validate(networks.restore(Recipe.network, last.weights), sample.test)[1]


def main() -> None:
    """Measure some of the pen digits, chosen once and for all."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--digits", type=int, default=1000)
    parser.add_argument("--model", default="lenet5")
    options = parser.parse_args()
    folder = data_folder()
    if folder is None:
        parser.error("LENET_DATA names no folder")
    pens = random.Random(1).sample(read(folder / "strokes/digits.jsonl.gz"), options.digits)
    network = models.load_model(options.model)
    shares, angles, same, sure = [], [], [], []
    for drawing in map(parse_drawing, pens):
        input_ = image(drawing)
        activations = trace(network, input_)
        digit = int(activations.probabilities.argmax())
        shares.append(changes(activations, trace(network, input_.roll(1, dims=-1))))
        angles.append(limit(network, drawing, digit))
        same.append(answer(network, cornered(drawing), raw=True) == digit)
        sure.append(float(activations.probabilities.max()) > SURE)
    each = np.array(shares)
    steadiest = [COMPARED[i] for i in each[:, [LAYERS.index(name) for name in COMPARED]].argmin(1)]
    print(f"{len(pens)} pen digits, {options.model}\n")
    print("| layer | changes by, mean | deviation | changes least of C1, S2, F6 |\n|---|---|---|---|")
    for name, mean, deviation in zip(LAYERS, each.mean(0), each.std(0, ddof=1), strict=True):
        least = f"{steadiest.count(name) / len(pens):.0%}" if name in COMPARED else ""
        print(f"| {name} | {mean:.0%} | {deviation:.0%} | {least} |")
    low, middle, high = (f"{angle:.0f}°" for angle in np.percentile(angles, [25, 50, 75]))
    print(f"\nTurned, it is read as another digit from {middle} on (median; middle half {low} to {high}).")
    print(f"Small in a corner and only shrunk, {np.mean(same):.0%} are read as before.")
    print(f"Above {SURE:.0%}: {np.mean(sure):.0%}.")
    reached = [once(seed) for seed in SEEDS]
    print(
        f"An epoch on the sample, seeds 0 to {SEEDS[-1]}: {min(reached):.1%} to {max(reached):.1%} of its test digits."
    )


if __name__ == "__main__":
    main()
