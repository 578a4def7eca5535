"""Training as a visitor sees it: live, stopped, continued, looked back at, in line, and nobody else's business."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from steps import (
    draw,
    enter,
    expect_read,
    expect_settled,
    expect_trained,
    expect_training,
    model,
    probabilities,
    settled,
    train,
)

RUN = re.compile(r"^your run [0-9a-f]{8}$")

HEAR = """async () => {
    const { listen } = await import(document.querySelector('link[rel="modulepreload"][href$="store.js"]').href);
    window.heard = []; // the probability of 7, by weights in training
    listen("reading", ({ answer }) => answer?.model.live && heard.push(answer.probabilities[7]));
}"""


@pytest.fixture
def other(browser: Browser, address: str) -> Iterator[Page]:
    """Another visitor's page."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    enter(page, address)
    yield page
    context.close()


def test_the_drawing_learns_with_the_network(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    expect_read(page, 7)
    page.evaluate(HEAR)
    train(page, 3, seed="21")
    expect_trained(page)
    expect(model(page)).to_have_text(RUN)
    live = page.evaluate("heard")
    assert len(live) >= 3
    assert live[0] < 0.5 < live[-1]


def test_before_and_after_stand_side_by_side_with_a_way_back(page: Page, drawings) -> None:
    draw(page, drawings[4]["strokes"])
    shipped = settled(page, 4)
    train(page, 1, seed="22")
    expect_trained(page)
    expect(model(page)).to_have_text(RUN)
    expect_settled(page)
    after = probabilities(page)
    before = page.get_by_role("meter", name="Previous probability of 4")
    expect(before).to_have_attribute("aria-valuenow", str(shipped[4]))
    draw(page, drawings[5]["strokes"])  # on top: both read what is on the pad
    expect_settled(page)
    expect(before).not_to_have_attribute("aria-valuenow", str(shipped[4]))
    for _ in drawings[5]["strokes"]:
        page.get_by_role("button", name="Undo").click()
    expect(before).to_have_attribute("aria-valuenow", str(shipped[4]))

    page.get_by_role("button", name="Restore previous").click()
    expect(model(page)).to_have_text("lenet5")
    expect(before).to_be_hidden()
    assert probabilities(page) == shipped
    page.get_by_role("button", name="Back to the trained model").click()
    expect(model(page)).to_have_text(RUN)
    expect_settled(page)
    assert probabilities(page) == after

    train(page, 2, seed="22")
    expect_trained(page)
    page.get_by_role("button", name="Keep new model").click()
    expect(before).to_be_hidden()
    expect(model(page)).to_have_text(RUN)
    page.get_by_label("Model", exact=True).select_option("lenet5")
    expect(model(page)).to_have_text("lenet5")


def test_looking_back_shows_every_epoch_for_this_drawing(page: Page, drawings) -> None:
    draw(page, drawings[3]["strokes"])
    train(page, 3, seed="23")
    expect_trained(page)
    slider = page.get_by_role("slider", name="Prediction after epoch")
    expect(slider).to_have_attribute("max", "3")
    kernel = page.get_by_role("img", name="C1 kernel 1 of 6")
    seen = {}
    for epoch in (0, 1, 3):
        slider.fill(str(epoch))
        expect(model(page)).to_have_text(re.compile(rf"^your run [0-9a-f]{{8}}, epoch {epoch}$"))
        expect_settled(page)
        seen[epoch] = (tuple(probabilities(page)), kernel.evaluate("c => c.toDataURL()"))
    assert len(set(seen.values())) == 3
    assert seen[0][0][3] < seen[3][0][3]
    slider.fill("0")
    expect(model(page)).to_have_text(re.compile("^your run .*, epoch 0$"))
    expect_settled(page)
    assert (tuple(probabilities(page)), kernel.evaluate("c => c.toDataURL()")) == seen[0]
    page.get_by_role("button", name="Back to the trained model").click()
    expect(model(page)).to_have_text(RUN)


def test_stop_leaves_the_network_and_offers_what_was_learned(page: Page, drawings) -> None:
    draw(page, drawings[8]["strokes"])
    shipped = settled(page, 8)
    train(page, 50, seed="24")
    expect_training(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text(re.compile(r"^Stopped\. Your current model is unchanged"))).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_disabled()
    expect(model(page)).to_have_text("lenet5")
    assert probabilities(page) == shipped
    page.get_by_role("button", name="Use the partial model").click()
    expect(model(page)).to_have_text(RUN)

    page.get_by_role("button", name="Train 1 more epoch").click()
    expect_trained(page)
    expect(page.get_by_role("img", name="Loss: ").locator("circle")).to_have_count(1)
    expect(model(page)).to_have_text(RUN)
    page.get_by_role("button", name="Train 1 more epoch").click()
    expect_trained(page)
    expect(page.get_by_role("button", name="Train 1 more epoch")).to_be_enabled()


def test_the_form_has_more_presets_and_an_estimate(page: Page) -> None:
    page.get_by_label("Data", exact=True).select_option("sample")
    expect(page.get_by_text(re.compile(r"^Estimated time: about \d+ (s|min)$"))).to_be_visible(timeout=20_000)
    expect(page.get_by_label("Optimizer", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Advanced settings").click()
    page.get_by_label("Preset", exact=True).select_option("sgd")
    expect(page.get_by_label("Optimizer", exact=True)).to_have_value("sgd")
    expect(page.get_by_label("Peak learning rate", exact=True)).to_have_value("0.001")
    expect(page.get_by_role("slider", name="Epochs", exact=True)).to_have_value("10")
    expect(page.get_by_label("Data", exact=True)).to_have_value("sample")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Optimizer", exact=True)).to_be_hidden()


def test_one_visitors_training_is_nobody_elses_business(page: Page, other: Page, drawings) -> None:
    draw(other, drawings[2]["strokes"])
    shares = settled(other, 2)
    train(page, 50, seed="25")
    expect_training(page)
    other.get_by_role("button", name="Clear").click()
    draw(other, drawings[2]["strokes"])  # while it trains
    expect_read(other, 2)
    expect(model(other)).to_have_text("lenet5")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text(re.compile("^Stopped"))).to_be_visible()
    page.get_by_role("button", name="Use the partial model").click()
    assert probabilities(other) == shares
    expect(model(other)).to_have_text("lenet5")
    expect(other.get_by_role("button", name="Retrain", exact=True)).to_be_enabled()


def test_who_closes_the_page_stops_training_and_the_next_in_line_begins(page: Page, other: Page) -> None:
    train(other, 50, seed="26")
    expect_training(other)
    train(page, 1, seed="27")
    expect(page.get_by_text("In the queue: you're next. (One training runs at a time.)")).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_enabled()
    start = time.monotonic()
    other.close()
    expect(page.get_by_text("you're next")).to_be_hidden()
    assert time.monotonic() - start < 2
    expect_trained(page)


def test_who_waits_may_leave_the_line(page: Page, other: Page) -> None:
    train(other, 50, seed="28")
    expect_training(other)
    train(page, 1, seed="29")
    expect(page.get_by_text("you're next")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("You left the queue.")).to_be_visible()
    expect(page.get_by_role("button", name="Retrain", exact=True)).to_be_enabled()
    other.get_by_role("button", name="Stop").click()
    expect(other.get_by_text(re.compile("^Stopped"))).to_be_visible()


def test_a_reload_in_the_middle_of_a_training_reads_as_before(other: Page, drawings) -> None:
    draw(other, drawings[9]["strokes"])
    expect_read(other, 9)
    train(other, 50, seed="31")
    expect(model(other)).to_have_text(re.compile("^training:"), timeout=60_000)
    other.reload()  # Gradio complains of it in the console
    expect(model(other)).to_have_text("lenet5")
    expect_read(other, 9)
