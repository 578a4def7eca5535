"""Print the accuracy on photographed digits: python benchmarks/photos.py [--model NAME] [--digits N]

MNIST's first test digits, each on a sheet in eight conditions of paper, light and pen, with noise of its own
(`lenet.evaluation.photographed`); each goes through what the page does with a photo. A refused one counts as misread.
MNIST is where LENET_DATA says.
"""

import argparse

import torch
from PIL import Image
from torch import Tensor

from lenet import networks
from lenet.digits import mnist
from lenet.digits.preprocessing import preprocess_picture
from lenet.errors import InvalidError
from lenet.evaluation.photographed import CONDITIONS, photograph
from lenet.evaluation.report import wilson
from lenet.runs import models


def seen(picture: Image.Image) -> Tensor | None:
    """The 32x32 image that a network sees of a photo; None if there is none."""
    try:
        preprocessed = preprocess_picture(picture)
    except InvalidError:
        return None
    return preprocessed.image if preprocessed else None


def main() -> None:
    """Photograph and classify them, and print a row per condition."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--model", default="lenet5")
    parser.add_argument("--digits", type=int, default=1000, help="at most 10,000")
    options = parser.parse_args()
    digits = mnist.load("mnist").test[: options.digits]
    network = models.load_model(options.model)

    print(f"| condition | n | accuracy of {options.model} | 95 % interval | refused |\n|---|---|---|---|---|")
    for name, condition in CONDITIONS.items():
        pictures = (photograph(image.numpy(), condition, seed) for seed, image in enumerate(digits.images))
        found = [seen(picture) for picture in pictures]
        read = torch.tensor([image is not None for image in found])
        images = torch.stack([image for image in found if image is not None])
        hits = int((networks.infer(network, images).argmax(1) == digits.labels[read]).sum())
        low, high = wilson(hits, len(digits))
        interval = f"{low:.2%} to {high:.2%}"
        print(
            f"| {name} | {len(digits):,} | {hits / len(digits):.2%} | {interval} | {int((~read).sum())} |", flush=True
        )


if __name__ == "__main__":
    main()
