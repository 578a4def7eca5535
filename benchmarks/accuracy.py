"""Print the model card's tables from the pretrained networks: python benchmarks/accuracy.py [--seeds N]

MNIST is where LENET_DATA says. With --seeds, the table over seeds too: every pretrained network's recipe with seeds 0,
1, ..., each trained unless its run is stored. Epochs are chosen by validation loss; nothing is chosen on the test set.
"""

import argparse
import hashlib
from dataclasses import replace
from statistics import mean, stdev

from lenet import networks
from lenet.digits import mnist
from lenet.evaluation.report import Report, evaluate
from lenet.runs import cache, models
from lenet.runs.run import Run
from lenet.training.recipe import PRESETS, Recipe

ERROR = 0.005  # error rate among the digits that are kept: the point at which the paper's figure 10 is read


def evaluated(name: str) -> Report:
    """A pretrained network's report on MNIST's test set."""
    test = mnist.load("mnist").test
    return evaluate(models.load_model(name), test.images, test.labels)


def overview(reports: dict[str, Report]) -> None:
    """Print a row per network."""
    print(
        "| network | parameters | seed | epoch | correct | accuracy | 95 % interval | calibration error "
        "| rejected for 0.5 % |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, result in reports.items():
        run, size = models.load_run(name), networks.parameters(models.load_model(name))
        low, high = result.interval
        rejected = result.rejection_for_error(ERROR)
        print(
            f"| `{name}` | {size:,} | {run.recipe.seed} | {run.epoch} of {run.recipe.epochs} "
            f"| {result.correct:,} of {result.total:,} | {result.accuracy:.2%} | {low:.2%} to {high:.2%} "
            f"| {result.calibration_error:.2%} | {'-' if rejected is None else f'{rejected:.2%}'} |"
        )


def by_digit(reports: dict[str, Report]) -> None:
    """Print recall and precision, a row per network."""
    print("| network | " + " | ".join(map(str, range(10))) + " |")
    print("|---" * 11 + "|")
    for name, result in reports.items():
        pairs = zip(result.recall, result.precision, strict=True)
        cells = [f"{recall:.1%} / {precision:.1%}" for recall, precision in pairs]
        print(f"| `{name}` | " + " | ".join(cells) + " |")


def digests() -> None:
    """Print a row per weights file."""
    print("| file | SHA-256 |")
    print("|---|---|")
    for file in models.pretrained().values():
        print(f"| {file.name} | `{hashlib.sha256(file.read_bytes()).hexdigest()}` |")


def over_seeds(recipes: dict[str, Recipe], seeds: int) -> None:
    """Train what is not trained yet, and print a row per recipe."""
    print("| recipe | n | test accuracy | deviation | seconds |")
    print("|---|---|---|---|---|")
    for name, recipe in recipes.items():
        found = [trained(replace(recipe, seed=seed)) for seed in range(seeds)]
        accuracies = [100 * run.accuracy for run in found]
        deviation = f"{stdev(accuracies):.3f}" if seeds > 1 else "-"
        seconds = mean(run.seconds for run in found)
        print(f"| {name} | {seeds} | {mean(accuracies):.3f} % | {deviation} | {seconds:.0f} |")


def trained(recipe: Recipe) -> Run:
    """The run of a recipe, trained unless it is stored."""
    *_, last = cache.train(recipe, mnist.load(recipe.data))
    assert isinstance(last, cache.Trained)
    return last.run


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "--seeds", type=int, default=0, help="train each recipe with this many seeds, and print their table"
    )
    parser.add_argument("--only", nargs="*", help="only these networks")
    options = parser.parse_args()
    pretrained = [name for name in models.pretrained() if not options.only or name in options.only]
    reports = {name: evaluated(name) for name in pretrained}
    overview(reports)
    print()
    by_digit(reports)
    print()
    digests()
    if options.seeds:
        recipes = {f"`{name}`, as pretrained": models.load_run(name).recipe for name in pretrained}
        if "lenet5-1998" in pretrained:
            recipes["`lenet5-1998`, preset `1998`"] = Recipe(**PRESETS["1998"].settings)
        print()
        over_seeds(recipes, options.seeds)


if __name__ == "__main__":
    main()
