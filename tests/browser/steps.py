"""What a visitor does, and what the tests look for again and again."""

import re
from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Locator, Page, expect

PAD = "Draw a digit"
TABS = ("Draw", "Test set", "Compare", "Networks", "Runs")
RUN = re.compile(r"^your run [0-9a-f]{8}$")  # the name of a run without a title


def enter(page: Page, address: str) -> None:
    """Go to the page, and clear its example away."""
    arrive(page, address)
    page.keyboard.press("Escape")  # a click might scroll a phone
    expect(page.get_by_role("button", name="Clear", exact=True)).to_be_disabled()


def arrive(page: Page, address: str) -> None:
    """Go to the page, and wait until all its parts are in their places and the example is read."""
    page.goto(address)
    expect(page.get_by_role("img", name="output, 10 units")).to_be_visible(timeout=30_000)
    expect_settled(page)


def draw(page: Page | Frame, strokes: list, left: float = 0.15, top: float = 0.15, size: float = 0.7) -> None:
    """Replay strokes on the pad with the mouse: `size` of the pad's side, at (`left`, `top`) of it.

    Every other point is left out, as a quick hand does: the page paints at each.
    """
    mouse = (page if isinstance(page, Page) else page.page).mouse
    pad = page.get_by_role("img", name=PAD)
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    for stroke in strokes:
        for i, (x, y) in enumerate([*stroke[:-1:2], stroke[-1]]):
            across, down = left + size * x / 1000, top + size * y / 1000
            mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
            if i == 0:
                mouse.down()
        mouse.up()


def expect_read(page: Page, digit: int) -> None:
    """The digit's bar stands above 50 %, and the drawing is read to its end."""
    meter = page.get_by_role("meter", name=f"Probability of {digit}", exact=True)
    expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^([5-9]\d|100)\.\d$"))


def expect_settled(page: Page) -> None:
    """Everything that was drawn has been read."""
    expect(page.get_by_role("img", name=PAD)).to_have_attribute("aria-busy", "false")


def resize(page: Page, width: int, height: int = 800) -> None:
    """Give the window another size, and wait until what follows from it has been arranged."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def expect_fits(page: Page, width: int) -> None:
    """Nothing is wider than the window."""
    page.wait_for_function("(width) => document.documentElement.scrollWidth <= width", arg=width, timeout=5000)


def probabilities(page: Page) -> list[float]:
    """What the ten meters say, 0 to 100."""
    meters = [page.get_by_role("meter", name=f"Probability of {digit}", exact=True) for digit in range(10)]
    return [float(meter.get_attribute("aria-valuenow") or "nan") for meter in meters]


def model(page: Page) -> Locator:
    """What the menu of models shows."""
    return page.get_by_label("Model", exact=True).locator("option:checked")


def open_tabs(page: Page) -> Iterator[tuple[str, Locator]]:
    """Open one tab after the other; give its name and panel, once nothing is under way there."""
    for name in TABS:
        page.get_by_role("tab", name=name).click()
        panel = page.get_by_role("tabpanel", name=name)
        expect(panel.locator(".part").first).to_be_visible()
        expect(panel.locator("[aria-busy=true]")).to_have_count(0, timeout=60_000)
        yield name, panel


def choose_model(page: Page, name: str) -> None:
    """Choose a pretrained network, and wait until it has classified what is drawn."""
    page.get_by_label("Model", exact=True).select_option(name)
    expect(model(page)).to_have_text(name)
    expect_settled(page)


def train(page: Page, epochs: int = 1, **more: str) -> None:
    """Retrain on the sample; `more` are advanced settings, by their labels with _ for spaces."""
    page.get_by_label("Data").select_option("sample")
    page.get_by_role("slider", name="Epochs", exact=True).fill(str(epochs))
    if more:
        page.get_by_role("button", name="Advanced settings").click()
        for label, value in more.items():
            page.get_by_role("spinbutton", name=label.replace("_", " ")).fill(value)
        page.get_by_role("button", name="Advanced settings").click()
    page.get_by_role("button", name="Retrain", exact=True).click()


def expect_trained(page: Page) -> None:
    expect(page.get_by_text(re.compile(r"^(Done\.|Loaded from an earlier run)"))).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Retrain", exact=True)).to_be_enabled()


def expect_training(page: Page) -> None:
    """A training of 50 epochs is under way."""
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 50"))).to_be_visible(timeout=60_000)


def settled(page: Page, digit: int) -> list[float]:
    """What the ten meters say of a drawing once it is read to its end, as that digit."""
    expect_read(page, digit)
    expect_settled(page)
    return probabilities(page)


def violations(page: Page, **options: object) -> list[str]:
    """What axe-core finds wrong, and nothing of what is right: telling of that takes most of its time."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]
