"""Draw a digit, watch it being read, train the network again, and have it read by the new weights."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from steps import (
    PAD,
    choose_model,
    draw,
    expect_read,
    expect_settled,
    expect_trained,
    model,
    probabilities,
)

RUN = re.compile(r"^your run [0-9a-f]{8}$")
NOTHING = "Probabilities update as you draw."


def meter(page: Page, digit: int) -> Locator:
    return page.get_by_role("meter", name=f"Probability of {digit}", exact=True)


def answer(page: Page) -> Locator:
    return page.locator("[aria-live]").filter(has_text="%")


def colours(canvas: Locator) -> int:
    """How many colours a picture has: a blank one has one."""
    return canvas.evaluate(
        "c => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size"
    )


def test_the_whole_job(page: Page, drawings) -> None:
    """Draw, read the meters, see the maps, retrain on the sample, read by the new weights, go back, clear."""
    draw(page, drawings[7]["strokes"])
    expect_read(page, 7)
    shares = probabilities(page)
    assert sum(shares) == pytest.approx(100, abs=0.6)
    assert colours(page.get_by_role("img", name="The network's input")) > 10
    for layer, count in (("C1", 6), ("S2", 6), ("C3", 16), ("S4", 16)):
        maps = [page.get_by_role("img", name=f"{layer} map {i + 1} of {count}", exact=True) for i in range(count)]
        assert sum(colours(one) > 1 for one in maps) > count / 2
    expect(model(page)).to_have_text("lenet5")
    shipped_maps = page.get_by_role("img", name="C1 map 1 of 6").evaluate("c => c.toDataURL()")

    page.get_by_label("Data").select_option("sample")
    page.get_by_role("slider", name="Epochs", exact=True).fill("1")
    page.get_by_role("button", name="Retrain", exact=True).click()
    expect(page.get_by_text(re.compile(r"Done\. Test accuracy \d\d\.\d\d% \([\d,]+ of 1,000\)"))).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_text(re.compile("not comparable with MNIST test accuracy"))).to_be_visible()
    expect(model(page)).to_have_text(RUN)
    assert probabilities(page) != shares
    assert page.get_by_role("img", name="C1 map 1 of 6").evaluate("c => c.toDataURL()") != shipped_maps
    for chart in ("Loss", "Accuracy"):
        dots = page.get_by_role("img", name=re.compile(rf"^{chart}\b")).locator("circle")
        expect(dots).not_to_have_count(0)

    page.get_by_role("button", name="Restore previous").click()
    expect(model(page)).to_have_text("lenet5")
    assert probabilities(page) == shares

    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_text(NOTHING)).to_be_visible()
    assert probabilities(page) == [0.0] * 10
    assert colours(page.get_by_role("img", name="C1 map 1 of 6")) == 1


def test_the_same_recipe_again_is_there_at_once(page: Page) -> None:
    page.get_by_label("Data").select_option("sample")
    page.get_by_role("slider", name="Epochs", exact=True).fill("2")
    page.get_by_role("button", name="Retrain", exact=True).click()
    expect(page.get_by_text(re.compile(r"Done\. "))).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Retrain", exact=True).click()
    expect(page.get_by_text(re.compile(r"Loaded from an earlier run \(20\d\d-\d\d-\d\d"))).to_be_visible(timeout=2_000)
    expect(page.get_by_text(re.compile(r"trained in .* s \((CPU|CUDA)\)"))).to_be_visible()


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
        page.get_by_role("button", name="Clear", exact=True).click() if i else None
        left, top = corners[i % 5]
        draw(page, one["strokes"], left, top, size=(0.32, 0.15, 0.28)[i % 3])
        expect(answer(page)).to_be_visible()
        expect_settled(page)
        read.append(int(page.locator(".digit").inner_text()))
    right = sum(digit == one["label"] for digit, one in zip(read, drawings, strict=True))
    assert right >= 19, f"read {read}"


def test_every_example_is_read(page: Page) -> None:
    for digit in range(10):
        page.get_by_role("button", name=f"Example {digit}").click()
        expect_read(page, digit)


def test_a_run_that_is_gone_gives_way_to_the_pretrained_weights(page: Page, drawings) -> None:
    draw(page, drawings[5]["strokes"])
    expect_read(page, 5)
    page.evaluate("""() => {
        const kept = JSON.parse(sessionStorage.getItem("lenet.pad"));
        sessionStorage.setItem("lenet.pad", JSON.stringify({ ...kept, model: "0".repeat(64) }));
    }""")
    page.reload()
    expect_read(page, 5)
    expect(model(page)).to_have_text("lenet5")


def test_a_run_can_be_gone_back_to_by_asking_for_it_again(page: Page, drawings) -> None:
    draw(page, drawings[3]["strokes"])
    page.get_by_label("Data").select_option("sample")
    page.get_by_role("slider", name="Epochs", exact=True).fill("1")
    page.get_by_role("button", name="Retrain", exact=True).click()
    expect_trained(page)
    expect(model(page)).to_have_text(RUN)
    page.get_by_role("button", name="Restore previous").click()
    expect(model(page)).to_have_text("lenet5")
    page.get_by_role("button", name="Retrain", exact=True).click()
    expect(model(page)).to_have_text(RUN)


def test_what_is_below_the_threshold_is_not_a_digit(page: Page) -> None:
    slider = page.get_by_role("slider", name="Rejection threshold")
    page.get_by_role("button", name=re.compile("Hard MNIST digit 1 ")).click()
    slider.fill("0")
    expect(page.locator(".digit")).to_have_text(re.compile(r"^\d$"))
    best = page.locator(".digit").inner_text()
    slider.fill("1")
    expect(page.get_by_text("Probably not a digit")).to_be_visible()
    detail = rf"^best guess {best} \(\d+\.\d%\); confidence [01]\.\d+, below the 1\.0+ threshold$"
    expect(page.get_by_text(re.compile(detail))).to_be_visible()


def test_the_threshold_is_the_models_own_until_it_is_moved(page: Page, drawings) -> None:
    slider = page.get_by_role("slider", name="Rejection threshold")
    draw(page, drawings[7]["strokes"])
    expect(page.get_by_text("Rejection threshold: 0.38 (model default)")).to_be_visible()
    choose_model(page, "lenet5-1998")
    expect(page.get_by_text("Rejection threshold: 0.50 (model default)")).to_be_visible()
    slider.fill("0.2")
    expect(page.get_by_text("Rejection threshold: 0.20", exact=True)).to_be_visible()
    choose_model(page, "lenet5")
    expect(slider).to_have_value("0.2")
    page.get_by_role("button", name="Default (0.38)").click()
    expect(slider).to_have_value("0.38")


def test_every_pretrained_network_reads_and_shows_its_own_layers(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    expect_read(page, 7)
    layers = {"lenet5-1998": "C3 map 16 of 16", "lenet-rgb": "C3 map 32 of 32", "lenet1-1989": "H2 map 12 of 12"}
    for network, last in layers.items():
        choose_model(page, network)
        expect_read(page, 7)
        expect(page.get_by_role("img", name=last)).to_be_visible()
        expect(page.get_by_role("img", name=re.compile("Code of"))).to_have_count(10 if network == "lenet5-1998" else 0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_c3_map_of_1998_is_fed_by_the_maps_of_the_table(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    choose_model(page, "lenet5-1998")
    for number, sources in ((1, "123"), (7, "1234"), (16, "123456")):
        page.get_by_role("img", name=f"C3 map {number} of 16", exact=True).click(position={"x": 25, "y": 25})
        expect(page.locator(".explained h3")).to_contain_text(f"C3 map {number},")
        labels = page.locator(".explained .source > span:first-child")
        expect(labels).to_have_text([f"S2 {source}" for source in sources])
