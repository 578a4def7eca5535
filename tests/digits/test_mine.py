import random
from pathlib import Path

import pytest
import torch
from mine import digits, write

from lenet.digits import mine
from lenet.errors import InvalidError

LINE = [[0, 0], [0, 100]]


def test_files_become_digits_each_once_in_one_order(drawings, tmp_path: Path) -> None:
    shuffled = random.Random(1).sample(drawings, len(drawings))
    one = write(tmp_path / "one.jsonl", drawings[:12])
    two = write(tmp_path / "two.jsonl", shuffled)
    found, other = mine.read_files([one, two]), mine.read_files([two])
    assert len(found) == len(drawings)
    assert found.labels.tolist() == sorted(found.labels.tolist())
    assert torch.equal(found.images, other.images)
    assert mine.fingerprint(found) == mine.fingerprint(other) == mine.fingerprint(digits(shuffled))
    assert mine.counts(found) == (2,) * 10


def test_another_label_is_another_fingerprint(drawings) -> None:
    relabelled = [{**drawings[0], "label": 9}, *drawings[1:]]
    assert mine.fingerprint(digits(relabelled)) != mine.fingerprint(digits(drawings))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"strokes": [LINE]}, "the label is missing, not a digit from 0 to 9"),
        ({"strokes": [LINE], "label": 10}, "the label is 10, not a digit"),
        ({"strokes": [LINE], "label": "7"}, 'the label is "7", not a digit'),
        ({"strokes": [LINE], "label": True}, "the label is true, not a digit"),
        ({"strokes": [LINE], "label": 7.0}, "the label is 7.0, not a digit"),
        ({"strokes": [], "label": 7}, "nothing is drawn"),
        ({"strokes": [LINE], "label": 7, "format": 2}, "this is format 2, of a newer lenet: update it first"),
        ({"strokes": [[[0, 1e9]]], "label": 7}, "1,000,000"),
        ({"strokes": [LINE] * 201, "label": 7}, "201"),
        ([1, 2], "strokes"),
        ("x", "strokes"),
    ],
)
def test_a_line_that_is_none_is_named(drawings, tmp_path: Path, line: object, says: str) -> None:
    file = write(tmp_path / "mine.jsonl", [drawings[0], line])
    with pytest.raises(InvalidError) as caught:
        mine.read_files([file])
    assert str(caught.value).startswith(f"{file}:2: ")
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "\x00\x01", '{"strokes": [[[NaN, 1]]], "label": 1}'])
def test_damaged_lines_are_named_too(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(f"\n{text}\n")
    with pytest.raises(InvalidError, match=r"mine\.jsonl:2: "):
        mine.read_files([file])


def test_five_hundred_are_enough_and_none_too_few(tmp_path: Path) -> None:
    many = [{"label": 1, "strokes": [[[0, 0], [number, 1000]]]} for number in range(600)]
    with pytest.raises(InvalidError, match="more than 500 digits"):
        mine.read_files([write(tmp_path / "many.jsonl", many)])
    with pytest.raises(InvalidError, match="no digits"):
        mine.read_files([write(tmp_path / "none.jsonl", [])])


def test_a_format_of_today_and_a_name_are_fine(drawings, tmp_path: Path) -> None:
    named = [{**drawing, "format": 1, "name": "Anna"} for drawing in drawings]
    file = tmp_path / "bom.jsonl"
    file.write_text("\ufeff" + write(tmp_path / "named.jsonl", named).read_text())
    assert mine.fingerprint(mine.read_files([file])) == mine.fingerprint(digits(drawings))
