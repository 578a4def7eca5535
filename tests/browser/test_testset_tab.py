"""The Test-set tab."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from steps import choose_model, draw, enter, expect_settled

SUMMARY = re.compile(
    r"^\([\d,]+ of 1,000; 95% CI [\d.]+–[\d.]+%\) · ECE [\d.]+% · [\d.]+% rejected at threshold \d\.\d\d$"
)
CONTRAST = """(button) => {
    const brush = document.createElement("canvas").getContext("2d");
    const light = (colour) => {
        brush.fillStyle = colour;
        brush.fillRect(0, 0, 1, 1);
        const linear = (byte) => (byte <= 10 ? byte / 3294 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
        const [red, green, blue] = [...brush.getImageData(0, 0, 1, 1).data].map(linear);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
    };
    const style = getComputedStyle(button);
    const [text, ground] = [light(style.color), light(style.backgroundColor)];
    return Math.max(text / ground, ground / text);
}"""

SERVER = re.compile("/component_server")  # where server functions are asked


def panel(page: Page) -> Locator:
    return page.get_by_role("tabpanel", name="Test set")


def open_tab(page: Page) -> None:
    """Open the tab, and wait until it has tested the model, and has all points and curves."""
    page.get_by_role("tab", name="Test set").click()
    expect(panel(page).get_by_text(SUMMARY)).to_be_visible(timeout=60_000)
    expect(panel(page).locator(".part")).to_have_attribute("aria-busy", "false", timeout=60_000)


def test_metrics_cells_errors_and_curves(page: Page, drawings) -> None:
    draw(page, drawings[2]["strokes"])
    expect_settled(page)
    open_tab(page)
    expect(page.get_by_role("heading", name=re.compile(r"^Accuracy \d\d\.\d\d%$"))).to_be_visible()
    for chart in ("Rotation: accuracy", "Noise: accuracy", "Error rate vs. rejection rate: error rate", "Reliability"):
        expect(page.get_by_role("img", name=chart)).to_be_visible()
    expect(page.get_by_role("img", name="Scale: ").locator("polyline")).to_have_count(2)  # digits, and the drawing
    expect(panel(page).get_by_text("probability of 2 for your drawing")).to_be_visible()
    expect(page.get_by_role("img", name="Error rate").locator("text.name", has_text="lenet1-1989")).to_be_visible()
    expect(panel(page).get_by_text("held-out digits from MNIST's training set")).to_be_visible()
    table = panel(page).get_by_role("table").filter(has_text="This model")
    expect(table.get_by_role("columnheader")).to_have_text(["True → predicted", "1998", "This model"])
    expect(table.get_by_role("row").nth(1)).to_have_text(re.compile(r"9 → 4\s*8"))

    errors = page.get_by_role("heading", name=re.compile(r"^\d+ errors, most confident first$"))
    expect(errors).to_be_visible()
    cell = page.get_by_role("button", name=re.compile(r"^True (\d), predicted (?!\1)\d: \d+ digits?$")).first
    label, digit, count = re.findall(r"\d+", cell.get_attribute("aria-label"))
    cell.click()
    title = re.compile(f"^{count} digits?: true {label}, predicted {digit}")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(cell).to_have_attribute("aria-pressed", "true")
    shown = page.get_by_role("button", name=re.compile(rf"^{label} → {digit} \d+%\s?: open on the drawing pad$"))
    expect(shown).to_have_count(int(count))
    page.get_by_role("button", name="All errors").click()
    expect(errors).to_be_visible()
    expect(cell).to_have_attribute("aria-pressed", "false")

    cell.click()
    shown.first.click()
    expect(page.get_by_role("img", name="Draw a digit")).to_be_visible()  # the Draw tab
    top = page.get_by_role("meter", name=f"Probability of {digit}", exact=True)
    expect(top).not_to_have_attribute("aria-valuenow", "0.0")
    page.get_by_role("tab", name="Test set").click()
    expect(panel(page).locator(".digits [aria-current=true]")).to_have_count(1)
    page.get_by_role("tab", name="Draw", exact=True).click()
    page.get_by_role("button", name="Undo").locator("visible=true").click()
    expect_settled(page)
    expect(page.get_by_role("meter", name="Probability of 2", exact=True)).to_have_attribute(
        "aria-valuenow", re.compile(r"^([5-9]\d|100)\.\d$")
    )


def test_it_tests_the_model_that_reads_also_when_it_is_opened_late(page: Page) -> None:
    choose_model(page, "lenet1-1989")
    page.get_by_role("tab", name="Test set").click()
    chooser = page.get_by_label("Model to test")
    expect(chooser).to_have_value("lenet1-1989")
    open_tab(page)
    width = chooser.bounding_box()["width"]
    summary = panel(page).get_by_text(SUMMARY)
    before = summary.inner_text()
    chooser.select_option("lenet5")
    expect(summary).not_to_have_text(before, timeout=60_000)
    assert chooser.bounding_box()["width"] == width
    page.get_by_role("tab", name="Draw", exact=True).click()
    page.get_by_role("tab", name="Test set").click()
    expect(chooser).to_have_value("lenet5")  # the choice made here stays, until another model reads


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_hottest_cell_can_be_read(browser: Browser, address: str, scheme: str) -> None:
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        enter(page, address)
        open_tab(page)
        cells = page.locator(".confusion button")
        assert min(cell.evaluate(CONTRAST) for cell in cells.all()) >= 4.5


def test_what_a_button_is_called_contains_what_it_shows(page: Page) -> None:
    open_tab(page)
    for button in panel(page).get_by_role("button").all():
        text, label = button.inner_text().strip(), button.get_attribute("aria-label")
        assert label is None or text in label or text == "?", (text, label)


def test_the_matrix_is_one_tab_stop_with_arrow_keys(page: Page) -> None:
    open_tab(page)
    expect(page.locator(".confusion button[tabindex='0']")).to_have_count(1)
    column = page.locator(".confusion button[data-column='1']")  # cells without digits are passed over
    column.first.focus()
    for cell in column.all()[1:]:
        page.keyboard.press("ArrowDown")
        expect(cell).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(column.last).to_be_focused()
    expect(column.last).to_have_attribute("tabindex", "0")
    expect(page.locator(".confusion button[tabindex='0']")).to_have_count(1)


def test_rows_of_digits_are_whole_and_the_rest_is_a_button_away(page: Page) -> None:
    open_tab(page)
    page.get_by_role("button", name=re.compile("^True 1, predicted 1: ")).click()
    expect(page.get_by_role("heading", name=re.compile("^Correct 1s, least confident first"))).to_be_visible()
    digits = panel(page).locator(".digits li")
    total = digits.count()
    more = panel(page).get_by_role("button", name=f"Show all {total}", exact=True)
    expect(more).to_have_attribute("aria-expanded", "false")
    assert digits.locator("visible=true").count() < total
    more.click()
    expect(digits.locator("visible=true")).to_have_count(total)
    panel(page).get_by_role("button", name="Show fewer").first.click()
    expect(more).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 768])
def test_it_fits_a_phone(browser: Browser, address: str, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        enter(page, address)
        open_tab(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        more = "right" if width == 320 else "none"  # where the matrix is cut, a line says so
        expect(panel(page).locator(".matrix .scroller")).to_have_attribute("data-more", more)
        for cell in page.locator(".confusion button").all()[:12]:
            box = cell.bounding_box()
            assert box["width"] >= 24
            assert box["height"] >= 24


def test_a_server_out_of_reach_is_said_and_asked_again(page: Page) -> None:
    page.route(SERVER, lambda route: route.abort())
    page.get_by_role("tab", name="Test set").click()
    expect(panel(page).get_by_role("alert")).to_have_text("Can't reach the server. Retrying…")
    page.unroute(SERVER)
    expect(panel(page).get_by_text(SUMMARY)).to_be_visible(timeout=60_000)
    expect(panel(page).locator(".summary .notice")).to_be_empty()
