"""What axe-core finds on every tab: nothing, light and dark, on a desk and on a phone."""

import pytest
from playwright.sync_api import Browser
from steps import draw, enter, expect_read, open_tabs, violations

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_tab(browser: Browser, address: str, drawings, scheme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    enter(page, address)
    draw(page, drawings[17]["strokes"])
    expect_read(page, 7)
    found = {tab: violations(page, runOnly=RULES) for tab, _ in open_tabs(page)}
    context.close()
    assert {tab: lines for tab, lines in found.items() if lines} == {}
