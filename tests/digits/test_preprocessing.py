import math

import numpy as np
import pytest
import torch
from PIL import Image

from lenet import networks
from lenet.digits import photo
from lenet.digits.geometry import CENTRE_OF_MASS, DIGIT_SIDE, IMAGE_SIDE, MARGIN, STROKE
from lenet.digits.preprocessing import STAGE_SIDE, preprocess_drawing, preprocess_picture
from lenet.digits.strokes import Drawing, parse_drawing
from lenet.runs import models

SEVEN = [[[0, 0], [100, 0], [40, 160]], [[20, 80], [90, 80]]]


def drawing(strokes: list = SEVEN, scale: float = 1, shift: tuple = (0, 0), width: float | None = None) -> Drawing:
    moved = [np.array(stroke, dtype=float) * scale + shift for stroke in strokes]
    return Drawing(tuple(moved), width)


def box(image: torch.Tensor) -> tuple[int, int]:
    rows, columns = (torch.nonzero(image.any(dim=axis)) for axis in (1, 0))
    return int(rows.max() - rows.min()) + 1, int(columns.max() - columns.min()) + 1


def mass(image: torch.Tensor) -> tuple[float, float]:
    weights = image.double()
    places = torch.arange(32).double()
    return tuple(float((weights.sum(axis) * places).sum() / weights.sum()) for axis in (1, 0))


def difference(a: torch.Tensor, b: torch.Tensor) -> int:
    return int((a.int() - b.int()).abs().max())


def read_drawing(drawing: Drawing) -> torch.Tensor:
    return preprocess_drawing(drawing).image


def test_a_drawing_becomes_20_pixels_around_its_centre_of_mass() -> None:
    image = read_drawing(drawing())
    assert (image.shape, image.dtype) == ((32, 32), torch.uint8)
    assert max(box(image)) == 20
    assert image.max() == 255
    assert all(abs(centre - CENTRE_OF_MASS) <= 0.5 + 1e-3 for centre in mass(image))


def test_size_and_position_of_a_drawing_do_not_matter() -> None:
    image = read_drawing(drawing())
    for scale, shift in ((1, (500, -300)), (0.05, (0, 0)), (37, (1e5, 1e5)), (0.3, (7.7, 9.1))):
        assert difference(read_drawing(drawing(scale=scale, shift=shift)), image) <= 1


def test_a_given_width_is_that_of_the_pen() -> None:
    def darkness(width: float | None) -> int:
        return int(read_drawing(drawing(width=width)).sum())

    assert darkness(8) < darkness(20) < darkness(40)
    assert difference(read_drawing(drawing(width=20)), read_drawing(drawing(scale=3, width=60))) <= 1
    assert max(box(read_drawing(drawing(width=40)))) == 20


def test_without_a_width_strokes_are_as_dark_as_mnists(pens) -> None:
    darkness = torch.stack([read_drawing(parse_drawing(pen)) for pen in pens[:2000]]).double().mean()
    mnists = 0.1000 * 255  # see `modern.LeNet5.preprocess`
    assert abs(darkness - mnists) < 0.1 * mnists


def test_a_dot_is_a_dot() -> None:
    rows, columns = box(read_drawing(drawing([[[5, 5]]])))
    assert rows == columns == math.ceil(STROKE)


def test_a_level_line_keeps_its_shape() -> None:
    rows, columns = box(read_drawing(drawing([[[0, 0], [300, 0]]])))
    assert (rows, columns) == (math.ceil(STROKE), 20)


def test_digits_drawn_by_hand_are_read(drawings) -> None:
    images = torch.stack([read_drawing(parse_drawing(one)) for one in drawings])
    read = networks.infer(models.load_model("lenet5"), images).argmax(1).tolist()
    assert read == [one["label"] for one in drawings]


def test_most_digits_of_real_pens_are_read(pens) -> None:
    images = torch.stack([read_drawing(parse_drawing(pen)) for pen in pens])
    labels = torch.tensor([pen["label"] for pen in pens])
    hits = networks.infer(models.load_model("lenet5"), images).argmax(1) == labels
    assert hits.double().mean() > 0.97


@pytest.mark.parametrize("width", [1e-9, 0.1, 1.0])
def test_a_hair_thin_pen_is_still_seen(width: float) -> None:
    image = read_drawing(drawing(scale=10, width=width))
    assert image.max() > 100
    assert max(box(image)) == 20


def test_a_drawing_smaller_than_any_number_is_a_dot() -> None:
    assert box(read_drawing(drawing([[[0, 0], [1e-310, 0]]]))) == (3, 3)
    assert box(read_drawing(drawing([[[1e6, 1e6], [1e6 + 1e-9, 1e6]]], width=1e-300))) == (3, 3)


