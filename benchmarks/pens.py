"""Print the accuracy on digits of real pens: python benchmarks/pens.py [FILE] [--model NAME]

FILE is .jsonl.gz, one object per line with `label`, `source` and `strokes`; the default is strokes/digits.jsonl.gz in
the folder that LENET_DATA names. These digits are tested with, never trained on.
"""

import argparse
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import torch

from lenet import networks
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.evaluation.report import wilson
from lenet.runs import models
from lenet.settings import data_folder


def read(file: Path) -> list[dict[str, Any]]:
    """The digits of a file, each with `label`, `source` and `strokes`."""
    with gzip.open(file, "rt") as lines:
        return [json.loads(line) for line in lines]


def row(name: str, hits: list[bool]) -> None:
    """Print a row: how many, the accuracy and its interval."""
    low, high = wilson(sum(hits), len(hits))
    print(f"| {name} | {len(hits):,} | {sum(hits) / len(hits):.2%} | {low:.2%} to {high:.2%} |")


def main() -> None:
    """Classify them all; print a row per source, digit and network, and the commonest errors."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=(data_folder() or Path()) / "strokes/digits.jsonl.gz")
    parser.add_argument("--model", default="lenet5")
    options = parser.parse_args()
    pens = read(options.file)
    images = torch.stack([preprocess_drawing(parse_drawing(pen)).image for pen in pens])

    def predict(model: str) -> list[int]:
        return networks.infer(models.load_model(model), images).argmax(1).tolist()

    predicted = predict(options.model)
    results = [(pen["source"], pen["label"], digit) for pen, digit in zip(pens, predicted, strict=True)]
    for title, place in (("source", 0), ("digit", 1)):
        print(f"| {title} | n | accuracy of {options.model} | 95 % interval |")
        print("|---|---|---|---|")
        for name in sorted({result[place] for result in results}):
            row(name, [result[1] == result[2] for result in results if result[place] == name])
        row("all", [label == digit for _, label, digit in results])
        print()
    errors = Counter((label, digit) for _, label, digit in results if label != digit)
    print("Commonest errors:", ", ".join(f"{a} as {b} ({n})" for (a, b), n in errors.most_common(6)))
    print()
    print("| network | n | accuracy | 95 % interval |")
    print("|---|---|---|---|")
    for model in models.pretrained():
        row(f"`{model}`", [pen["label"] == digit for pen, digit in zip(pens, predict(model), strict=True)])


if __name__ == "__main__":
    main()
