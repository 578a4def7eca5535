"""Inside the network: preprocessing, saliency, and units explained, against values computed in torch."""

import re
from itertools import pairwise

import pytest
import torch
from playwright.sync_api import Locator, Page, expect
from steps import choose_model, draw, enter, expect_settled

from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.networks.activations import Activations, trace
from lenet.runs import models


@pytest.fixture
def seven(page: Page, drawings) -> Activations:
    """A 7 on the pad, and what torch says of exactly these strokes."""
    draw(page, drawings[7]["strokes"])
    expect(page.get_by_role("meter", name="Probability of 7", exact=True)).to_have_attribute(
        "aria-valuenow", re.compile(r"^(9\d|100)")
    )
    expect_settled(page)
    kept = page.evaluate("JSON.parse(sessionStorage.getItem('lenet.pad')).ink")
    field = preprocess_drawing(parse_drawing(kept)).image
    assert field is not None
    return trace(models.load_model("lenet5"), field)


def hover(canvas: Locator, row: int, column: int, rows: int, columns: int) -> None:
    """Point at a unit, counted from 1."""
    box = canvas.bounding_box()
    assert box is not None
    canvas.hover(position={"x": box["width"] * (column - 0.5) / columns, "y": box["height"] * (row - 0.5) / rows})


def shown(value: float) -> str:
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def card(page: Page) -> Locator:
    """The panel that explains a unit, where it does."""
    return page.locator(".explained")


@pytest.mark.parametrize(("map", "row", "column"), [(1, 1, 1), (3, 12, 14), (6, 28, 28)])
def test_pointing_at_a_c1_unit(page: Page, seven: Activations, map: int, row: int, column: int) -> None:
    hover(page.get_by_role("img", name=f"C1 map {map} of 6", exact=True), row, column, 28, 28)
    value = float(seven.layers["C1"][map - 1, row - 1, column - 1])
    expect(card(page)).to_contain_text(f"C1 map {map}, row {row}, column {column}: {shown(value)}")
    expect(card(page)).to_contain_text("receptive field: 5×5 input pixels")
    expect(card(page).locator(".source")).to_have_count(1)


@pytest.mark.parametrize(("map", "row", "column"), [(1, 1, 1), (6, 4, 7), (16, 10, 10)])
def test_pointing_at_a_c3_unit_shows_maps_kernels_and_their_sum(
    page: Page, seven: Activations, map: int, row: int, column: int
) -> None:
    hover(page.get_by_role("img", name=f"C3 map {map} of 16", exact=True), row, column, 10, 10)
    place = (map - 1, row - 1, column - 1)
    value, total = float(seven.layers["C3"][place]), float(seven.raw["C3"][place])
    network = models.load_model("lenet5")
    patch = seven.layers["S2"][:, row - 1 : row + 4, column - 1 : column + 4]
    contributions = (patch * network.C3.weight[map - 1]).sum(dim=(1, 2))
    expect(card(page)).to_contain_text(f"C3 map {map}, row {row}, column {column}: {shown(value)}")
    expect(card(page)).to_contain_text("receptive field: 14×14 input pixels")
    expect(card(page)).to_contain_text(f": {shown(total)}; after ReLU: {shown(value)}")
    told = [float(text.replace("−", "-")) for text in card(page).locator(".source b").all_inner_texts()]
    assert told == pytest.approx(contributions.tolist(), abs=0.0151)  # rounded so that they add up
    assert sum(told) == pytest.approx(total - float(network.C3.bias[map - 1]), abs=0.0101)
    marked = [mark.bounding_box() for mark in page.locator(".marks .source").all()]
    for number, mark in enumerate(marked, start=1):
        source = page.get_by_role("img", name=f"S2 map {number} of 6").bounding_box()
        assert mark["x"] == pytest.approx(source["x"] + (column - 1) * source["width"] / 14, abs=1)
        assert mark["y"] == pytest.approx(source["y"] + (row - 1) * source["height"] / 14, abs=1)
        assert mark["width"] == pytest.approx(5 / 14 * source["width"], abs=1)
    assert len(marked) == 6


def test_the_patch_lies_on_the_drawing_where_the_unit_looks(page: Page, seven: Activations) -> None:
    hover(page.get_by_role("img", name="C3 map 1 of 16"), 1, 1, 10, 10)
    frame = page.get_by_role("img", name="The network's input").bounding_box()
    patch = page.locator(".input .field").bounding_box()
    assert (patch["x"], patch["y"]) == (pytest.approx(frame["x"], abs=1), pytest.approx(frame["y"], abs=1))
    assert patch["width"] == pytest.approx(frame["width"] * 14 / 32, abs=1)
    expect(page.locator(".sheet .receptive")).to_be_visible()