def test_the_stages_of_a_drawing_end_in_the_input(drawings) -> None:
    for one in drawings:
        shown = preprocess_drawing(parse_drawing(one))
        original, cropped, scaled, centred = shown.stages
        assert [stage.name for stage in shown.stages] == ["original", "cropped", "scaled", "centred"]
        assert original.grey.shape == (STAGE_SIDE, STAGE_SIDE)
        assert max(cropped.grey.shape) == STAGE_SIDE
        assert max(scaled.grey.shape) == DIGIT_SIDE
        assert centred.grey.shape == (IMAGE_SIDE, IMAGE_SIDE)
        assert np.array_equal(np.pad(centred.grey, MARGIN), shown.image.numpy())


def test_no_stage_changes_mnists_own_digits(sample) -> None:
    for image in sample.test.images:
        picture = image[2:30, 2:30].numpy()
        shown = preprocess_picture(Image.fromarray(picture))
        stages = {stage.name: stage.grey.astype(int) for stage in shown.stages}
        rows, columns = (np.flatnonzero(picture.any(axis=axis)) for axis in (1, 0))
        box = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(int)
        for stage, wanted in (("cropped", box), ("scaled", box), ("centred", picture.astype(int))):
            assert np.abs(stages[stage] - wanted).max() <= 1
        assert difference(shown.image, image) <= 1


def test_points_of_the_sheet_are_pixels_of_the_input(drawings) -> None:
    drawing = parse_drawing(drawings[3])
    shown = preprocess_drawing(drawing)
    points = np.concatenate(drawing.strokes) * shown.scale + (shown.left, shown.top)
    for x, y in points:
        assert shown.image[int(y), int(x)] > 100


def test_points_of_a_picture_are_pixels_of_the_input() -> None:
    picture = np.full((200, 400), 255, np.uint8)
    picture[40:160, 300:320] = 0  # units 750 to 800 across, 350 to 650 down, on a sheet of 1000
    shown = preprocess_picture(Image.fromarray(picture))
    rows, columns = (torch.nonzero(shown.image.any(dim=axis)).flatten() for axis in (1, 0))
    left, right = (x * shown.scale + shown.left for x in (750, 800))
    top, bottom = (y * shown.scale + shown.top for y in (350, 650))
    assert (int(columns[0]), int(columns[-1]) + 1) == (pytest.approx(left, abs=0.5), pytest.approx(right, abs=0.5))
    assert (int(rows[0]), int(rows[-1]) + 1) == (pytest.approx(top, abs=0.5), pytest.approx(bottom, abs=0.5))


def test_raw_is_the_whole_sheet_shrunk(drawings) -> None:
    small = Drawing(tuple(stroke * 0.3 for stroke in parse_drawing(drawings[3]).strokes))
    shown = preprocess_drawing(small, raw=True)
    assert [stage.name for stage in shown.stages] == ["original", "shrunk"]
    assert np.array_equal(np.pad(shown.stages[1].grey, MARGIN), shown.image.numpy())
    inked = torch.nonzero(shown.image)
    assert inked.max() < 2 + 0.3 * 28 + 2  # it stays small, in its corner
    assert (shown.scale, shown.left, shown.top) == (0.028, 2, 2)


def test_raw_of_a_picture_is_the_whole_picture_shrunk() -> None:
    picture = np.full((100, 50), 255, np.uint8)
    picture[:25] = 0  # the upper quarter is ink
    shown = preprocess_picture(Image.fromarray(picture), raw=True, colours=True)
    assert [stage.name for stage in shown.stages] == ["original", "shrunk"]
    assert shown.colours is None
    wanted = torch.zeros(32, 32, dtype=torch.uint8)
    wanted[2:9, 9:23] = 255
    assert torch.equal(shown.image, wanted)


@pytest.mark.parametrize("raw", [False, True])
def test_nothing_drawn_is_none(raw: bool) -> None:
    assert preprocess_drawing(parse_drawing({"strokes": []}), raw) is None
    assert preprocess_drawing(parse_drawing({"strokes": [[], []]}), raw) is None
    assert preprocess_picture(Image.new("L", (90, 90), 255), raw, colours=True) is None


def test_a_picture_is_decoded_and_its_ink_extracted_once(monkeypatch: pytest.MonkeyPatch, sample) -> None:
    calls = []
    for name in ("to_opaque", "extract_ink", "ink_colours"):
        real = getattr(photo, name)
        monkeypatch.setattr(photo, name, lambda image, real=real, name=name: (calls.append(name), real(image))[1])
    assert preprocess_picture(Image.fromarray(sample.test.images[0].numpy()), colours=True)
    assert calls == ["to_opaque", "extract_ink", "ink_colours"]
