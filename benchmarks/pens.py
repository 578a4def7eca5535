"""Print how well digits of real pens are read: python benchmarks/pens.py [FILE] [--model NAME]

FILE is .jsonl.gz, an object a line with `label`, `source` and `strokes`; without it, strokes/digits.jsonl.gz in the
folder that LENET_DATA names. These digits are measured with, never trained on.
"""

import argparse
import gzip
import json
from collections import Counter
from pathlib import Path

import torch

from lenet import networks
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.evaluation.report import wilson
from lenet.runs import models
from lenet.settings import data_folder


def row(name: str, hits: list[bool]) -> None:
    """How many were read, with its interval."""
    low, high = wilson(sum(hits), len(hits))
    print(f"| {name} | {len(hits):,} | {sum(hits) / len(hits):.2%} | {low:.2%} to {high:.2%} |")


def main() -> None:
    """Read them all, and print a row a source, a digit and a network, then the commonest mistakes."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=(data_folder() or Path()) / "strokes/digits.jsonl.gz")
    parser.add_argument("--model", default="lenet5")
    options = parser.parse_args()
    with gzip.open(options.file, "rt") as lines:
        pens = [json.loads(line) for line in lines]
    images = torch.stack([preprocess_drawing(parse_drawing(pen)).image for pen in pens])

    def read(model: str) -> list[int]:
        return networks.infer(models.load_model(model), images).argmax(1).tolist()

    answers = [(pen["source"], pen["label"], digit) for pen, digit in zip(pens, read(options.model), strict=True)]
    for title, place in (("source", 0), ("digit", 1)):
        print(f"| {title} | n | read by {options.model} | 95 % interval |")
        print("|---|---|---|---|")
        for name in sorted({answer[place] for answer in answers}):
            row(name, [answer[1] == answer[2] for answer in answers if answer[place] == name])
        row("all", [label == digit for _, label, digit in answers])
        print()
    mistakes = Counter((label, digit) for _, label, digit in answers if label != digit)
    print("Commonest mistakes:", ", ".join(f"{a} read {b} ({n})" for (a, b), n in mistakes.most_common(6)))
    print()
    print("| network | n | read | 95 % interval |")
    print("|---|---|---|---|")
    for model in models.pretrained():
        row(f"`{model}`", [pen["label"] == digit for pen, digit in zip(pens, read(model), strict=True)])


if __name__ == "__main__":
    main()
