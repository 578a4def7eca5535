import csv
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
import torch
from training import QUICK, trained

from lenet.errors import LenetError
from lenet.evaluation.report import Report
from lenet.runs import export, models, store
from lenet.runs.run import Run


@pytest.fixture
def run(little) -> Run:
    return trained(replace(QUICK, epochs=2), little).run


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


def test_no_weights_are_exported_among_the_runs(run: Run) -> None:
    with pytest.raises(LenetError, match="would be in the folder of the saved runs"):
        export.weights(run.key, store.folder() / "other.safetensors")


def test_predictions_are_csv_of_every_digit() -> None:
    probabilities = torch.eye(10)[[7, 2, 3]] * 0.9 + 0.01
    result = Report(probabilities, torch.tensor([7, 2, 5]), torch.ones(3))
    header, *rows = csv.reader(StringIO(export.predictions(result)))
    assert header == ["label", "predicted", "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"]
    assert [row[:2] for row in rows] == [["7", "7"], ["2", "2"], ["5", "3"]]
    assert [[float(value) for value in row[2:]] for row in rows] == probabilities.tolist()
