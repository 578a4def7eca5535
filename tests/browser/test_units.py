"""Units explained, against values computed in torch: by mouse, keyboard and finger."""

import pytest
from playwright.sync_api import Locator, Page, expect
from steps import draw, enter

from lenet.networks.activations import Activations
from lenet.runs import models


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
