import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import spoil
from fakes import a_run

from lenet.cli.main import main
from lenet.runs import cache, models, store

SVG = "{http://www.w3.org/2000/svg}"


def lines(capsys: pytest.CaptureFixture) -> tuple[list[str], list[str]]:
    out, err = capsys.readouterr()
    return out.splitlines(), err.splitlines()


def stored(number: int, **other: object) -> str:
    """The key of a run that nobody trained, with the weights of lenet5."""
    store.ensure_writable()
    return store.save(a_run(number, **other), models.load_model("lenet5").state_dict(), []).key


def test_runs_are_looked_after(capsys, tmp_path: Path) -> None:
    for seed in ("0", "1"):
        main(["train", "--data", "sample", "--epochs", "1", "--batch", "500", "--seed", seed])
    lines(capsys)
    first, second = (run.key for run in cache.stored())
    assert main(["runs", first[:8], "--rename", "my first"]) == 0
    assert "my first: " in lines(capsys)[0][0]
    assert main(["runs", first, second, "--curves", str(tmp_path / "curves.svg")]) == 0
    assert "my first" in {text.text for text in ElementTree.parse(tmp_path / "curves.svg").iter(f"{SVG}text")}
    assert main(["runs", first, "--history", str(tmp_path / "history.csv")]) == 0
    assert (tmp_path / "history.csv").read_text().splitlines()[0].startswith("epoch,train_loss,")
    assert main(["runs", first, "--weights", str(tmp_path / "weights.safetensors")]) == 0
    assert store.read(tmp_path / "weights.safetensors")[0].key == first
    lines(capsys)
    assert main(["runs", "--json"]) == 0
    rows = [json.loads(line) for line in lines(capsys)[0]]
    assert {row["title"] for row in rows} == {"my first", ""}
    assert all(row["interval"][0] < row["accuracy"] < row["interval"][1] for row in rows)
    assert main(["runs", first, "--rename", "x" * 61]) == 2
    assert "maximum 60" in lines(capsys)[1][0]
    assert main(["runs", first, "--weights", str(store.path(second))]) == 1
    assert "would be in the folder of the saved runs" in lines(capsys)[1][0]
    for other in ("lenet5", f"{first}@1", first[:4]):
        assert main(["runs", other, "--delete"]) == 1
        assert "No network or run is called" in lines(capsys)[1][0]
    assert main(["runs", first, second, first, "--delete"]) == 0
    assert cache.stored() == []


def test_a_run_is_a_line(capsys) -> None:
    key = stored(3, correct=9_958, total=10_000, title="mine", seconds=12.4)
    assert main(["runs"]) == 0
    ((line,), err) = lines(capsys)
    figures = re.escape("test accuracy 99.58% on MNIST (9,958/10,000; 95% CI 99.43–99.69%)")
    assert re.fullmatch(rf"{key[:12]}  2026-01-03 00:00 UTC  mine: {figures}, trained in 12 s on CPU", line)
    assert err == []


def test_no_runs_is_said(capsys) -> None:
    assert main(["runs"]) == 0
    assert lines(capsys) == ([], ["lenet: No runs yet. Train one with: lenet train"])


def test_a_damaged_run_is_said_and_no_other_is_touched(capsys, tmp_path: Path) -> None:
    damaged, whole = f"{1:x<64}".replace("x", "a"), stored(2)
    store.path(stored(1, key=damaged))
    spoil.weights(store.path(damaged))
    assert main(["runs", damaged[:8], "--history", str(tmp_path / "history.csv")]) == 1
    (line,) = lines(capsys)[1]
    assert "is damaged" in line
    assert "train it again" in line
    assert store.stored_keys() == [whole]
    assert not (tmp_path / "history.csv").exists()
