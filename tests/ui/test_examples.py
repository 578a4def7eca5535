import base64
from io import BytesIO

import numpy as np
from PIL import Image

from lenet import networks
from lenet.runs import models
from lenet.ui import examples


def test_the_hard_digits_are_the_least_probable_of_the_sample(sample) -> None:
    logits = networks.infer(models.load_model("lenet5"), sample.test.images)
    probabilities = logits.softmax(1).gather(1, sample.test.labels[:, None])[:, 0]
    assert tuple(probabilities.argsort()[: len(examples.HARD)].tolist()) == examples.HARD
    first = examples.hard_digits()[0]
    picture = Image.open(BytesIO(base64.b64decode(first["picture"].partition(",")[2])))
    assert (first["label"], picture.size) == (int(sample.test.labels[examples.HARD[0]]), (28, 28))
    assert np.array_equal(255 - np.asarray(picture), sample.test.images[examples.HARD[0], 2:-2, 2:-2].numpy())
