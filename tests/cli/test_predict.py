import json
import re
from pathlib import Path

import pytest
from PIL import Image

from lenet.cli.main import main

HERE = Path(__file__).parent.parent


@pytest.fixture
def digit(tmp_path: Path, sample) -> Path:
    """An image of a sample digit."""
    file = tmp_path / "digit.png"
    Image.fromarray(sample.test.images[0].numpy()).save(file)
    return file


def predicted(capsys, *files: object) -> tuple[int, list[dict], list[str]]:
    """The exit code, the answers as JSON, and the lines on stderr."""
    code = main(["predict", "--json", *map(str, files)])
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err.splitlines()


def test_predict_answers_a_line_a_drawing_in_order(capsys, drawings) -> None:
    code, answers, err = predicted(capsys, HERE / "drawings.jsonl")
    assert (code, err) == (0, [])
    assert [answer["digit"] for answer in answers] == [one["label"] for one in drawings]
    assert answers[0]["source"].endswith("drawings.jsonl:1")
    assert all(answer.keys() == {"source", "digit", "probabilities"} for answer in answers)
    assert all(sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5) for answer in answers)
    assert all(max(answer["probabilities"]) == answer["probabilities"][answer["digit"]] for answer in answers)


def test_predict_reads_images(capsys, digit: Path, sample) -> None:
    assert main(["predict", str(digit)]) == 0
    out = capsys.readouterr().out
    assert re.fullmatch(rf"{digit}: {sample.test.labels[0]} \(\d+\.\d%\)\n", out)


def test_predict_doubts_what_is_no_digit(capsys, tmp_path: Path) -> None:
    star = [[[0, 0], [100, 100]], [[100, 0], [0, 100]], [[0, 50], [100, 50]], [[50, 0], [50, 100]]]
    (tmp_path / "star.jsonl").write_text(json.dumps({"strokes": star}))
    assert main(["predict", str(tmp_path / "star.jsonl")]) == 0
    assert re.search(r"star.jsonl:1: \d \(\d+\.\d%\) \(possibly not a digit\)$", capsys.readouterr().out.strip())


def test_every_input_has_an_object_in_its_place_and_a_line_if_it_has_no_answer(
    capsys, tmp_path: Path, digit: Path
) -> None:
    contents = {"empty.png": b"", "text.png": b"seven", "empty.jsonl": b"", "cut.png": digit.read_bytes()[:90]}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "bad.jsonl").write_text('{"strokes": [[[0, 0], [1, 9]]]}\nnot JSON\n{"strokes": 7}\n{"strokes": []}\n')
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    files = ["missing.png", "bad.jsonl", *contents, "blank.png", digit.name, "."]
    code, answers, err = predicted(capsys, *(tmp_path / name for name in files))
    assert code == 1
    lines = ["bad.jsonl:1", "bad.jsonl:2", "bad.jsonl:3", "bad.jsonl:4"]
    order = ["missing.png", *lines, *contents, "blank.png", digit.name, tmp_path.name]
    assert [Path(answer["source"]).name for answer in answers] == order
    found = dict(zip(order, answers, strict=True))
    for name in ("bad.jsonl:1", digit.name):
        assert found[name]["digit"] in range(10)
    for name in ("bad.jsonl:4", "blank.png"):
        assert found[name] == {"source": found[name]["source"], "digit": None, "probabilities": None}
    for name in ("missing.png", "bad.jsonl:2", "bad.jsonl:3", *contents, tmp_path.name):
        assert found[name].keys() == {"source", "error"}
    unanswered = [answer for answer in answers if answer.get("digit") is None]
    assert err == [f"lenet: {answer['source']}: {answer.get('error', 'no drawing found')}" for answer in unanswered]
    assert found["empty.png"]["error"] == found["empty.jsonl"]["error"]
    assert len({answer["error"] for answer in answers if "error" in answer}) > 4  # each says what is wrong with it


def test_an_image_that_is_too_large_is_said_to_be(capsys, tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "huge.png")
    code, _, (line,) = predicted(capsys, tmp_path / "huge.png")
    assert code == 1
    assert line.endswith("The image is too large; the limit is 50,000,000 pixels in total.")


def test_a_bad_line_spoils_no_other(capsys, tmp_path: Path) -> None:
    good = b'{"strokes": [[[0, 0], [1, 9]]]}\n'
    (tmp_path / "mixed.JSONL").write_bytes(b"\xef\xbb\xbf" + good + b"[" * 100_000 + b"\n\xff\xfe\n" + good)
    code, answers, err = predicted(capsys, tmp_path / "mixed.JSONL")
    assert code == 1
    assert [answer["source"][-1] for answer in answers] == ["1", "2", "3", "4"]
    assert ["error" in answer for answer in answers] == [False, True, True, False]
    assert len(err) == 2
