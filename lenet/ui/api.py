"""What programs may ask of the page's server, for Gradio's clients, plain HTTP and MCP: see docs/api.md.

The docstrings of endpoints are what programs are told of them. Gradio takes all that stands before `Args:` as one
paragraph, and of each argument one line.
"""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager, nullcontext
from functools import partial
from typing import Any

import gradio as gr
from gradio.events import api as add_endpoint
from torch import Tensor

from lenet.digits.preprocessing import preprocess_drawing, preprocess_picture
from lenet.digits.strokes import parse_drawing
from lenet.errors import InvalidError, LenetError
from lenet.networks import REGISTRY, infer
from lenet.runs import models
from lenet.settings import trains_for_programs
from lenet.texts import text
from lenet.ui import form
from lenet.ui.answers import without_paths
from lenet.ui.data import name_at_hand
from lenet.ui.description import describe
from lenet.ui.pages import runs, testset
from lenet.ui.photo import decode
from lenet.ui.presence import visitor
from lenet.ui.queue import TrainingQueue
from lenet.ui.serving import FIRST_MODEL
from lenet.ui.threads import Turns, photo_turn, slow_turn
from lenet.ui.training import retrain
from lenet.ui.training_view import View

FIGURES = (  # of the Test set tab's report
    "data",
    "correct",
    "total",
    "accuracy",
    "interval",
    "calibration_error",
    "threshold",
    "rejected",
    "recall",
    "precision",
    "confusion",
)
# Calls at once; more are refused at once, so that programs take neither the places of Gradio's queue, where
# trainings wait, nor its 40 threads. A report leaves one of two slow turns to the page, and takes the other by chunks.
_short = Turns(8, waiting=0)
_long = Turns(1, waiting=0)
log = logging.getLogger("lenet")


class Refusal(gr.Error):
    """An error as programs are told it: its sentence alone."""

    def __init__(self, sentence: object) -> None:
        super().__init__(str(sentence), title="", print_exception=False)

    def __str__(self) -> str:
        return self.message


def build(queue: TrainingQueue) -> None:
    """Add the endpoints to the page that is being built; `train` only where `LENET_PUBLIC_TRAIN` allows it.

    Only a stream needs Gradio's queue. Without it, MCP calls the function itself, else over HTTP.
    """
    for function in (classify, networks, report):
        add_endpoint(function, api_name=function.__name__, queue=False, concurrency_limit=None)
    if trains_for_programs():
        add_endpoint(trainer(queue), api_name="train", concurrency_limit=None)


def classify(drawing: str | dict[str, Any], model: str = FIRST_MODEL) -> dict[str, Any]:
    """Classify one handwritten digit, from the strokes of a pen or from a picture.

    Strokes are {"strokes": [[[x, y], ...], ...]}, with x to the right and y down, in any unit; at most 200 strokes and
    2,000 points. A picture is a PNG, JPEG or WebP file in base64, or a data URL of one, at most 1,000,000 pixels and
    5,900,000 characters; it shows one digit, dark on light or light on dark.

    The answer is an object. digit is the most probable digit, 0 to 9. probabilities are those of the ten digits in
    order; they add up to 1, or to less if the network has an output for non-digits. confidence is 0 to 1. rejected is
    true if the confidence is below the model's threshold, so that this is probably not a digit. If nothing is drawn,
    these four are null. threshold and model say what classified.

    Args:
        drawing: strokes as an object, or a picture as text
        model: the name of a network that networks lists, the key of a trained run, or KEY@EPOCH for its weights then
    """
    with _answering(_short):
        about = _describe(model)
        network = models.load_model(about["id"])
        image = _image(drawing, colours=network.input.channels == 3)
        answer: dict[str, Any] = dict.fromkeys(("digit", "probabilities", "confidence", "rejected"))
        if image is not None:
            logits = infer(network, image[None])
            confidence = network.confidence(logits).item()
            answer = {
                "digit": int(logits.argmax()),
                "probabilities": network.probabilities(logits)[0].tolist(),
                "confidence": confidence,
                "rejected": confidence < about["threshold"],
            }
        return {**answer, "threshold": about["threshold"], "model": about["id"]}


def networks() -> list[dict[str, Any]]:
    """List the networks that there are.

    Each is an object: name, parameters (how many), input (its shape: channels, rows, columns), year of publication,
    source, and accuracy on MNIST's 10,000 test images, 0 to 1, or null if it has no pretrained weights.
    """
    with _answering(_short):
        return [{"name": name, **models.summary(name)} for name in REGISTRY]


