"""Print the rejection rate of non-digits: python benchmarks/nondigits.py [--model NAME]... [--unseen SEEDS]

The set is made here, always the same: letters and symbols of eight fonts that Debian's fonts-noto-core, fonts-dejavu
and fonts-liberation bring, and scribbles drawn with the pen. What in a common hand is a digit's own shape (TWINS) is
left out: nobody could reject it. Nothing of this set was trained on.

The pens are those that come with the package, without the mislabelled. Networks were trained with them; with `--unseen`
there are rows of networks that were not: for each source, that recipe without the pens of the source, which is then
asked of them (as in benchmarks/pens.py), and whose rates are means.
"""

import argparse
import string
from collections import Counter
from dataclasses import dataclass, replace
from statistics import mean

import numpy as np
import torch
from pens import by_source, without
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from lenet import networks
from lenet.digits import mnist
from lenet.digits.pens import PenDigit, digits, is_mislabelled, read
from lenet.digits.preprocessing import preprocess_drawing, preprocess_picture
from lenet.digits.strokes import parse_drawing
from lenet.errors import InvalidError
from lenet.runs import models
from lenet.training.recipe import Recipe

FONTS = (
    "dejavu/DejaVuSans.ttf",
    "dejavu/DejaVuSerif.ttf",
    "dejavu/DejaVuSansMono-Oblique.ttf",
    "liberation/LiberationSans-Regular.ttf",
    "liberation/LiberationSerif-Regular.ttf",
    "liberation/LiberationMono-Regular.ttf",
    "noto/NotoSans-Regular.ttf",
    "noto/NotoSerif-Italic.ttf",
)
TWINS = "OoDQ IlijJ Zz Ss B Gb gq |/[]()$"  # 0, 1, 2, 5, 8, 6, 9; strokes like a 1; a crossed S
SYMBOLS = "+=#%&?@!~*€§<>{}^♥★☺♪→↑∞×÷≠△◇□"  # noqa: RUF001, a times sign is meant
SCRIBBLES = 400
PENS = 0.01  # fraction of the real pens that the second threshold rejects


def glyphs(letters: str) -> list[Tensor]:
    """Images of characters in every font that has them."""
    found = []
    for letter in letters:
        for font in FONTS:
            picture = Image.new("L", (200, 200), 255)
            drawn = ImageFont.truetype(f"/usr/share/fonts/truetype/{font}", 120)
            ImageDraw.Draw(picture).text((100, 100), letter, font=drawn, fill=0, anchor="mm")
            try:
                preprocessed = preprocess_picture(picture)
            except InvalidError:  # of two parts, as ÷: refused before any network is asked
                continue
            if preprocessed is not None:
                found.append(preprocessed.image)
    return found


def scribbles() -> list[Tensor]:
    """Images of smooth walks, zigzags, spirals and random corners, as a pen draws them."""
    random, found = np.random.default_rng(7), []
    for number in range(SCRIBBLES):
        match number % 4:
            case 0:
                turns = np.cumsum(random.normal(0, 0.6, 60))
                points = 20 * np.cumsum(np.stack([np.cos(turns), np.sin(turns)], 1), 0)
            case 1:
                count = random.integers(5, 10)
                points = np.stack([40.0 * np.arange(count), np.arange(count) % 2 * random.uniform(80, 200)], 1)
                points = (points + random.normal(0, 8, points.shape))[:, :: random.choice([-1, 1])]
            case 2:
                along = np.linspace(0, 2 * np.pi * random.uniform(2.2, 3.5), 80)
                points = 10 * np.stack([along * np.cos(along), along * np.sin(along)], 1)
            case _:
                points = random.uniform(0, 300, (random.integers(5, 9), 2))
        found.append(drawn({"strokes": [(points - points.min(0)).tolist()]}))
    return found


def drawn(message: dict[str, object]) -> Tensor:
    """The input of a drawing."""
    preprocessed = preprocess_drawing(parse_drawing(message))
    assert preprocessed is not None
    return preprocessed.image


