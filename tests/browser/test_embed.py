"""Pad, bars and maps alone, in the frames of other pages."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from linking import copy, new_context
from plain import serve_folder
from playwright.sync_api import Browser, FrameLocator, Page, expect
from steps import PAD, arrive, choose_model, draw, enter, expect_read, expect_settled, probabilities, resize, violations

from lenet.runs import models

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = [(640, 360), (960, 540), (390, 600)]
FIRST = """() => {
    window.painted = [];
    new PerformanceObserver(() => window.painted.push(
        [...document.querySelectorAll("h1, [role=tab], .part.training")].some((one) => one.getClientRects().length &&
            one.getBoundingClientRect().height > 1 && getComputedStyle(one).visibility === "visible" &&
            one.closest(".part.header") === null)
    )).observe({ type: "paint", buffered: true });
}"""


@pytest.fixture(scope="module")
def code(browser: Browser, address: str, drawings: list[dict]) -> str:
    """The HTML of a frame with a 7 in it, as the page gives it."""
    with new_context(browser) as context:
        page = context.new_page()
        enter(page, address)
        draw(page, drawings[7]["strokes"])
        expect_read(page, 7)
        return copy(page, "Copy embed code", "Embed code copied.")


@pytest.fixture(scope="module")
def source(code: str) -> str:
    """The address of the frame."""
    found = re.search(r'src="([^"]*)"', code)
    assert found is not None
    return unescape(found[1])


@pytest.fixture
def article(browser: Browser, code: str, tmp_path: Path) -> Iterator[Page]:
    """Another website's page with two of these frames in it. Nothing may fail there."""
    both = code + re.sub('#ink=[^ "]*', "", code)
    (tmp_path / "index.html").write_text(f"<!doctype html><title>article</title>{both}")
    with (
        serve_folder(tmp_path) as elsewhere,
        browser.new_context(viewport={"width": 700, "height": 800}) as context,
    ):
        page = context.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
        page.goto(elsewhere.replace("127.0.0.1", "localhost"))
        yield page
        assert [line for line in troubles if not line.startswith("Failed to load resource")] == []  # its icon


def frame(page: Page, number: int) -> FrameLocator:
    return page.frame_locator("iframe").nth(number)


def test_the_code_is_one_frame_of_its_size(code: str, source: str, address: str) -> None:
    assert re.fullmatch(
        r'<iframe src="[^"]+" width="640" height="360" title="LeNet-5: draw a digit" loading="lazy" style="border:0">'
        "</iframe>",
        code,
    )
    assert source.startswith(f"{address}/?v=1&network=lenet5&lang=en&view=embed#ink=")


