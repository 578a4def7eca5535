"""Print the accuracy on digits of real pens: python benchmarks/pens.py [--model NAME] [--unseen] [--seeds N]

The 9,005 digits that come with the package, as their writers drew them. With `--unseen`, by leaving sources out: for
each source, the model's recipe is trained without the pens of that source (unless that run is stored), and classifies
them; so no figure is of digits, or of writers, that were trained with. MNIST is where LENET_DATA says. Without it, the
model itself classifies them all, which says something only of a network that was not trained with pens.

A second column leaves out the drawings that `lenet.digits.pens` leaves out of training, as no digit of their label.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import torch
from torch import Tensor

from lenet import networks
from lenet.digits import mnist, pens
from lenet.evaluation.report import wilson
from lenet.runs import cache, models
from lenet.training.recipe import Recipe

DATA = "mnist+pens"


def read(file: Path) -> list[dict[str, Any]]:
    """The digits of a file, each with `label`, `source` and `strokes`."""
    with gzip.open(file, "rt") as lines:
        return [json.loads(line) for line in lines]


def row(name: str, hits: Tensor) -> None:
    """Print a row: how many, the accuracy and its interval."""
    low, high = wilson(int(hits.sum()), len(hits))
    print(f"| {name} | {len(hits):,} | {hits.double().mean():.2%} | {low:.2%} to {high:.2%} |")


def by_source(found: Sequence[pens.PenDigit]) -> dict[str, Tensor]:
    """Which of the pens are of each source, bool (N,)."""
    names = [pen.source for pen in found]
    return {source: torch.tensor([name == source for name in names]) for source in sorted(set(names))}


def without(recipe: Recipe, source: str) -> str:
    """The model of a recipe that is trained without the pens of a source, trained unless it is stored."""
    data = pens.add_to(mnist.load("mnist"), source)
    *_, last = cache.train(replace(recipe, data=DATA), data)
    assert isinstance(last, cache.Trained)
    return last.run.key


def unseen(recipe: Recipe, seeds: int, classify: Callable[[str], Tensor], labels: Tensor) -> None:
    """Print, for each source and for all, the accuracy of networks that did not learn from that source."""
    found = pens.read()
    groups = by_source(found)
    kept = torch.tensor([not pens.is_mislabelled(pen) for pen in found])
    hits = []
    for seed in range(seeds):
        predicted = torch.full_like(labels, -1)
        for source, group in groups.items():
            predicted[group] = classify(without(replace(recipe, seed=seed), source))[group]
        hits.append((predicted == labels).double())
    print("| source | n | accuracy, unseen | deviation | without the mislabelled |\n|---|---|---|---|---|")
    for source, group in [*groups.items(), ("all", torch.ones_like(kept))]:
        every, good = ([100 * one[which].mean().item() for one in hits] for which in (group, group & kept))
        deviation = f"{stdev(every):.2f}" if seeds > 1 else "-"
        print(f"| {source} | {int(group.sum()):,} | {mean(every):.2f} % | {deviation} | {mean(good):.2f} % |")
    print(f"\n{seeds} seeds of each; deviations are over seeds.")


def sources() -> list[str]:
    """The source of each digit."""
    return [pen.source for pen in pens.read()]


def seen(model: str, predicted: Tensor, labels: Tensor) -> None:
    """Print a row per source and digit, and the commonest errors."""
    hits = predicted == labels
    columns = {"source": sources(), "digit": labels.tolist()}
    for title, values in columns.items():
        print(f"| {title} | n | accuracy of {model} | 95 % interval |\n|---|---|---|---|")
        for name in sorted(set(values)):
            row(str(name), hits[torch.tensor([value == name for value in values])])
        row("all", hits)
        print()
    pairs = zip(labels[~hits].tolist(), predicted[~hits].tolist(), strict=True)
    print("Commonest errors:", ", ".join(f"{a} as {b} ({n})" for (a, b), n in Counter(pairs).most_common(6)))


def main() -> None:
    """Classify them all, and print the tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--model", default="lenet5")
    parser.add_argument("--unseen", action="store_true", help="train without each source, and classify that")
    parser.add_argument("--seeds", type=int, default=1, help="of these trainings")
    options = parser.parse_args()
    digits = pens.digits((pen.label, pen.drawing) for pen in pens.read())

    def classify(model: str) -> Tensor:
        return networks.infer(models.load_model(model), digits.images).argmax(1)

    if options.unseen:
        unseen(models.load_run(options.model).recipe, options.seeds, classify, digits.labels)
        return
    seen(options.model, classify(options.model), digits.labels)
    print("\n| network | n | accuracy | 95 % interval |\n|---|---|---|---|")
    for model in models.pretrained():
        row(f"`{model}`", classify(model) == digits.labels)


if __name__ == "__main__":
    main()
