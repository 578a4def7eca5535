"""Models and runs as files for other programs: weights, ONNX, history and predictions as CSV."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import fields
from io import StringIO
from pathlib import Path

import torch
from torch import Tensor, nn

from lenet.digits.geometry import INPUT_SIDE
from lenet.errors import LenetError
from lenet.evaluation.report import Report
from lenet.networks import LeNet
from lenet.runs import files, models, store
from lenet.runs.run import Run
from lenet.training.loop import EpochEnd

HISTORY = [field.name for field in fields(EpochEnd) if field.name != "weights"]
PREDICTIONS = ["label", "predicted", *(f"p{digit}" for digit in range(10))]


def weights(name: str, file: Path) -> None:
    """Write a model's weights, without those of its epochs, as a .safetensors file like those in `weights/`.

    Raises as `load_model` does, and LenetError for a file among the stored runs.
    """
    if file.resolve().parent == store.folder().resolve():
        raise LenetError("export.among_runs", file=str(file))
    store.write(file, models.load_run(name), dict(models.load_model(name).state_dict()))


def onnx(name: str, file: Path) -> None:
    """Write a model as ONNX, from images to probabilities.

    Its input `images` is uint8 (N, 32, 32), 0 paper to 255 ink, its output `probabilities` float32 (N, 10), for any N;
    its metadata hold the network's name, run key and accuracy. Raises as `load_model` does, and LenetError if the
    packages of the extra `export` are missing.
    """
    try:
        import onnxscript  # noqa: F401, needed by torch's exporter
    except ImportError as error:
        raise LenetError("export.onnx_extra", reason=str(error)) from error
    run, example = models.load_run(name), torch.zeros(2, INPUT_SIDE, INPUT_SIDE, dtype=torch.uint8)
    program = torch.onnx.export(
        _Classifier(models.load_model(name)).eval(),
        (example,),
        dynamo=True,
        dynamic_shapes={"images": {0: torch.export.Dim("digits")}},
        input_names=["images"],
        output_names=["probabilities"],
        verbose=False,
    )
    assert program
    about = {"network": run.recipe.network, "run": run.key, "accuracy": f"{run.accuracy:.4f} on {run.recipe.data}"}
    program.model.metadata_props.update({f"lenet.{key}": value for key, value in about.items()})
    with files.replacing(file) as temporary:
        program.save(temporary)


class _Classifier(nn.Module):
    """A network from the bytes of an image to its probabilities."""

    def __init__(self, network: LeNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        return self.network.probabilities(self.network(self.network.preprocess(images)))


def history(run: Run) -> str:
    """Return a run's history as CSV: one row per epoch, losses in nats, accuracies 0 to 1, seconds since the start."""
    return _csv(HISTORY, ([row[name] for name in HISTORY] for row in run.history))


def predictions(result: Report) -> str:
    """Return a report as CSV: one row per digit with its label, the predicted digit, and ten probabilities."""
    columns = (result.labels.tolist(), result.predicted.tolist(), result.probabilities.tolist())
    return _csv(PREDICTIONS, ([label, digit, *row] for label, digit, row in zip(*columns, strict=True)))


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()
