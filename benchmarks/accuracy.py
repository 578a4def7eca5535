"""Print the model card's tables from the shipped weights: python benchmarks/accuracy.py [--seeds N]

MNIST is where LENET_DATA says. With --seeds, the table over seeds too: every shipped recipe with seeds 0, 1, ..., those
trained before being there at once. Epochs are chosen by validation loss; no figure of the test set decides anything.
"""

import argparse
import hashlib
from dataclasses import replace
from statistics import mean, stdev

from lenet import networks
from lenet.digits import mnist
from lenet.evaluation.report import Report, report
from lenet.runs import cache, models
from lenet.runs.run import Run
from lenet.training.recipe import PRESETS, Recipe

ERROR = 0.005  # of the digits that are kept: the point that the paper's figure 10 is read at


def read(name: str) -> Report:
    """MNIST's test digits, read with shipped weights."""
    network, digits = models.load_model(name), mnist.load("mnist").test
    return report(network, networks.infer(network, digits.images), digits.labels)


def rejected_for_error(result: Report) -> float:
    """The smallest share of refused digits, the least sure first, that leaves so few errors."""
    shares, errors = result.rejection()
    return float(shares[errors <= ERROR].min())


def accuracies(reports: dict[str, Report]) -> None:
    """A row a network."""
    print(
        "| network | weights | seed | epoch | read | accuracy | 95 % interval | calibration error | refused for 0.5 % |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, result in reports.items():
        run, size = models.load_run(name), networks.parameters(models.load_model(name))
        low, high = result.interval
        print(
            f"| `{name}` | {size:,} | {run.recipe.seed} | {run.epoch} of {run.recipe.epochs} "
            f"| {result.correct:,} of {result.total:,} | {result.accuracy:.2%} | {low:.2%} to {high:.2%} "
            f"| {result.calibration_error:.2%} | {rejected_for_error(result):.2%} |"
        )


def by_digit(reports: dict[str, Report]) -> None:
    """Recall and precision, a row a network."""
    print("| network | " + " | ".join(map(str, range(10))) + " |")
    print("|---" * 11 + "|")
    for name, result in reports.items():
        shares = zip(result.recall, result.precision, strict=True)
        cells = [f"{recall:.1%} / {precision:.1%}" for recall, precision in shares]
        print(f"| `{name}` | " + " | ".join(cells) + " |")


def digests() -> None:
    """What the files are, a row each."""
    print("| file | SHA-256 |")
    print("|---|---|")
    for file in models.pretrained().values():
        print(f"| {file.name} | `{hashlib.sha256(file.read_bytes()).hexdigest()}` |")


def over_seeds(recipes: dict[str, Recipe], seeds: int) -> None:
    """Train what is not trained yet, a row a recipe."""
    print("| recipe | n | test accuracy | deviation | seconds |")
    print("|---|---|---|---|---|")
    for name, recipe in recipes.items():
        found = [trained(replace(recipe, seed=seed)) for seed in range(seeds)]
        shares = [100 * run.accuracy for run in found]
        deviation = f"{stdev(shares):.3f}" if seeds > 1 else "-"
        seconds = mean(run.seconds for run in found)
        print(f"| {name} | {seeds} | {mean(shares):.3f} % | {deviation} | {seconds:.0f} |")


def trained(recipe: Recipe) -> Run:
    """The run of a recipe."""
    *_, last = cache.train(recipe, mnist.load(recipe.data))
    assert isinstance(last, cache.Trained)
    return last.run


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--seeds", type=int, default=0, help="train so many of each recipe, and print their table")
    parser.add_argument("--only", nargs="*", help="of these networks")
    options = parser.parse_args()
    shipped = [name for name in models.pretrained() if not options.only or name in options.only]
    reports = {name: read(name) for name in shipped}
    accuracies(reports)
    print()
    by_digit(reports)
    print()
    digests()
    if options.seeds:
        recipes = {f"`{name}`, as shipped": models.load_run(name).recipe for name in shipped}
        if "lenet5-1998" in shipped:
            recipes["`lenet5-1998`, preset `1998`"] = Recipe(**PRESETS["1998"].settings)
        print()
        over_seeds(recipes, options.seeds)


if __name__ == "__main__":
    main()
