import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFilter

from lenet import networks
from lenet.digits.photo import extract_ink, to_opaque
from lenet.digits.preprocessing import preprocess_picture
from lenet.errors import InvalidError
from lenet.evaluation.photographed import CONDITIONS, photograph
from lenet.networks.activations import trace
from lenet.runs import models


def read_picture(image: Image.Image) -> torch.Tensor:
    return preprocess_picture(image).image


def difference(a: torch.Tensor, b: torch.Tensor) -> int:
    return int((a.int() - b.int()).abs().max())


@pytest.mark.parametrize("condition", CONDITIONS)
def test_photos_are_read(sample, condition: str) -> None:
    images = [read_picture(photograph(image.numpy(), CONDITIONS[condition])) for image in sample.test.images[:20]]
    read = networks.infer(models.load_model("lenet5"), torch.stack(images)).argmax(1)
    assert (read == sample.test.labels[:20]).sum() >= 19


def test_a_hairline_is_drawn_as_thick_as_mnists() -> None:
    paper = np.full((300, 300), 230, np.uint8)
    paper[40:260, 150] = 20
    image = read_picture(Image.fromarray(paper))
    rows, columns = (torch.nonzero(image.any(dim=axis)).flatten() for axis in (1, 0))
    assert len(rows) == 20
    assert 2 <= len(columns) <= 4


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (2, 300), (300, 3), (33, 33), (4000, 20)])
def test_pictures_of_any_shape_are_looked_at(size: tuple[int, int]) -> None:
    random, refusals = np.random.default_rng(0), set()
    for values in (random.integers(0, 256, size), random.integers(0, 2, size) * 255, np.zeros(size)):
        try:
            ink = extract_ink(to_opaque(Image.fromarray(values.astype(np.uint8))))
        except InvalidError as error:  # chance may draw two of something
            refusals.add(error.message.key)
        else:
            assert ink is None or ink.max() > 0
    assert refusals <= {"photo.digits"}


def coloured(image: torch.Tensor, paper: tuple[int, ...], pen: tuple[int, ...]) -> Image.Image:
    """A digit drawn large, in the colour of a pen, on the colour of paper."""
    ink = np.asarray(Image.fromarray(image.numpy()).resize((192, 192), Image.Resampling.BICUBIC))[..., None] / 255
    return Image.fromarray(((1 - ink) * np.array(paper) + ink * np.array(pen)).round().astype(np.uint8))


def test_grey_pictures_are_the_same_in_all_three_colours(sample) -> None:
    for image in sample.test.images[:5]:
        image = coloured(image, (255, 255, 255), (0, 0, 0))
        colours = preprocess_picture(image, colours=True).colours
        assert colours.shape == (3, 32, 32)
        for channel in colours:
            torch.testing.assert_close(channel.int(), read_picture(image).int(), atol=1, rtol=0)


@pytest.mark.parametrize(
    ("paper", "pen", "strong"),
    [
        ((255, 255, 255), (255, 0, 0), [0, 1, 1]),
        ((255, 255, 255), (0, 0, 255), [1, 1, 0]),
        ((0, 0, 0), (0, 255, 0), [0, 1, 0]),
    ],
)
def test_a_coloured_pen_is_seen_in_its_colours_and_read(sample, paper: tuple, pen: tuple, strong: list[int]) -> None:
    network, hits = models.load_model("lenet-rgb"), 0
    for image, label in zip(sample.test.images[:40], sample.test.labels[:40], strict=True):
        colours = preprocess_picture(coloured(image, paper, pen), colours=True).colours
        assert [int(channel.max() > 200) for channel in colours] == strong
        assert [int(channel.max() > 20) for channel in colours] == strong
        hits += int(trace(network, colours).probabilities.argmax() == label)
    assert hits >= 38


def test_nothing_drawn_has_no_colours() -> None:
    assert preprocess_picture(Image.new("RGB", (100, 100), "yellow"), colours=True) is None


