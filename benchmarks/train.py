"""Print how fast training is, beside the tutorials' way and what the machine allows: python benchmarks/train.py

In one run on one machine (LENET_DATA says where MNIST is), every part alone and in turn:
1. the tutorials' way, as published description D has it: torchvision's transforms on PIL images, a DataLoader, batch
   size 64, Adam at 1e-3, tested after every epoch until 98 % of the test digits are classified correctly;
2. ours: `lenet.fit` with its default recipe, one epoch, in a process that has just begun, from the call to its end;
3. the floor: the multiply-accumulates of forward and backward at the rate at which this machine multiplies matrices,
   and what each piece of a step costs beside it.

Test accuracies are of the weights at a time; classifying the test digits is not counted. With --seeds, the test
accuracy of one and of five epochs over seeds too.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from statistics import mean, median, stdev

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
from lenet.training.loop import EpochEnd, Finished, Progress, fit, validate
from lenet.training.recipe import Recipe
from lenet.training.step import Stepper

SIDE = 1024  # of the multiplied matrices
AIM = 0.98  # accuracy, the time to which is compared
COLD = "import sys; sys.path.insert(0, 'benchmarks'); import train; train.cold()"
TRANSFORMS = transforms.Compose([transforms.Resize(32), transforms.ToTensor(), transforms.Normalize(0.1307, 0.3081)])
STEPS = 200  # of which a piece's time is the median


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Time some work: the median of some times."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return median(found)


def tutorial(data: Data) -> Iterator[tuple[float, float]]:
    """After each epoch of 60,000 digits, the seconds so far and the test accuracy."""
    loader = DataLoader(MNIST(data_folder() or "", transform=TRANSFORMS), batch_size=64, shuffle=True)
    network = networks.create("lenet5", torch.Generator().manual_seed(0))
    tested = torch.stack([TRANSFORMS(image) for image, _ in MNIST(data_folder() or "", train=False)])
    optimizer, spent = torch.optim.Adam(network.parameters(), lr=1e-3), 0.0

    def epoch() -> None:
        for images, labels in loader:
            optimizer.zero_grad()
            cross_entropy(network.raw_activations(images)["output"], labels).backward()
            optimizer.step()

    while True:
        spent += seconds(epoch)
        with torch.inference_mode():
            hits = network(tested).argmax(1) == data.test.labels
        yield spent, hits.double().mean().item()


def cold() -> None:
    """Train by the default recipe, and print as JSON the seconds to AIM, the seconds in all and the accuracy then."""
    data = mnist.load("mnist")
    network = networks.entry("lenet5").build()
    start, tested, reached = time.perf_counter(), 0.0, None
    for event in fit(Recipe(), data):
        now = time.perf_counter()
        if isinstance(event, Finished) or (reached is None and isinstance(event, Progress | EpochEnd)):
            network.load_state_dict(event.weights)
            accuracy = validate(network, data.test)[1]
            if reached is None and accuracy >= AIM:
                reached = now - start - tested
            end = now - start - tested
            tested += time.perf_counter() - now
    print(json.dumps({"reached": reached, "seconds": end, "accuracy": accuracy}))


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


def pieces(data: Data) -> Iterator[tuple[str, float]]:
    """What a step is made of, and the seconds of each piece."""
    recipe = Recipe()
    network = networks.create("lenet5", torch.Generator().manual_seed(0))
    stepper = Stepper(recipe, network, STEPS)
    index = torch.randperm(len(data.train))[: recipe.batch]
    batch = data.train[index]
    yield "fetching the digits", seconds(lambda: network.preprocess(data.train[index].images), STEPS)
    x = network.preprocess(batch.images)
    for name in ("C1", "C3", "C5", "F6"):
        yield f"{name}, forward and backward", both_ways(network, x, name)

    def loss() -> torch.Tensor:
        return network.loss(network(x), batch.labels, recipe.smoothing)

    forward = seconds(loss, STEPS)
    yield "all layers and the loss, forward", forward
    yield "all layers and the loss, backward", seconds(lambda: loss().backward(), STEPS) - forward
    yield "the optimizer", seconds(stepper.optimizer.step, STEPS)


def both_ways(network: networks.LeNet, x: torch.Tensor, name: str) -> float:
    """Seconds of a layer of weights with the pooling and activation behind it, forward and backward."""
    layers = [*network.layers]
    before = layers.index(name)
    raw = network.raw_activations(x)
    previous = x if not before else network.activate(layers[before - 1], raw[layers[before - 1]]).detach()
    del raw
    previous = previous.requires_grad_(bool(before))
    names = layers[before : before + 1 + (name in network.squashed_late)]

    def work() -> None:
        value = previous
        for one in names:
            layer = network.get_submodule(one)
            value = layer(value.flatten(1) if isinstance(layer, nn.Linear) else value)
        network.squash(value).sum().backward()

    return seconds(work, STEPS)


def over_seeds(data: Data, seeds: int) -> None:
    """Print the test accuracy of one and of five epochs."""
    print("\n| epochs | n | test accuracy | deviation |\n|---|---|---|---|")
    for epochs in (1, 5):
        found = []
        for seed in range(seeds):
            *_, last = fit(Recipe(epochs=epochs, seed=seed), data)
            assert isinstance(last, Finished)
            found.append(100 * validate(networks.restore("lenet5", last.weights), data.test)[1])
        print(f"| {epochs} | {seeds} | {mean(found):.2f} % | {stdev(found):.2f} |")


def main() -> None:
    """Measure all of it, and print it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--seeds", type=int, default=0, help="also train so many networks of one and of five epochs")
    parser.add_argument("--cold", type=int, default=3, help="processes that train by the default recipe")
    options = parser.parse_args()
    data = mnist.load("mnist")
    runs = [json.loads(subprocess.check_output([sys.executable, "-c", COLD])) for _ in range(options.cold)]
    ours = {name: median(run[name] for run in runs) for name in runs[0]}
    epochs, (slow, accuracy) = next(one for one in enumerate(tutorial(data), 1) if one[1][1] >= AIM)
    recipe = Recipe()
    print(f"Training {len(data.train):,} digits, on {torch.get_num_threads()} CPU threads")
    print("\n| what | seconds | test accuracy |\n|---|---|---|")
    print(f"| the tutorials' way, epochs of 60,000 digits: {epochs} | {slow:.1f} | {accuracy:.2%} |")
    print(f"| ours, until {AIM:.0%} | {ours['reached']:.2f} | {slow / ours['reached']:.0f} times faster |")
    print(f"| ours, one epoch and its validation | {ours['seconds']:.2f} | {ours['accuracy']:.2%} |")
    network = networks.create("lenet5", torch.Generator().manual_seed(0)).to(memory_format=torch.channels_last)
    each = 1e6 / recipe.batch
    floor = 1e6 * multiply_accumulates(network) / rate()
    print(f"\nMultiply-accumulates at {rate() / 1e9:.0f} billion per second: {floor:.1f} µs a digit.")
    print("\n| piece | µs a digit | times the floor |\n|---|---|---|")
    for name, spent in pieces(data):
        print(f"| {name} | {each * spent:.1f} | {each * spent / floor:.2f} |")
    whole = 1e6 * ours["seconds"] / len(data.train)
    print(f"| an epoch, all in all | {whole:.1f} | {whole / floor:.2f} |")
    if options.seeds:
        over_seeds(data, options.seeds)


if __name__ == "__main__":
    main()
