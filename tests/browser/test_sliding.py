"""A unit worked out, place by place: the window, the weights, the products and their sum, as torch has them."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect
from steps import choose_model, enter, expect_settled

from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.networks.activations import Activations, trace
from lenet.runs import models

CENTS = 0.0051  # numbers are shown in hundredths
NUMBER = re.compile(r"[−-]?\d+(?:\.\d+)?")


@pytest.fixture
def three(drawings) -> torch.Tensor:
    """What becomes of example 3."""
    return preprocess_drawing(parse_drawing(drawings[3])).image


def work_out(page: Page, label: str, x: float, y: float) -> Locator:
    """Pin the unit at (x, y) of a map, 0 to 1, and work it out."""
    canvas = page.get_by_role("img", name=label)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    canvas.click(position={"x": x * box["width"], "y": y * box["height"]})
    page.get_by_role("button", name="Step by step", exact=True).click()
    part = page.locator(".part.sliding")
    expect(part.get_by_role("heading", name="Step by step")).to_be_visible()
    return part


def grids(part: Locator) -> list[np.ndarray]:
    """The numbers of each grid that is in sight."""
    return [
        np.array([number(cell) for cell in grid.locator("span").all_inner_texts()])
        for grid in part.locator(".numbers").all()
        if grid.is_visible()
    ]


def number(text: str) -> float:
    found = NUMBER.search(text)
    assert found is not None
    return float(found[0].replace("−", "-"))


def place(part: Locator) -> tuple[int, int]:
    """Row and column of the unit that is worked out, from 0."""
    found = re.search(r"row (\d+), column (\d+)", part.locator(".bar h3").inner_text())
    assert found is not None
    return int(found[1]) - 1, int(found[2]) - 1


def told(part: Locator) -> list[float]:
    """The numbers of the line below, in order: sum, bias, total, value."""
    return [number(one) for one in NUMBER.findall(part.locator(".line").inner_text())]


def test_a_kernel_slides_and_its_products_add_up(page: Page, three: torch.Tensor) -> None:
    page.get_by_role("button", name="Example 3").click()
    part = work_out(page, "C1 map 2 of 6", 0.36, 0.5)  # row 15, column 11
    network = models.load_model("lenet5")
    seen, x = trace(network, three), network.preprocess(three[None])[0, 0]
    kernel, bias = network.C1.weight[1, 0].detach().numpy().ravel(), float(network.C1.bias[1])
    for _ in range(3):
        row, column = place(part)
        inputs, weights, products = grids(part)
        window = x[row : row + 5, column : column + 5].numpy().ravel()
        np.testing.assert_allclose(inputs, window, atol=CENTS)
        np.testing.assert_allclose(weights, kernel, atol=CENTS)
        np.testing.assert_allclose(products, window * kernel, atol=0.011)  # some give way, so that they add up
        total, offset, raw, value = told(part)
        assert products.sum() == pytest.approx(total, abs=1e-6)
        assert total + offset == pytest.approx(raw, abs=1e-6)
        assert offset == pytest.approx(bias, abs=CENTS)
        assert value == pytest.approx(float(seen.layers["C1"][1, row, column]), abs=CENTS)
        part.get_by_role("button", name="Next place").click()
        expect(part.get_by_role("heading", name=f"row {row + 1}, column {column + 2}:")).to_be_visible()


def test_maps_of_maps_are_added_up_source_by_source(page: Page, three: torch.Tensor) -> None:
    page.get_by_role("button", name="Example 3").click()
    part = work_out(page, "C3 map 4 of 16", 0.55, 0.55)
    network = models.load_model("lenet5")
    maps = trace(network, three).layers["S2"]
    sources = part.get_by_role("group", name="What its sources add").get_by_role("button")
    expect(sources).to_have_count(6)
    parts = [number(text.split(":")[1]) for text in sources.all_inner_texts()]
    total = told(part)[0]
    assert sum(parts) == pytest.approx(total, abs=1e-6)
    row, column = place(part)
    for source in (0, 5):
        sources.nth(source).click()
        expect(sources.nth(source)).to_have_attribute("aria-pressed", "true")
        inputs, weights, products = grids(part)
        np.testing.assert_allclose(inputs, maps[source, row : row + 5, column : column + 5].ravel(), atol=CENTS)
        np.testing.assert_allclose(weights, network.C3.weight[3, source].detach().ravel(), atol=CENTS)
        assert products.sum() == pytest.approx(parts[source], abs=1e-6)


def test_pooling_points_out_the_largest(page: Page, three: torch.Tensor) -> None:
    page.get_by_role("button", name="Example 3").click()
    part = work_out(page, "S2 map 1 of 6", 0.5, 0.25)
    (values,) = grids(part)
    assert len(values) == 4
    marked = part.locator(".numbers .marked")
    assert number(marked.first.inner_text()) == values.max() == told(part)[-1]
    pooled = trace(models.load_model("lenet5"), three).layers["S2"]
    assert values.max() == pytest.approx(float(pooled[0][place(part)]), abs=CENTS)


@pytest.mark.parametrize(("network", "label"), [("lenet5", "F6, 84 units"), ("lenet5-1998", "output, 10 units")])
def test_units_without_rows_and_columns_are_worked_out_too(page: Page, three, network: str, label: str) -> None:
    page.get_by_role("button", name="Example 3").click()
    if network != "lenet5":
        choose_model(page, network)
    part = work_out(page, label, 0.5, 0.02)
    seen = trace(models.load_model(network), three)
    layer = label.split(",")[0]
    before = {"F6": "C5", "output": "F6"}[layer]
    inputs, _, products = grids(part)
    np.testing.assert_allclose(inputs, seen.layers[before].ravel(), atol=CENTS)
    line = told(part)
    if layer == "output":
        assert products.sum() == pytest.approx(line[-1], abs=1e-6)  # "the code of 0: 12.34"
        assert line[-1] == pytest.approx(float(seen.layers[layer].ravel()[0]), abs=CENTS)
    else:
        assert products.sum() == pytest.approx(line[0], abs=1e-6)
        assert line[-1] == pytest.approx(value_of(seen, layer, part), abs=CENTS)


def value_of(seen: Activations, layer: str, part: Locator) -> float:
    unit = re.search(r"unit (\d+)", part.locator(".bar h3").inner_text())
    assert unit is not None
    return float(seen.layers[layer].ravel()[int(unit[1]) - 1])


def test_it_plays_by_itself_until_it_is_stopped(page: Page) -> None:
    page.get_by_role("button", name="Example 3").click()
    part = work_out(page, "C1 map 1 of 6", 0.01, 0.01)
    title = part.locator(".bar h3")
    expect(part.get_by_role("button", name="To the first place")).to_be_disabled()
    part.get_by_role("button", name="Play").click()
    expect(title).not_to_contain_text("row 1, column 1:")
    part.get_by_role("button", name="Pause").click()
    expect(part.get_by_role("button", name="Play")).to_be_visible()
    stopped = title.inner_text()
    page.get_by_role("button", name="Example 0").click()
    expect_settled(page)
    assert title.inner_text().split(":")[0] == stopped.split(":")[0]


def test_the_window_is_dragged_over_the_map_and_moved_by_a_slider(page: Page) -> None:
    page.get_by_role("button", name="Example 3").click()
    part = work_out(page, "S4 map 1 of 16", 0.1, 0.1)
    title = part.locator(".bar h3")
    part.get_by_role("slider", name="Place of the window").fill("23")
    expect(title).to_contain_text("row 5, column 4")
    source = part.get_by_role("img", name="C3 1, with the window")
    box = source.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    expect(title).to_contain_text("row 1, column 1")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 2)
    expect(title).to_contain_text("row 5, column 3")
    page.mouse.up()
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    expect(title).to_contain_text("row 5, column 3")


def test_the_last_place_ends_the_play_and_a_release_closes_it(page: Page) -> None:
    page.get_by_role("button", name="Example 3").click()
    part = work_out(page, "S4 map 1 of 16", 0.7, 0.95)
    part.get_by_role("button", name="Play").click()
    expect(part.get_by_role("heading", name="row 5, column 5:")).to_be_visible()
    expect(part.get_by_role("button", name="Play")).to_be_visible()
    expect(part.get_by_role("button", name="Next place")).to_be_disabled()
    canvas = page.get_by_role("img", name="S4 map 1 of 16")
    canvas.press("Escape")
    expect(part.locator(".bar")).to_be_hidden()


def test_it_follows_the_drawing(page: Page, address: str) -> None:
    page.get_by_role("button", name="Example 3").click()
    part = work_out(page, "C1 map 2 of 6", 0.5, 0.5)
    before = grids(part)[0]
    page.get_by_role("button", name="Example 0").click()
    expect_settled(page)
    assert not np.array_equal(before, grids(part)[0])
    page.reload()
    enter(page, address)
    expect(part.locator(".bar")).to_be_hidden()
