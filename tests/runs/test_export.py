import csv
from dataclasses import replace
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from lenet.errors import LenetError
from lenet.runs import cache, export, models, store
from lenet.runs.store import Run
from lenet.training.recipe import Recipe


@pytest.fixture
def run(little) -> Run:
    *_, last = cache.train(Recipe(data="sample", epochs=2), little)
    return last.run


def test_a_history_is_csv_of_every_epoch(run: Run) -> None:
    rows = list(csv.DictReader(StringIO(export.history(run))))
    assert [{name: float(value) for name, value in row.items()} for row in rows] == list(run.history)


def test_exported_weights_are_the_runs_without_those_of_its_epochs(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "new" / "weights.safetensors"
    export.weights(run.key, file)
    found, weights = store.read(file)
    assert found == replace(run, snapshots=())
    assert all(torch.equal(weights[name], value) for name, value in models.load_model(run.key).state_dict().items())
    assert file.stat().st_size < 260_000 < store.path(run.key).stat().st_size


def test_curves_are_a_picture_in_which_runs_differ(run: Run) -> None:
    other = replace(run, history=tuple({**row, "validation_loss": 2.0} for row in run.history))
    pictures = [np.asarray(Image.open(BytesIO(export.curves(some)))) for some in ([run], [other], [run, other])]
    assert {picture.shape for picture in pictures} == {(480, 1200, 4)}
    assert all((a != b).any() for a, b in pairwise(pictures))


def test_without_an_epoch_there_are_no_curves(run: Run) -> None:
    with pytest.raises(LenetError, match="there are no curves"):
        export.curves([replace(run, history=())])


def test_a_run_is_called_by_its_title_else_by_what_it_was(run: Run) -> None:
    assert export.named(run) == f"lenet5, 2 epochs ({run.key[:8]})"
    assert export.named(replace(run, finished=False)) == f"lenet5, 2 epochs, unfinished ({run.key[:8]})"
    assert export.named(replace(run, title="mine")) == "mine"
