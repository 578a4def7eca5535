import numpy as np
import pytest
import torch
from lenet.digits.ink import parse
from PIL import Image

from lenet.digits import ink, way


@pytest.fixture
def drawing(drawings) -> ink.Drawing:
    return parse(drawings[3])


def test_the_way_of_a_drawing_ends_where_reading_begins(drawings) -> None:
    for one in drawings:
        shown = way.of_strokes(parse(one))
        assert list(shown.stages) == ["drawn", "box", "20 px", "centred"]
        assert torch.equal(shown.image, ink.from_strokes(parse(one)))
        assert np.array_equal(np.pad(shown.stages["centred"], 2), shown.image.numpy())
        assert max(shown.stages["20 px"].shape) == 20
        assert max(shown.stages["box"].shape) == way.SHOWN


def test_the_way_of_mnists_own_digits_changes_nothing(sample) -> None:
    for field in sample.test.images:
        picture = field[2:30, 2:30].numpy()
        shown = way.of_picture(Image.fromarray(picture))
        rows, columns = (np.flatnonzero(picture.any(axis=axis)) for axis in (1, 0))
        box = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(int)
        for stage, wanted in (("box", box), ("20 px", box), ("centred", picture.astype(int))):
            assert np.abs(shown.stages[stage].astype(int) - wanted).max() <= 1
        assert (shown.image.int() - field.int()).abs().max() <= 1


def test_places_on_the_sheet_are_places_in_the_field(drawing) -> None:
    shown = way.of_strokes(drawing)
    points = np.concatenate(drawing.strokes) * shown.scale + (shown.left, shown.top)
    for x, y in points:
        assert shown.image[int(y), int(x)] > 100


def test_places_on_a_picture_are_places_in_the_field() -> None:
    picture = np.full((200, 400), 255, np.uint8)
    picture[40:160, 300:320] = 0  # units 750 to 800 across, 350 to 650 down, on a sheet of 1000
    shown = way.of_picture(Image.fromarray(picture))
    rows, columns = (torch.nonzero(shown.image.any(dim=axis)).flatten() for axis in (1, 0))
    left, right = (x * shown.scale + shown.left for x in (750, 800))
    top, bottom = (y * shown.scale + shown.top for y in (350, 650))
    assert (int(columns[0]), int(columns[-1]) + 1) == (pytest.approx(left, abs=0.5), pytest.approx(right, abs=0.5))
    assert (int(rows[0]), int(rows[-1]) + 1) == (pytest.approx(top, abs=0.5), pytest.approx(bottom, abs=0.5))


def test_as_drawn_is_the_whole_sheet_shrunk(drawing) -> None:
    small = ink.Drawing(tuple(stroke * 0.3 for stroke in drawing.strokes))
    shown = way.strokes_as_drawn(small)
    assert list(shown.stages) == ["drawn", "shrunk"]
    inked = torch.nonzero(shown.image)
    assert inked.max() < 2 + 0.3 * 28 + 2  # it stays small, in its corner
    assert (shown.scale, shown.left, shown.top) == (0.028, 2, 2)


def test_nothing_drawn_has_no_way() -> None:
    nothing = parse({"strokes": []})
    assert way.of_strokes(nothing) is None
    assert way.strokes_as_drawn(nothing) is None
    assert way.of_picture(Image.new("L", (90, 90), 255)) is None
    assert way.picture_as_drawn(Image.new("L", (90, 90), 255)) is None
