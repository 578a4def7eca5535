"""Hard examples for the pad. The easy ones, strokes of ten digits, are `web/examples.json`, for the pad's script."""

from typing import Any

from lenet.digits import mnist
from lenet.digits.geometry import MARGIN
from lenet.ui.encoding import encode_uint8

# Of the sample's test digits the ten whose label the pretrained lenet5 finds least probable, the hardest first. Known
# in advance, so that the page's layout runs no network; a test finds them again.
HARD = (992, 403, 797, 290, 535, 872, 839, 919, 818, 54)


def hard_digits() -> list[dict[str, Any]]:
    """The hard digits as the pad takes them: `label`, and `image`, uint8 (28, 28) in base64."""
    test = mnist.load("sample").test
    inside = slice(MARGIN, -MARGIN)
    return [{"label": int(test.labels[i]), "image": encode_uint8(test.images[i, inside, inside].numpy())} for i in HARD]
