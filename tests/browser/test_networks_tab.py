"""The Networks tab."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from steps import draw, enter, expect_settled


def look(page: Page, network: str) -> Locator:
    """Open the tab and a network; give the part, once it is there."""
    page.get_by_role("tab", name="Networks").click()
    part = page.locator(".part.networks")
    part.get_by_label("Network to inspect").select_option(network)
    expect(part).to_have_attribute("aria-busy", "false")
    return part


def grid(page: Page) -> Locator:
    return page.get_by_role("grid", name="Connections from")


def cell(page: Page, source: int, to: int) -> Locator:
    return page.get_by_role("button", name=f"S2 map {source} to C3 map {to}", exact=True)


def test_layers_are_told_once_and_worked_through(page: Page) -> None:
    part = look(page, "lenet5-1998")
    expect(part.get_by_text("60,000 parameters · 340,908 connections")).to_be_visible()
    heads = "Layer Type Input Output Kernel Stride Padding Parameters Connections Multiply-accumulates Receptive field"
    expect(part.get_by_role("columnheader").filter(visible=True).nth(0)).to_have_text("Layer")
    assert " ".join(part.locator(".layers thead th").all_inner_texts()) == heads
    assert part.inner_text().count("1998, as published") == 1  # its year, once
    for layer, sentences in {
        "S4": ("(10 − 2 + 2·0) / 2 + 1 = 5", "16 coefficients + 16 biases = 32."),
        "C3": ("so 16 maps of 10×10.", "60 kernels of 5×5 weights, one per connection, + 16 biases = 1,516."),
        "F6": ("84 units, each connected to all 120 inputs.", "120 × 84 weights + 84 biases = 10,164."),
    }.items():
        explain = part.get_by_role("button", name=f"Explain the size of {layer}")
        explain.click()
        expect(explain).to_have_attribute("aria-pressed", "true")
        for sentence in sentences:
            expect(part.locator(".formula")).to_contain_text(sentence)
    expect(part.get_by_role("heading", name="The ten codes that F6 is compared with")).to_be_visible()
    expect(part.get_by_role("img", name="Code of")).to_have_count(10)


def test_parameters_add_up_in_the_network_of_1989_too(page: Page) -> None:
    part = look(page, "lenet1-1989")
    part.get_by_role("button", name="Explain the size of H1").click()
    expect(part.locator(".formula")).to_contain_text("12 × 1 kernels of 5×5 weights + 768 biases = 1,068.")
    part.get_by_role("button", name="Explain the size of H2").click()
    expect(part.locator(".formula")).to_contain_text(
        "96 kernels of 5×5 weights, one per connection, + 192 biases = 2,592."
    )


def test_connections_are_removed_and_restored(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    expect_settled(page)
    part = look(page, "lenet5-1998")
    absent = page.get_by_role("button", name="S2 map 4 to C3 map 1: not connected in this network")
    expect(absent).to_be_disabled()
    expect(part.get_by_role("heading", name="S2 → C3 connections (60 of 96)")).to_be_visible()
    outcome = part.locator(".outcome")
    height = outcome.bounding_box()["height"]

    cell(page, 1, 1).click()
    expect(cell(page, 1, 1)).to_have_attribute("aria-pressed", "false")
    told = r"^1 connection removed: accuracy [\d.]+% \(was [\d.]+%\) on 1,000 test digits\. Your drawing: \d \("
    expect(outcome).to_have_text(re.compile(told), timeout=30_000)
    assert outcome.bounding_box()["height"] == height
    expect(part.get_by_role("heading", name="S2 → C3 connections (59 of 96)")).to_be_visible()
    page.get_by_role("button", name="Toggle all connections from S2 map 1").click()
    expect(outcome).to_have_text(re.compile("^10 connections removed: "), timeout=30_000)
    page.get_by_role("button", name="Toggle all connections from S2 map 1").click()
    expect(outcome).to_have_text(re.compile("^Click a cell"))
    page.get_by_role("button", name="Toggle all connections into C3 map 16").click()
    expect(outcome).to_have_text(re.compile("^6 connections removed: "), timeout=30_000)
    page.get_by_role("button", name="Restore all").click()
    expect(outcome).to_have_text(re.compile("^Click a cell"))
    expect(part.locator(".cell[aria-pressed=false]:not(.absent)")).to_have_count(0)


def test_a_removed_connection_is_marked_by_more_than_colour(page: Page) -> None:
    look(page, "lenet5")
    before = "(cell) => getComputedStyle(cell, '::before').content"
    assert cell(page, 1, 1).evaluate(before) == "none"
    cell(page, 1, 1).click()
    assert cell(page, 1, 1).evaluate(before) == '"×"'


def test_the_connections_are_one_tab_stop_and_arrows_move_in_it(page: Page) -> None:
    part = look(page, "lenet5-1998")
    expect(grid(page).locator("[tabindex='0']")).to_have_count(1)
    cell(page, 1, 1).focus()
    for key, name in (
        ("ArrowRight", "S2 map 1 to C3 map 2"),
        ("ArrowDown", "S2 map 2 to C3 map 2"),
        ("End", "S2 map 2 to C3 map 16"),
        ("ArrowRight", "S2 map 2 to C3 map 16"),
        ("Home", "Toggle all connections from S2 map 2"),
        ("ArrowUp", "Toggle all connections from S2 map 1"),
        ("ArrowUp", "Toggle all connections from S2 map 1"),
        ("ArrowRight", "S2 map 1 to C3 map 1"),
        ("ArrowUp", "Toggle all connections into C3 map 1"),
        ("ArrowLeft", "Toggle all connections into C3 map 1"),
        ("Control+End", "S2 map 6 to C3 map 16"),
        ("Control+Home", "Toggle all connections into C3 map 1"),
        ("ArrowDown", "S2 map 1 to C3 map 1"),
    ):
        page.keyboard.press(key)
        expect(page.locator(":focus")).to_have_attribute("aria-label", re.compile(f"^{re.escape(name)}(:|$)"))
    page.keyboard.press("Space")
    expect(cell(page, 1, 1)).to_have_attribute("aria-pressed", "false")
    expect(grid(page).locator("[tabindex='0']")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(part.get_by_role("button", name="Restore all")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(cell(page, 1, 1)).to_be_focused()


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_too_wide_scrolls_in_its_box_and_says_so(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    enter(page, address)
    part = look(page, "lenet5-1998")
    cues = part.get_by_text("Scroll sideways for more").filter(visible=True)
    expect(cues).to_have_count(2 if width < 1000 else 0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for button in grid(page).get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
    if width < 1000:
        scrolled = part.get_by_role("region", name="Layers of the network")
        scrolled.focus()
        scrolled.evaluate("(box) => box.scrollTo(box.scrollWidth, 0)")
        expect(part.get_by_text("Receptive field", exact=True)).to_be_in_viewport()
        expect(part.get_by_role("button", name="Explain the size of C1")).to_be_in_viewport()
    context.close()


def test_without_weights_nothing_can_be_removed(page: Page) -> None:
    part = look(page, "lenet-28-relu")
    expect(part.locator(".outcome")).to_have_text(re.compile("^No pretrained weights"))
    expect(cell(page, 1, 1)).to_be_disabled()
    cell(page, 1, 1).click(force=True)
    expect(cell(page, 1, 1)).to_have_attribute("aria-pressed", "true")
    expect(part.get_by_role("button", name="Restore all")).to_be_disabled()


def test_a_server_that_is_gone_is_told_and_asked_again(page: Page) -> None:
    def gone(route: Route) -> None:
        route.abort()

    part = look(page, "lenet5")
    page.route("**/component_server**", gone)
    cell(page, 1, 1).click()
    expect(part.get_by_role("alert")).to_have_text("Can't reach the server. Retrying…")
    page.unroute("**/component_server**", gone)
    expect(part.locator(".outcome")).to_have_text(re.compile(r"test digits"))
    expect(part.get_by_role("alert")).to_be_empty()


def test_a_relu_on_the_outputs_kills_classes_before_ones_eyes(page: Page) -> None:
    page.get_by_role("tab", name="Networks").click()
    part = page.locator(".part.dead_relu")
    start = part.get_by_role("button", name=re.compile(r"^Train both \(about .+\)$"))
    stop = part.get_by_role("button", name="Stop")
    expect(stop).to_be_disabled()
    start.click()
    expect(start).to_be_disabled()
    expect(stop).to_be_enabled()
    told = re.compile(r"^With ReLU, class(es)? .* never predicted\. Test accuracy: .* without\.$")
    expect(part.get_by_role("status")).to_have_text(told, timeout=300_000)
    expect(start).to_be_enabled()
    with_relu, without = part.locator("section").all()
    expect(with_relu.get_by_role("meter").and_(page.locator("[aria-valuenow='0.0']"))).not_to_have_count(0)
    expect(with_relu.get_by_text(re.compile("^Dead class(es)?, recall 0%: [0-9]"))).to_be_visible()
    expect(without.get_by_role("meter").and_(page.locator("[aria-valuenow='0.0']"))).to_have_count(0)
    expect(without.get_by_text("Every digit is recognised.")).to_be_visible()


def test_both_trainings_are_stopped(page: Page) -> None:
    page.get_by_role("tab", name="Networks").click()
    part = page.locator(".part.dead_relu")
    part.get_by_role("button", name="Train both").click()
    expect(part.get_by_role("status")).to_have_text("Training on the sample…")
    part.get_by_role("button", name="Stop").click()
    expect(part.get_by_role("status")).to_have_text("Stopped.")
    expect(part.get_by_role("button", name="Train both")).to_be_enabled()
    expect(part.get_by_role("button", name="Stop")).to_be_disabled()
