import json
import re
from pathlib import Path

import pytest
from PIL import Image

from lenet.cli.main import main
from lenet.runs import models

HERE = Path(__file__).parent.parent


@pytest.fixture
def digit(tmp_path: Path, sample) -> Path:
    """A picture of a sample digit."""
    file = tmp_path / "digit.png"
    Image.fromarray(sample.test.images[0].numpy()).save(file)
    return file


def lines(capsys: pytest.CaptureFixture) -> tuple[list[str], list[str]]:
    out, err = capsys.readouterr()
    return out.splitlines(), err.splitlines()


def test_predict_answers_a_line_a_drawing_in_order(capsys, drawings) -> None:
    assert main(["predict", str(HERE / "drawings.jsonl"), "--json"]) == 0
    out, err = lines(capsys)
    answers = [json.loads(line) for line in out]
    assert [answer["digit"] for answer in answers] == [one["label"] for one in drawings]
    assert answers[0]["source"].endswith("drawings.jsonl:1")
    assert all(answer.keys() == {"source", "digit", "probabilities"} for answer in answers)
    assert all(sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5) for answer in answers)
    assert all(max(answer["probabilities"]) == answer["probabilities"][answer["digit"]] for answer in answers)
    assert err == []


def test_predict_reads_pictures(capsys, digit: Path, sample) -> None:
    assert main(["predict", str(digit)]) == 0
    out, _ = lines(capsys)
    assert out[0].startswith(f"{digit}: {sample.test.labels[0]} (")


def test_predict_doubts_what_is_no_digit(capsys, tmp_path: Path) -> None:
    cross = [[[0, 0], [100, 100]], [[100, 0], [0, 100]], [[0, 50], [100, 50]], [[50, 0], [50, 100]]]
    (tmp_path / "star.jsonl").write_text(json.dumps({"strokes": cross}))
    assert main(["predict", str(tmp_path / "star.jsonl")]) == 0
    assert re.search(r"star.jsonl:1: \d \(\d+\.\d%\), but perhaps not a digit$", capsys.readouterr().out.strip())


def test_predict_says_what_is_wrong_with_each_file_and_answers_the_others(capsys, tmp_path: Path, digit: Path) -> None:
    for name, content in (("empty.png", b""), ("text.png", b"seven"), ("empty.jsonl", b""), ("cut.png", None)):
        (tmp_path / name).write_bytes(digit.read_bytes()[:90] if content is None else content)
    (tmp_path / "bad.jsonl").write_text('{"strokes": [[[0, 0], [1, 9]]]}\nnot JSON\n{"strokes": 7}\n{"strokes": []}\n')
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    wrong = {"missing.png", "empty.png", "text.png", "cut.png", "empty.jsonl", "blank.png"}
    names = sorted(wrong | {"bad.jsonl", digit.name, "."})
    assert main(["predict", "--json", *(str(tmp_path / name) for name in names)]) == 1
    out, err = lines(capsys)
    answers = {Path(answer["source"]).name: answer["digit"] for answer in map(json.loads, out)}
    assert answers.pop(digit.name) is not None
    assert answers.pop("bad.jsonl:1") is not None
    assert answers == {"bad.jsonl:4": None, "blank.png": None}
    said = {Path(line.split(": ")[1]).name: line.split(": ", 2)[2] for line in err}
    assert said.keys() == wrong | {"bad.jsonl:2", "bad.jsonl:3", "bad.jsonl:4", tmp_path.name}
    assert said["missing.png"] == "file not found"
    assert said["empty.png"] == said["empty.jsonl"] == "the file is empty"
    assert "not a readable image" in said["text.png"]
    assert "A drawing is" in said["bad.jsonl:3"]
    assert said["blank.png"] == said["bad.jsonl:4"] == "nothing is drawn on it"


def test_a_blank_answer_has_no_digit_and_no_probabilities(capsys, tmp_path: Path) -> None:
    (tmp_path / "blank.jsonl").write_text('{"strokes": []}\n')
    main(["predict", "--json", str(tmp_path / "blank.jsonl")])
    out, _ = lines(capsys)
    assert json.loads(out[0]) == {"source": f"{tmp_path}/blank.jsonl:1", "digit": None, "probabilities": None}


def test_networks_says_what_each_is(capsys) -> None:
    assert main(["networks", "--json"]) == 0
    out, _ = lines(capsys)
    lenet5 = next(row for row in map(json.loads, out) if row["name"] == "lenet5")
    assert lenet5.keys() == {"name", "parameters", "input", "year", "source", "accuracy"}
    assert (lenet5["parameters"], lenet5["input"], lenet5["year"]) == (61_706, [1, 32, 32], 1998)
    assert lenet5["accuracy"] == models.load_run("lenet5").accuracy


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train", "--data", "sample", "--optimizer", "adagrad"], "choose from"),
        (["train", "--preset", "z"], "choose from"),
        (["train", "--data", "sample", "--output", "."], ". is a folder; name the file"),
        (["runs", "--rename", "mine"], "name the run by its KEY"),
        (["runs", "--delete"], "name the runs by their KEYs"),
        (["runs", "--curves", "curves.png"], "name the runs by their KEYs"),
        (["train", "--data", "sample", "--epochs", "0"], "epochs 0 is out of bounds: 1 to 50"),
        (["train", "--data", "sample", "--epochs", "51"], "epochs 51 is out of bounds: 1 to 50"),
        (["train", "--network", "lenet6"], "choose from 'lenet5'|choose from lenet5"),
        (["test", "--data", "cifar"], "choose from"),
        (["predict"], "FILE"),
        ([], "COMMAND"),
    ],
)
def test_wrong_use_is_2_and_says_what_is_known(capsys, arguments: list[str], says: str) -> None:
    try:
        code = main(arguments)
    except SystemExit as left:
        code = left.code
    assert code == 2
    said = capsys.readouterr().err
    assert any(part in said for part in says.split("|"))


def test_an_unknown_run_is_1_and_one_line(capsys) -> None:
    assert main(["test", "--run", "0123456789ab", "--data", "sample"]) == 1
    out, err = lines(capsys)
    assert out == []
    assert len(err) == 1
    assert "no network or run '0123456789ab'" in err[0]


def test_mnist_that_cannot_be_had_is_1_and_one_line(capsys, no_network) -> None:
    assert main(["test", "--data", "mnist"]) == 1
    _, err = lines(capsys)
    assert len(err) == 1
    assert "Set LENET_DATA" in err[0]


def test_a_bad_line_spoils_no_other(capsys, tmp_path: Path) -> None:
    good = b'{"strokes": [[[0, 0], [1, 9]]]}\n'
    (tmp_path / "mixed.JSONL").write_bytes(b"\xef\xbb\xbf" + good + b"[" * 100_000 + b"\n\xff\xfe\n" + good)
    assert main(["predict", "--json", str(tmp_path / "mixed.JSONL")]) == 1
    out, err = lines(capsys)
    assert [json.loads(line)["source"][-1] for line in out] == ["1", "4"]
    assert len(err) == 2


def test_a_folder_that_cannot_be_written_is_noticed_before_training(capsys, home: Path) -> None:
    home.write_text("a file, not a folder")
    assert main(["train", "--data", "sample", "--epochs", "50"]) == 1
    out, err = lines(capsys)
    assert out == []
    assert "Set LENET_HOME to a folder that can be written" in err[-1]


def test_no_runs_is_said(capsys) -> None:
    assert main(["runs"]) == 0
    assert "No run is stored yet" in lines(capsys)[1][0]
