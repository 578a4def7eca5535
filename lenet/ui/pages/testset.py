"""The Test-set tab: how well a model classifies the test digits, its errors, and its robustness."""

from collections import Counter
from functools import lru_cache
from reprlib import repr as shortened
from typing import Any

import gradio as gr
import torch
from torch import Tensor

from lenet import networks
from lenet.digits import mnist
from lenet.digits.geometry import MARGIN
from lenet.errors import InvalidError
from lenet.evaluation import paper, robustness
from lenet.evaluation.report import Report, report_logits
from lenet.runs import models
from lenet.ui import components
from lenet.ui.answers import Answer, answering
from lenet.ui.data import name_at_hand
from lenet.ui.description import describe
from lenet.ui.encoding import encode_uint8
from lenet.ui.pages.runs import manage
from lenet.ui.photo import parse_image
from lenet.ui.threads import slow_turn
from lenet.words import sentences

CHUNK = 1000  # digits classified per request, so that a drawing is never kept waiting for long
MAX_SHOWN = 200  # digits that are shown at once
PERTURBED = 500  # digits of each robustness curve
ERROR_RATE = 0.005  # among what is not rejected: the paper's figure 10
POINTS = 100  # of the rejection curve


def build() -> None:
    """Lay the tab out."""
    with gr.Column(elem_classes="card"):
        components.part("testset", server_functions=[test, manage], **props())


def props() -> dict[str, Any]:
    """What the part is given."""
    return {"value": [*models.pretrained()], "kinds": [*robustness.SEVERITIES], "error": ERROR_RATE}


@answering
def test(message: Any) -> Answer:
    """Answer `{"do": what, "model": name}`.

    "read" with `from` classifies some digits from there on and says `done` of `total`. Then "report" answers as
    `report` says; "cell" with `label` and `digit` shows the digits classified so; "point" says which fraction must be
    `rejected` for few errors; "perturb" with `kind`, and perhaps an `image`, answers as `perturb` says.
    """
    if not isinstance(message, dict) or not isinstance(message.get("model"), str):
        raise InvalidError("request.test")
    model, data = message["model"], name_at_hand()
    with slow_turn():
        match message.get("do"):
            case "read":
                return _read(message, model, data)
            case "report":
                return report(model, data)
            case "cell":
                return _cell(message, model, data)
            case "point":
                return {"rejected": _report(models.load_model(model), data).rejection_for_error(ERROR_RATE)}
            case "perturb":
                return perturb(message, model, data)
    known = ["read", "report", "cell", "point", "perturb"]
    raise InvalidError("request.one_of", value=shortened(message.get("do")), known=known)


