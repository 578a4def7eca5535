"""Print the rejection rate of non-digits: python benchmarks/nondigits.py [--model NAME]...

The set is made here, always the same: letters and symbols of eight fonts that Debian's fonts-noto-core, fonts-dejavu
and fonts-liberation bring, and scribbles drawn with the pen. What in a common hand is a digit's own shape (TWINS) is
left out: nobody could reject it. The pens are those of benchmarks/pens.py. Nothing of this was trained on.
"""

import argparse
import gzip
import json
import string
from collections import Counter

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from lenet import networks
from lenet.digits import mnist
from lenet.digits.preprocessing import preprocess_drawing, preprocess_picture
from lenet.digits.strokes import parse_drawing
from lenet.errors import InvalidError
from lenet.runs import models
from lenet.settings import data_folder

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


def rejected(confidence: Tensor, threshold: float) -> float:
    """Fraction below a threshold."""
    return float((confidence < threshold).double().mean())


def main() -> None:
    """Make the set, classify it, and print a row per model and threshold."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--model", action="append", help="default: all pretrained networks")
    chosen = parser.parse_args().model or [*models.pretrained()]
    letters = "".join(letter for letter in string.ascii_letters if letter not in TWINS)
    kinds = {"letters": glyphs(letters), "symbols": glyphs(SYMBOLS), "scribbles": scribbles()}
    sets = {f"{kind}, {len(images)}": torch.stack(images) for kind, images in kinds.items()}
    with gzip.open(f"{data_folder()}/strokes/digits.jsonl.gz", "rt") as lines:
        pens = torch.stack([drawn(json.loads(line)) for line in lines])
    test = mnist.load("mnist").test.images

    print("| network | threshold | " + " | ".join(sets) + f" | all | real pens, {len(pens):,} | MNIST's test digits |")
    print("|---|" + "---|" * (len(sets) + 4))
    for model in chosen:
        network = models.load_model(model)

        def confidence(images: Tensor, network: networks.LeNet = network) -> Tensor:
            return network.confidence(networks.infer(network, images)).double()

        everything = torch.cat([*sets.values()])
        for why, threshold in (
            ("default", models.load_run(model).threshold),
            (f"{PENS:.0%} of pens rejected", confidence(pens).quantile(PENS).item()),
        ):
            rates = [f"{rejected(confidence(images), threshold):.1%}" for images in (*sets.values(), everything)]
            of_digits = [f"{rejected(confidence(images), threshold):.2%}" for images in (pens, test)]
            print(f"| `{model}` | {threshold:.2f}, {why} | " + " | ".join(rates + of_digits) + " |")
    network, threshold = models.load_model(chosen[0]), models.load_run(chosen[0]).threshold
    logits = networks.infer(network, everything)
    accepted = Counter(logits.argmax(1)[network.confidence(logits) >= threshold].tolist())
    digits = ", ".join(f"{digit} ({count})" for digit, count in accepted.most_common())
    print(f"\nWhat `{chosen[0]}` does not reject, it classifies as: {digits}")


if __name__ == "__main__":
    main()
