"""The browser's engine against Python: a drawing's pixels, byte by byte, and what is refused as a drawing."""

import json
import random
from collections.abc import Iterator

import pytest
from engine import ask, from_base64, open_engine
from playwright.sync_api import Browser, Page

from lenet.digits import geometry
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.errors import InvalidError
from lenet.ui import serving

REAL, RANDOM = 2000, 2000  # drawings
AT_ONCE = 500


@pytest.fixture(scope="module")
def engine(browser: Browser) -> Iterator[Page]:
    with open_engine(browser) as page:
        yield page


def expect_same_bytes(engine: Page, drawings: list, raw: bool = False) -> None:
    for start in range(0, len(drawings), AT_ONCE):
        some = drawings[start : start + AT_ONCE]
        found, told = ask(engine, "draw", json.dumps(some), raw)
        found, place = from_base64(found, "uint8").tobytes(), 0
        for drawing, (placement, names) in zip(some, told, strict=True):
            wanted = preprocess_drawing(parse_drawing(drawing), raw)
            assert wanted is not None
            parts = [bytes(stage.grey.shape) + stage.grey.tobytes() for stage in wanted.stages]
            expected = b"".join([wanted.image.numpy().tobytes(), *parts])
            assert found[place : place + len(expected)] == expected, drawing
            assert placement == [wanted.scale, wanted.left, wanted.top]
            assert names == [stage.name for stage in wanted.stages]
            place += len(expected)
        assert place == len(found)


def test_real_drawings_become_the_same_bytes(engine: Page, pens) -> None:
    some = random.Random(12).sample(pens, REAL)
    expect_same_bytes(engine, [{"strokes": pen["strokes"]} for pen in some])
    expect_same_bytes(engine, [{"strokes": pen["strokes"], "width": 0.5 + i % 90} for i, pen in enumerate(some[:300])])
    expect_same_bytes(engine, [{"strokes": pen["strokes"]} for pen in some[:200]], raw=True)


def random_drawing(number: int) -> dict:
    """Dots, single points, lines on one axis, hair-thin and huge pens, tiny and huge coordinates, many strokes."""
    chance = random.Random(number)
    size = 10 ** chance.uniform(-7, 6)
    centre = chance.choice([0.0, 500.0, -size, chance.uniform(-1e6, 1e6)])
    flat = chance.random() < 0.1
    whole = chance.random() < 0.2

    def coordinate() -> float:
        value = max(-1e6, min(1e6, centre + chance.uniform(-size, size)))
        return round(value) if whole else value

    def stroke(points: int) -> list:
        return [[coordinate(), 7 if flat else coordinate()] for _ in range(points)]

    kinds = [[1], [1, 1], [2], [2] * 40, [1] * 200, [60], [3, 1, 5, 2], [chance.randint(1, 9) for _ in range(6)]]
    strokes = [stroke(points) for points in chance.choice(kinds)]
    if chance.random() < 0.1:
        strokes = [[strokes[0][0]] * chance.randint(1, 5)]  # a pen that does not move
    width = chance.choice([None, None, None, size / 10, 1e6, 1e-9])
    return {"strokes": strokes} if width is None else {"strokes": strokes, "width": width}


def test_random_drawings_become_the_same_bytes(engine: Page) -> None:
    drawings = [random_drawing(number) for number in range(RANDOM)]
    assert max(len(drawing["strokes"]) for drawing in drawings) == 200
    expect_same_bytes(engine, drawings)
    expect_same_bytes(engine, drawings[:300], raw=True)


def test_every_beginning_of_a_drawing_becomes_the_same_bytes(engine: Page, drawings) -> None:
    for drawing in drawings[:10]:
        first = drawing["strokes"][0]
        expect_same_bytes(engine, [{"strokes": [first[:end]]} for end in range(1, len(first) + 1)])


BAD = [
    None, 5, "seven", [], {}, {"strokes": None}, {"strokes": "7"}, {"strokes": {}}, {"strokes": [5]},
    {"strokes": [[[0, 0]], "x"]}, {"strokes": [[5]]}, {"strokes": [[[0]]]}, {"strokes": [[[0, 0, 0]]]},
    {"strokes": [[[0, None]]]}, {"strokes": [[[True, 0]]]}, {"strokes": [[["0", 0]]]}, {"strokes": [[{"x": 0}]]},
    {"strokes": [[[0, 0], [1_000_001, 0]]]}, {"strokes": [[[0, -1_000_000.5]]]}, {"strokes": [[[0, 0]]] * 201},
    {"strokes": [[[0, 0]] * 2_001]}, {"strokes": [[[0, 0]] * 1_001] * 2}, {"strokes": [5] * 2_001},
    {"strokes": [], "width": 0}, {"strokes": [], "width": -1}, {"strokes": [], "width": 1_000_001},
    {"strokes": [], "width": "wide"}, {"strokes": [], "width": True}, {"strokes": [], "width": [3]},
    {"strokes": [[[0, 0]]], "width": "a very long word that is no number at all, nor anything like one"},
    {"strokes": [[[0, 0], "Grüße, 你好"]]}, {"strokes": [[[[0], 0]]]}, {"strokes": [None]}, {"strokes": [[None]]},
]  # fmt: skip
GOOD = [
    {"strokes": []}, {"strokes": [[]]}, {"strokes": [[], [[0, 0]], []]}, {"strokes": [[[0, 0]]] * 200},
    {"strokes": [[[0, 0]] * 2_000]}, {"strokes": [[[-1_000_000, 1_000_000]]]}, {"strokes": [[]] * 300},
    {"strokes": [[[0, 0]]], "width": None}, {"strokes": [[[0.5, 1e-300]]], "width": 1e-9}, {"strokes": [], "label": 7},
]  # fmt: skip


def test_both_sides_refuse_the_same_with_the_same_words(engine: Page) -> None:
    def reason(message: object) -> dict | None:
        try:
            parse_drawing(message)
        except InvalidError as error:
            return json.loads(json.dumps(error.message.json()))
        return None

    assert ask(engine, "refuse", BAD) == [reason(message) for message in BAD]
    assert None not in [reason(message) for message in BAD]
    assert ask(engine, "refuse", GOOD) == [reason(message) for message in GOOD] == [None] * len(GOOD)


def test_the_geometry_is_pythons() -> None:
    script = serving.files()["engine/geometry.js"].plain.decode()
    constants = dict(line.removeprefix("export const ").split(" = ") for line in script.splitlines() if " = " in line)
    names = {**vars(geometry)}
    for name, value in constants.items():
        number = value.split(";")[0]
        assert eval(number, {}, names) == names[name], name  # such as "IMAGE_SIDE / 2 + MARGIN"
    assert len(constants) == 9
