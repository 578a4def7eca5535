import math

import numpy as np
import pytest
import torch
from lenet.digits.ink import Drawing, from_picture, from_strokes, parse
from PIL import Image, ImageDraw, ImageFilter

from lenet import networks
from lenet.digits import ink
from lenet.runs import models

SEVEN = [[[0, 0], [100, 0], [40, 160]], [[20, 80], [90, 80]]]


def drawing(strokes: list = SEVEN, scale: float = 1, shift: tuple = (0, 0), width: float | None = None) -> Drawing:
    moved = [np.array(stroke, dtype=float) * scale + shift for stroke in strokes]
    return Drawing(tuple(moved), width)


def box(field: torch.Tensor) -> tuple[int, int]:
    rows, columns = (torch.nonzero(field.any(dim=axis)) for axis in (1, 0))
    return int(rows.max() - rows.min()) + 1, int(columns.max() - columns.min()) + 1


def mass(field: torch.Tensor) -> tuple[float, float]:
    weights = field.double()
    places = torch.arange(32).double()
    return tuple(float((weights.sum(axis) * places).sum() / weights.sum()) for axis in (1, 0))


def difference(a: torch.Tensor, b: torch.Tensor) -> int:
    return int((a.int() - b.int()).abs().max())


def test_a_drawing_becomes_20_pixels_around_its_centre_of_mass() -> None:
    field = from_strokes(drawing())
    assert (field.shape, field.dtype) == ((32, 32), torch.uint8)
    assert max(box(field)) == 20
    assert field.max() == 255
    assert all(15 < middle + 0.5 <= 17 for middle in mass(field))


def test_size_and_place_of_a_drawing_do_not_matter() -> None:
    field = from_strokes(drawing())
    for scale, shift in ((1, (500, -300)), (0.05, (0, 0)), (37, (1e5, 1e5)), (0.3, (7.7, 9.1))):
        assert difference(from_strokes(drawing(scale=scale, shift=shift)), field) <= 1


def test_a_given_width_is_the_pens_own() -> None:
    def darkness(width: float | None) -> int:
        return int(from_strokes(drawing(width=width)).sum())

    assert darkness(8) < darkness(20) < darkness(40)
    assert difference(from_strokes(drawing(width=20)), from_strokes(drawing(scale=3, width=60))) <= 1
    assert max(box(from_strokes(drawing(width=40)))) == 20


def test_without_a_width_strokes_are_as_dark_as_mnists(pens) -> None:
    darkness = torch.stack([from_strokes(parse(pen)) for pen in pens[:2000]]).double().mean()
    mnists = 0.1000 * 255  # lenet/networks.py standardises with it
    assert abs(darkness - mnists) < 0.1 * mnists


def test_a_dot_is_a_dot() -> None:
    rows, columns = box(from_strokes(drawing([[[5, 5]]])))
    assert rows == columns == math.ceil(ink.PEN)


def test_a_level_line_keeps_its_shape() -> None:
    rows, columns = box(from_strokes(drawing([[[0, 0], [300, 0]]])))
    assert (rows, columns) == (math.ceil(ink.PEN), 20)


