"""The lesson: every step by mouse and by keyboard, what it lights and covers, its predictions, and its deep links."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from steps import arrive, draw, expect_settled, violations

TITLES = [
    "Your digit", "What it sees", "One kernel", "Six maps", "Pooling", "Maps of maps", "84 numbers", "Ten answers",
    "Make it fail", "Train it", "One step", "You against LeNet",
]  # fmt: skip
PREDICTED = [1, 2, 3, 5, 7, 9, 10]
TRAINED = 60_000  # milliseconds


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page with the lesson's first step open; what is shown is shown at once."""
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        arrive(page, address)
        page.get_by_role("button", name="Lesson", exact=True).click()
        yield page
        assert errors == []


def lesson(page: Page) -> Locator:
    return page.get_by_role("region", name="Lesson", exact=True)


def press(page: Page, name: str) -> None:
    lesson(page).get_by_role("button", name=name, exact=True).click()


def expect_step(page: Page, number: int) -> None:
    expect(lesson(page).get_by_role("heading")).to_have_text(TITLES[number - 1])
    expect(page).to_have_url(re.compile(rf"[?&]lesson={number}\b"))


def expect_done(page: Page, timeout: int = 15_000) -> None:
    expect(lesson(page).locator(".task.done")).to_be_visible(timeout=timeout)


def expect_told(page: Page, text: str, timeout: int = 15_000) -> None:
    """What came of the prediction."""
    expect(lesson(page).locator(".result")).to_contain_text(re.compile(text), timeout=timeout)


def say_digit(page: Page, digit: int) -> None:
    group = lesson(page).get_by_role("group", name="Which digit")
    group.get_by_role("button", name=str(digit), exact=True).click()


def test_the_whole_lesson_by_mouse(page: Page, drawings) -> None:
    region = lesson(page)
    expect_step(page, 1)
    meters = page.get_by_role("meter", name="Probability of 4", exact=True)
    expect(meters).to_have_count(0)  # covered, also for a screen reader
    draw(page, drawings[4]["strokes"])
    expect_done(page)
    say_digit(page, 4)
    press(page, "90%")
    expect_told(page, r"^Your guess: 4, 90% sure\. It says 4, with a probability of \d+\.\d%\. It held\.$")
    expect(meters).to_be_visible()

    press(page, "Next")
    expect_step(page, 2)
    press(page, "No")
    page.get_by_role("button", name="Clear", exact=True).click()
    draw(page, drawings[4]["strokes"], left=0.02, top=0.02, size=0.35)
    page.get_by_role("checkbox", name="Skip preprocessing").check()
    expect_done(page)
    expect_told(page, r"Your guess: No\. .* (It held|It did not hold)\.$")

    press(page, "Next")
    expect_step(page, 3)
    expect(page.get_by_role("checkbox", name="Skip preprocessing")).not_to_be_checked()
    expect_settled(page)
    covered = page.locator(".stage canvas[data-covered]")
    expect(covered).to_have_count(1)
    expect(page.locator(".part.sliding .bar")).to_be_visible()
    region.get_by_role("img", name="Your digit").click(position={"x": 80, "y": 40})
    expect(covered).to_have_count(0)
    expect_told(page, "brightest place")
    page.locator(".part.sliding").get_by_role("button", name="Next place").click()
    expect_done(page)

    press(page, "Next")
    expect_step(page, 4)
    canvas = page.get_by_role("img", name="C1 map 3 of 6")
    canvas.click(position={"x": 20, "y": 20})
    canvas.click(position={"x": 50, "y": 60})
    expect_done(page)

    press(page, "Next")
    expect_step(page, 5)
    press(page, "F6")
    page.get_by_role("img", name="The network's input", exact=True).press("ArrowRight")
    expect_done(page)
    expect_told(page, r"C1 changes by \d+% of its values, S2 by \d+%, F6 by \d+%")

    press(page, "Next")
    expect_step(page, 6)
    expect(page.locator(".moved")).to_be_empty()
    page.get_by_role("img", name="C3 map 4 of 16").click(position={"x": 20, "y": 20})
    before = page.get_by_role("img", name="output, 10 units").screenshot()
    switches = region.get_by_role("group", name="S2 maps, on or off")
    switches.get_by_role("button", name="2", exact=True).click()
    expect_done(page)
    expect(switches.get_by_role("button", name="2", exact=True)).to_have_attribute("aria-pressed", "true")
    expect_settled(page)
    assert page.get_by_role("img", name="output, 10 units").screenshot() != before

    press(page, "Next")
    expect_step(page, 7)
    say_digit(page, 9)
    model = page.get_by_label("Model", exact=True)
    model.select_option("lenet5-1998")
    expect_told(page, r"Nearest is the code of 4, second that of \d")
    model.select_option("lenet5")
    expect_done(page)
    expect_told(page, "Nearest is the code of 4")  # it stays

    press(page, "Next")
    expect_step(page, 8)
    page.get_by_role("slider", name="Rejection threshold").fill("1")
    expect_done(page)

    press(page, "Next")
    expect_step(page, 9)
    expect(page.get_by_text("model default", exact=False).first).to_be_visible()  # the threshold is put back
    press(page, "That is my guess")
    expect_told(page, r"Your guess: 90°\. It is read as 4")
    expect(region.get_by_role("img", name=re.compile("probability of 4"))).to_be_visible()
    for degrees in range(0, 180, 15):  # somewhere it is sure of something else
        region.get_by_role("slider", name="Turn it").fill(str(degrees))
        expect_settled(page)
    expect_done(page)

    press(page, "Next")
    expect_step(page, 10)
    region.get_by_role("slider", name="Your guess").fill("80")
    press(page, "That is my guess")
    press(page, "Show me")
    expect_done(page, TRAINED)
    expect_told(page, r"Your guess: 80 of 100\. It reads \d\d\.\d% of the test digits\.")

    press(page, "Next")
    expect_step(page, 11)
    press(page, "Show me")
    expect_done(page)

    press(page, "Next")
    expect_step(page, 12)
    for number in range(1, 6):
        expect(region.get_by_role("img", name=f"Test digit {number} of 5")).to_be_visible()
        say_digit(page, 3)
        expect(region.get_by_text("You say 3, the network says")).to_be_visible()
        if number < 5:
            press(page, "Next digit")
    expect_done(page)
    expect(region.get_by_text(re.compile(r"You read \d of 5, the network \d\."))).to_be_visible()

    press(page, "Next")
    expect(region.get_by_text(re.compile(r"^\d of 7 predictions held\.$"))).to_be_visible()
    expect(region.get_by_role("listitem")).to_have_count(7)
    expect(region.get_by_text("not predicted")).to_have_count(0)
    press(page, "Close")
    expect(region).to_have_count(0)
    expect(page).not_to_have_url(re.compile("lesson"))
    expect(page.locator("[data-quiet], [data-covered]")).to_have_count(0)


