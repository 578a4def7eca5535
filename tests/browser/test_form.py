"""The form of a training: settings, presets, and what is wrong with them."""

import re

from playwright.sync_api import Page, expect
from steps import expect_trained


def test_the_form_has_advanced_settings_presets_and_an_estimate(page: Page) -> None:
    page.get_by_label("Data").select_option("sample")
    page.get_by_role("slider", name="Epochs", exact=True).fill("9")  # that of no run of another test
    expect(page.get_by_text(re.compile(r"^Estimated time: about \d+ (s|min)$"))).to_be_visible(timeout=20_000)
    opener = page.get_by_role("button", name="Advanced settings")
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_label("Optimizer", exact=True)).to_be_hidden()
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("img", name="Loss")).to_be_hidden()  # the settings stand in the charts' place
    page.get_by_label("Preset", exact=True).select_option("sgd")
    expect(page.get_by_label("Optimizer", exact=True)).to_have_value("sgd")
    expect(page.get_by_label("Peak learning rate", exact=True)).to_have_value("0.001")
    expect(page.get_by_role("slider", name="Epochs", exact=True)).to_have_value("10")
    expect(page.get_by_label("Data")).to_have_value("sample")
    page.get_by_label("Batch size").fill("17")
    expect(page.get_by_label("Preset", exact=True).locator("option:checked")).to_have_text("custom")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Optimizer", exact=True)).to_be_hidden()
    expect(opener).to_be_focused()


def test_another_optimizer_brings_what_suits_it(page: Page) -> None:
    page.get_by_role("button", name="Advanced settings").click()
    preset = page.get_by_label("Preset", exact=True)
    expect(preset).to_have_value("quick")
    expect(page.get_by_role("slider", name="Epochs", exact=True)).to_have_value("1")
    optimizer, rate = (page.get_by_label(name, exact=True) for name in ("Optimizer", "Peak learning rate"))
    optimizer.select_option("adamw")
    expect(rate).to_have_value("0.006")
    expect(page.get_by_label("Label smoothing", exact=True)).to_have_value("0")
    expect(page.get_by_label("Learning-rate schedule", exact=True)).to_have_value("one-cycle")
    optimizer.select_option("muon")
    expect(rate).to_have_value("0.03")
    expect(preset).to_have_value("quick")


def test_an_error_stands_at_its_field(page: Page) -> None:
    page.get_by_role("button", name="Advanced settings").click()
    rate = page.get_by_label("Peak learning rate", exact=True)
    rate.fill("7")
    expect(rate).to_have_attribute("aria-invalid", "true")
    expect(rate).to_have_accessible_description(re.compile("must be above 0 and at most 1"))
    page.get_by_role("button", name="Advanced settings").click()
    page.get_by_role("button", name="Retrain", exact=True).click()
    expect(rate).to_be_focused()  # the settings open at what is wrong
    rate.fill("0.01")
    expect(rate).to_have_attribute("aria-invalid", "false")


def test_what_is_refused_twice_can_be_put_right(page: Page) -> None:
    page.get_by_label("Data").select_option("sample")
    page.get_by_role("button", name="Advanced settings").click()
    batch = page.get_by_role("spinbutton", name="Batch size")
    start = page.get_by_role("button", name="Retrain", exact=True)
    for _ in range(2):
        batch.fill("0")
        start.click()
        expect(start).to_be_enabled()
        expect(batch).to_be_focused()
    batch.fill("128")
    page.get_by_role("spinbutton", name="Random seed").fill("36")
    page.get_by_role("slider", name="Epochs", exact=True).fill("1")
    start.click()
    expect_trained(page)
