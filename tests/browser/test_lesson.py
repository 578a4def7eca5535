"""The lesson: every step by mouse and by keyboard, what it covers, and what came of its predictions."""

import re
from collections.abc import Iterator

import pytest
from lessons import STEPS, expect_done, expect_step, expect_told, in_lesson, lesson, press, say_digit
from playwright.sync_api import Browser, Page, expect
from steps import draw, expect_settled, expect_training, train

from lenet.texts import table

PREDICTED = [1, 2, 3, 5, 7, 9, 10]
TRAINED = 60_000  # milliseconds


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with in_lesson(browser, address) as page:
        yield page


def test_the_whole_lesson_by_mouse(page: Page, drawings) -> None:
    region = lesson(page)
    expect_step(page, 1)
    meters = page.get_by_role("meter", name="Probability of 4", exact=True)
    expect(meters).to_have_count(0)  # covered, also for a screen reader
    draw(page, drawings[4]["strokes"])
    expect_done(page)
    say_digit(page, 4)
    press(page, "90%")
    expect_told(page, r"^Your guess: 4, 90% sure\. It says 4, with a probability of \d+\.\d%\. It held\. It is surer")
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
    expect(covered).to_have_count(1)  # it may still be marked elsewhere
    press(page, "That is my guess")
    expect(covered).to_have_count(0)
    expect_told(page, "marks the largest value")
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
    expect_told(page, r"C1 changes by \d+%, S2 by \d+%, F6 by \d+%")
    told = region.locator(".result").inner_text()
    page.get_by_role("img", name="The network's input", exact=True).press("ArrowDown")
    expect_settled(page)
    expect(region.locator(".result")).to_have_text(told)  # it was about one pixel

    press(page, "Next")
    expect_step(page, 6)
    expect(page.locator(".moved")).to_be_empty()
    page.get_by_role("img", name="C3 map 4 of 16").click(position={"x": 20, "y": 20})
    before = page.get_by_role("img", name="output, 10 units").screenshot()
    switches = region.get_by_role("group", name="S2 maps, on or off")
    switches.get_by_role("button", name="2", exact=True).click()
    expect_done(page)
    expect(switches.get_by_role("button", name="2", exact=True)).to_have_attribute("aria-pressed", "false")
    expect(region.get_by_text(re.compile(r"^The unit: .* before, .* now\.$"))).to_be_visible()
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
    expect_told(page, r"Your guess: 90°\. From about \d+° on, it is no longer read as 4\.")
    expect(region.get_by_role("img", name=re.compile("probability of 4"))).to_be_visible()
    for degrees in range(0, 180, 15):  # somewhere it is sure of something else
        region.get_by_role("slider", name="Turn it").fill(str(degrees))
        expect_settled(page)
        expect(region.locator(".turned")).to_have_text(re.compile(rf"^{degrees}°: \d, \d+\.\d%$"))
    expect_done(page)

    press(page, "Next")
    expect_step(page, 10)
    region.get_by_role("slider", name="Your guess").fill("80")
    press(page, "That is my guess")
    press(page, "Show me")
    expect_done(page, TRAINED)
    expect_told(page, r"Your guess: 80 of 100\. It reads \d\d\.\d% of 1,000 test digits\.")
    expect(page.get_by_label("Data", exact=True)).to_have_value("auto")  # the form is the learner's again

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
    expect(region.get_by_text("no prediction")).to_have_count(0)
    press(page, "Close")
    expect(region).to_have_count(0)
    expect(page).not_to_have_url(re.compile("lesson"))
    expect(page.locator("[data-quiet], [data-covered]")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_whole_lesson_by_keyboard_shown(page: Page, address: str, language: str) -> None:
    """Whoever cannot draw is shown every step; the focus stays in the lesson. In Chinese every other step by mouse."""
    texts = {key: str(text) for key, text in table(language).items() if key.startswith("lesson.")}
    page.goto(f"{address}?lang={language}&lesson=1")
    region = page.get_by_role("region", name=texts["lesson.heading"], exact=True)

    def use(key: str, number: int) -> None:
        button = region.get_by_role("button", name=texts[key], exact=True)
        if language == "zh" and number % 2:
            return button.click()
        button.focus()
        return page.keyboard.press("Enter")

    for number, step in enumerate(STEPS[:-1], 1):
        expect(region.get_by_role("heading")).to_have_text(texts[f"lesson.{step}.title"])
        expect(region.get_by_role("heading")).to_be_focused()
        use("lesson.show", number)
        expect(region.locator(".task.done")).to_have_text(f"✓ {texts[f'lesson.{step}.task']}", timeout=TRAINED)
        if number in PREDICTED:
            expect(region.locator(".result")).not_to_be_empty(timeout=TRAINED)
        use("lesson.next", number)
    expect(region.get_by_role("heading")).to_have_text(texts["lesson.game.title"])
    page.keyboard.press("Escape")
    expect(region).to_have_count(0)


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
    press(page, "Show me")  # draws the same once more
    expect_settled(page)
    assert page.evaluate("sessionStorage.getItem('lenet.pad')") == kept
    press(page, "Next")
    press(page, "Show me")
    expect_done(page)
    assert page.evaluate("sessionStorage.getItem('lenet.pad')") != kept
    press(page, "Next")
    expect_settled(page)
    assert page.evaluate("sessionStorage.getItem('lenet.pad')") == kept


def test_a_training_of_before_is_in_the_way_of_the_lessons(page: Page) -> None:
    train(page, epochs=50)
    expect_training(page)
    lesson(page).get_by_role("button", name="Step 10: Train it").click()
    shows = lesson(page).get_by_role("button", name="Show me", exact=True)
    expect(lesson(page).get_by_text("Another training is under way: wait for its end, or stop it.")).to_be_visible()
    expect(shows).to_be_disabled()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(lesson(page).get_by_text("Train one epoch on the built-in sample.")).to_be_visible(timeout=TRAINED)
    expect(shows).to_be_enabled()


def test_predictions_stay_in_the_browser(page: Page, drawings) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "favicon" not in request.url else None)
    draw(page, drawings[4]["strokes"])
    say_digit(page, 4)
    press(page, "50%")
    expect_told(page, "It held")
    assert asked == []
    assert page.evaluate("JSON.parse(localStorage.getItem('lenet.lesson')).guesses.digit.held") is True
