"""The Test-set tab."""

import re

from playwright.sync_api import Page, expect
from steps import draw, expect_settled


def test_figures_cells_mistakes_and_curves(page: Page, drawings) -> None:
    draw(page, drawings[2]["strokes"])
    expect_settled(page)
    page.get_by_role("tab", name="Test set").click()
    expect(page.get_by_text(re.compile(r"\d\d\.\d\d %[\d,]* ?[\d,]+ of 1,000 read, 95 % interval"))).to_be_visible(
        timeout=60_000
    )
    for chart in ("Turned, degrees", "Pixels inverted", "Misread of the rest, by share refused"):
        expect(page.get_by_role("img", name=chart)).to_be_visible(timeout=60_000)
    expect(page.get_by_role("img", name="Scaled, times").locator("polyline")).to_have_count(
        2
    )  # digits, and the drawing

    expect(page.get_by_text("held out of every training here")).to_be_visible()
    cell = page.get_by_role("button", name=re.compile(r"^(\d) read as (?!\1)\d: [1-9]\d* digits$")).first
    label, digit, count = re.findall(r"\d+", cell.get_attribute("aria-label"))
    cell.click()
    expect(page.get_by_role("heading", name=f"{count} digits {label} read as {digit}")).to_be_visible()
    mistakes = page.get_by_role("button", name=f"A {label}, read as {digit}: put it on the pad")
    expect(mistakes).to_have_count(int(count))
    mistakes.first.click()
    expect(page.get_by_role("button", name="Retrain")).to_be_visible()  # the Draw tab
    top = page.get_by_role("meter", name=f"Probability of {digit}", exact=True)
    expect(top).not_to_have_attribute("aria-valuenow", "0.0")
    page.get_by_role("button", name="Undo").click()
    expect_settled(page)
    expect(page.locator(".digit").first).to_have_text("2")


def test_another_network_is_tested_when_it_is_chosen(page: Page) -> None:
    page.get_by_role("tab", name="Test set").click()
    figure = page.get_by_text(re.compile("of 1,000 read, 95 % interval"))
    expect(figure).to_be_visible(timeout=60_000)
    before = figure.inner_text()
    page.get_by_label("Network to test").select_option("lenet1-1989")
    expect(figure).not_to_have_text(before, timeout=60_000)
