"""What the server answers while somebody draws: a message of strokes in, everything that the page paints out."""

import base64
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

from lenet import networks
from lenet.digits.photo import check_size
from lenet.digits.preprocessing import Preprocessed, preprocess_drawing, preprocess_picture
from lenet.digits.strokes import parse_drawing
from lenet.errors import DamagedError, LenetError, UnknownModelError
from lenet.networks.activations import saliency, trace
from lenet.networks.layers import RBF
from lenet.networks.plan import first_layer_kernels
from lenet.networks.unit import Unit, explain_unit
from lenet.runs import models
from lenet.ui.queue import TrainingQueue, is_live
from lenet.ui.threads import use_one_core

VERSION = 1  # of the message
AT_ONCE = 8  # readings; the next ones are told to come again, so that a crowd cannot fill the server's threads
PATIENCE = 2.0  # seconds that a reading waits for its turn
MAX_PICTURE = 4_000_000  # characters of base64, 3 MB; the page sends no more than 512x512 pixels

Reader = Callable[[dict[str, Any]], dict[str, Any]]


def reader(queue: TrainingQueue) -> Reader:
    """A function for the pad to call; `answer` says what goes in and comes out.

    What a visitor can cause comes back as `{"error": one line}`, with `again` true where the same may be asked again,
    and `gone` where the model is no longer there. It keeps nothing between calls: any process that sees the same runs
    can answer any of them, but for weights in training, which only the process of that `line` knows.
    """
    turns = BoundedSemaphore(AT_ONCE)

    def read(message: dict[str, Any]) -> dict[str, Any]:
        if not turns.acquire(timeout=PATIENCE):
            return {"error": "Many people are drawing here just now; it will be read in a moment.", "again": True}
        use_one_core()
        try:
            return answer(message, queue)
        except (UnknownModelError, DamagedError) as error:
            return {"error": str(error), "gone": True}
        except (ValueError, LenetError) as error:
            return {"error": str(error)}
        finally:
            turns.release()

    return read


def answer(message: Any, queue: TrainingQueue) -> dict[str, Any]:
    """Read one drawing: `{"version": 1, "model": name, "strokes": [...]}`, strokes on a sheet of 1,000 units a side.

    In place of strokes may stand `picture`, an image file in base64. With `drawn` true, the sheet is only shrunk, as
    most demos do. `matter` may name a digit, `unit` a unit as [layer, map, row, column], numbered from 1, `beside`
    another model to compare with.

    The answer holds `digit`, `probabilities` (ten, 0 to 1), `sure` (0 to 1, see `LeNet.confidence`), `way` (its stages, see
    `grey`, its place on the sheet, and a picture's `colours` for a network that sees them), `layers` and `kernels`,
    those of the first layer (see `encode_int8`), `model` (see `described`), `device`, the `codes` (see `encode_int8`) that RBF outputs
    compare with, and where asked for `matter` (see `encode_int8`), `unit`, and `beside` (ten probabilities); or only `digit`: None
    where nothing is drawn.
    ValueError or LenetError where the message or the model is no good.
    """
    if not isinstance(message, dict) or message.get("version") != VERSION or not isinstance(message.get("model"), str):
        raise ValueError(f'a message is {{"version": {VERSION}, "model": name, "strokes": [...]}}')
    network, model = _model(message["model"], queue)
    found = preprocessed(message, colours=network.input[0] == 3)
    if found is None:
        return {"digit": None}
    colours = found.colours
    image = found.image if colours is None else colours
    seen = trace(network, image)
    answer: dict[str, Any] = {
        "digit": int(seen.probabilities.argmax()),
        "probabilities": seen.probabilities.tolist(),
        "sure": seen.confidence,
        "way": {
            "stages": [grey(stage.name, stage.grey) for stage in found.stages],
            "image": grey("image", found.image.numpy()),
            "place": [found.scale, found.left, found.top],
        },
        "layers": [encode_int8(name, values) for name, values in seen.layers.items()],
        "kernels": encode_int8("kernels", first_layer_kernels(network)),
        "model": model,
        "device": "CPU",  # one digit is too small a thing for anything else
    }
    if colours is not None:
        answer["way"]["colours"] = grey("colours", colours.numpy())
    if isinstance(output := network.get_submodule("output"), RBF):
        answer["codes"] = encode_int8("codes", output.codes.view(-1, *networks.lenet1998.CODE))
    if (digit := message.get("matter")) is not None:
        if type(digit) is not int or digit not in range(10):
            raise ValueError(f"matter {digit!r} is no digit, 0 to 9")
        answer["matter"] = encode_int8("matter", saliency(network, image, digit))
    if (place := message.get("unit")) is not None:
        if not isinstance(place, list) or len(place) != 4:
            raise ValueError(f"unit {place!r} is not [layer, map, row, column]")
        answer["unit"] = taken_apart(explain_unit(network, image, seen, *place))
    if (name := message.get("beside")) is not None:
        if not isinstance(name, str):
            raise ValueError(f"beside {name!r} is no model's name")
        with suppress(UnknownModelError, DamagedError):  # gone: then there is nothing to compare with
            other = _model(name, queue)[0]
            answer["beside"] = trace(other, found.image).probabilities.tolist()
    return answer


