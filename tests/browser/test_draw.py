"""Draw a digit, watch it being read, train the network again, and have it read by the new weights."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from steps import PAD, draw, enter, expect_read, expect_settled, expect_trained, probabilities


def meter(page: Page, digit: int) -> Locator:
    return page.get_by_role("meter", name=f"Probability of {digit}", exact=True)


def answer(page: Page) -> Locator:
    return page.locator("[aria-live]").filter(has_text="%")


def colours(canvas: Locator) -> int:
    """How many colours a picture has: a blank one has one."""
    return canvas.evaluate(
        "c => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size"
    )


def test_an_empty_pad_invites_and_guesses_nothing(page: Page) -> None:
    expect(page.get_by_text("Draw a digit", exact=True)).to_be_visible()
    expect(page.get_by_text("Nothing drawn yet")).to_be_visible()
    expect(page.get_by_role("button", name="Clear")).to_be_disabled()
    assert probabilities(page) == [0.0] * 10


def test_the_whole_job(page: Page, drawings) -> None:
    """Draw, read the meters, see the maps, retrain on the sample, read by the new weights, go back, clear."""
    draw(page, drawings[7]["strokes"])
    expect_read(page, 7)
    shares = probabilities(page)
    assert sum(shares) == pytest.approx(100, abs=0.6)
    assert colours(page.get_by_role("img", name="What the network sees")) > 10
    for layer, count in (("C1", 6), ("S2", 6), ("C3", 16), ("S4", 16)):
        maps = [page.get_by_role("img", name=f"{layer} map {i + 1} of {count}", exact=True) for i in range(count)]
        assert sum(colours(one) > 1 for one in maps) > count / 2
    expect(page.get_by_text("Read by lenet5, as shipped")).to_be_visible()
    shipped_maps = page.get_by_role("img", name="C1 map 1 of 6").evaluate("c => c.toDataURL()")

    page.get_by_label("Data").select_option("sample")
    page.get_by_role("slider", name="Epochs", exact=True).fill("1")
    page.get_by_role("button", name="Retrain").click()
    expect(page.get_by_text(re.compile(r"Done\. [\d,]+ of 1,000 test digits read"))).to_be_visible(timeout=60_000)
    expect(page.get_by_text(re.compile("no test figure of MNIST"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"Read by your run [0-9a-f]{8}$"))).to_be_visible()
    assert probabilities(page) != shares
    assert page.get_by_role("img", name="C1 map 1 of 6").evaluate("c => c.toDataURL()") != shipped_maps
    for chart in ("Loss by epoch", "Accuracy by epoch"):
        expect(page.get_by_role("img", name=chart).locator("circle")).to_have_count(1)

    page.get_by_role("button", name="Reset to shipped").click()
    expect(page.get_by_text("Read by lenet5, as shipped")).to_be_visible()
    assert probabilities(page) == shares

    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Nothing drawn yet")).to_be_visible()
    assert probabilities(page) == [0.0] * 10
    assert colours(page.get_by_role("img", name="C1 map 1 of 6")) == 1


def test_the_same_recipe_again_is_there_at_once(page: Page) -> None:
    page.get_by_label("Data").select_option("sample")
    page.get_by_role("slider", name="Epochs", exact=True).fill("2")
    page.get_by_role("button", name="Retrain").click()
    expect(page.get_by_text(re.compile(r"Done\. "))).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Retrain").click()
    expect(page.get_by_text(re.compile(r"Trained before, 20\d\d-\d\d-\d\d \d\d:\d\d UTC"))).to_be_visible(timeout=2_000)
    expect(page.get_by_text(re.compile(r"took .* s on (CPU|CUDA)"))).to_be_visible()


def test_the_answer_is_spoken_when_the_pen_rests(page: Page, drawings) -> None:
    answer = page.locator("[aria-live=polite]", has_text="%")
    draw(page, drawings[6]["strokes"])
    expect(answer).to_contain_text("6")
    expect(answer).to_have_attribute("aria-busy", "false")


def test_bars_move_before_the_pen_is_lifted(page: Page, drawings) -> None:
    box = page.get_by_role("img", name=PAD).bounding_box()
    (stroke,) = drawings[0]["strokes"]
    for i, (x, y) in enumerate(stroke):
        page.mouse.move(box["x"] + box["width"] * x / 1000, box["y"] + box["height"] * y / 1000)
        if i == 0:
            page.mouse.down()
    expect_read(page, 0)
    page.mouse.up()


def test_twenty_digits_at_odd_sizes_and_corners(page: Page, drawings) -> None:
    corners = [(0.02, 0.02), (0.68, 0.04), (0.03, 0.66), (0.66, 0.66), (0.3, 0.35)]
    read = []
    for i, one in enumerate(drawings):
        page.get_by_role("button", name="Clear").click() if i else None
        left, top = corners[i % 5]
        draw(page, one["strokes"], left, top, size=(0.32, 0.15, 0.28)[i % 3])
        expect(answer(page)).to_be_visible()
        expect_settled(page)
        read.append(int(page.locator(".digit").inner_text()))
    right = sum(digit == one["label"] for digit, one in zip(read, drawings, strict=True))
    assert right >= 19, f"read {read}"


def test_undo_redo_and_keys(page: Page, drawings) -> None:
    draw(page, drawings[1]["strokes"])
    expect_read(page, 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Nothing drawn yet")).to_be_visible()
    page.get_by_role("button", name="Redo").click()
    expect_read(page, 1)
    page.keyboard.press("8")
    expect_read(page, 8)
    page.keyboard.press("Control+z")
    expect_read(page, 1)
    page.keyboard.press("Control+Shift+z")
    expect_read(page, 8)
    page.keyboard.press("Escape")
    expect(page.get_by_text("Nothing drawn yet")).to_be_visible()


def test_every_example_is_read(page: Page) -> None:
    for digit in range(10):
        page.get_by_role("button", name=f"Example {digit}").click()
        expect_read(page, digit)


def test_a_drawing_outlives_a_reload(page: Page, drawings) -> None:
    draw(page, drawings[2]["strokes"])
    expect_read(page, 2)
    page.reload()
    expect_read(page, 2)


def test_a_run_that_is_gone_gives_way_to_the_shipped_weights(page: Page, drawings) -> None:
    draw(page, drawings[5]["strokes"])
    expect_read(page, 5)
    page.evaluate("""() => {
        const kept = JSON.parse(sessionStorage.getItem("lenet.pad"));
        sessionStorage.setItem("lenet.pad", JSON.stringify({ ...kept, model: "0".repeat(64) }));
    }""")
    page.reload()
    expect_read(page, 5)
    expect(page.get_by_text("Read by lenet5, as shipped")).to_be_visible()


def test_a_run_can_be_gone_back_to_by_asking_for_it_again(page: Page, drawings) -> None:
    draw(page, drawings[3]["strokes"])
    page.get_by_label("Data").select_option("sample")
    page.get_by_role("slider", name="Epochs", exact=True).fill("1")
    page.get_by_role("button", name="Retrain").click()
    expect_trained(page)
    expect(page.get_by_text(re.compile("Read by your run"))).to_be_visible()
    page.get_by_role("button", name="Reset to shipped").click()
    expect(page.get_by_text("Read by lenet5, as shipped")).to_be_visible()
    page.get_by_role("button", name="Retrain").click()
    expect(page.get_by_text(re.compile("Read by your run"))).to_be_visible()


def test_what_is_less_sure_than_asked_for_is_not_a_digit(page: Page) -> None:
    sure = page.get_by_role("slider", name="How sure must it be")
    page.get_by_role("button", name="Hard digit 1", exact=True).click()
    sure.fill("0")
    expect(page.locator(".digit")).to_have_text(re.compile(r"^\d$"))
    nearest = page.locator(".digit").inner_text()
    sure.fill("1")
    expect(page.get_by_text("Not a digit")).to_be_visible()
    expect(page.get_by_text(re.compile(rf"^nearest {nearest}, \d+\.\d %; sure (0\.\d\d|1\.00)$"))).to_be_visible()


def test_every_shipped_network_reads_and_shows_its_own_layers(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    expect_read(page, 7)
    choice = page.get_by_label("Network that reads")
    layers = {"lenet5-1998": "C3 map 16 of 16", "lenet-rgb": "C3 map 32 of 32", "lenet1-1989": "H2 map 12 of 12"}
    for network, last in layers.items():
        choice.select_option(network)
        expect(page.get_by_text(f"Read by {network}, as shipped")).to_be_visible()
        expect_read(page, 7)
        expect(page.get_by_role("img", name=last)).to_be_visible()
        expect(page.get_by_role("img", name=re.compile("Code of"))).to_have_count(10 if network == "lenet5-1998" else 0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_c3_map_of_1998_is_fed_by_the_maps_of_the_table(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    page.get_by_label("Network that reads").select_option("lenet5-1998")
    expect(page.get_by_text("Read by lenet5-1998, as shipped")).to_be_visible()
    for number, sources in ((1, "123"), (7, "1234"), (16, "123456")):
        page.get_by_role("img", name=f"C3 map {number} of 16", exact=True).click(position={"x": 25, "y": 25})
        expect(page.locator(".card-of-unit .title")).to_contain_text(f"C3 map {number},")
        labels = page.locator(".card-of-unit .source span:first-child")
        expect(labels).to_have_text([f"S2 {source}" for source in sources])


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


@pytest.mark.parametrize(
    "kept", ["{}", "5", "not JSON", '{"ink":{"strokes":[[]]},"model":"lenet5"}', '{"ink":{"strokes":[[[1,"a"]]]}}']
)
def test_what_was_kept_wrongly_is_forgotten(page: Page, drawings, kept: str) -> None:
    page.evaluate("kept => sessionStorage.setItem('lenet.pad', kept)", kept)
    page.reload()
    expect(page.get_by_text("Nothing drawn yet")).to_be_visible()
    page.get_by_role("button", name="Example 2").click()
    expect_read(page, 2)


@pytest.mark.parametrize("width", [1100, 1024, 820, 761, 390, 320])
def test_nothing_lies_off_the_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for control in (
        page.get_by_label("Data"),
        page.get_by_role("slider", name="Epochs"),
        page.get_by_role("button", name="Stop"),
    ):
        box = control.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    chart = page.get_by_role("img", name="Accuracy by epoch").bounding_box()
    assert chart["width"] > 120
    assert chart["x"] + chart["width"] <= width


def test_pad_bars_card_and_maps_fit_the_screen(page: Page) -> None:
    for name in (PAD, "What the network sees", "C1 map 6 of 6", "C3 map 16 of 16", "Accuracy by epoch"):
        box = page.get_by_role("img", name=name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
        assert box["y"] + box["height"] <= 800
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_pad_and_bars_without_scrolling(browser, address: str, scheme, drawings) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme=scheme
    )
    page = context.new_page()
    enter(page, address)
    page.get_by_role("button", name="Example 4").tap()
    expect_read(page, 4)
    for box in (page.get_by_role("img", name=PAD).bounding_box(), meter(page, 9).bounding_box()):
        assert box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] <= 844
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
