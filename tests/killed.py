"""Train small runs in processes that are killed at random: python killed.py TOLD COUNT

Into TOLD goes the seed of every training that was over, before its run is stored.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from itertools import count

import torch

from lenet.digits import mnist
from lenet.digits.data import Data
from lenet.runs import cache
from lenet.training import loop
from lenet.training.recipe import Recipe


def main(told: str, times: int) -> None:
    torch.set_num_threads(1)  # a team of threads does not survive a fork
    sample = mnist.load("sample")
    little = Data("sample", sample.train[:64], sample.validation[:64], sample.test[:64], (), "little")
    moments = random.Random(0)
    for seed in range(5):  # the first ones are slow
        start = time.perf_counter()
        list(cache.train(Recipe(data="sample", epochs=1, seed=seed), little))
    longest = 3 * (time.perf_counter() - start)  # seconds that a process lives, at most
    for number in range(1, times + 1):
        child = os.fork()
        if not child:
            work(told, little, 1000 * number)
        time.sleep(longest * moments.random())
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def work(told: str, little: Data, first: int) -> None:
    """Train until killed."""

    def fit(*arguments: object, **options: object) -> Iterator[loop.Event]:
        for event in loop.fit(*arguments, **options):
            if isinstance(event, loop.Finished):
                with open(told, "a") as file:
                    file.write(f"{event_seed}\n")
            yield event

    for event_seed in count(first):
        list(cache.train(Recipe(data="sample", epochs=1, seed=event_seed), little, fit=fit))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
