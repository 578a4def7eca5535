import base64

import numpy as np

from lenet import networks
from lenet.runs import models
from lenet.ui import examples


def test_the_hard_digits_are_the_least_probable_of_the_sample(sample) -> None:
    logits = networks.infer(models.load_model("lenet5"), sample.test.images)
    probabilities = logits.softmax(1).gather(1, sample.test.labels[:, None])[:, 0]
    assert tuple(probabilities.argsort()[: len(examples.HARD)].tolist()) == examples.HARD
    first = examples.hard_digits()[0]
    pixels = np.frombuffer(base64.b64decode(first["image"]), np.uint8).reshape(28, 28)
    assert first["label"] == int(sample.test.labels[examples.HARD[0]])
    assert np.array_equal(pixels, sample.test.images[examples.HARD[0], 2:-2, 2:-2].numpy())