@dataclass(frozen=True)
class Member:
    """A network, its default threshold, and which of the pens, bool (N,), it is asked of."""

    network: networks.LeNet
    threshold: float
    pens: Tensor

    def confidence(self, images: Tensor) -> Tensor:
        """Confidence (N,) of images."""
        return self.network.confidence(networks.infer(self.network, images)).double()


def member(model: str, asked: Tensor) -> Member:
    """A model, to be asked of some pens."""
    return Member(models.load_model(model), models.load_run(model).threshold, asked)


def trained_without(recipe: Recipe, seeds: int, kept: list[PenDigit]) -> list[Member]:
    """For each source and seed, the recipe's network without that source's pens, to be asked of them."""
    return [
        member(without(replace(recipe, seed=seed), source), group)
        for seed in range(seeds)
        for source, group in by_source(kept).items()
    ]


def rows(name: str, members: list[Member], sets: dict[str, Tensor], pens: Tensor, test: Tensor) -> None:
    """Print how much networks reject on the average, at their default thresholds and at one for all."""
    everything = torch.cat([*sets.values()])
    of_pens = [one.confidence(pens[one.pens]) for one in members]
    common = torch.cat(of_pens).quantile(PENS).item()
    defaults = [one.threshold for one in members]

    def rate(thresholds: list[float], images: Tensor) -> float:
        rates = [
            (one.confidence(images) < threshold).double().mean().item()
            for one, threshold in zip(members, thresholds, strict=True)
        ]
        return mean(rates)

    for why, thresholds in (("default", defaults), (f"{PENS:.0%} of pens rejected", [common] * len(members))):
        rates = [f"{rate(thresholds, images):.1%}" for images in (*sets.values(), everything)]
        below = torch.cat([found < threshold for found, threshold in zip(of_pens, thresholds, strict=True)])
        of_digits = [f"{below.double().mean():.2%}", f"{rate(thresholds, test):.2%}"]
        print(f"| {name} | {mean(thresholds):.2f}, {why} | " + " | ".join(rates + of_digits) + " |")


def mistaken(model: str, images: Tensor) -> None:
    """Print what digits a model takes non-digits for."""
    network, threshold = models.load_model(model), models.load_run(model).threshold
    logits = networks.infer(network, images)
    accepted = Counter(logits.argmax(1)[network.confidence(logits) >= threshold].tolist())
    digits = ", ".join(f"{digit} ({count})" for digit, count in accepted.most_common())
    print(f"\nWhat `{model}` does not reject, it classifies as: {digits}")


def main() -> None:
    """Make the set, classify it, and print the tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--model", action="append", help="default: all pretrained networks")
    parser.add_argument("--unseen", type=int, default=0, metavar="SEEDS", help="train without each source of pens, too")
    options = parser.parse_args()
    chosen = options.model or [*models.pretrained()]
    letters = "".join(letter for letter in string.ascii_letters if letter not in TWINS)
    kinds = {"letters": glyphs(letters), "symbols": glyphs(SYMBOLS), "scribbles": scribbles()}
    sets = {f"{kind}, {len(images)}": torch.stack(images) for kind, images in kinds.items()}
    kept = [pen for pen in read() if not is_mislabelled(pen)]
    pens, test = digits((pen.label, pen.drawing) for pen in kept).images, mnist.load("mnist").test.images

    print("| network | threshold | " + " | ".join(sets) + f" | all | real pens, {len(pens):,} | MNIST's test digits |")
    print("|---|" + "---|" * (len(sets) + 4))
    for model in chosen:
        rows(f"`{model}`", [member(model, torch.ones(len(pens), dtype=torch.bool))], sets, pens, test)
        if options.unseen:
            members = trained_without(models.load_run(model).recipe, options.unseen, kept)
            rows(f"`{model}`, unseen pens", members, sets, pens, test)
    mistaken(chosen[0], torch.cat([*sets.values()]))


if __name__ == "__main__":
    main()