def test_a_unit_that_is_pinned_follows_the_drawing(page: Page, seven: Activations, drawings) -> None:
    hover(page.get_by_role("img", name="output, 10 units"), 8, 1, 10, 1)
    page.mouse.down()
    page.mouse.up()
    expect(card(page)).to_contain_text(f"Output 7 (logit): {shown(float(seven.layers['output'][7]))}")
    page.mouse.move(640, 5)
    expect(card(page)).to_be_visible()
    sources = card(page).locator(".source")
    count = sources.count()
    expect(sources.last).to_contain_text(f"{84 - (count - 1)} others")
    expect(page.locator(".marks .source")).to_have_count(8)  # in F6, whose units have no rows and columns
    draw(page, drawings[1]["strokes"])
    expect(card(page)).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(card(page)).to_be_hidden()


def test_a_pinned_unit_is_released_by_escape_a_second_click_or_its_button(page: Page, seven: Activations) -> None:
    canvas = page.get_by_role("img", name="S4 map 2 of 16")
    for release in (
        lambda: page.keyboard.press("Escape"),
        lambda: canvas.click(),
        lambda: page.get_by_role("button", name="Close").click(),
    ):
        canvas.click()
        expect(card(page)).to_contain_text("S4 map 2, row")
        page.mouse.move(640, 5)
        expect(page.locator(".marks .cursor")).to_have_count(1)
        release()
        page.mouse.move(640, 5)
        expect(card(page)).to_be_hidden()
        expect(page.locator(".marks div")).to_have_count(0)
    expect(page.get_by_role("button", name="Clear")).to_be_enabled()  # Escape did not clear the pad


def test_explaining_a_unit_moves_and_covers_nothing(page: Page, seven: Activations) -> None:
    places = """() => [".card", ".stage", ".panel"].flatMap((css) => [...document.querySelectorAll(css)])
        .map((e) => e.getBoundingClientRect()).map(({ x, y, width, height }) => [x, y, width, height].join())"""
    before = page.evaluate(places)
    for name, rows, columns in (("C1 map 2 of 6", 28, 28), ("C3 map 5 of 16", 10, 10), ("C5, 120 units", 12, 10)):
        hover(page.get_by_role("img", name=name), 3, 3, rows, columns)
        expect(card(page)).to_contain_text(name.split()[0].strip(","))
        assert page.evaluate(places) == before
    panel = page.locator(".panel").bounding_box()
    words = card(page).bounding_box()
    assert panel["y"] <= words["y"]
    assert words["y"] + words["height"] <= panel["y"] + panel["height"]
    maps = page.locator(".part.maps").bounding_box()
    assert panel["y"] + panel["height"] <= maps["y"] + maps["height"] + 1


def test_units_are_reached_by_keyboard(page: Page, seven: Activations) -> None:
    page.get_by_role("button", name="About C1").focus()
    page.keyboard.press("Tab")
    expect(card(page)).to_contain_text("C1 map 1, row 1, column 1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(card(page)).to_contain_text(f"row 2, column 2: {shown(float(seven.layers['C1'][0, 1, 1]))}")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")  # over the border of the first map is nothing
    expect(card(page)).to_contain_text("C1 map 1, row 2, column 1")
    for _ in range(2):  # over the ? of S2
        page.keyboard.press("Tab")
    expect(card(page)).to_contain_text("S2 map 1, row 1, column 1")
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Clear")).to_be_enabled()  # Escape did not clear the pad


def test_the_steps_of_preprocessing(page: Page, seven: Activations) -> None:
    for stage in ("original", "cropped", "fit to 20 px", "centred by mass"):
        expect(page.get_by_role("img", name=f"The digit, {stage}", exact=True)).to_be_visible()


