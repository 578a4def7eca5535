"""While the pen moves: servers that are slow or gone, touch, other renderings of the page."""

import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect
from steps import PAD, draw, enter, expect_read, expect_settled, model

WEIGHTS = re.compile("/weights/")
PHOTO = re.compile("/component_server")
READINGS = """async () => {
    const { listen } = await import(document.querySelector('link[rel="modulepreload"][href$="store.js"]').href);
    window.counts = { moves: 0, readings: 0 };
    listen("reading", ({ answer }) => answer && counts.readings++);
    document.addEventListener("pointermove", (event) => event.buttons && counts.moves++, true);
}"""


def test_while_the_pen_moves_every_move_is_read_and_nobody_is_asked(page: Page, drawings) -> None:
    expect(page.locator(".part.training .estimate")).not_to_be_empty()  # which the page asks for by itself
    page.evaluate(READINGS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for digit in (7, 9):
        draw(page, drawings[digit]["strokes"])
        expect_read(page, digit)
        page.get_by_role("button", name="Clear").click()
    counts = page.evaluate("counts")
    assert asked == []
    assert counts["moves"] > 50
    assert counts["readings"] >= 0.9 * counts["moves"]


def test_a_server_that_stands_still_in_the_middle_of_a_stroke_changes_nothing(
    browser: Browser, serve: Callable[..., str], servers: dict[str, subprocess.Popen[str]], drawings
) -> None:
    address = serve()
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    enter(page, address)
    page.evaluate(READINGS)
    box = page.get_by_role("img", name=PAD).bounding_box()
    (stroke,) = drawings[0]["strokes"]
    places = [(box["x"] + box["width"] * x / 1000, box["y"] + box["height"] * y / 1000) for x, y in stroke]
    page.mouse.move(*places[0])
    page.mouse.down()
    try:
        for i, place in enumerate(places):
            page.mouse.move(*place)
            if i == len(places) // 3:
                servers[address].send_signal(signal.SIGSTOP)
        page.mouse.up()
        expect_read(page, 0)
        expect_settled(page)
        counts = page.evaluate("counts")
        assert counts["readings"] >= 0.9 * counts["moves"]
        page.get_by_role("img", name="C3 map 1 of 16").hover()
        expect(page.get_by_text(re.compile("^C3 map 1, row"))).to_be_visible()
    finally:
        servers[address].send_signal(signal.SIGCONT)
    page.close()


def test_a_model_that_cannot_be_fetched_is_fetched_when_the_server_is_back(page: Page, drawings) -> None:
    draw(page, drawings[6]["strokes"])
    expect_read(page, 6)
    page.route(WEIGHTS, lambda route: route.abort())
    page.get_by_label("Model", exact=True).select_option("lenet-28")
    expect(page.get_by_text("Can't reach the server. Retrying…")).to_be_visible()
    page.unroute(WEIGHTS)
    expect(page.get_by_text("lenet-28 · 99.45% MNIST test accuracy")).to_be_visible()
    expect_read(page, 6)


def test_weights_that_arrive_damaged_are_refused_with_a_word(page: Page, drawings) -> None:
    draw(page, drawings[6]["strokes"])

    def spoil(route: Route) -> None:
        body = bytearray(route.fetch().body())
        body[-5] ^= 1  # one bit of the last weight
        route.fulfill(body=bytes(body))

    page.route(WEIGHTS, spoil)
    page.get_by_label("Model", exact=True).select_option("lenet-28")
    expect(page.get_by_text("arrived damaged")).to_be_visible()
    expect(model(page)).to_have_text("lenet5")  # which reads on
    expect_read(page, 6)
    page.unroute(WEIGHTS)
    page.get_by_label("Model", exact=True).select_option("lenet-28")
    expect(page.get_by_text("lenet-28 · 99.45% MNIST test accuracy")).to_be_visible()


def test_a_photo_is_waited_for_and_asked_for_again(page: Page, drawings, sample, tmp_path: Path) -> None:
    draw(page, drawings[6]["strokes"])
    expect_read(page, 6)
    file = tmp_path / "photo.png"
    Image.fromarray(255 - sample.test.images[0].numpy()).resize((320, 320)).save(file)
    held: list[Route] = []
    page.route(PHOTO, lambda route: held.append(route))
    page.get_by_label("Photo of a digit").set_input_files(file)
    expect(page.locator(".part.bars").get_by_text("Reading the photo…")).to_be_visible()  # not the answer of before
    expect(page.get_by_role("img", name=PAD)).to_have_attribute("aria-busy", "true")
    for route in held:
        route.fulfill(status=500, body="{}")
    expect(page.get_by_text("Can't reach the server. Retrying…")).to_be_visible()
    page.unroute(PHOTO)
    expect_read(page, int(sample.test.labels[0]))
    expect_settled(page)


def test_a_server_that_is_not_well_is_asked_again_and_the_model_before_reads_on(page: Page, drawings) -> None:
    draw(page, drawings[6]["strokes"])
    page.route(WEIGHTS, lambda route: route.fulfill(status=503, body="asleep"))
    page.get_by_label("Model", exact=True).select_option("lenet-28")
    expect(page.get_by_text("Can't reach the server. Retrying…")).to_be_visible()
    expect_read(page, 6)
    page.unroute(WEIGHTS)
    expect(page.get_by_text("lenet-28 · 99.45% MNIST test accuracy")).to_be_visible()


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


def test_a_tab_whose_script_does_not_come_says_so_and_is_there_after_a_reload(
    browser: Browser, address: str, drawings
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.route("**/parts/runs.js", lambda route: route.abort())
        enter(page, address)
        draw(page, drawings[7]["strokes"])
        page.get_by_role("tab", name="Runs").click()
        runs = page.locator(".part.runs")
        expect(runs.get_by_text("This part of the page could not be loaded.")).to_be_visible()
        page.unroute("**/parts/runs.js")
        runs.get_by_role("button", name="Reload").click()
        expect_read(page, 7)
        page.get_by_role("tab", name="Runs").click()
        expect(runs.get_by_role("status").first).to_be_attached()