def test_mnists_own_pictures_pass_unchanged(sample) -> None:
    for image in sample.test.images:
        picture = Image.fromarray(image[2:30, 2:30].numpy())
        assert difference(read_picture(picture), image) <= 1


def test_ink_may_be_dark_or_light(sample) -> None:
    for image in sample.test.images[:100]:
        picture = Image.fromarray(255 - image[2:30, 2:30].numpy())
        assert difference(read_picture(picture), image) <= 1


def sheet(size: int = 300, paper: int = 255, pen: int = 0) -> Image.Image:
    image = Image.new("L", (size, size), paper)
    ImageDraw.Draw(image).line([(90, 80), (190, 80), (140, 230)], fill=pen, width=22, joint="curve")
    return image


def test_grey_paper_and_pale_ink_make_the_same_digit() -> None:
    assert difference(read_picture(sheet(paper=200, pen=120)), read_picture(sheet())) <= 3


def test_a_shadow_across_the_paper_is_removed() -> None:
    shade = np.linspace(0.55, 1.0, 300)[None, :]
    shaded = Image.fromarray((np.asarray(sheet(paper=230, pen=30)) * shade).astype(np.uint8))
    noise = np.random.default_rng(0).normal(0, 3, (300, 300))
    photo = Image.fromarray((np.asarray(shaded) + noise).clip(0, 255).astype(np.uint8))
    wanted = read_picture(sheet()).double()
    for image in (shaded, photo, photo.filter(ImageFilter.GaussianBlur(1))):
        got = read_picture(image).double()
        assert float((got * wanted).sum() / (got.norm() * wanted.norm())) > 0.97


def test_the_cameras_turn_is_honoured(tmp_path) -> None:
    turned = sheet().rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown turned 90 degrees clockwise
    turned.save(tmp_path / "photo.png", exif=exif)
    with Image.open(tmp_path / "photo.png") as photo:
        assert difference(read_picture(photo), read_picture(sheet())) <= 1


def test_see_through_pictures_lie_on_white() -> None:
    ink_only = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    ink_only.putalpha(Image.eval(sheet(), lambda value: 255 - value))
    assert difference(read_picture(ink_only), read_picture(sheet())) <= 1


@pytest.mark.parametrize("paper", [0, 128, 255])
def test_a_blank_picture_is_none(paper: int) -> None:
    assert preprocess_picture(Image.new("RGB", (60, 40), (paper,) * 3)) is None


def test_noise_alone_is_none() -> None:
    noise = np.random.default_rng(1).normal(200, 4, (200, 200)).clip(0, 255).astype(np.uint8)
    assert preprocess_picture(Image.fromarray(noise)) is None


def test_a_picture_too_large_is_refused() -> None:
    with pytest.raises(InvalidError, match=r"9,000×9,000 pixels; the limit is 50,000,000"):
        read_picture(Image.new("1", (9000, 9000)))


def test_two_digits_in_a_picture_are_refused(sample) -> None:
    side_by_side = np.concatenate([image.numpy() for image in sample.test.images[:2]], axis=1)
    for picture in (side_by_side, side_by_side.T):
        with pytest.raises(InvalidError, match="more than one digit"):
            read_picture(Image.fromarray(np.ascontiguousarray(picture)).resize((320, 320)))


@pytest.mark.parametrize("mode", ["I;16", "I", "F"])
def test_pictures_of_more_bits_are_read_too(mode: str) -> None:
    values = np.asarray(sheet(), dtype=np.float64)
    picture = {
        "I;16": Image.fromarray((values * 200 + 3000).astype(np.uint16)),
        "I": Image.fromarray((values * 1000).astype(np.int32)),
        "F": Image.fromarray((values / 255).astype(np.float32)),
    }[mode]
    assert picture.mode == mode
    assert difference(read_picture(picture), read_picture(sheet())) <= 2


def test_light_ink_on_glass_is_found() -> None:
    chalk = Image.new("RGBA", (300, 300), (255, 255, 255, 0))
    chalk.putalpha(Image.eval(sheet(), lambda value: 255 - value))
    assert difference(read_picture(chalk), read_picture(sheet())) <= 1
