"""Models and runs as files for other programs: weights, ONNX, Keras, history and predictions as CSV."""

import csv
import os
from collections.abc import Iterable, Sequence
from dataclasses import fields
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import torch
from torch import Tensor, nn

from lenet import networks
from lenet.digits.data import tested_on
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
        raise LenetError("export.extra", format="ONNX", reason=str(error)) from error
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
    accuracy = f"{run.accuracy:.4f} on {tested_on(run.recipe.data)}"
    about = {"network": run.recipe.network, "run": run.key, "accuracy": accuracy}
    program.model.metadata_props.update({f"lenet.{key}": value for key, value in about.items()})
    with files.replacing(file) as temporary:
        program.save(temporary)


def keras(name: str, file: Path) -> None:
    """Write a model as a .keras file of plain layers, from images to probabilities as in `onnx`.

    Raises as `load_model` does, and LenetError if Keras is missing or cannot start its backend, or for a file whose
    name does not end in .keras: Keras would not open it.
    """
    if file.suffix != ".keras":
        raise LenetError("export.not_keras", file=str(file))
    network = models.load_run(name).recipe.network
    weights = {key: values.numpy() for key, values in models.load_model(name).state_dict().items()}
    model = _keras_model().build(network, networks.entry(network).plan, weights)
    with TemporaryDirectory() as folder:
        saved = Path(folder) / file.name
        model.save(saved)
        files.write(file, saved.read_bytes())


def _keras_model() -> ModuleType:
    """Import what imports Keras, which takes its backend then, for as long as the process lives.

    If nobody has chosen one, it is PyTorch, which is there; Keras's own default is TensorFlow. keras.json tells no
    choice: Keras writes its default there when it is first imported. The environment is left as it was.
    """
    unset = not os.environ.get("KERAS_BACKEND")
    if unset:
        os.environ["KERAS_BACKEND"] = "torch"
    try:
        from lenet.runs import keras_model
    except (ImportError, ValueError) as error:  # ValueError: Keras knows no such backend
        if isinstance(error, ImportError) and (unset or error.name == "keras"):
            raise LenetError("export.extra", format="Keras", reason=str(error)) from error
        raise LenetError("export.keras_start", reason=str(error)) from error
    finally:
        if unset:
            del os.environ["KERAS_BACKEND"]
    return keras_model


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