def _model(name: str, queue: TrainingQueue) -> tuple[networks.LeNet, dict[str, Any]]:
    """The network to read with, and what the page says of it."""
    if not is_live(name):
        return models.load_model(name), described(name)
    ticket = queue.live(name)
    assert ticket.shown is not None
    network, age = ticket.shown
    about = {"title": f"weights in training, {age}", "accuracy": None, "sure": 0.0, "shipped": False, "live": True}
    return network, {"name": ticket.network, "weights": _size(ticket.network), **about}


def preprocessed(message: dict[str, Any], colours: bool = False) -> Preprocessed | None:
    """Preprocess a message's strokes or picture; None where nothing is drawn. InvalidError if no good."""
    raw = message.get("drawn") is True
    if "picture" in message:
        with _picture(message["picture"]) as image:
            return preprocess_picture(image, raw, colours)
    return preprocess_drawing(parse_drawing(message), raw)


def _picture(text: Any) -> Image.Image:
    if not isinstance(text, str) or len(text) > MAX_PICTURE:
        raise ValueError(f"a picture is an image file in base64, at most {MAX_PICTURE:,} characters")
    try:
        image = Image.open(BytesIO(base64.b64decode(text, validate=True)))
        check_size(image)
        image.load()
    except Exception as error:  # what Pillow's readers raise on a damaged file is anybody's guess
        raise ValueError("the picture is damaged, too large, or of no form known here; JPEG and PNG are") from error
    return image


def taken_apart(unit: Unit) -> dict[str, Any]:
    """A unit as the page shows it: as `Unit`, with lists for tensors."""
    return {
        **vars(unit),
        "squashed": unit.activation is not None,
        "sources": [
            {
                "map": source.map,
                "values": source.values.tolist(),
                "kernel": None if source.kernel is None else source.kernel.tolist(),
                "share": source.contribution,
            }
            for source in unit.sources
        ],
    }


def grey(name: str, values: "np.ndarray[Any, Any]") -> dict[str, Any]:
    """A picture's bytes, 0 paper to 255 ink, in base64, with its name and shape (rows, columns)."""
    return {"name": name, "shape": list(values.shape), "values": _base64(values)}


def encode_int8(name: str, values: Tensor) -> dict[str, Any]:
    """A layer's values as signed bytes in base64, 127 standing for `scale`, the largest magnitude among them."""
    scale = float(values.abs().max()) or 1.0
    return {
        "name": name,
        "shape": list(values.shape),
        "scale": scale,
        "values": _base64(values.mul(127 / scale).round().numpy().astype(np.int8)),
    }


@cache
def _size(name: str) -> int:
    return networks.parameters(networks.entry(name).build())


@lru_cache(maxsize=64)
def described(name: str) -> dict[str, Any]:
    """What the page says of a model: `name`, `title`, `weights` (how many), `accuracy`, `sure` (below which it
    should say nothing), `shipped`, `live`.

    The accuracy, 0 to 1, is of the test digits; of the validation digits for the weights of an epoch (None for 0).
    """
    run = models.load_run(name)
    _, at, epoch = name.partition("@")
    accuracy: float | None = run.accuracy
    if at:
        accuracy = run.history[int(epoch) - 1]["validation_accuracy"] if int(epoch) else None
    return {
        "name": run.recipe.network,
        "title": f"your run {run.title or run.key[:8]}{f' after epoch {epoch}' if at else ''}",
        "weights": _size(run.recipe.network),
        "accuracy": accuracy,
        "sure": 0.0 if at else run.threshold,
        "shipped": name in models.pretrained(),
        "live": False,
    }


def _base64(values: "np.ndarray[Any, Any]") -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")
