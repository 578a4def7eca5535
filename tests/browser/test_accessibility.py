"""What axe-core finds on every tab: nothing, light and dark, on a desk and on a phone."""

import pytest
from playwright.sync_api import Browser, expect
from steps import draw, enter, expect_read, open_tabs, violations

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize(
    ("scheme", "width", "labelled"),
    [("light", 1280, False), ("dark", 390, False), ("dark", 1280, True), ("light", 390, True)],
)
def test_axe_finds_nothing_on_any_tab(
    browser: Browser, address: str, drawings, scheme: str, width: int, labelled: bool
) -> None:
    """`labelled`: with a digit on the shelf of one's own, which then stands in the place of the training's form."""
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    enter(page, address)
    draw(page, drawings[17]["strokes"])
    expect_read(page, 7)
    if labelled:
        page.keyboard.press("Shift+Digit7")
        expect(page.get_by_role("list", name="My digits").get_by_role("listitem")).to_have_count(1)
    found = {tab: violations(page, runOnly=RULES) for tab, _ in open_tabs(page)}
    context.close()
    assert {tab: lines for tab, lines in found.items() if lines} == {}
