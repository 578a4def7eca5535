"""Hard examples for the pad. The easy ones, strokes of ten digits, are `web/examples.json`, for the pad's script."""

import base64
from io import BytesIO
from typing import Any

from PIL import Image
from torch import Tensor

from lenet.digits import mnist
from lenet.digits.geometry import MARGIN

# Of the sample's test digits the ten whose label the pretrained lenet5 finds least probable, the hardest first. Known
# in advance, so that the page's layout runs no network; a test finds them again.
HARD = (992, 403, 797, 290, 535, 872, 839, 919, 818, 54)


def hard_digits() -> list[dict[str, Any]]:
    """The hard digits as the pad takes them: `label`, and `picture`, a PNG of ink on white as a data URL."""
    test = mnist.load("sample").test
    return [{"label": int(test.labels[i]), "picture": _data_url(test.images[i])} for i in HARD]


def _data_url(image: Tensor) -> str:
    file = BytesIO()
    Image.fromarray(255 - image[MARGIN:-MARGIN, MARGIN:-MARGIN].numpy()).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")