def test_nothing_drawn_is_none() -> None:
    assert from_strokes(parse({"strokes": []})) is None
    assert from_strokes(parse({"strokes": [[], []]})) is None


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("7", "a drawing is"),
        ({"strokes": "7"}, "a drawing is"),
        ({"strokes": [7]}, "a stroke is a list"),
        ({"strokes": [[[1]]]}, "a point is"),
        ({"strokes": [[[1, "2"]]]}, "a point is"),
        ({"strokes": [[[1, True]]]}, "a point is"),
        ({"strokes": [[[1, math.nan]]]}, "a point is"),
        ({"strokes": [[[1, 10**400]]]}, "a coordinate is beyond"),
        ({"strokes": [[[1, -2e6]]]}, "a coordinate is beyond 1,000,000"),
        ({"strokes": [[[1, 2]]] * 201}, "201 strokes; at most 200"),
        ({"strokes": [[[1, 2]] * 10_001]}, "10001 points; at most 10,000"),
        ({"strokes": [[[1, 2]]], "width": 0}, "width 0"),
        ({"strokes": [[[1, 2]]], "width": "wide"}, "width 'wide'"),
    ],
)
def test_what_is_no_drawing_is_refused_with_the_rule(message: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse(message)


def test_mnists_own_pictures_pass_unchanged(sample) -> None:
    for field in sample.test.images:
        picture = Image.fromarray(field[2:30, 2:30].numpy())
        assert difference(from_picture(picture), field) <= 1


def test_ink_may_be_dark_or_light(sample) -> None:
    for field in sample.test.images[:100]:
        picture = Image.fromarray(255 - field[2:30, 2:30].numpy())
        assert difference(from_picture(picture), field) <= 1


def sheet(size: int = 300, paper: int = 255, pen: int = 0) -> Image.Image:
    image = Image.new("L", (size, size), paper)
    ImageDraw.Draw(image).line([(90, 80), (190, 80), (140, 230)], fill=pen, width=22, joint="curve")
    return image


def test_grey_paper_and_pale_ink_make_the_same_digit() -> None:
    assert difference(from_picture(sheet(paper=200, pen=120)), from_picture(sheet())) <= 3


def test_a_shadow_across_the_paper_is_removed() -> None:
    shade = np.linspace(0.55, 1.0, 300)[None, :]
    shaded = Image.fromarray((np.asarray(sheet(paper=230, pen=30)) * shade).astype(np.uint8))
    noise = np.random.default_rng(0).normal(0, 3, (300, 300))
    photo = Image.fromarray((np.asarray(shaded) + noise).clip(0, 255).astype(np.uint8))
    wanted = from_picture(sheet()).double()
    for image in (shaded, photo, photo.filter(ImageFilter.GaussianBlur(1))):
        got = from_picture(image).double()
        assert float((got * wanted).sum() / (got.norm() * wanted.norm())) > 0.97


def test_the_cameras_turn_is_honoured(tmp_path) -> None:
    turned = sheet().rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown turned 90 degrees clockwise
    turned.save(tmp_path / "photo.png", exif=exif)
    with Image.open(tmp_path / "photo.png") as photo:
        assert difference(from_picture(photo), from_picture(sheet())) <= 1


def test_see_through_pictures_lie_on_white() -> None:
    ink_only = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    ink_only.putalpha(Image.eval(sheet(), lambda value: 255 - value))
    assert difference(from_picture(ink_only), from_picture(sheet())) <= 1


@pytest.mark.parametrize("paper", [0, 128, 255])
def test_a_blank_picture_is_none(paper: int) -> None:
    assert from_picture(Image.new("RGB", (60, 40), (paper,) * 3)) is None


def test_noise_alone_is_none() -> None:
    noise = np.random.default_rng(1).normal(200, 4, (200, 200)).clip(0, 255).astype(np.uint8)
    assert from_picture(Image.fromarray(noise)) is None


def test_a_picture_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match=r"9000x9000 pixels; at most 50,000,000"):
        from_picture(Image.new("1", (9000, 9000)))


def test_digits_drawn_by_hand_are_read(drawings) -> None:
    fields = torch.stack([from_strokes(parse(one)) for one in drawings])
    read = networks.infer(models.load_model("lenet5"), fields).argmax(1).tolist()
    assert read == [one["label"] for one in drawings]


def test_most_digits_of_real_pens_are_read(pens) -> None:
    fields = torch.stack([from_strokes(parse(pen)) for pen in pens])
    labels = torch.tensor([pen["label"] for pen in pens])
    hits = networks.infer(models.load_model("lenet5"), fields).argmax(1) == labels
    assert hits.double().mean() > 0.97


def test_two_digits_on_a_picture_get_a_word(sample) -> None:
    side_by_side = np.concatenate([field.numpy() for field in sample.test.images[:2]], axis=1)
    for picture in (side_by_side, side_by_side.T):
        with pytest.raises(ValueError, match="more than one digit"):
            from_picture(Image.fromarray(np.ascontiguousarray(picture)).resize((320, 320)))


@pytest.mark.parametrize("mode", ["I;16", "I", "F"])
def test_pictures_of_more_bits_are_read_too(mode: str) -> None:
    values = np.asarray(sheet(), dtype=np.float64)
    picture = {
        "I;16": Image.fromarray((values * 200 + 3000).astype(np.uint16)),
        "I": Image.fromarray((values * 1000).astype(np.int32)),
        "F": Image.fromarray((values / 255).astype(np.float32)),
    }[mode]
    assert picture.mode == mode
    assert difference(from_picture(picture), from_picture(sheet())) <= 2


def test_light_ink_on_glass_is_seen() -> None:
    chalk = Image.new("RGBA", (300, 300), (255, 255, 255, 0))
    chalk.putalpha(Image.eval(sheet(), lambda value: 255 - value))
    assert difference(from_picture(chalk), from_picture(sheet())) <= 1


@pytest.mark.parametrize("width", [1e-9, 0.1, 1.0])
def test_a_hair_thin_pen_is_still_seen(width: float) -> None:
    field = from_strokes(drawing(scale=10, width=width))
    assert field.max() > 100
    assert max(box(field)) == 20


def test_a_drawing_smaller_than_any_number_is_a_dot() -> None:
    assert box(from_strokes(drawing([[[0, 0], [1e-310, 0]]]))) == (3, 3)
    assert box(from_strokes(drawing([[[1e6, 1e6], [1e6 + 1e-9, 1e6]]], width=1e-300))) == (3, 3)
