"""Take the README's pictures: python tools/screenshots.py [ADDRESS]   (of a running `python app.py`)

Draws a 7 with the mouse in Chromium and saves docs/light.png, docs/dark.png, docs/phone.png, one picture a tab, and
docs/card.png, which other sites show beside a link to a Space.
"""

import json
import shutil
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parent.parent
DESK = {"viewport": {"width": 1280, "height": 800}}
CARD = {"viewport": {"width": 1200, "height": 630}}
TABS = ("Test set", "Compare", "Networks", "Runs")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


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
            pad = page.get_by_role("img", name="Draw a digit")
            box = pad.bounding_box()
            for stroke in drawings[17]["strokes"]:
                for i, (x, y) in enumerate(stroke):
                    across, down = (0.08 + 0.84 * value / 1000 for value in (x, y))
                    page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
                    if i == 0:
                        page.mouse.down()
                page.mouse.up()
            expect(pad).to_have_attribute("aria-busy", "false")
            page.screenshot(path=ROOT / "docs" / f"{name}.png")
            for tab in TABS if name == "light" else ():
                page.get_by_role("tab", name=tab).click()
                panel = page.get_by_role("tabpanel", name=tab)
                expect(panel.locator(".part h2").first).to_be_visible(timeout=60_000)
                expect(panel.locator("[aria-busy=true]")).to_have_count(0, timeout=60_000)
                page.screenshot(path=ROOT / "docs" / f"{tab.lower().replace(' ', '-')}.png")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
