"""The pad: its example, its keys, and what it keeps."""

import pytest
from playwright.sync_api import Page, expect
from steps import PAD, arrive, draw, expect_read, expect_settled, probabilities

from lenet.digits.strokes import MAX_POINTS, parse_drawing

NOTHING = "Probabilities update as you draw."
EXAMPLE = "Example — draw your own"


def kept(page: Page) -> dict:
    return page.evaluate("JSON.parse(sessionStorage.getItem('lenet.pad'))")


def test_an_empty_pad_invites_and_guesses_nothing(page: Page) -> None:
    expect(page.locator(".sheet").get_by_text("Draw a digit", exact=True)).to_be_visible()
    expect(page.get_by_text(NOTHING)).to_be_visible()
    expect(page.get_by_role("button", name="Clear", exact=True)).to_be_disabled()
    assert probabilities(page) == [0.0] * 10


def test_the_page_begins_with_an_example_until_somebody_draws(browser, address: str, drawings) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    arrive(page, address)
    expect(page.get_by_text(EXAMPLE)).to_be_visible()
    expect_read(page, 7)
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    assert kept(page)["ink"]["strokes"] == []
    page.reload()
    expect(page.get_by_text(EXAMPLE)).to_be_visible(timeout=30_000)
    draw(page, drawings[2]["strokes"])
    expect(page.get_by_text(EXAMPLE)).to_be_hidden()
    expect_read(page, 2)
    assert len(kept(page)["ink"]["strokes"]) == len(drawings[2]["strokes"])
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text(NOTHING)).to_be_visible()
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    page.reload()
    expect(page.get_by_text(NOTHING)).to_be_visible(timeout=30_000)
    context.close()


def test_undo_redo_and_keys(page: Page, drawings) -> None:
    draw(page, drawings[1]["strokes"])
    expect_read(page, 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(NOTHING)).to_be_visible()
    page.get_by_role("button", name="Redo").click()
    expect_read(page, 1)
    page.keyboard.press("8")
    expect_read(page, 8)
    page.keyboard.press("Control+z")
    expect_read(page, 1)
    page.keyboard.press("Control+Shift+z")
    expect_read(page, 8)
    page.keyboard.press("Escape")
    expect(page.get_by_text(NOTHING)).to_be_visible()


def test_keys_wait_for_the_pen(page: Page, drawings) -> None:
    box = page.get_by_role("img", name=PAD).bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 90)
    for key in ("3", "Escape", "Control+z"):
        page.keyboard.press(key)
    page.mouse.move(box["x"] + 60, box["y"] + 200)
    page.mouse.up()
    expect_read(page, 1)
    page.get_by_role("button", name="Example 3").click()
    expect_read(page, 3)


def test_keys_belong_to_the_pad_only_while_nothing_else_has_the_focus(page: Page, drawings) -> None:
    draw(page, drawings[1]["strokes"])
    expect_read(page, 1)
    for other in (
        page.get_by_role("slider", name="Epochs", exact=True),
        page.get_by_role("slider", name="Rejection threshold"),
        page.get_by_role("button", name="Retrain", exact=True),
        page.get_by_label("Model", exact=True),
    ):
        other.focus()
        for key in ("5", "Escape", "Control+z"):
            page.keyboard.press(key)
    expect_settled(page)
    expect_read(page, 1)
    page.get_by_role("img", name=PAD).focus()
    page.keyboard.press("5")
    expect_read(page, 5)


def test_a_drawing_outlives_a_reload(page: Page, drawings) -> None:
    draw(page, drawings[2]["strokes"])
    expect_read(page, 2)
    page.reload()
    expect_read(page, 2)


@pytest.mark.parametrize(
    "wrong", ["{}", "5", "not JSON", '{"ink":{"strokes":[[]]},"model":"lenet5"}', '{"ink":{"strokes":[[[1,"a"]]]}}']
)
def test_what_was_kept_wrongly_is_forgotten(page: Page, wrong: str) -> None:
    page.evaluate("wrong => sessionStorage.setItem('lenet.pad', wrong)", wrong)
    page.reload()
    expect(page.get_by_text(EXAMPLE)).to_be_visible()
    page.get_by_role("button", name="Example 2").click()
    expect_read(page, 2)


def test_escape_closes_a_help_and_leaves_the_drawing(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    page.get_by_role("button", name="About the drawing pad").click()
    text = page.get_by_text("Draw with mouse, finger or pen;")
    expect(text).to_be_visible()
    page.keyboard.press("Escape")
    expect(text).to_be_hidden()
    expect(page.get_by_role("button", name="Clear", exact=True)).to_be_enabled()
    expect_read(page, 7)


def test_with_nothing_drawn_a_model_that_is_chosen_is_told_all_the_same(page: Page) -> None:
    page.get_by_label("Model", exact=True).select_option("lenet1-1989")
    expect(page.locator(".facts")).to_contain_text("lenet1-1989 · 98.40% MNIST test accuracy · 9,760 parameters")
    expect(page.get_by_role("img", name="H1 map 1 of 12")).to_be_visible()
    expect(page.get_by_role("meter", name="Probability of 0", exact=True)).to_have_attribute("aria-valuenow", "0.0")


SCRIBBLE = """async () => {
    const { href } = document.querySelector('link[rel="modulepreload"][href$="ink.js"]');
    const { begin, end, extend } = await import(href);
    for (const row of [0, 1, 2]) {
        begin([0, 150 * row]);
        for (let place = 1; place <= 1500; place++) extend([[place % 500, 150 * row + 30 * (place % 5)]]);
        end();
    }
}"""


def test_a_scribble_without_end_is_thinned_and_still_read(page: Page) -> None:
    page.evaluate(SCRIBBLE)
    expect_settled(page)
    strokes = kept(page)["ink"]["strokes"]
    assert 1000 < sum(map(len, strokes)) <= MAX_POINTS
    assert [(stroke[0], stroke[-1]) for stroke in strokes] == [([0, 150 * row], [0, 150 * row]) for row in range(3)]
    parse_drawing(kept(page)["ink"])