@pytest.fixture(scope="module", params=["light", "dark"])
def alone(browser: Browser, source: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A frame by itself, light or dark."""
    with browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        arrive(page, source.replace("?", f"?__theme={request.param}&"))
        expect_read(page, 7)
        expect(page.locator("body")).to_have_class(re.compile("dark")) if request.param == "dark" else None
        yield page


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_pad_bars_and_maps_fit_without_scrolling(alone: Page, width: int, height: int) -> None:
    resize(alone, width, height)
    sides = alone.evaluate("(({ scrollWidth, scrollHeight }) => [scrollWidth, scrollHeight])(document.documentElement)")
    assert sides == [width, height]
    names = [PAD, "C1 map 1 of 6", "C1 map 6 of 6", "S2 map 6 of 6", "C3 map 16 of 16", "S4 map 16 of 16"]
    shown = [alone.get_by_role("img", name=name) for name in [*names, "C5, 120", "F6, 84", "output, 10"]]
    shown += [alone.get_by_role("meter", name=f"Probability of {digit}", exact=True) for digit in (0, 9)]
    shown += [alone.get_by_role("button", name=name, exact=True) for name in ("Undo", "Clear")]
    shown.append(alone.get_by_role("link", name="LeNet-5"))
    for one in shown:
        expect(one).to_be_in_viewport(ratio=1)
    for name in ("Retrain", "Share…", "Upload photo…", "Example 1"):
        expect(alone.get_by_role("button", name=name)).to_be_hidden()
    expect(alone.get_by_role("tab").filter(visible=True)).to_have_count(0)
    expect(alone.get_by_role("slider").filter(visible=True)).to_have_count(0)
    assert alone.get_by_role("img", name=PAD).bounding_box()["width"] >= 180
    assert violations(alone, runOnly=RULES) == []


def test_every_network_fits_the_smallest_frame(browser: Browser, address: str) -> None:
    inside = "(all) => all.every((one) => { const { right, bottom } = one.getBoundingClientRect();"
    with browser.new_context(viewport={"width": 640, "height": 360}) as context:
        page = context.new_page()
        for network in models.pretrained():
            arrive(page, f"{address}/?view=embed&network={network}")
            expect_read(page, 7)
            maps = page.locator(".stage canvas")
            assert maps.evaluate_all(f"{inside} return right <= 640 && bottom <= 360 }})"), network
            assert page.evaluate("document.documentElement.scrollHeight") == 360, network


def test_nothing_of_the_full_page_is_painted_first(browser: Browser, source: str) -> None:
    with browser.new_context(viewport={"width": 640, "height": 360}) as context:
        page = context.new_page()
        page.add_init_script(f"({FIRST})()")
        arrive(page, source)
        assert page.evaluate("window.painted") != []
        assert not any(page.evaluate("window.painted"))
        expect(page.locator(".part.training, .part.stages")).to_have_count(0)  # not built at all


def test_it_is_drawn_in_and_shows_the_same_when_it_is_loaded_again(
    browser: Browser, source: str, drawings: list[dict]
) -> None:
    with browser.new_context(viewport={"width": 640, "height": 360}) as context:
        page = context.new_page()
        arrive(page, source)
        seen = probabilities(page)
        page.get_by_role("button", name="Clear", exact=True).click()
        draw(page, drawings[2]["strokes"])
        expect_read(page, 2)
        page.get_by_role("button", name="Undo", exact=True).click()
        draw(page, drawings[3]["strokes"])
        expect_settled(page)
        assert page.evaluate("sessionStorage.getItem('lenet.pad')") is None
        page.reload()
        expect_read(page, 7)
        expect_settled(page)
        assert probabilities(page) == seen


def test_the_way_out_opens_the_whole_page_with_what_is_drawn(
    browser: Browser, source: str, drawings: list[dict]
) -> None:
    with browser.new_context(viewport={"width": 640, "height": 360}) as context:
        page = context.new_page()
        arrive(page, source)
        page.get_by_role("button", name="Clear", exact=True).click()
        draw(page, drawings[2]["strokes"])
        expect_read(page, 2)
        expect_settled(page)
        with context.expect_page() as opened:
            page.get_by_role("link", name="LeNet-5").click()
        whole = opened.value
        expect(whole.get_by_role("tab", name="Draw")).to_be_visible(timeout=30_000)
        expect_read(whole, 2)
        expect_settled(whole)
        assert probabilities(whole) == probabilities(page)


def test_a_unit_is_open_over_the_rest_and_can_be_closed(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 640, "height": 360}) as context:
        page = context.new_page()
        arrive(page, f"{address}/?view=embed&unit=C3.4.2.7")
        panel = page.locator(".explained")
        expect(panel).to_contain_text("C3 map 4, row 2, column 7")
        expect(panel).to_be_in_viewport(ratio=1)
        panel.get_by_role("button", name="Close").click()
        expect(panel).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollHeight") == 360


def test_two_frames_of_an_article_work_and_leave_each_other_alone(article: Page) -> None:
    for number, state in ((0, "Drawn"), (1, "Example")):
        pad = frame(article, number).get_by_role("img", name=PAD)
        pad.scroll_into_view_if_needed()
        expect(pad).to_have_attribute("aria-busy", "false", timeout=30_000)
        meter = frame(article, number).get_by_role("meter", name="Probability of 7", exact=True)
        expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^(9\d|100)"))
        example = frame(article, number).get_by_text("Example — draw your own")
        expect(example).to_be_visible(visible=state == "Example")
    frame(article, 0).get_by_role("button", name="Clear", exact=True).click()
    expect(frame(article, 0).get_by_text("Probabilities update as you draw.")).to_be_visible()
    expect(frame(article, 1).get_by_text("Example — draw your own")).to_be_visible()


def test_storage_that_is_forbidden_forbids_nothing(browser: Browser, source: str) -> None:
    with browser.new_context(viewport={"width": 640, "height": 360}) as context:
        page = context.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        for name in ("sessionStorage", "localStorage"):
            page.add_init_script(
                f"Object.defineProperty(window, '{name}', "
                "{ get() { throw new DOMException('no', 'SecurityError') } })"
            )
        arrive(page, source)
        expect_read(page, 7)
        assert troubles == []


def test_the_server_lets_other_pages_frame_it(address: str) -> None:
    headers = httpx.get(f"{address}/?view=embed", headers={"Sec-Fetch-Site": "cross-site"}).headers
    assert "x-frame-options" not in headers
    assert "frame-ancestors" not in headers.get("content-security-policy", "")


def test_a_network_that_is_chosen_stands_in_the_code(browser: Browser, address: str) -> None:
    with new_context(browser) as context:
        page = context.new_page()
        page.goto(f"{address}/?__theme=dark")
        arrive(page, page.url)
        choose_model(page, "lenet1-1989")
        found = unescape(copy(page, "Copy embed code", "Embed code copied."))
        query = urlsplit(re.search(r'src="([^"]*)"', found)[1]).query
        assert query == "v=1&network=lenet1-1989&lang=en&view=embed&__theme=dark"
