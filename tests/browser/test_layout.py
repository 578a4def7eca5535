"""Where things stand, from the smallest phone to a large screen."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from steps import PAD, TABS, enter, expect_fits, expect_read, open_tabs, resize

from lenet.digits import mnist
from lenet.digits.data import Data
from lenet.runs import cache, store
from lenet.runs.cache import Trained
from lenet.training.recipe import Recipe

WIDTHS = [320, 360, 390, 641, 760, 761, 900, 1024, 1100, 1150, 1279, 1280, 1440, 1920]


@pytest.fixture
def page(lasting: Page) -> Page:
    resize(lasting, 1280)
    return lasting


def box(one: Locator) -> dict[str, float]:
    found = one.bounding_box()
    assert found is not None
    return found


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    return all(
        one[start] + 0.5 < other[start] + other[side] and other[start] + 0.5 < one[start] + one[side]
        for start, side in (("x", "width"), ("y", "height"))
    )


def meter(page: Page, digit: int) -> Locator:
    return page.get_by_role("meter", name=f"Probability of {digit}", exact=True)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_in_the_header_lies_on_anything_else(page: Page, width: int) -> None:
    resize(page, width)
    page.get_by_role("button", name="Example 4").click()
    expect(page.get_by_text("61,706 parameters")).to_be_attached()
    boxes = {
        "title": box(page.get_by_role("heading", name="LeNet-5")),
        "facts": box(page.locator(".facts")),
        "paper": box(page.get_by_role("link", name="Paper")),
        "source": box(page.get_by_role("link", name="Source")),
        "share": box(page.get_by_role("button", name="Share…")),
        "pad": box(page.locator(".sheet")),
    }
    for tab in TABS:
        boxes[tab] = box(page.get_by_role("tab", name=tab))
    names = [*boxes]
    assert [(a, b) for i, a in enumerate(names) for b in names[:i] if overlap(boxes[a], boxes[b])] == []
    assert all(one["x"] >= 0 and one["x"] + one["width"] <= width for one in boxes.values())
    expect_fits(page, width)


@pytest.mark.parametrize("width", [1280, 1440, 1920])
def test_title_tabs_and_facts_stand_on_one_baseline(page: Page, width: int) -> None:
    resize(page, width)
    baselines = page.evaluate("""() => ["h1", "h1 small", "#draw-button", ".facts span", ".links a"].map((css) => {
        const text = document.createTreeWalker(document.querySelector(css), NodeFilter.SHOW_TEXT).nextNode();
        const [line, mark] = [document.createElement("span"), document.createElement("span")];
        mark.style.cssText = "display: inline-block; width: 0; height: 0"; // its bottom stands on the baseline
        text.replaceWith(line);
        line.append(text, mark);
        const { bottom } = mark.getBoundingClientRect();
        line.replaceWith(text);
        return bottom;
    })""")
    assert max(baselines) - min(baselines) <= 1


@pytest.mark.parametrize("width", [320, 390, 800, 1024, 1280])
def test_a_window_that_is_resized_keeps_all_tabs_in_sight(page: Page, width: int) -> None:
    resize(page, width)
    page.screenshot(full_page=True)  # for a moment, it is as tall as the page
    for name in TABS:
        expect(page.get_by_role("tab", name=name)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="More tabs")).to_be_hidden()


def test_on_other_tabs_the_header_says_which_model_it_tells_of(page: Page) -> None:
    facts = page.locator(".facts")
    expect(facts).to_contain_text("lenet5 · 99.58% MNIST test accuracy")
    page.get_by_role("tab", name="Runs").click()
    expect(facts).to_contain_text("Drawing model: lenet5")
    page.get_by_role("tab", name="Draw").click()
    expect(facts).not_to_contain_text("Drawing model")


def test_paper_and_source_open_beside_the_page(page: Page) -> None:
    for name, start in (("Paper", "https://doi.org/10.1109/5.726791"), ("Source", "https://")):
        link = page.get_by_role("link", name=name)
        assert link.get_attribute("href").startswith(start)
        assert link.get_attribute("target") == "_blank"


@pytest.mark.parametrize(
    ("width", "height"),
    [(320, 568), (390, 664), (640, 400), (700, 500), (760, 600), (1024, 600), (1280, 657), (1920, 900)],
)
def test_the_pad_is_never_taller_than_the_window(page: Page, width: int, height: int) -> None:
    resize(page, width, height)
    pad = box(page.get_by_role("img", name=PAD))
    assert pad["height"] < height
    assert abs(pad["width"] - pad["height"]) < 1
    assert pad["width"] >= 230
    card = box(page.locator(".part.pad"))
    for name in ("Upload photo…", "Example 9"):
        last = box(page.get_by_role("button", name=name))
        assert last["x"] + last["width"] <= card["x"] + card["width"] + 0.5


@pytest.mark.parametrize("width", [1100, 1024, 820, 761, 390, 320])
def test_nothing_lies_off_the_page(page: Page, width: int) -> None:
    resize(page, width)
    for control in (
        page.get_by_label("Data"),
        page.get_by_role("slider", name="Epochs"),
        page.get_by_role("button", name="Stop"),
    ):
        place = box(control)
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= width
    chart = box(page.get_by_role("img", name=re.compile("^Accuracy ")))
    assert chart["width"] > 120
    assert chart["x"] + chart["width"] <= width


def test_pad_bars_card_and_maps_fit_the_screen(page: Page) -> None:
    for name in (PAD, "The network's input", "C1 map 6 of 6", "C3 map 16 of 16", re.compile("^Accuracy ")):
        place = box(page.get_by_role("img", name=name))
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 1280
        assert place["y"] + place["height"] <= 800
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.fixture(scope="module")
def phone(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        enter(page, address)
        yield page


def test_a_phone_shows_pad_and_bars_without_scrolling(phone: Page) -> None:
    phone.get_by_role("button", name="Example 4").tap()
    expect_read(phone, 4)
    for place in (box(phone.get_by_role("img", name=PAD)), box(meter(phone, 9))):
        assert place["x"] + place["width"] <= 390
        assert place["y"] + place["height"] <= 844
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_phone_has_pad_bars_maps_and_training_in_this_order(phone: Page) -> None:
    places = [
        phone.locator(".facts"),
        phone.get_by_role("img", name=PAD),
        meter(phone, 0),
        phone.get_by_label("Model", exact=True),
        phone.get_by_role("img", name="C1 map 1 of 6"),
        phone.get_by_role("button", name="Retrain", exact=True),
    ]
    tops = [box(place)["y"] for place in places]
    assert tops == sorted(tops)


def test_on_a_phone_the_bars_stay_in_sight(phone: Page) -> None:
    phone.get_by_role("button", name="Example 4").tap()
    expect_read(phone, 4)
    for below in (
        phone.get_by_role("img", name="C3 map 16 of 16"),
        phone.get_by_role("button", name="Retrain", exact=True),
    ):
        below.evaluate("one => one.scrollIntoView({ block: 'end' })")
        bar = box(meter(phone, 4))
        assert 0 <= bar["y"] <= 120
        assert box(phone.locator(".digit"))["y"] >= 0
        assert not overlap(bar, box(below))


@pytest.mark.parametrize("width", [320, 390])
def test_fingers_find_what_they_touch(phone: Page, width: int) -> None:
    resize(phone, width, 844)
    for name in ("Undo", "Clear", "Upload photo…"):
        assert box(phone.get_by_role("button", name=name, exact=True))["height"] >= 43.9
    for name in ("Example 1", "Example 9"):
        place = box(phone.get_by_role("button", name=name))
        assert min(place["width"], place["height"]) >= 31.9


@pytest.fixture
def with_long_name(serve: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a page with a run whose name is as long as a name may be."""
    sample = mnist.load("sample")
    few = Data("sample", sample.train[:256], sample.validation[:256], sample.test[:256], (), "few")
    monkeypatch.setenv("LENET_HOME", str(tmp_path))
    *_, last = cache.train(Recipe(data="sample", epochs=1), few)
    assert isinstance(last, Trained)
    store.rename(last.run.key, "W" * store.MAX_TITLE)
    return serve(LENET_HOME=str(tmp_path))


