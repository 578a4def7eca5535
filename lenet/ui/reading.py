"""What the server answers while somebody draws: a message of strokes in, everything that the page paints out."""

import base64
from collections.abc import Callable
from functools import lru_cache
from threading import BoundedSemaphore
from typing import Any

import numpy as np
from torch import Tensor

from lenet import ink, networks, runs
from lenet.look import look
from lenet.settings import LenetError
from lenet.ui.background import use_one_core

VERSION = 1  # of the message
AT_ONCE = 8  # readings; the next ones are told to come again, so that a crowd cannot fill the server's threads
PATIENCE = 2.0  # seconds that a reading waits for its turn

Reader = Callable[[dict[str, Any]], dict[str, Any]]


def reader() -> Reader:
    """A function for the pad to call: `{"version": 1, "model": name, "strokes": [...]}` in, see `answer` for the rest.

    What a visitor can cause comes back as `{"error": one line}`. It keeps nothing between calls: any process that sees
    the same runs can answer any of them.
    """
    turns = BoundedSemaphore(AT_ONCE)

    def read(message: dict[str, Any]) -> dict[str, Any]:
        if not turns.acquire(timeout=PATIENCE):
            return {"error": "Many people are drawing here just now. Draw on, and it will be read."}
        use_one_core()
        try:
            return answer(message)
        except (ValueError, LenetError) as error:
            return {"error": f"This cannot be read: {error}"}
        finally:
            turns.release()

    return read


def answer(message: Any) -> dict[str, Any]:
    """Read one drawing. ValueError or LenetError where the message, the model or the drawing is no good.

    `digit`, `probabilities` (ten, 0 to 1), `field` (32x32 bytes, base64), `layers` (see `packed`), `model` (see
    `described`) and `device`; or only `digit`: None where nothing is drawn.
    """
    if not isinstance(message, dict) or message.get("version") != VERSION or not isinstance(message.get("model"), str):
        raise ValueError(f'a message is {{"version": {VERSION}, "model": name, "strokes": [...]}}')
    field = ink.from_strokes(ink.parse(message))
    if field is None:
        return {"digit": None}
    seen = look(runs.model(message["model"]), field)
    return {
        "digit": int(seen.probabilities.argmax()),
        "probabilities": seen.probabilities.tolist(),
        "field": _base64(field.numpy()),
        "layers": [packed(name, values) for name, values in seen.layers.items()],
        "model": described(message["model"]),
        "device": "CPU",  # one digit is too small a thing for anything else
    }


def packed(name: str, values: Tensor) -> dict[str, Any]:
    """A layer's values as signed bytes in base64, 127 standing for `scale`, the largest magnitude among them."""
    scale = float(values.abs().max()) or 1.0
    return {
        "name": name,
        "shape": list(values.shape),
        "scale": scale,
        "values": _base64(values.mul(127 / scale).round().numpy().astype(np.int8)),
    }


@lru_cache(maxsize=64)
def described(name: str) -> dict[str, Any]:
    """What the page says of a model: `name`, `title`, `weights` (how many), `accuracy` (0 to 1), `shipped`."""
    run = runs.about(name)
    shipped = name in runs.shipped()
    epochs = "1 epoch" if run.recipe.epochs == 1 else f"{run.recipe.epochs} epochs"
    return {
        "name": run.recipe.network,
        "title": f"your run: {epochs}, {100 * run.accuracy:.2f} %",
        "weights": networks.parameters(networks.entry(run.recipe.network).build()),
        "accuracy": run.accuracy,
        "shipped": shipped,
    }


def _base64(values: "np.ndarray[Any, Any]") -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")
