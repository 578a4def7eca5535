"""Print what teaching a network its visitor's hand is worth: python benchmarks/teach.py [FILE] [--draws N] [--each N]

FILE is .jsonl.gz of real pen digits, as for benchmarks/pens.py. Of each source, 5 digits of each class are drawn at
random and taught to a pretrained network, as the page does; the rest of the source is then classified. Nothing of what
is printed was used to choose how networks are taught: that was done on other draws, of seeds from 100, and on MNIST's
validation digits. A row gives means over the draws, and in brackets their standard deviation.
"""

import argparse
import gzip
import json
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev

import torch

from lenet import networks
from lenet.digits import mine, mnist
from lenet.digits.mnist import Digits
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.runs import cache, models
from lenet.runs.run import Run
from lenet.settings import data_folder
from lenet.training import teach


def main() -> None:
    """Teach each source's draws; print a row a source."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=(data_folder() or Path()) / "strokes/digits.jsonl.gz")
    parser.add_argument("--model", default="lenet5")
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--each", type=int, default=5, help="digits of a class that are taught")
    parser.add_argument("--only", nargs="+", metavar="SOURCE")
    parser.add_argument("--first", type=int, default=0, help="seed of the first draw")
    options = parser.parse_args()
    with gzip.open(options.file, "rt") as lines:
        pens = [json.loads(line) for line in lines]
    images = torch.stack([preprocess_drawing(parse_drawing(pen)).image for pen in pens])
    digits = Digits(images, torch.tensor([pen["label"] for pen in pens]))
    print("| source | n of the rest | error before, % | error after, % | MNIST test, points | better in sum | s |")
    print("|---|---|---|---|---|---|---|")
    os.environ["LENET_HOME"] = tempfile.mkdtemp()
    lost: list[float] = []
    for source in options.only or sorted({pen["source"] for pen in pens}):
        own = digits[torch.tensor([pen["source"] == source for pen in pens])]
        seeds = range(options.first, options.first + options.draws)
        found = [teach_draw(options.model, own, options.each, seed) for seed in seeds]
        before, after, points, better, seconds = zip(*found, strict=True)
        count = len(own) - 10 * options.each
        lost += points
        how_often = f"{sum(better)} of {len(better)}"
        cells = [spread(before), spread(after), spread(points), how_often, f"{max(seconds):.1f}"]
        print("|", " | ".join([source, f"{count:,}", *cells]), "|", flush=True)
    print(f"MNIST's test digits, all draws: {spread(lost)} points. Seconds are the longest of a source.")


def teach_draw(model: str, digits: Digits, each: int, seed: int) -> tuple[float, float, float, bool, float]:
    """Teach some digits. Errors on the rest before and after, in per cent; points gained on MNIST; better; seconds."""
    order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(seed))
    chosen = torch.zeros(len(digits), dtype=torch.bool)
    for label in range(10):
        chosen[order[digits.labels[order] == label][:each]] = True
    taught, rest = digits[chosen], digits[~chosen]
    own = mine.merge(zip(taught.labels.tolist(), taught.images, strict=True))
    data = replace(mnist.load("mnist"), mine=own)
    start = time.perf_counter()
    run = teach_all(model, data)
    seconds = time.perf_counter() - start
    before, after = (error(networks.infer(models.load_model(name), rest.images), rest) for name in (model, run.key))
    (test,) = (row for row in run.before_after if row.digits == "test")
    return before, after, 100 * (test.after - test.before) / test.total, run.is_better, seconds


def teach_all(model: str, data: mnist.Data) -> Run:
    """Run a teaching to its end."""
    network = models.load_run(model).recipe.network
    *_, last = cache.train(teach.recipe(network, models.resolve(model), data.name, data.mine), data)
    assert isinstance(last, cache.Trained)
    return last.run


def error(logits: torch.Tensor, digits: Digits) -> float:
    """Error rate in per cent."""
    return 100 * (logits.argmax(1) != digits.labels).double().mean().item()


def spread(values: tuple[float, ...] | list[float]) -> str:
    """Mean and standard deviation."""
    return f"{mean(values):.2f} ({stdev(values) if len(values) > 1 else 0:.2f})"


if __name__ == "__main__":
    main()
