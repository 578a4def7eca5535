"""The lesson: its addresses, how it is presented and plays by itself, phones, and axe."""

from collections.abc import Iterator

import pytest
from lessons import TITLES, expect_done, expect_step, in_lesson, lesson, press, say_digit
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect
from steps import arrive, draw, expect_settled, violations


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with in_lesson(browser, address) as page:
        yield page


def test_every_step_has_an_address(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        page = context.new_page()
        for number, title in enumerate([*TITLES, "What you predicted"], 1):
            arrive(page, f"{address}?lesson={number}")
            expect(lesson(page).get_by_role("heading")).to_have_text(title)
            if number <= len(TITLES):
                expect(page.locator("[data-quiet]").first).to_be_attached()
            place = box(lesson(page))
            assert min(place["x"], place["y"]) >= 0
            assert place["x"] + place["width"] <= 1280
            assert place["y"] + place["height"] <= 800


def test_presented_answers_wait_until_they_are_asked_for(page: Page, drawings) -> None:
    press(page, "Present")
    draw(page, drawings[4]["strokes"])
    say_digit(page, 4)
    press(page, "99%")
    expect(lesson(page).locator(".result")).to_be_hidden()
    press(page, "Show the answer")
    expect(lesson(page).locator(".result")).to_be_visible()
    lesson(page).get_by_role("heading").focus()
    page.keyboard.press("ArrowRight")
    expect_step(page, 2)
    page.keyboard.press("ArrowLeft")
    expect_step(page, 1)


def test_it_plays_by_itself_until_somebody_does_something(page: Page) -> None:
    page.clock.install()
    press(page, "Play")
    page.clock.run_for(5_000)
    expect_done(page)
    page.clock.run_for(12_000)
    expect_step(page, 2)
    page.keyboard.press("Shift")
    expect(lesson(page).get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.clock.run_for(40_000)
    expect_step(page, 2)


def test_a_step_that_is_left_while_it_is_shown_leaves_nothing_behind(browser: Browser, address: str, drawings) -> None:
    kept = "JSON.parse(sessionStorage.getItem('lenet.pad')).ink.strokes"
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        arrive(page, f"{address}?lesson=1")
        draw(page, drawings[8]["strokes"])
        expect_settled(page)
        before = page.evaluate(kept)
        press(page, "Next")
        press(page, "Show me")
        press(page, "Next")
        expect_step(page, 3)
        expect_settled(page)
        assert page.evaluate(kept) == before
        press(page, "Back")
        press(page, "Show me")
        press(page, "Show me")  # it begins anew
        expect_done(page)
        assert len(page.evaluate(kept)) == len(before)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_in_any_step(browser: Browser, address: str, width: int, scheme: str) -> None:
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "reduced_motion": "reduce"}
    with browser.new_context(**options) as context:
        page = context.new_page()
        arrive(page, f"{address}?lesson=1")
        for number in range(1, 14):
            if number in (1, 3, 6, 9, 13):
                expect_settled(page)
                assert violations(page) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            if number <= len(TITLES):
                press(page, "Next")


def test_on_a_phone_the_sheet_hides_nothing_that_it_speaks_of(browser: Browser, address: str) -> None:
    size = {"width": 390, "height": 844}
    lit = {1: ".sheet", 3: ".part.sliding .bar", 5: ".part.stages .input", 10: ".part.training > .title"}
    with browser.new_context(viewport=size, is_mobile=True, has_touch=True, reduced_motion="reduce") as context:
        page = context.new_page()
        arrive(page, f"{address}?lesson=1")
        for number in range(1, 11):
            expect_step(page, number)
            sheet = box(lesson(page))
            assert sheet["height"] <= 0.47 * 844
            if number in lit:
                expect(page.locator(lit[number])).to_be_in_viewport()
                spoken_of = box(page.locator(lit[number]))
                assert spoken_of["y"] + min(spoken_of["height"], 60) <= sheet["y"] + 1
            press(page, "Next")
        press(page, "Fold")
        assert box(lesson(page))["height"] <= 0.2 * 844  # the page has the rest
        expect(lesson(page).locator(".task")).to_be_visible()
        press(page, "Unfold")
        expect(lesson(page).locator(".words")).to_be_visible()


def box(locator: Locator) -> FloatRect:
    box = locator.bounding_box()
    assert box is not None
    return box