def test_the_whole_lesson_by_keyboard_shown(page: Page) -> None:
    """Whoever cannot draw is shown every step; the focus stays in the lesson."""
    region = lesson(page)
    for number in range(1, 12):
        expect_step(page, number)
        expect(region.get_by_role("heading")).to_be_focused()
        shows = region.get_by_role("button", name="Show me")
        shows.focus()
        page.keyboard.press("Enter")
        expect_done(page, TRAINED)
        if number in PREDICTED:
            expect(region.locator(".result")).not_to_be_empty(timeout=TRAINED)
        region.get_by_role("button", name="Next", exact=True).focus()
        page.keyboard.press("Enter")
    expect_step(page, 12)
    page.keyboard.press("Escape")
    expect(region).to_have_count(0)


def test_every_step_has_an_address(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        page = context.new_page()
        for number, title in enumerate([*TITLES, "What you predicted"], 1):
            arrive(page, f"{address}?lesson={number}")
            expect(lesson(page).get_by_role("heading")).to_have_text(title)
            if number <= len(TITLES):
                expect(page.locator("[data-quiet]").first).to_be_attached()
            box = lesson(page).bounding_box()
            assert box is not None
            assert min(box["x"], box["y"]) >= 0
            assert box["x"] + box["width"] <= 1280
            assert box["y"] + box["height"] <= 800


def test_it_is_left_and_taken_up_again(page: Page) -> None:
    for _ in range(3):
        press(page, "Next")
    expect_step(page, 4)
    press(page, "Close")
    page.reload()
    expect_settled(page)
    page.get_by_role("button", name="Lesson", exact=True).click()
    expect_step(page, 4)
    lesson(page).get_by_role("button", name="Step 7: 84 numbers").click()
    expect_step(page, 7)
    press(page, "Back")
    expect_step(page, 6)


def test_a_step_gives_back_what_was_there(page: Page, drawings) -> None:
    draw(page, drawings[2]["strokes"])
    expect_done(page)
    kept = page.evaluate("sessionStorage.getItem('lenet.pad')")
    press(page, "Next")
    press(page, "Show me")
    expect_done(page)
    assert page.evaluate("sessionStorage.getItem('lenet.pad')") != kept
    press(page, "Next")
    expect_settled(page)
    assert page.evaluate("sessionStorage.getItem('lenet.pad')") == kept


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
    page.mouse.wheel(0, 10)
    expect(lesson(page).get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.clock.run_for(40_000)
    expect_step(page, 2)


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


@pytest.mark.parametrize("number", [1, 3, 5, 10])
def test_on_a_phone_the_sheet_hides_nothing_that_it_speaks_of(browser: Browser, address: str, number: int) -> None:
    size = {"width": 390, "height": 844}
    with browser.new_context(viewport=size, is_mobile=True, has_touch=True, reduced_motion="reduce") as context:
        page = context.new_page()
        arrive(page, f"{address}?lesson={number}")
        sheet = lesson(page).bounding_box()
        assert sheet is not None
        assert sheet["height"] <= 0.47 * 844
        lit = {1: ".sheet", 3: ".part.sliding .bar", 5: ".part.stages .input", 10: ".part.training > .title"}[number]
        expect(page.locator(lit)).to_be_in_viewport()
        box = page.locator(lit).bounding_box()
        assert box is not None
        assert box["y"] + min(box["height"], 60) <= sheet["y"] + 1


def test_predictions_stay_in_the_browser(page: Page, drawings) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''}"))
    draw(page, drawings[4]["strokes"])
    say_digit(page, 4)
    press(page, "50%")
    expect_told(page, "It held")
    assert asked == []
    assert page.evaluate("JSON.parse(localStorage.getItem('lenet.lesson')).guesses.digit.held") is True
