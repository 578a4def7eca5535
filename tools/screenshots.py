"""Take the README's pictures: python tools/screenshots.py [ADDRESS]   (of a running `python app.py` with some runs)

Draws a 7 with the mouse in Chromium and saves docs/light.png, docs/dark.png, docs/phone.png, one picture a tab,
docs/my-digits.png, where ones with a flag are taught, docs/lesson.png, its third step, and docs/card.png, which other
sites show beside a Space's link.
"""

import json
import random
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
DESK = {"viewport": {"width": 1280, "height": 800}}
CARD = {"viewport": {"width": 1200, "height": 630}}
TABS = ("Test set", "Compare", "Networks", "Runs")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
FLAG = [(270, 250), (420, 170), (560, 150), (540, 500), (520, 850)]  # a one that looks like a seven
ONES = 8


def main(address: str = "http://127.0.0.1:7860") -> None:
    """Take them all."""
    drawings = [json.loads(line) for line in (ROOT / "tests" / "drawings.jsonl").read_text().splitlines()]
    pictures = {"light": DESK, "dark": {**DESK, "color_scheme": "dark"}, "phone": PHONE, "card": CARD}
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for name, options in pictures.items():
            page = browser.new_page(**options)
            page.goto(address)
            draw(page, drawings[17]["strokes"])
            page.screenshot(path=DOCS / f"{name}.png")
            if name == "light":
                take_tabs(page)
        page = browser.new_page(**DESK)
        page.goto(address)
        take_my_digits(page, drawings)
        page = browser.new_page(**DESK, reduced_motion="reduce")
        page.goto(address)
        draw(page, drawings[17]["strokes"])
        take_lesson(page)
        browser.close()


def draw(page: Page, strokes: list) -> None:
    """Draw with the mouse, and wait until it is read."""
    pad = page.get_by_role("img", name="Draw a digit")
    box = pad.bounding_box()
    for stroke in strokes:
        for i, (x, y) in enumerate(stroke):
            across, down = (0.08 + 0.84 * value / 1000 for value in (x, y))
            page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
            if i == 0:
                page.mouse.down()
        page.mouse.up()
    expect(pad).to_have_attribute("aria-busy", "false")


def take_tabs(page: Page) -> None:
    """Take a picture of every other tab."""
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        panel = page.get_by_role("tabpanel", name=tab)
        expect(panel.locator(".part h2").first).to_be_visible(timeout=60_000)
        expect(panel.locator("[aria-busy=true]")).to_have_count(0, timeout=60_000)
        if panel.get_by_text("No runs yet").is_visible():
            sys.exit("There are no runs to show: train some with lenet train first.")
        page.screenshot(path=DOCS / f"{tab.lower().replace(' ', '-')}.png")


def take_my_digits(page: Page, drawings: list[dict]) -> None:
    """Teach ones with a flag, each a little different, among some of every digit, and take a picture of what came."""
    chance = random.Random(7)
    ones = [[(x + chance.uniform(-25, 25), y + chance.uniform(-25, 25)) for x, y in FLAG] for _ in range(ONES)]
    digits = [*drawings, *({"strokes": [one], "label": 1} for one in ones)]
    lines = "".join(f"{json.dumps({**digit, 'name': ''})}\n" for digit in digits)
    files = [{"name": "mine.jsonl", "mimeType": "application/json", "buffer": lines.encode()}]
    page.get_by_role("button", name="My digits (0)").click()
    page.get_by_label("Files of digits (.jsonl)").set_input_files(files)
    draw(page, [FLAG])
    page.get_by_role("button", name="Teach", exact=True).click()
    expect(page.get_by_role("button", name="Restore previous")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("(in training)")).to_have_count(0)
    page.screenshot(path=DOCS / "my-digits.png")


def take_lesson(page: Page) -> None:
    """Take a picture of the lesson where the kernel slides."""
    page.get_by_role("button", name="Lesson", exact=True).click()
    lesson = page.get_by_role("region", name="Lesson")
    lesson.get_by_role("button", name="Step 3: One kernel").click()
    expect(page.get_by_role("button", name="Next place")).to_be_visible()
    page.get_by_role("slider", name="Place of the window").fill("376")
    expect(page.locator(".part.sliding")).to_contain_text("row 14, column 13")
    page.screenshot(path=DOCS / "lesson.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
