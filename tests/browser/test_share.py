"""The group "Share": its keys, what it says, the picture, and the whole screen."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from linking import copy, new_context, share
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from steps import draw, enter, expect_read, expect_settled, violations


@pytest.fixture
def seven(page: Page, drawings: list[dict]) -> Page:
    draw(page, drawings[7]["strokes"])
    expect_read(page, 7)
    expect_settled(page)
    return page


def saved(page: Page) -> Image.Image:
    with page.expect_download() as download:
        share(page).get_by_role("button", name="Save picture (PNG)").click()
    expect(share(page).get_by_role("status")).to_have_text("Picture saved.")
    assert download.value.suggested_filename == "lenet-7.png"
    return Image.open(io.BytesIO(Path(download.value.path()).read_bytes()))


def test_keys_open_it_copy_and_close_it(browser: Browser, address: str) -> None:
    with new_context(browser) as context:
        page = context.new_page()
        enter(page, address)
        opener = page.get_by_role("button", name="Share…")
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Copy link")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("group", name="Share").get_by_role("status")).to_have_text("Link copied.")
        assert page.evaluate("navigator.clipboard.readText()").startswith(f"{address}/?v=1&network=lenet5")
        assert violations(page, runOnly=["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]) == []
        page.keyboard.press("Escape")
        expect(opener).to_be_focused()


def test_where_the_clipboard_is_forbidden_the_link_stands_there_selected(seven: Page) -> None:
    seven.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden')) }")
    group = share(seven)
    for button, field, start in (("Copy link", "Link", "http"), ("Copy embed code", "Embed code", "<iframe ")):
        group.get_by_role("button", name=button).click()
        expect(group.get_by_role("status")).to_have_text("This browser lets no page copy. Copy it from here:")
        text = group.get_by_role("textbox", name=field, exact=True)
        expect(text).to_be_focused()
        assert seven.evaluate("getSelection().toString()").startswith(start)
        assert text.input_value().startswith(start)


def test_a_photo_is_not_in_the_link_and_that_is_said(browser: Browser, address: str, tmp_path: Path) -> None:
    pixels = np.full((60, 60), 255, np.uint8)
    pixels[10:50, 27:33] = 0
    Image.fromarray(pixels).save(tmp_path / "one.png")
    with new_context(browser) as context:
        page = context.new_page()
        enter(page, address)
        page.get_by_label("Photo of a digit").set_input_files(tmp_path / "one.png")
        expect_read(page, 1)
        expect(share(page).get_by_text("Photos stay in your browser: the link comes without this one.")).to_be_visible()
        assert "#" not in copy(page)


def test_the_picture_has_the_drawing_the_bars_and_the_maps_in_the_pages_colours(seven: Page) -> None:
    light = np.asarray(saved(seven).convert("L"))
    assert light.shape == (2 * 620, 2 * 1200)
    seven.emulate_media(color_scheme="dark")
    expect(seven.locator("body")).to_have_class(re.compile("dark"))
    dark = np.asarray(saved(seven).convert("L"))
    for pixels, paper in ((light, light[0, 0]), (dark, dark[0, 0])):
        sheet, answer, bars, maps = (
            pixels[152:680, 56:584],
            pixels[152:680, 640:900],
            pixels[152:680, 1000:],
            pixels[760:],
        )
        for place in (sheet, answer, bars, maps):
            assert (np.abs(place.astype(int) - int(paper)) > 30).mean() > 0.01
    assert light[0, 0] > 200 > 60 > dark[0, 0]


def test_with_nothing_drawn_there_is_no_picture(page: Page) -> None:
    expect(share(page).get_by_role("button", name="Save picture (PNG)")).to_be_disabled()


def test_the_whole_screen_and_back(seven: Page) -> None:
    for full in (True, False):
        share(seven).get_by_role("button", name="Full screen").click()
        seven.wait_for_function("full => (document.fullscreenElement !== null) === full", arg=full)
    assert share(seven).get_by_role("button", name="Full screen").get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize("width", [320, 390])
def test_it_fits_a_phone_and_leaves_an_open_unit_open(browser: Browser, address: str, width: int, drawings) -> None:
    with new_context(browser, viewport={"width": width, "height": 740}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        enter(page, address)
        draw(page, drawings[7]["strokes"])
        expect_settled(page)
        page.get_by_role("img", name="C1 map 2 of 6").tap()
        expect(page.locator(".explained")).to_be_visible()
        page.get_by_role("button", name="Share…").scroll_into_view_if_needed()
        page.get_by_role("button", name="Share…").tap()
        for button in page.get_by_role("group", name="Share").get_by_role("button").all():
            expect(button).to_be_in_viewport(ratio=1)
            assert button.bounding_box()["height"] >= 43.9
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert "unit=C1.2." in copy(page)
