from pathlib import Path

import torch
from PIL import Image

from lenet.digits.files import read_images
from lenet.errors import InvalidError, LenetError

SEVEN = '{"strokes": [[[0, 0], [100, 0], [40, 160]]]}'


def key(answer: object) -> str:
    assert isinstance(answer, LenetError)
    assert str(answer)
    return answer.message.key


def test_every_line_of_drawings_is_answered_in_order(tmp_path: Path) -> None:
    file = tmp_path / "drawings.jsonl"
    file.write_text(f'{SEVEN}\n\nno JSON\n{"[" * 100_000}\n{{"strokes": 7}}\n{{"strokes": []}}\n{SEVEN}\n')
    sources, answers = zip(*read_images(file), strict=True)
    assert sources == tuple(f"{file}:{line}" for line in (1, 3, 4, 5, 6, 7))
    seven, no_json, nested, no_strokes, blank, again = answers
    assert (seven.shape, seven.dtype) == ((32, 32), torch.uint8)
    assert torch.equal(seven, again)
    assert [key(answer) for answer in (no_json, nested, no_strokes)] == ["file.json", "file.json", "drawing.form"]
    assert all(isinstance(answer, InvalidError) for answer in (no_json, nested, no_strokes))
    assert blank is None


def test_with_three_channels_every_image_has_three(tmp_path: Path, sample) -> None:
    (tmp_path / "drawing.jsonl").write_text(SEVEN)
    digit = Image.fromarray(255 - sample.test.images[0].numpy()).convert("RGB")
    digit.save(tmp_path / "digit.png")
    for name in ("drawing.jsonl", "digit.png"):
        ((_, grey),) = read_images(tmp_path / name)
        ((_, colours),) = read_images(tmp_path / name, channels=3)
        assert colours.shape == (3, 32, 32)
        torch.testing.assert_close(colours.int(), grey.int().expand(3, -1, -1), atol=1, rtol=0)


def test_a_bad_file_is_answered_with_the_reason(tmp_path: Path, sample) -> None:
    Image.fromarray(sample.test.images[0].numpy()).resize((300, 300)).save(tmp_path / "cut.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "cut.png").read_bytes()[:500])
    (tmp_path / "empty.png").touch()
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "text.png").write_text("no image")
    (tmp_path / "folder").mkdir()
    Image.new("L", (8000, 7000)).save(tmp_path / "large.png")
    wanted = {
        "missing.png": "file.missing",
        "missing.jsonl": "file.missing",
        "empty.png": "file.empty",
        "empty.jsonl": "file.empty",
        "text.png": "file.unknown",
        "cut.png": "file.damaged",
        "folder": "file.folder",
        "large.png": "photo.size",
    }
    for name, why in wanted.items():
        ((source, answer),) = read_images(tmp_path / name)
        assert (source, key(answer)) == (str(tmp_path / name), why)
