"""Activations inside: the way of the digit, what matters, and units taken apart, against values computed in torch."""

import re

import pytest
import torch
from playwright.sync_api import Locator, Page, expect
from steps import draw, enter, expect_settled

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
    return page.locator(".card-of-unit")


@pytest.mark.parametrize(("map", "row", "column"), [(1, 1, 1), (3, 12, 14), (6, 28, 28)])
def test_pointing_at_a_c1_unit(page: Page, seven: Activations, map: int, row: int, column: int) -> None:
    hover(page.get_by_role("img", name=f"C1 map {map} of 6", exact=True), row, column, 28, 28)
    value = float(seven.layers["C1"][map - 1, row - 1, column - 1])
    expect(card(page)).to_contain_text(f"C1 map {map}, row {row}, column {column}: {shown(value)}")
    expect(card(page)).to_contain_text("sees 5×5 pixels of the field")
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
    shares = (patch * network.C3.weight[map - 1]).sum(dim=(1, 2))
    expect(card(page)).to_contain_text(f"C3 map {map}, row {row}, column {column}: {shown(value)}")
    expect(card(page)).to_contain_text("sees 14×14 pixels of the field")
    expect(card(page)).to_contain_text(f"= {shown(total)}, squashed {shown(value)}")
    told = [float(text.replace("−", "-")) for text in card(page).locator(".source b").all_inner_texts()]
    assert told == pytest.approx(shares.tolist(), abs=0.0151)  # rounded so that they add up
    assert sum(told) == pytest.approx(total - float(network.C3.bias[map - 1]), abs=0.0101)
    for number in range(1, 7):
        expect(page.get_by_role("img", name=f"S2 map {number} of 6")).to_have_class("feeds")


def test_the_patch_lies_on_the_drawing_where_the_unit_looks(page: Page, seven: Activations) -> None:
    hover(page.get_by_role("img", name="C3 map 1 of 16"), 1, 1, 10, 10)
    frame = page.get_by_role("img", name="What the network sees").bounding_box()
    patch = page.locator(".frame .patch").bounding_box()
    assert (patch["x"], patch["y"]) == (pytest.approx(frame["x"], abs=1), pytest.approx(frame["y"], abs=1))
    assert patch["width"] == pytest.approx(frame["width"] * 14 / 32, abs=1)
    expect(page.locator(".sheet .patch")).to_be_visible()


def test_a_unit_that_is_pinned_follows_the_drawing(page: Page, seven: Activations, drawings) -> None:
    unit = page.get_by_role("img", name="output, 10 units")
    unit.click(position={"x": 8, "y": 16 * 7 + 8})
    expect(card(page)).to_contain_text(f"output for 7: {shown(float(seven.layers['output'][7]))}")
    page.mouse.move(640, 5)
    expect(card(page)).to_be_visible()
    expect(card(page).locator(".source")).to_have_count(9)  # the eight that count most, and the rest
    draw(page, drawings[1]["strokes"])
    expect(card(page)).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(card(page)).to_be_hidden()


def test_units_are_reached_by_keyboard(page: Page, seven: Activations) -> None:
    page.locator(".matter").focus()
    page.keyboard.press("Tab")
    expect(card(page)).to_contain_text("C1 map 1, row 1, column 1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(card(page)).to_contain_text(f"row 2, column 2: {shown(float(seven.layers['C1'][0, 1, 1]))}")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")  # over the border of the first map is nothing
    expect(card(page)).to_contain_text("C1 map 1, row 2, column 1")
    page.keyboard.press("Tab")
    expect(card(page)).to_contain_text("S2 map 1, row 1, column 1")
    page.keyboard.press("Escape")
    expect(card(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Clear")).to_be_enabled()  # Escape did not clear the pad


def test_the_way_of_the_digit(page: Page, seven: Activations) -> None:
    for stage in ("drawn", "box", "20 px", "centred"):
        expect(page.get_by_role("img", name=f"The digit, {stage}", exact=True)).to_be_visible()


def test_only_shrunk_a_small_digit_in_a_corner_is_not_read_as_well(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"], left=0.0, top=0.0, size=0.4)
    meter = page.get_by_role("meter", name="Probability of 7", exact=True)
    expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^(9\d|100)"))
    page.get_by_label("only shrink it, as drawn").check()
    expect(page.get_by_role("img", name="The digit, shrunk")).to_be_visible()
    expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^[0-8]?\d\."))
    page.get_by_label("only shrink it, as drawn").uncheck()
    expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^(9\d|100)"))


def test_what_matters_is_painted_for_the_digit_one_chooses(page: Page, seven: Activations) -> None:
    field = page.get_by_role("img", name="What the network sees")
    look = "c => c.toDataURL()"
    plain = field.evaluate(look)
    pictures = {plain}
    for choice in ("for the answer", "for a 1", "for an 8"):
        page.get_by_label("What matters").select_option(label=choice)
        expect_settled(page)
        expect(page.get_by_text("helps")).to_be_visible()
        pictures.add(field.evaluate(look))
    assert len(pictures) == 4
    page.get_by_label("What matters").select_option(label="off")
    expect(page.get_by_text("helps")).to_be_hidden()
    assert field.evaluate(look) == plain


def test_a_tap_takes_a_unit_apart(browser, address: str) -> None:
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
