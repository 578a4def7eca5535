"""The model card of a run: its figures, how it was trained, and how to use it.

What people wrote, or files from elsewhere hold, can end neither the YAML at its head nor its Markdown.
"""

import re
from dataclasses import asdict
from importlib import resources
from typing import Any

from lenet import networks
from lenet.digits.data import tested_on
from lenet.runs.run import Run
from lenet.texts import Message, text

SOURCE = "https://github.com/lenet-5/lenet"  # also in pyproject.toml
DATA = "ylecun/mnist"  # on the Hub; the sample is a part of it
LIBRARY = "lenet"
OWN = ("start", "mine")  # fields of a recipe that sentences tell


def model_card(run: Run, repository: str) -> str:
    """Return the card, README.md of the repository USER/NAME."""
    return f"---\n{_head(run, repository)}---\n{_body(run, repository)}"


def _head(run: Run, repository: str) -> str:
    from huggingface_hub import EvalResult, ModelCardData

    low, high = run.interval
    result = EvalResult(
        task_type="image-classification",
        dataset_type=DATA,
        dataset_name=text(f"card.tested.{tested_on(run.recipe.data)}"),
        dataset_split="test",
        metric_type="accuracy",
        metric_value=run.accuracy,
        metric_name=text("card.metric", total=run.total, low=low, high=high),
    )
    head: str = ModelCardData(
        license="mit",
        library_name=LIBRARY,
        pipeline_tag="image-classification",
        tags=[LIBRARY, "mnist", "handwritten-digits", run.recipe.network],
        datasets=[DATA],
        metrics=["accuracy"],
        model_name=repository,
        eval_results=[result],
    ).to_yaml()
    return head + "\n"


def _body(run: Run, repository: str) -> str:
    network, low, high = networks.entry(run.recipe.network), *run.interval
    rows = [f"| `{name}` | {escape(value)} |" for name, value in asdict(run.recipe).items() if name not in OWN]
    values: dict[str, Any] = {
        "title": escape(run.name),
        "network": network.name,
        "parameters": f"{networks.parameters(network.build()):,}",
        "source": SOURCE,
        "tested": text(f"card.tested.{tested_on(run.recipe.data)}"),
        "correct": f"{run.correct:,}",
        "total": f"{run.total:,}",
        "accuracy": f"{run.accuracy:.2%}",
        "low": f"{low:.2%}",
        "high": f"{high:.2%}",
        "threshold": f"{run.threshold:.2f}",
        "repository": repository,
        "key": run.key,
        "data": text(f"card.trained.{run.recipe.data}"),
        "epoch": run.epoch,
        "stopped": "" if run.finished else text("card.stopped"),
        "date": escape(run.date[:10]),
        "device": escape(run.device.upper()),
        "recipe": "\n".join(rows),
        "start": text("card.start", run=run.recipe.start) if run.recipe.start else text("card.scratch"),
        "taught": " " + text("card.taught", count=sum(run.mine), classes=_classes(run)) if run.mine else "",
    }
    template = resources.files("lenet.runs.hub").joinpath("card.md").read_text(encoding="utf-8")
    return re.sub(r"\{(\w+)\}", lambda place: str(values[place[1]]), template)


def _classes(run: Run) -> list[Message]:
    """How many digits of each class it was taught."""
    return [Message("card.class", {"number": count, "digit": digit}) for digit, count in enumerate(run.mine) if count]


def escape(words: object) -> str:
    """Return words on one line in which nothing means anything to Markdown or HTML."""
    line = "".join(letter for letter in " ".join(str(words).split()) if letter.isprintable())
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)
