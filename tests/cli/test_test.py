import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest

from lenet.cli.main import main
from lenet.runs import files, models


def test_the_pretrained_network_is_tested_in_one_line_and_a_table(capsys, mnist) -> None:
    assert main(["test"]) == 0
    title, head, *rows = capsys.readouterr().out.splitlines()
    assert title == "lenet5 on MNIST: accuracy 99.58% (9,958/10,000; 95% CI 99.43–99.69%), ECE 0.42%"
    assert re.split(r" {2,}", head) == ["label", "recall", "precision", "most confused with"]
    assert [row.split()[0] for row in rows] == [*"0123456789"]
    assert re.fullmatch(r"4 +99\.80% +99\.59% +9 \(2\)", rows[4])


def test_predictions_are_a_csv_file_of_every_digit(capsys, tmp_path: Path, sample) -> None:
    file = tmp_path / "new" / "predictions.csv"
    assert main(["test", "--data", "sample", "--predictions", str(file)]) == 0
    out = capsys.readouterr().out
    assert f"Saved 1,000 predictions to {file}." in out
    rows = [*csv.DictReader(StringIO(file.read_text()))]
    assert [int(row["label"]) for row in rows] == sample.test.labels.tolist()
    probabilities = [[float(row[f"p{digit}"]) for digit in range(10)] for row in rows]
    assert [int(row["predicted"]) for row in rows] == [row.index(max(row)) for row in probabilities]
    assert all(sum(row) == pytest.approx(1, abs=1e-5) for row in probabilities)
    correct = sum(row["label"] == row["predicted"] for row in rows)
    assert f"({correct}/1,000;" in out


def test_with_json_the_line_stays_one_object(capsys, tmp_path: Path) -> None:
    file = tmp_path / "predictions.csv"
    assert main(["test", "--data", "sample", "--json", "--predictions", str(file)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert told.keys() == {"network", "data", "accuracy", "correct", "total"}
    assert told["accuracy"] == told["correct"] / told["total"]
    assert len(file.read_text().splitlines()) == 1001


def test_predictions_that_cannot_be_written_whole_are_not_there(capsys, tmp_path: Path, monkeypatch) -> None:
    def full(file: Path, content: bytes) -> None:
        with file.open("wb") as half:
            half.write(content[:99])
        raise OSError(28, "No space left on device", str(file))

    monkeypatch.setattr(files.Path, "write_bytes", full)
    assert main(["test", "--data", "sample", "--predictions", str(tmp_path / "p.csv")]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert not [*tmp_path.glob("*p*")]


def test_a_run_is_tested_by_the_start_of_its_key(capsys) -> None:
    assert main(["test", "--data", "sample", "--run", models.load_run("lenet5").key, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == 1000
