"""What a visitor does with My digits."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from steps import expect_settled


def label(page: Page, digit: int) -> None:
    """Say what is drawn."""
    expect_settled(page)
    that = page.get_by_role("group", name="That was a").get_by_role("button", name=str(digit), exact=True)
    that.click()
    expect(that).to_have_attribute("aria-pressed", "true")


def thumbnails(page: Page) -> Locator:
    return page.get_by_role("list", name="My digits").get_by_role("button")


def names(page: Page) -> list[str | None]:
    return [each.get_attribute("aria-label") for each in thumbnails(page).all()]


def bring(page: Page, *files: Path) -> Locator:
    """Import files; what is said of them."""
    page.get_by_label("Files of digits (.jsonl)").set_input_files([*files])
    return page.locator(".told p")


def open_shelf(page: Page) -> None:
    page.get_by_role("button", name=re.compile(r"^My digits \(")).click()
