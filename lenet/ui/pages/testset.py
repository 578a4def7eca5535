"""The Test-set tab: how well a network reads the test digits, which it misreads, and how far one may change them."""

from collections import Counter
from functools import cache, lru_cache
from typing import Any

import gradio as gr
import torch
from torch import Tensor

from lenet import networks
from lenet.digits import mnist
from lenet.digits.mnist import Data
from lenet.errors import LenetError
from lenet.evaluation import paper, robustness
from lenet.evaluation.report import Report, report_logits
from lenet.runs import models
from lenet.ui import components, reading
from lenet.ui.pages import runs as runs_page
from lenet.ui.threads import slow_slot

CHUNK = 1000  # digits read a request, so that a drawing is never kept waiting for long
MOST = 200  # digits that are shown at once
CHANGED = 500  # digits of each curve of changes
ERROR = 0.005  # of what is kept: the paper's figure 10
POINTS = 100  # of the rejection curve


def build() -> None:
    """Lay the tab out."""
    with gr.Column(elem_classes="card"):
        components.testset([*models.pretrained()], answer, runs_page.manage)


def answer(message: Any) -> dict[str, Any]:
    """Answer the tab: `{"do": what, "model": name}`.

    "read" with `from` reads so many digits from there and tells `done` of `total`; then "report" tells what `told`
    does, "cell" with `label` and `digit` shows the digits read so, "point" tells the share `refused` for few errors,
    and "changed" with `change`, and perhaps a drawing, what `curve` does. What a visitor can cause comes back as
    `{"error": one line}`.
    """
    try:
        if not isinstance(message, dict) or not isinstance(message.get("model"), str):
            raise ValueError('a message is {"do": ..., "model": name}')
        with slow_slot():
            return _answer(message, message["model"])
    except (ValueError, LenetError) as error:
        return {"error": str(error)}


def _answer(message: dict[str, Any], model: str) -> dict[str, Any]:
    match message.get("do"):
        case "read":
            start = _whole(message, "from", len(_digits().test))
            _logits(model, start // CHUNK)
            return {"done": min(start // CHUNK * CHUNK + CHUNK, len(_digits().test)), "total": len(_digits().test)}
        case "report":
            return payload(model)
        case "cell":
            label, digit = (_whole(message, name, 10) for name in ("label", "digit"))
            result = _report(model)
            places = ((result.labels == label) & (result.predicted == digit)).nonzero().flatten()
            sure = result.probabilities.amax(1)[places].argsort(descending=label != digit)
            return {"count": len(places), "digits": [shown(result, place) for place in places[sure][:MOST].tolist()]}
        case "point":
            return {"refused": _report(model).rejection_for_error(ERROR)}
        case "changed":
            return curve(model, str(message.get("change")), message)
    raise ValueError(f"{message.get('do')!r} is none of read, report, cell, point, changed")


def _whole(message: dict[str, Any], name: str, below: int) -> int:
    value = message.get(name)
    if type(value) is not int or not 0 <= value < below:
        raise ValueError(f"{name} {value!r} is out of bounds: 0 to {below - 1}")
    return value


@cache
def _digits() -> Data:
    return mnist.load("mnist" if mnist.at_hand() else "sample")


@lru_cache(maxsize=128)
def _logits(model: str, chunk: int) -> Tensor:
    return networks.infer(models.load_model(model), _digits().test.images[chunk * CHUNK : (chunk + 1) * CHUNK])


@lru_cache(maxsize=8)
def _report(model: str) -> Report:
    test = _digits().test
    logits = torch.cat([_logits(model, chunk) for chunk in range(-(-len(test) // CHUNK))])
    return report_logits(models.load_model(model), logits, test.labels)


def payload(model: str) -> dict[str, Any]:
    """All figures of a model, as the page shows them; shares are 0 to 1, `confusion` is label by answer."""
    result, run = _report(model), models.load_run(model)
    shares, errors = result.rejection()
    some = torch.linspace(0, len(shares) - 1, POINTS).long()
    ours = Counter(zip(result.labels.tolist(), result.predicted.tolist(), strict=True))
    return {
        "model": reading.described(model),
        "notice": " ".join(map(str, _digits().notice)),
        "data": _digits().name,
        "correct": result.correct,
        "total": result.total,
        "accuracy": result.accuracy,
        "interval": list(result.interval),
        "confusion": result.confusion.tolist(),
        "recall": result.recall.tolist(),
        "precision": [None if value != value else value for value in result.precision.tolist()],
        "calibration": result.calibration,
        "calibration_error": result.calibration_error,
        "sure": run.threshold,
        "unsure": result.rejected(run.threshold),
        "rejection": torch.stack([shares[some], errors[some]], 1).tolist(),
        "mistakes": [shown(result, place) for place in result.errors[:MOST].tolist()],
        "pairs": [
            {"label": label, "digit": digit, "ours": ours[label, digit], "paper": count}
            for (label, digit), count in Counter(paper.PAIRS).most_common()
        ],
    }


def shown(result: Report, place: int) -> dict[str, Any]:
    """A test digit as the page shows it: its place, label, answer, probabilities, and picture (see `reading.grey`)."""
    return {
        "place": place,
        "label": int(result.labels[place]),
        "digit": int(result.predicted[place]),
        "probabilities": [round(share, 4) for share in result.probabilities[place].tolist()],
        "picture": reading.grey("digit", _digits().test.images[place, 2:-2, 2:-2].numpy()),
    }


def curve(model: str, change: str, drawn: dict[str, Any]) -> dict[str, Any]:
    """What a change costs: `accuracy` of so many (`total`) test digits by `amounts`, what the paper `claims`, and for a
    drawing the probability of its answer, `digit`. ValueError for an unknown change or a drawing that is no good.
    """
    if change not in robustness.SEVERITIES:
        raise ValueError(f"unknown change {change!r}; known: {', '.join(robustness.SEVERITIES)}")
    told = {"change": change, "amounts": robustness.SEVERITIES[change], "claims": paper.CLAIMS.get(change)}
    found = reading.preprocessed(drawn) if "strokes" in drawn or "picture" in drawn else None
    own = None
    if found:
        mine = robustness.predict_perturbed(models.load_model(model), found.image[None], change)[:, 0]
        plain = networks.infer(models.load_model(model), found.image[None])
        own = {"digit": int(plain.argmax()), "probabilities": mine[:, int(plain.argmax())].tolist()}
    return {**told, "total": CHANGED, "accuracy": _accuracies(model, change), "drawing": own}


@lru_cache(maxsize=64)
def _accuracies(model: str, change: str) -> list[float]:
    digits = _digits().test[:CHANGED]
    found = robustness.predict_perturbed(models.load_model(model), digits.images, change).argmax(2)
    return (found == digits.labels).double().mean(1).tolist()