def chunks(data: str) -> range:
    """The numbers of the chunks in which the test digits are classified."""
    return range(-(-len(mnist.load(data).test) // CHUNK))


@lru_cache(maxsize=128)
def logits(network: networks.LeNet, data: str, chunk: int) -> Tensor:
    """Logits of one chunk of the test digits, a fraction of a second's work."""
    return networks.infer(network, mnist.load(data).test.images[chunk * CHUNK : (chunk + 1) * CHUNK])


@lru_cache(maxsize=8)
def _report(network: networks.LeNet, data: str) -> Report:
    labels = mnist.load(data).test.labels
    together = torch.cat([logits(network, data, chunk) for chunk in chunks(data)])
    return report_logits(network, together, labels)


def _read(message: dict[str, Any], model: str, data: str) -> dict[str, int]:
    total = len(mnist.load(data).test)
    chunk = _whole(message, "from", total) // CHUNK
    logits(models.load_model(model), data, chunk)
    return {"done": min((chunk + 1) * CHUNK, total), "total": total}


def _cell(message: dict[str, Any], model: str, data: str) -> dict[str, Any]:
    """Errors come most confident first, correct digits least confident first."""
    label, digit = (_whole(message, name, 10) for name in ("label", "digit"))
    result = _report(models.load_model(model), data)
    places = ((result.labels == label) & (result.predicted == digit)).nonzero().flatten()
    order = result.probabilities.amax(1)[places].argsort(descending=label != digit)
    return {"count": len(places), "digits": [shown(result, data, i) for i in places[order][:MAX_SHOWN].tolist()]}


def _whole(message: dict[str, Any], name: str, below: int) -> int:
    value = message.get(name)
    if type(value) is not int or not 0 <= value < below:
        raise InvalidError("request.range", name=name, value=shortened(value), low=0, high=below - 1)
    return value


def report(model: str, data: str) -> dict[str, Any]:
    """All metrics of a model on the test digits; fractions are 0 to 1, `confusion` is label by prediction."""
    result, run = _report(models.load_model(model), data), models.load_run(model)
    rates, errors = result.rejection()
    some = torch.linspace(0, len(rates) - 1, POINTS).long()
    notice = sentences(mnist.load(data).notice)
    return {
        "model": describe(model),
        "data": data,
        "notice": notice.json() if notice else None,
        "correct": result.correct,
        "total": result.total,
        "accuracy": result.accuracy,
        "interval": list(result.interval),
        "confusion": result.confusion.tolist(),
        "recall": _numbers(result.recall),
        "precision": _numbers(result.precision),
        "calibration": [list(each) for each in result.calibration],
        "calibration_error": result.calibration_error,
        "threshold": run.threshold,
        "rejected": result.rejected(run.threshold),
        "rejection": torch.stack([rates[some], errors[some]], 1).tolist(),
        "errors": [shown(result, data, i) for i in result.errors[:MAX_SHOWN].tolist()],
        "paper": _beside_paper(result),
    }


def _numbers(values: Tensor) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]  # JSON has no NaN


def _beside_paper(result: Report) -> list[dict[str, int]]:
    """How often the errors of the paper's figure 8 are made `here` too, the paper's most frequent first."""
    here = Counter(zip(result.labels.tolist(), result.predicted.tolist(), strict=True))
    return [{"label": pair[0], "digit": pair[1], "here": here[pair], "paper": count} for pair, count in paper.FREQUENT]


def shown(result: Report, data: str, index: int) -> dict[str, Any]:
    """A test digit as the page shows it: `index`, `label`, `digit` predicted, `probabilities`, `image`."""
    image = mnist.load(data).test.images[index, MARGIN:-MARGIN, MARGIN:-MARGIN]
    return {
        "index": index,
        "label": int(result.labels[index]),
        "digit": int(result.predicted[index]),
        "probabilities": [round(probability, 4) for probability in result.probabilities[index].tolist()],
        "image": encode_uint8(image.numpy()),
    }


def perturb(message: dict[str, Any], model: str, data: str) -> dict[str, Any]:
    """What a transformation costs: `accuracy` on `total` test digits by `severities`, the range that the paper
    `claims`, and of an input (see `photo.parse_image`) its `digit` and that digit's `probabilities`.

    Raise InvalidError for an unknown kind, or what is no input.
    """
    kind = message.get("kind")
    if not isinstance(kind, str) or kind not in robustness.SEVERITIES:
        raise InvalidError("request.one_of", value=shortened(kind), known=[*robustness.SEVERITIES])
    claims = paper.CLAIMS.get(kind)
    drawing, network = None, models.load_model(model)
    if message.get("image") is not None:
        image = parse_image(message["image"])[None]
        digit = int(networks.infer(network, image).argmax())
        probabilities = robustness.predict_perturbed(network, image, kind)[:, 0, digit]
        drawing = {"digit": digit, "probabilities": probabilities.tolist()}
    return {
        "kind": kind,
        "severities": robustness.SEVERITIES[kind],
        "claims": list(claims) if claims else None,
        "total": PERTURBED,
        "accuracy": _accuracies(network, data, kind),
        "drawing": drawing,
    }


@lru_cache(maxsize=64)
def _accuracies(network: networks.LeNet, data: str, kind: str) -> list[float]:
    digits = mnist.load(data).test[:PERTURBED]
    predicted = robustness.predict_perturbed(network, digits.images, kind).argmax(2)
    return (predicted == digits.labels).double().mean(1).tolist()
