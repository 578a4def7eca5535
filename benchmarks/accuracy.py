"""Print the accuracy table of the model card: python benchmarks/accuracy.py [--seeds N]

For every shipped network, its recipe with seeds 0, 1, ... (those trained before are there at once; LENET_DATA says
where MNIST is). Epochs are chosen by validation loss; no figure of the test set decides anything.
"""

import argparse
from dataclasses import replace
from statistics import mean, stdev

from lenet import data, runs
from lenet.report import wilson


def trained(name: str, seed: int) -> runs.Run:
    """The shipped network's recipe, trained with another seed."""
    recipe = replace(runs.about(name).recipe, seed=seed)
    *_, last = runs.train(recipe, data.load(recipe.data))
    assert isinstance(last, runs.Trained)
    return last.run


def main() -> None:
    """Train what is not trained yet, and print one row a network."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    seeds = parser.parse_args().seeds
    print("| network | n | test accuracy | deviation | seconds | shipped: seed | correct | accuracy | 95 % interval |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in runs.shipped():
        found = [trained(name, seed) for seed in range(seeds)]
        accuracies = [100 * run.accuracy for run in found]
        deviation = f"{stdev(accuracies):.3f}" if seeds > 1 else "-"
        shipped = runs.about(name)
        low, high = wilson(shipped.correct, shipped.total)
        print(
            f"| `{name}` | {seeds} | {mean(accuracies):.3f} % | {deviation} | {mean(run.seconds for run in found):.0f} "
            f"| {shipped.recipe.seed} | {shipped.correct:,} of {shipped.total:,} | {shipped.accuracy:.2%} "
            f"| {low:.2%} to {high:.2%} |"
        )


if __name__ == "__main__":
    main()
