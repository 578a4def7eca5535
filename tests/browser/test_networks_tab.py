"""The Networks tab."""

import re

from playwright.sync_api import Page, expect
from steps import draw, expect_settled


def test_layers_the_formula_and_wires_to_cut(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    expect_settled(page)
    page.get_by_role("tab", name="Networks").click()
    page.get_by_label("Network to look at").select_option("lenet5-1998")
    expect(page.get_by_text(re.compile("60,000 weights · 340,908 connections"))).to_be_visible()
    page.get_by_role("button", name="Where the size of S4 comes from").click()
    expect(page.get_by_text("(10 − 2 + 2·0) / 2 + 1 = 5")).to_be_visible()
    expect(page.get_by_role("button", name="Wire from S2 4 to C3 1", exact=True)).to_be_disabled()

    wire = page.get_by_role("button", name="Wire from S2 1 to C3 1", exact=True)
    wire.click()
    expect(wire).to_have_attribute("aria-pressed", "false")
    expect(
        page.get_by_text(re.compile(r"^1 wire off: .* test digits read, .* with all\. Your drawing: \d, "))
    ).to_be_visible()
    page.get_by_role("button", name="All wires from S2 1", exact=True).click()
    expect(page.get_by_text(re.compile(r"^10 wires off: "))).to_be_visible()
    page.get_by_role("button", name="All wires from S2 1", exact=True).click()
    expect(page.get_by_text(re.compile(r"^0 wires off: "))).to_be_visible()


def test_a_relu_on_the_outputs_kills_classes_before_ones_eyes(page: Page) -> None:
    page.get_by_role("tab", name="Networks").click()
    page.get_by_role("button", name="Train both").click()
    expect(page.get_by_text(re.compile(r"never said any more.*without"))).to_be_visible(timeout=60_000)
    dead = page.get_by_role("meter", name=re.compile("^with the ReLU")).and_(page.locator("[aria-valuenow='0.0']"))
    expect(dead).not_to_have_count(0)
    alive = page.get_by_role("meter", name=re.compile("^without")).and_(page.locator("[aria-valuenow='0.0']"))
    expect(alive).to_have_count(0)
