"""What a learner does in the lesson, and what the tests of it look for."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, expect
from steps import arrive

from lenet.texts import table

STEPS = [
    *("digit", "input", "kernel", "maps", "pooling", "combinations"),
    *("codes", "answers", "failure", "training", "step", "game"),
]
TITLES = [str(table()[f"lesson.{step}.title"]) for step in STEPS]


@contextmanager
def in_lesson(browser: Browser, address: str) -> Iterator[Page]:
    """A page with the lesson's first step open; what is shown is shown at once. It may not fail."""
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        arrive(page, address)
        page.get_by_role("button", name="Lesson", exact=True).click()
        expect(lesson(page)).to_be_visible()
        yield page
        assert errors == []


def lesson(page: Page) -> Locator:
    return page.get_by_role("region", name="Lesson", exact=True)


def press(page: Page, name: str) -> None:
    lesson(page).get_by_role("button", name=name, exact=True).click()


def expect_step(page: Page, number: int) -> None:
    expect(lesson(page).get_by_role("heading")).to_have_text(TITLES[number - 1])
    expect(page).to_have_url(re.compile(rf"[?&]lesson={number}\b"))


def expect_done(page: Page, timeout: int = 15_000) -> None:
    expect(lesson(page).locator(".task.done")).to_be_visible(timeout=timeout)


def expect_told(page: Page, text: str, timeout: int = 15_000) -> None:
    """What came of the prediction."""
    expect(lesson(page).locator(".result")).to_contain_text(re.compile(text), timeout=timeout)


def say_digit(page: Page, digit: int) -> None:
    group = lesson(page).get_by_role("group", name="Which digit")
    group.get_by_role("button", name=str(digit), exact=True).click()
