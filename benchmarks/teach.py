"""Print what teaching a network its visitor's hand is worth: python benchmarks/teach.py [FILE] [--draws N] [--each N]

FILE is .jsonl.gz of real pen digits, as for benchmarks/pens.py. Of each source, 5 digits of each class are drawn at
random and taught to a pretrained network, as the page does; the rest of the source is then classified. With `--habits`,
the visitor has one habit that the network misreads, such as a 1 with a flag, read as a 7: all digits of that confusion.
5 of them are taught, and 5 of every other class that it reads; the rest of the habit is then classified.

Nothing of what is printed was used to choose how networks are taught: that was done on other draws, of seeds from 100,
and on MNIST's validation digits. A row gives means over the draws, and in brackets their standard deviation.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from statistics import mean, stdev

import torch
from pens import read

from lenet import networks
from lenet.digits import mine, mnist
from lenet.digits.data import Data, Digits
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.runs import cache, models
from lenet.runs.run import Run
from lenet.settings import data_folder
from lenet.training import teach

HEAD = "n of the rest | error before, % | error after, % | MNIST test, points | better in sum | s |"
LEAST = 10  # digits of a habit


def main() -> None:
    """Teach each source's or habit's draws; print a row for each."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=(data_folder() or Path()) / "strokes/digits.jsonl.gz")
    parser.add_argument("--model", default="lenet5")
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--each", type=int, default=5, help="digits of a class that are taught")
    parser.add_argument("--only", nargs="+", metavar="SOURCE")
    parser.add_argument("--habits", action="store_true", help="confusions in the place of sources")
    parser.add_argument("--first", type=int, default=0, help="seed of the first draw")
    options = parser.parse_args()
    pens = read(options.file)
    images = torch.stack([preprocess_drawing(parse_drawing(pen)).image for pen in pens])
    digits = Digits(images, torch.tensor([pen["label"] for pen in pens]))
    os.environ["LENET_HOME"] = tempfile.mkdtemp()
    seeds = range(options.first, options.first + options.draws)
    if options.habits:
        print(f"| habit, read as | {HEAD}\n{'|---' * 7}|")
        rows = list(habits(options.model, digits))
    else:
        print(f"| source | {HEAD}\n{'|---' * 7}|")
        sources = options.only or sorted({pen["source"] for pen in pens})
        rows = [(name, digits[torch.tensor([pen["source"] == name for pen in pens])], None) for name in sources]
    lost: list[float] = []
    for name, own, others in rows:
        found = [teach_draw(options.model, *draw(own, others, options.each, seed)) for seed in seeds]
        count, before, after, points, better, seconds = zip(*found, strict=True)
        lost += points
        how_often = f"{sum(better)} of {len(better)}"
        cells = [f"{count[0]:,}", spread(before), spread(after), spread(points), how_often, f"{max(seconds):.1f}"]
        print("|", " | ".join([name, *cells]), "|", flush=True)
    print(f"MNIST's test digits, all draws: {spread(lost)} points. Seconds are the longest of a row.")


def habits(model: str, digits: Digits) -> Iterator[tuple[str, Digits, Digits]]:
    """The commonest confusions: the digits of each, and those of other classes that are read."""
    predicted = networks.infer(models.load_model(model), digits.images).argmax(1)
    for label, wrong in product(range(10), range(10)):
        chosen = (digits.labels == label) & (predicted == wrong)
        if label != wrong and chosen.sum() >= LEAST:
            others = (digits.labels != label) & (predicted == digits.labels)
            yield f"{label}, {wrong}", digits[chosen], digits[others]


def draw(own: Digits, others: Digits | None, each: int, seed: int) -> tuple[Digits, Digits]:
    """Digits to be taught, some of each class, and the rest of `own`."""
    taught, rest = split(own, each, seed)
    if others is None:
        return taught, rest
    more, _ = split(others, each, seed)
    return Digits(torch.cat([taught.images, more.images]), torch.cat([taught.labels, more.labels])), rest


def split(digits: Digits, each: int, seed: int) -> tuple[Digits, Digits]:
    """Draw some digits of each class, and leave the rest."""
    order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(seed))
    chosen = torch.zeros(len(digits), dtype=torch.bool)
    for label in range(10):
        chosen[order[digits.labels[order] == label][:each]] = True
    return digits[chosen], digits[~chosen]


def teach_draw(model: str, taught: Digits, rest: Digits) -> tuple[int, float, float, float, bool, float]:
    """Teach some digits. How many are the rest; the errors on them before and after, in per cent; points gained on
    MNIST; whether it is better in sum; seconds.
    """
    own = mine.merge(zip(taught.labels.tolist(), taught.images, strict=True))
    data = replace(mnist.load("mnist"), mine=own)
    start = time.perf_counter()
    run = teach_all(model, data)
    seconds = time.perf_counter() - start
    before, after = (error(networks.infer(models.load_model(name), rest.images), rest) for name in (model, run.key))
    (test,) = (row for row in run.before_after if row.digits == "test")
    points = 100 * (test.after - test.before) / test.total
    return len(rest), before, after, points, run.is_better, seconds


def teach_all(model: str, data: Data) -> Run:
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