def test_without_preprocessing_a_small_digit_in_a_corner_is_not_classified_as_well(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"], left=0.0, top=0.0, size=0.4)
    meter = page.get_by_role("meter", name="Probability of 7", exact=True)
    expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^(9\d|100)"))
    page.get_by_label("Skip preprocessing (just downscale)").check()
    expect(page.get_by_role("img", name="The digit, shrunk")).to_be_visible()
    expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^[0-8]?\d\."))
    page.get_by_label("Skip preprocessing (just downscale)").uncheck()
    expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^(9\d|100)"))


def test_saliency_is_painted_for_the_digit_one_chooses(page: Page, seven: Activations) -> None:
    field = page.get_by_role("img", name="The network's input")
    look = "c => c.toDataURL()"
    plain = field.evaluate(look)
    pictures = {plain}
    legend = page.get_by_text("raises / lowers the score")
    for choice in ("predicted digit", "digit 1", "digit 8"):
        page.get_by_label("Saliency", exact=True).select_option(label=choice)
        expect_settled(page)
        expect(legend).to_be_visible()
        pictures.add(field.evaluate(look))
    assert len(pictures) == 4
    page.get_by_label("Saliency", exact=True).select_option(label="off")
    expect(legend).to_be_hidden()
    assert field.evaluate(look) == plain


def test_a_tap_explains_a_unit(browser, address: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    context = browser.new_context(**phone)
    page = context.new_page()
    enter(page, address)
    page.get_by_role("button", name="Example 2").tap()
    page.get_by_role("img", name="C3 map 2 of 16").tap()
    expect(card(page)).to_contain_text("C3 map 2, row")
    box = card(page).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    touched = page.locator(".marks .cursor").bounding_box()
    assert touched["y"] > box["y"] + box["height"] or touched["y"] + touched["height"] < box["y"]
    page.get_by_role("img", name="C3 map 2 of 16").tap()
    expect(card(page)).to_be_hidden()
    context.close()


def test_zero_is_the_same_colour_in_every_layer(page: Page, seven: Activations) -> None:
    zero = "c => [...c.getContext('2d').getImageData({x}, {y}, 1, 1).data].join()"
    found = set()
    for layer, count in (("C1", 6), ("S2", 6), ("C3", 16), ("S4", 16)):
        values = seven.layers[layer]
        map, y, x = torch.nonzero(values == 0)[0].tolist()
        canvas = page.get_by_role("img", name=f"{layer} map {map + 1} of {count}", exact=True)
        found.add(canvas.evaluate(zero.replace("{x}", str(x)).replace("{y}", str(y))))
    assert len(found) == 1


def test_each_layer_is_named_with_its_operation_and_shape(page: Page, seven: Activations) -> None:
    headings = page.locator(".stage:not(.kernels) .heading")
    told = [" ".join(text.replace("?", "").split()) for text in headings.all_inner_texts()]
    assert told == [
        "C1 6 @ 28×28 convolution 5×5",
        "S2 6 @ 14×14 max pooling 2×2",
        "C3 16 @ 10×10 convolution 5×5",
        "S4 16 @ 5×5 max pooling 2×2",
        "C5 120 convolution 5×5",
        "F6 84 fully connected",
        "Output 10 fully connected",
    ]


def test_the_outputs_stand_beside_their_digits(page: Page, seven: Activations) -> None:
    values = page.locator(".outputs .values li")
    expect(values).to_have_count(10)
    told = [float(text.replace("−", "-")) for text in values.all_inner_texts()]
    assert told == pytest.approx(seven.layers["output"].tolist(), abs=0.15)  # sent as bytes
    assert page.locator(".outputs .digits li.best").all_inner_texts() == ["7"]


def test_the_1998_network_shows_its_codes_and_the_nearest_wins(page: Page, seven: Activations) -> None:
    choose_model(page, "lenet5-1998")
    expect(page.locator(".outputs .digits li.best")).to_have_text("7")
    expect(page.get_by_text("smallest wins")).to_be_visible()
    captions = page.locator(".codes figcaption")
    expect(captions).to_have_count(10)
    boxes = [caption.bounding_box() for caption in captions.all()]
    assert all(left["x"] + left["width"] <= right["x"] for left, right in pairwise(boxes))
    sizes = captions.evaluate_all("all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))")
    assert min(sizes) >= 11


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ends_of_the_colour_scale_differ_from_each_other_and_from_the_card(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.evaluate("dark => document.body.classList.toggle('dark', dark)", scheme == "dark")
    low, high, ground = page.evaluate("""() => ["--below-3", "--above-3", "--card"].map((name) =>
        getComputedStyle(document.querySelector(".part.maps")).getPropertyValue(name))""")
    assert contrast(low, high) >= 3
    assert contrast(low, ground) >= 3
    assert contrast(high, ground) >= 3


def contrast(one: str, other: str) -> float:
    """Of two colours #rrggbb, as WCAG defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour.strip()[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("width", [320, 390, 768, 800, 1024, 1280, 1440, 1920])
@pytest.mark.parametrize("network", ["lenet5", "lenet5-1998", "lenet1-1989", "lenet-rgb"])
def test_the_maps_stay_within_their_card(page: Page, seven: Activations, width: int, network: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    choose_model(page, network)
    card = page.locator("#inside").bounding_box()
    for canvas in page.locator(".stage canvas").all():
        box = canvas.bounding_box()
        assert card["x"] <= box["x"]
        assert box["x"] + box["width"] <= card["x"] + card["width"]
