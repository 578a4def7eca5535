"""While the pen moves: slow servers, touch, other renderings of the page."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from steps import PAD, draw, enter, expect_read, expect_settled

LATENCY = 0.3  # seconds
READING = re.compile("/component_server")


@pytest.fixture
def slow(page: Page) -> list[float]:
    """Each reading takes 300 ms; gives the times at which they were asked for."""
    asked: list[float] = []

    def hold(route: Route) -> None:
        if "estimate" in (route.request.post_data or ""):
            return route.continue_()
        asked.append(time.monotonic())
        page.wait_for_timeout(1000 * LATENCY)
        return route.continue_()

    page.route(READING, hold)
    return asked


def test_a_slow_server_gets_one_request_at_a_time_and_the_last_state_arrives(
    page: Page, slow: list[float], drawings
) -> None:
    box = page.get_by_role("img", name=PAD).bounding_box()
    (stroke,) = drawings[0]["strokes"]
    page.mouse.move(box["x"] + box["width"] * stroke[0][0] / 1000, box["y"] + box["height"] * stroke[0][1] / 1000)
    page.mouse.down()
    for x, y in stroke[1:]:
        page.mouse.move(box["x"] + box["width"] * x / 1000, box["y"] + box["height"] * y / 1000)
    page.mouse.up()
    expect_read(page, 0)
    expect_settled(page)
    assert 2 <= len(slow) < len(stroke) / 2
    assert all(later - earlier >= LATENCY for earlier, later in pairwise(slow))
    inked = page.evaluate("JSON.parse(sessionStorage.getItem('lenet.pad')).ink.strokes[0].length")
    assert inked > 0.8 * len(stroke)  # the pen lost nothing


def test_a_server_that_comes_back_is_asked_again(page: Page, drawings) -> None:
    page.route(READING, lambda route: route.fulfill(status=500, body="{}"))
    draw(page, drawings[6]["strokes"])
    expect(page.get_by_text("Can't reach the server. Retrying…")).to_be_visible()
    page.unroute(READING)
    expect_read(page, 6)


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    enter(page, address)
    yield page
    context.close()


def test_a_finger_draws_and_the_page_does_not_scroll(phone: Page, drawings) -> None:
    box = phone.get_by_role("img", name=PAD).bounding_box()
    session = phone.context.new_cdp_session(phone)
    for stroke in drawings[3]["strokes"]:
        places = [(box["x"] + box["width"] * x / 1000, box["y"] + box["height"] * y / 1000) for x, y in stroke]
        for kind, (x, y) in zip(["touchStart", *["touchMove"] * (len(places) - 1)], places, strict=True):
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect_read(phone, 3)
    assert phone.evaluate("scrollY") == 0


def test_two_fingers_are_left_to_the_browser(page: Page) -> None:
    pad = page.get_by_role("img", name=PAD)
    assert pad.evaluate("pad => getComputedStyle(pad).touchAction") == "pinch-zoom"


def test_the_ink_survives_a_resize_and_a_change_of_theme(page: Page, drawings) -> None:
    draw(page, drawings[4]["strokes"])
    expect_read(page, 4)
    count = """c => {
        const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
        return data.filter((value, i) => i % 4 === 3 && value).length / (c.width * c.height);
    }"""
    before = page.get_by_role("img", name=PAD).evaluate(count)
    page.set_viewport_size({"width": 700, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.body.classList.toggle('dark')")
    expect_read(page, 4)
    assert page.get_by_role("img", name=PAD).evaluate(count) == pytest.approx(before, rel=0.05)


def test_dense_screens_get_dense_ink(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=2)
    page = context.new_page()
    enter(page, address)
    pad = page.get_by_role("img", name=PAD)
    expect(pad).to_be_visible()
    page.get_by_role("button", name="Example 5").click()
    assert pad.evaluate("c => c.width / c.clientWidth") == pytest.approx(2, abs=0.01)
    context.close()


def test_the_page_works_where_node_renders_it(browser: Browser, serve: Callable[..., str], drawings) -> None:
    if not shutil.which("node"):
        pytest.skip("needs Node")
    address = serve("-c", "from lenet import ui; ui.launch(ui.build(), ssr_mode=True)")
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        assert page.request.get(address).headers["x-sveltekit-page"] == "true"
        enter(page, address)
        draw(page, drawings[9]["strokes"])
        expect_read(page, 9)


def test_an_environment_that_asks_for_node_does_not_get_it(browser: Browser, serve: Callable[..., str]) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        address = serve(GRADIO_SSR_MODE="True")
        assert "x-sveltekit-page" not in page.request.get(address).headers
        enter(page, address)


def test_dark_mode_is_dark(browser: Browser, address: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    enter(page, address)
    expect(page.get_by_role("heading", name="LeNet-5")).to_be_visible()
    shade = page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", shade)[:3]) < 60
    context.close()
