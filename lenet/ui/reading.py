"""What the server answers while somebody draws: a message with strokes in, everything that the page paints out."""

from contextlib import suppress
from threading import BoundedSemaphore
from typing import Any

from torch import Tensor

from lenet.digits.preprocessing import Preprocessed
from lenet.errors import DamagedError, UnknownModelError
from lenet.networks import LeNet
from lenet.networks.activations import saliency, trace
from lenet.networks.layers import RBF
from lenet.networks.lenet1998 import CODE
from lenet.networks.plan import first_layer_kernels
from lenet.networks.unit import explain_unit
from lenet.runs import models
from lenet.ui.answers import Answer, BusyError, ServerFunction, answering
from lenet.ui.description import describe, describe_live
from lenet.ui.encoding import encode_int8, encode_uint8, encode_unit
from lenet.ui.message import input_of, parse_question, preprocess
from lenet.ui.queue import TrainingQueue, is_live
from lenet.ui.threads import use_one_core

MAX_READINGS = 8  # at once; more are told to come again, so that a crowd cannot fill the server's threads
SHOWN = 0.05  # magnitude of a layer's values that the page, which writes one decimal, shows as more than 0
PATIENCE = 2.0  # seconds that a reading waits for its turn


def reader(queue: TrainingQueue) -> ServerFunction:
    """Make the server function `read`, which answers as `answer` says.

    It keeps nothing between calls: any process with the same runs can answer, except for weights in training, which
    only the process of that `queue` has.
    """
    slots = BoundedSemaphore(MAX_READINGS)

    @answering
    def read(message: Any) -> Answer:
        if not slots.acquire(timeout=PATIENCE):
            raise BusyError("server.busy.drawing")
        use_one_core()
        try:
            return answer(message, queue)
        finally:
            slots.release()

    return read


def answer(message: Any, queue: TrainingQueue) -> Answer:
    """Classify one drawing: `{"version": 1, "model": name, "strokes": [...]}`, on a sheet of 1,000 units a side.

    In place of strokes may stand `picture`, an image file in base64. `raw` true skips preprocessing. `saliency` may
    name a digit, `unit` a unit, `previous` another model to compare with; see `Question`.

    The answer holds `digit`, `probabilities` (ten, 0 to 1), `confidence`, `preprocessing` (`stages`, `input`,
    `placement` [scale, left, top] of the input on the sheet, `colours` if the network sees a picture's), `layers`,
    `kernels` of the first layer, `codes` of an RBF output, `model` (see `describe`), `device`, and where asked for
    `saliency`, `unit` and `previous` (ten probabilities). It is `{"digit": None, "model": ...}` if nothing is drawn.
    Raise InvalidError or UnknownModelError for a message or model that is no good.
    """
    question = parse_question(message)
    network, model = _load(question.model, queue)
    other = None
    with suppress(UnknownModelError, DamagedError):  # gone: then there is nothing to compare with
        other = _load(question.previous, queue)[0] if question.previous else None
    drawn = preprocess(message, colours=3 in (network.input[0], other.input[0] if other else 1))
    if drawn is None:
        return {"digit": None, "model": model}
    image = input_of(network, drawn)
    activations = trace(network, image)
    found: Answer = {
        "digit": int(activations.probabilities.argmax()),
        "probabilities": activations.probabilities.tolist(),
        "confidence": activations.confidence,
        "preprocessing": _encode_preprocessing(drawn, image),
        "layers": [encode_int8(name, values, SHOWN) for name, values in activations.layers.items()],
        "kernels": encode_int8("kernels", first_layer_kernels(network)),
        "model": model,
        "device": "CPU",  # a GPU would take longer for one digit
    }
    if codes := rbf_codes(network):
        found["codes"] = codes
    if question.saliency is not None:
        found["saliency"] = encode_int8("saliency", saliency(network, image, question.saliency))
    if question.unit:
        found["unit"] = encode_unit(explain_unit(network, image, activations, *question.unit))
    if other:
        found["previous"] = trace(other, input_of(other, drawn)).probabilities.tolist()
    return found


def rbf_codes(network: LeNet) -> dict[str, Any] | None:
    """The codes (10, rows, columns) that an RBF output compares with, encoded; None for another output."""
    output = network.get_submodule(network.layers[-1])
    return encode_int8("codes", output.codes.view(-1, *CODE)) if isinstance(output, RBF) else None


def _load(name: str, queue: TrainingQueue) -> tuple[LeNet, dict[str, Any]]:
    """The model of that name, pretrained, trained or in training, and its description."""
    if not is_live(name):
        return models.load_model(name), describe(name)
    snapshot = queue.snapshot(name)
    return snapshot.network, describe_live(name, snapshot)


def _encode_preprocessing(drawn: Preprocessed, image: Tensor) -> dict[str, Any]:
    encoded: dict[str, Any] = {
        "stages": [encode_uint8(stage.name, stage.grey) for stage in drawn.stages],
        "input": encode_uint8("input", drawn.image.numpy()),
        "placement": [drawn.scale, drawn.left, drawn.top],
    }
    return encoded if image is drawn.image else {**encoded, "colours": encode_uint8("colours", image.numpy())}