def report(model: str = FIRST_MODEL) -> dict[str, Any]:
    """Test a model on the test digits. The first report of a model takes some seconds.

    The answer is an object. data is "mnist", the 10,000 test images, or "sample", 1,000 of them. accuracy is correct
    of total, 0 to 1, and interval its 95% confidence interval. calibration_error is the expected calibration error, 0
    to 1. threshold is the confidence below which the model rejects, rejected the fraction of the digits that it
    rejects. recall and precision are of the ten digits in order, 0 to 1, null where undefined. confusion is a 10 by 10
    table of counts, a row for each label, a column for each predicted digit.

    Args:
        model: the name of a network that networks lists, the key of a trained run, or KEY@EPOCH for its weights then
    """
    with _answering(_long):
        name, data = _describe(model)["id"], name_at_hand()
        network = models.load_model(name)
        for chunk in testset.chunks(data):
            with slow_turn():
                testset.logits(network, data, chunk)
        with slow_turn():
            figures = testset.report(name, data)
        return {"model": name, **{figure: figures[figure] for figure in FIGURES}}


def trainer(queue: TrainingQueue) -> Callable[[dict[str, Any], gr.Request], AsyncIterator[dict[str, Any]]]:
    """Make the endpoint `train`, whose trainings wait in the page's queue."""

    async def train(recipe: dict[str, Any], request: gr.Request) -> AsyncIterator[dict[str, Any]]:
        """Train a network, and stream the progress.

        Trainings wait for each other, so that one runs at a time. This page's limits on epochs and time apply; what it
        has learned at its time limit is kept. The same recipe again loads the run that is there.

        A recipe is an object, and all its fields are optional: network, data ("auto", "mnist+pens" or "sample"), epochs
        (1 to 50, or this page's limit), batch (1 to 1024), optimizer (muon, adamw, adam, momentum, sgd or sdlm), rate
        (above 0, at most 1), schedule (linear, one-cycle, cosine, constant or 1998), decay (0 to 1), smoothing (0 to
        0.5), average (0 to 0.9999), augment (0 to 2), styles (0 to 1), outliers (0 to 1), seed (a whole number from 0),
        and start, a model of the same network to start from.

        Each part of the stream is an object: state ("waiting", "training", "done" or "stopped"), message, progress (0
        to 1) and run. run is null until the training is over, and stays so if nothing could be stored. Else it has the
        run's key, which names it as a model, its test accuracy, correct of total, interval, settings, and the loss and
        accuracy of each epoch.

        Args:
            recipe: what differs from the usual training, for example {"network": "lenet5", "epochs": 2}
        """
        with _answering():
            values, model = _form(recipe)
            choose = partial(form.recipe, values, model=model)
            async with aclosing(retrain(queue, form.chosen_data(values), choose, "", visitor(request))) as views:
                async for view in views:
                    yield _part(view)

    return train


def _form(recipe: Any) -> tuple[dict[str, Any], str]:
    """A recipe as the whole form of the page, and the model to start from."""
    if not isinstance(recipe, dict) or not set(recipe) <= set(form.NAMES):
        raise InvalidError("api.recipe", names=[*form.NAMES])
    model = recipe.get("start") or ""
    return {**form.defaults(), **recipe, "start": "current" if model else "scratch"}, _name(model)


def _part(view: View) -> dict[str, Any]:
    """A part of the stream that tells of a training. Raise Refusal for a view that tells of a failure."""
    if view.state == "failed":
        raise Refusal(view.message)
    run = runs.row(models.load_run(view.key)) if view.key else None
    return {"state": view.state, "message": str(view.message), "progress": view.progress, "run": run}


def _name(model: Any) -> str:
    if not isinstance(model, str):
        raise InvalidError("api.model")
    return model


def _describe(model: Any) -> dict[str, Any]:
    """What there is to know of a model; its `id` is its whole name, by which all caches know it."""
    return describe(_name(model))


def _image(drawing: Any, colours: bool) -> Tensor | None:
    """The input that a drawing or a picture makes, uint8 (32, 32), or (3, 32, 32) in colour; None if it is empty."""
    if not isinstance(drawing, str):
        found = preprocess_drawing(parse_drawing(drawing))
        return found.image if found else None
    content = drawing.partition(",")[2] if drawing.startswith("data:") else drawing
    with photo_turn():
        found = preprocess_picture(decode("".join(content.split())), colours=colours)
    return None if found is None else found.image if found.colours is None else found.colours


@contextmanager
def _answering(turn: Turns | None = None) -> Iterator[None]:
    """Take a turn, if one is needed; turn errors into sentences that tell no path and no traceback."""
    try:
        with turn() if turn else nullcontext():
            yield
    except gr.Error:
        raise
    except LenetError as error:
        raise Refusal(without_paths(error.message)) from error
    except OSError as error:
        raise Refusal(text("server.files", reason=error.strerror or type(error).__name__)) from error
    except Exception as error:
        log.exception("An endpoint failed")
        raise Refusal(text("api.failed")) from error