def test_the_longest_name_of_a_run_widens_no_tab(browser: Browser, with_long_name: str) -> None:
    widths = (320, 800)
    with browser.new_context(viewport={"width": widths[0], "height": 844}) as context:
        page = context.new_page()
        enter(page, with_long_name)
        for tab, panel in open_tabs(page):
            if tab in ("Test set", "Compare"):
                expect(panel.locator("option", has_text="WWWW")).to_have_count(1)
            for width in widths:
                resize(page, width, 844)
                expect_fits(page, width)


HELPS = """async () => {
    const [shown, wrong] = [[...document.querySelectorAll("button.help")].filter((one) => one.checkVisibility()), []];
    for (const button of shown) {
        button.scrollIntoView({ block: "nearest" });
        const text = button.popoverTargetElement;
        const opened = new Promise((done) => text.addEventListener("toggle", done, { once: true }));
        button.click();
        await opened;
        const { left, right, top, bottom } = text.getBoundingClientRect();
        const inSight = left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
        const isWhole = text.scrollWidth <= text.clientWidth + 1 && text.scrollHeight <= text.clientHeight + 1;
        if (!inSight || !isWhole) wrong.push(text.innerText);
        text.hidePopover();
    }
    return [shown.length, wrong];
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_every_help_is_whole_and_in_sight(page: Page, width: int) -> None:
    resize(page, width, 844)
    for tab, _ in open_tabs(page):
        count, wrong = page.evaluate(HELPS)
        assert count >= (10 if tab == "Draw" else 1)
        assert wrong == [], tab
    page.get_by_role("tab", name="Draw").click()
