"""Print how fast training is, beside the tutorials' way and what the machine allows: python benchmarks/train.py

In one run on one machine (LENET_DATA says where MNIST is):
1. the tutorials' way: torchvision's transforms on PIL images, a DataLoader, batch size 64, Adam at 1e-3;
2. ours: `lenet.fit`, two epochs of the default recipe, and the cost of an epoch, its validation and the final test;
3. the floor: the multiply-accumulates of forward and backward at the rate at which this machine multiplies matrices.

Every part runs alone and in turn. Test accuracies are of the weights at each epoch's end, their time not counted.
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

import torch
from torch import nn
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import MNIST

from lenet import networks
from lenet.digits import mnist
from lenet.digits.data import Data
from lenet.settings import data_folder
from lenet.training.loop import EpochEnd, fit, validate
from lenet.training.recipe import Recipe

SIDE = 1024  # of the multiplied matrices


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Time some work: the median of some times."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return median(found)


def tutorial(fraction: float) -> float:
    """Seconds per epoch of 60,000 digits, from a fraction of one."""
    steps = transforms.Compose([transforms.Resize(32), transforms.ToTensor(), transforms.Normalize(0.1307, 0.3081)])
    loader = DataLoader(MNIST(data_folder() or "", transform=steps), batch_size=64, shuffle=True)
    network = networks.create("lenet5", torch.Generator().manual_seed(0))
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    count = int(fraction * len(loader))

    def epoch() -> None:
        for _, (images, labels) in zip(range(count), loader, strict=False):
            optimizer.zero_grad()
            cross_entropy(network(images), labels).backward()
            optimizer.step()

    return seconds(epoch) * len(loader) / count


def multiply_accumulates(network: networks.LeNet) -> int:
    """Per digit, forward and backward: each weight once forward and, but for the first layer's input, twice back."""
    total, times = 0, 2  # no gradient of the images is needed
    with torch.inference_mode():
        values = network.raw_activations(torch.zeros(1, *network.input.shape))
    for name in network.layers:
        layer = network.get_submodule(name)
        if isinstance(layer, nn.Conv2d | nn.Linear):
            places = values[name][0, 0].numel() if isinstance(layer, nn.Conv2d) else 1
            total += times * layer.weight.numel() * places
            times = 3
    return total


def rate() -> float:
    """Multiply-accumulates per second of this machine, in a product of matrices."""
    a, b = torch.rand(SIDE, SIDE), torch.rand(SIDE, SIDE)
    a @ b
    return SIDE**3 / seconds(lambda: a @ b, times=20)


def ours(digits: Data) -> tuple[float, list[tuple[float, float]]]:
    """Seconds per epoch, and after each the seconds so far and the test accuracy."""
    network = networks.entry("lenet5").build()
    reached, testing = [], 0.0  # seconds
    for event in fit(Recipe(epochs=2), digits):
        if isinstance(event, EpochEnd):
            start = time.perf_counter()
            network.load_state_dict(event.weights)
            reached.append((event.seconds - testing, validate(network, digits.test)[1]))
            testing += time.perf_counter() - start
    return reached[-1][0] / len(reached), reached


def main() -> None:
    """Measure all three, and print them."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--fraction", type=float, default=0.25, help="of the tutorials' epoch that is run")
    options = parser.parse_args()
    digits = mnist.load("mnist")
    network = networks.create("lenet5", torch.Generator().manual_seed(0))
    slow = tutorial(options.fraction) * len(digits.train) / 60_000
    epoch, reached = ours(digits)
    network.to(memory_format=torch.channels_last)
    validation, test = (
        seconds(lambda part=part: validate(network, part), 3) for part in (digits.validation, digits.test)
    )
    floor = multiply_accumulates(network) * len(digits.train) / rate()

    print(f"An epoch of {len(digits.train):,} digits, validation included, on {torch.get_num_threads()} CPU threads")
    print("\n| what | seconds | ours is |\n|---|---|---|")
    print(f"| the tutorials' way | {slow:.1f} | {slow / epoch:.1f} times faster |")
    print(f"| ours | {epoch:.2f} | |")
    billions = rate() / 1e9
    print(f"| multiply-accumulates, {billions:.0f} billion per second | {floor:.2f} | {epoch / floor:.1f} times that |")
    print(f"| validation, of an epoch | {validation:.2f} | {validation / epoch:.1%} |")
    print(f"| the final test, of an epoch | {test:.2f} | {test / epoch:.1%} |")
    for number, (after, accuracy) in enumerate(reached, 1):
        print(f"\nAfter epoch {number} of {len(reached)}, {after:.1f} s: {accuracy:.2%} of the test digits", end="")
    print()


if __name__ == "__main__":
    main()
