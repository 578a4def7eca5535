"""Trained runs for other programs: weights alone, ONNX, history as CSV, curves as PNG."""

import csv
from collections.abc import Sequence
from dataclasses import fields
from io import BytesIO, StringIO
from pathlib import Path

import torch
from torch import Tensor, nn

from lenet.digits.geometry import INPUT_SIDE
from lenet.errors import LenetError
from lenet.evaluation import paper
from lenet.networks import LeNet
from lenet.runs import models, store
from lenet.runs.store import Run
from lenet.training.loop import EpochEnd

COLUMNS = [field.name for field in fields(EpochEnd) if field.name != "weights"]


def weights(name: str, file: Path) -> None:
    """Write a model's weights, without those of its epochs, into a .safetensors file of the form of `weights/`.

    Raises as `lenet.model` does, and LenetError for a file among the stored runs.
    """
    if file.resolve().parent == store.folder().resolve():
        raise LenetError(f"{file} lies in the folder of the runs themselves; choose another.")
    file.parent.mkdir(parents=True, exist_ok=True)
    store.write(file, models.load_run(name), dict(models.load_model(name).state_dict()))


def onnx(name: str, file: Path) -> None:
    """Write a model as ONNX, from images to probabilities, for other programs to run.

    Its input `images` is uint8 (N, 32, 32), 0 paper to 255 ink, its output `probabilities` float32 (N, 10), for any N;
    the file tells of its network, run, and accuracy. Raises as `lenet.model` does, and LenetError where the packages of
    the extra `export` are missing.
    """
    try:
        import onnxscript  # noqa: F401, what torch exports with
    except ImportError as error:
        raise LenetError(f'ONNX needs more packages ({error}). Get them: pip install ".[export]"') from error
    run, example = models.load_run(name), torch.zeros(2, INPUT_SIDE, INPUT_SIDE, dtype=torch.uint8)
    whole = _Whole(models.load_model(name)).eval()
    shapes = {"images": {0: torch.export.Dim("digits")}}
    program = torch.onnx.export(
        whole,
        (example,),
        dynamo=True,
        dynamic_shapes=shapes,
        input_names=["images"],
        output_names=["probabilities"],
        verbose=False,
    )
    assert program
    about = {"network": run.recipe.network, "run": run.key, "accuracy": f"{run.accuracy:.4f} on {run.recipe.data}"}
    program.model.metadata_props.update({f"lenet.{key}": value for key, value in about.items()})
    file.parent.mkdir(parents=True, exist_ok=True)
    program.save(file)


class _Whole(nn.Module):
    """A network from the bytes of a image to its probabilities."""

    def __init__(self, network: LeNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        return self.network.probabilities(self.network(self.network.preprocess(images)))


def put(file: Path, content: bytes) -> None:
    """Write a file, and the folders that it is to lie in."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def history(run: Run) -> str:
    """A run's history as CSV: a row an epoch, losses in nats, accuracies 0 to 1, seconds since the start."""
    text = StringIO()
    rows = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    rows.writeheader()
    rows.writerows(run.history)
    return text.getvalue()


def curves(compared: Sequence[Run]) -> bytes:
    """Loss and accuracy of runs by epoch as a PNG: full lines are validation, dashed ones training.

    LenetError where no epoch of any was over.
    """
    if not any(run.history for run in compared):
        raise LenetError("No epoch of it was over: there are no curves.")
    from matplotlib.figure import Figure  # late: slow to import, and nothing else needs it
    from matplotlib.ticker import MaxNLocator, NullFormatter, ScalarFormatter

    figure = Figure(figsize=(10, 4), dpi=120, layout="constrained")
    axes = figure.subplots(1, 2)
    for axis, kind in zip(axes, ("loss", "accuracy"), strict=True):
        for number, run in enumerate(compared):
            epochs = [row["epoch"] for row in run.history]
            for part, line in (("validation", "o-"), ("train", "--")):
                values = [row[f"{part}_{kind}"] for row in run.history]
                label = named(run) if part == "validation" else None
                axis.plot(epochs, values, line, color=f"C{number}", label=label, markersize=3)
        axis.set(xlabel="epoch; dashed: training, full: validation", title=kind)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.grid(alpha=0.3)
    axes[0].set(yscale="log", ylabel="nats a digit")
    axes[0].yaxis.set_major_formatter(ScalarFormatter())
    axes[0].yaxis.set_minor_formatter(NullFormatter())
    axes[1].axhline(paper.ACCURACY, color="grey", linestyle=":", label=f"LeNet-5 of 1998, test: {paper.ACCURACY:.2%}")
    axes[1].legend(loc="lower right")
    file = BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def named(run: Run) -> str:
    """What a person calls a run: its title, else what it was."""
    return (
        run.title
        or f"{run.recipe.network}, {counted(run.recipe.epochs)}{'' if run.finished else ', unfinished'} ({run.key[:8]})"
    )


def counted(epochs: int) -> str:
    """A number of epochs in words."""
    return "1 epoch" if epochs == 1 else f"{epochs} epochs"
