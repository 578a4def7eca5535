"""Photos of digits: chosen, dropped or pasted."""

import base64
import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Locator, Page, expect
from steps import draw, expect_read, expect_settled

ORIENTATION = 0x0112


def photo(field: np.ndarray, quarter_turns: int = 0) -> bytes:
    """A phone's photo of blue ink on grey paper: a shadow, noise, blur, and turned as the camera was held."""
    random = np.random.default_rng(7)
    ink = np.asarray(Image.fromarray(field).resize((640, 640), Image.Resampling.BICUBIC)).astype(float) / 255
    ink = np.pad(ink, ((80, 80), (240, 80)))
    light = np.linspace(1.0, 0.7, ink.shape[1])[None, :] * np.linspace(0.85, 1.0, ink.shape[0])[:, None]
    light[:, 500:] *= 0.8  # the edge of a hand's shadow
    paper, pen = np.array([205.0, 200.0, 190.0]), np.array([40.0, 60.0, 140.0])
    colours = (paper + (pen - paper) * ink[..., None]) * light[..., None] + random.normal(0, 4, (*ink.shape, 3))
    image = Image.fromarray(colours.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.5))
    image = image.rotate(90 * quarter_turns, expand=True)
    exif = Image.Exif()
    exif[ORIENTATION] = {0: 1, 1: 6}[quarter_turns]
    file = BytesIO()
    image.save(file, "JPEG", exif=exif, quality=88)
    return file.getvalue()


@pytest.fixture
def digit(sample) -> tuple[np.ndarray, int]:
    """A sample digit that is no rotation of itself: a 2."""
    place = int((sample.test.labels == 2).nonzero()[0])
    return sample.test.images[place].numpy(), 2


def at_pad(page: Page) -> Locator:
    """What is told on the sheet."""
    return page.locator(".sheet .note")


def choose(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("Photo of a digit").set_input_files([{"name": name, "mimeType": "image/jpeg", "buffer": content}])


@pytest.mark.parametrize("quarter_turns", [0, 1])
def test_a_photo_is_read(page: Page, digit, quarter_turns: int) -> None:
    choose(page, "photo.jpg", photo(digit[0], quarter_turns))
    expect_read(page, digit[1])
    expect(page.get_by_role("img", name="The digit, fit to 20 px")).to_be_visible()


def test_a_photo_can_be_dropped(page: Page, digit) -> None:
    hand_over(page, "drop", photo(digit[0]))
    expect_read(page, digit[1])


def test_a_photo_can_be_pasted(page: Page, digit) -> None:
    hand_over(page, "paste", photo(digit[0]))
    expect_read(page, digit[1])


def hand_over(page: Page, how: str, content: bytes) -> None:
    page.evaluate(
        """([how, content]) => {
            const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
            const event = how === "paste"
                ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
                : new DragEvent(how, { dataTransfer: transfer, bubbles: true, cancelable: true });
            document.querySelector(how === "paste" ? "body" : ".sheet").dispatchEvent(event);
        }""",
        [how, base64.b64encode(content).decode()],
    )


def test_drawing_on_a_photo_begins_anew_and_undo_brings_it_back(page: Page, digit, drawings) -> None:
    choose(page, "photo.jpg", photo(digit[0]))
    expect_read(page, digit[1])
    draw(page, drawings[0]["strokes"])
    expect_read(page, 0)
    page.get_by_role("button", name="Undo").click()
    expect_read(page, digit[1])


def test_two_digits_or_none_get_a_plain_word(page: Page, digit) -> None:
    choose(page, "two.jpg", photo(np.concatenate([digit[0], digit[0]], axis=1)))
    expect(at_pad(page)).to_contain_text("more than one digit")
    choose(page, "none.jpg", photo(np.zeros((32, 32), np.uint8)))
    expect(at_pad(page)).to_have_text("No digit found in this image.")


def test_what_is_no_picture_gets_a_plain_word(page: Page) -> None:
    choose(page, "notes.jpg", b"seven")
    expect(at_pad(page)).to_have_text("Couldn't open notes.jpg. Use a PNG, JPEG or WebP file up to 30 MB.")


def test_every_hard_digit_gets_an_answer(page: Page) -> None:
    for i in range(1, 11):
        page.get_by_role("button", name=re.compile(rf"^Hard MNIST digit {i} \(label \d\)$")).click()
        expect_settled(page)
        expect(page.locator(".part.bars .words")).to_contain_text("%")  # of a digit, or of the nearest


def test_the_photo_button_opens_the_file_dialogue(page: Page, tmp_path: Path, digit) -> None:
    (tmp_path / "photo.jpg").write_bytes(photo(digit[0]))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Upload photo…").click()
    chooser.value.set_files(tmp_path / "photo.jpg")
    expect_read(page, digit[1])


def test_what_is_told_of_a_photo_stands_at_the_pad_and_goes_with_the_next(page: Page, digit) -> None:
    pad, bars = page.locator(".part.pad"), page.locator(".part.bars")
    before = pad.bounding_box(), bars.bounding_box()
    choose(page, "notes.jpg", b"seven")
    expect(at_pad(page)).to_contain_text("notes.jpg")
    expect(bars).not_to_contain_text("notes.jpg")
    assert (pad.bounding_box(), bars.bounding_box()) == before
    sheet, note = page.locator(".sheet").bounding_box(), at_pad(page).bounding_box()
    assert sheet["y"] < note["y"]
    assert note["y"] + note["height"] <= sheet["y"] + sheet["height"]
    choose(page, "photo.jpg", photo(digit[0]))
    expect_read(page, digit[1])
    expect(at_pad(page)).to_be_empty()


def test_the_sheet_shows_where_to_drop_while_a_photo_is_dragged(page: Page, digit) -> None:
    here = page.get_by_text("Drop the photo here")
    expect(here).to_be_hidden()
    hand_over(page, "dragover", b"")
    expect(here).to_be_visible()
    hand_over(page, "drop", photo(digit[0]))
    expect(here).to_be_hidden()
    expect_read(page, digit[1])
