"""Training as a visitor sees it: live, stopped, continued, replayed, in the queue, and nobody else's business."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from steps import (
    RUN,
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

from lenet.runs import store

SERVER = re.compile(r"/gradio_api/")
LIMITED = """
import resource, signal
from lenet.ui import build, launch
page = build()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
launch(page)
"""  # no file may be larger than 400 kB, and a run is
CARDS = """() => [...document.querySelectorAll(".card, .part.maps")].map((card) => card.getBoundingClientRect())
    .map(({ y, height }) => [y, height].map(Math.round).join())"""


def test_the_drawing_learns_with_the_network(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    expect_read(page, 7)
    page.evaluate("""async () => {
        const { listen } = await import(document.querySelector('link[href$="/store.js"]').href);
        window.told = [];
        listen("reading", ({ answer }) => answer && told.push([answer.model.live, answer.probabilities[7]]));
    }""")
    train(page, 3, Seed="21")
    expect_trained(page)
    expect(model(page)).to_have_text(RUN)
    live = [probability for is_live, probability in page.evaluate("told") if is_live]
    assert len(live) >= 3
    assert live[0] < 0.5 < live[-1]


def test_before_and_after_stand_side_by_side_with_a_way_back(page: Page, drawings) -> None:
    draw(page, drawings[4]["strokes"])
    pretrained = settled(page, 4)
    cards = page.evaluate(CARDS)
    train(page, 1, Seed="22")
    expect_trained(page)
    expect(model(page)).to_have_text(RUN)
    expect_settled(page)
    expect(page.get_by_role("button", name="Restore previous")).to_be_visible()
    assert page.evaluate(CARDS) == cards
    after = probabilities(page)
    before = page.get_by_role("meter", name="Previous probability of 4")
    expect(before).to_have_attribute("aria-valuenow", str(pretrained[4]))
    draw(page, drawings[5]["strokes"])  # on top: both read what is on the pad
    expect_settled(page)
    expect(before).not_to_have_attribute("aria-valuenow", str(pretrained[4]))
    for _ in drawings[5]["strokes"]:
        page.get_by_role("button", name="Undo").click()
    expect(before).to_have_attribute("aria-valuenow", str(pretrained[4]))

    page.get_by_role("button", name="Restore previous").click()
    expect(model(page)).to_have_text("lenet5")
    expect(before).to_be_hidden()
    assert probabilities(page) == pretrained
    page.get_by_role("button", name="Back to the trained model").click()
    expect(model(page)).to_have_text(RUN)
    expect_settled(page)
    assert probabilities(page) == after

    train(page, 2, Seed="22")
    expect_trained(page)
    page.get_by_role("button", name="Keep new model").click()
    expect(before).to_be_hidden()
    expect(model(page)).to_have_text(RUN)
    page.get_by_label("Model", exact=True).select_option("lenet5")
    expect(model(page)).to_have_text("lenet5")


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_a_run_that_cannot_be_saved_goes_on_reading_and_is_offered_as_a_file(
    browser: Browser, serve: Callable[..., str], drawings, tmp_path: Path
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    enter(page, serve("-c", LIMITED))
    draw(page, drawings[4]["strokes"])
    train(page, 1, Seed="41")
    expect(page.get_by_text(re.compile(r"^This run could not be saved \(File too large\)"))).to_be_visible(
        timeout=60_000
    )
    expect(model(page)).to_have_text(RUN)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download weights").click()
    download.value.save_as(tmp_path / "run.safetensors")
    run, _ = store.read(tmp_path / "run.safetensors")
    assert download.value.suggested_filename == f"{run.key}.safetensors"
    expect(model(page)).to_have_text(f"your run {run.key[:8]}")
    expect(page.get_by_role("meter", name="Previous probability of 4")).to_be_visible()
    page.get_by_role("button", name="Restore previous").click()
    page.reload()
    page.get_by_role("button", name="Back to the trained model").click()
    expect(model(page)).to_have_text(f"your run {run.key[:8]}")
    page.close()


def test_a_replay_shows_every_epoch_for_this_drawing(page: Page, drawings) -> None:
    draw(page, drawings[3]["strokes"])
    train(page, 3, Seed="23")
    expect_trained(page)
    slider = page.get_by_role("slider", name="Prediction after epoch")
    expect(slider).to_have_attribute("max", "3")
    kernel = page.get_by_role("img", name="C1 kernel 1 of 6")
    seen = {}
    for epoch in (0, 1, 3):
        slider.fill(str(epoch))
        expect(model(page)).to_have_text(re.compile(rf"^your run [0-9a-f]{{8}}, epoch {epoch}$"))
        expect(page.get_by_text(f"Prediction after epoch {epoch}")).to_be_visible()
        expect_settled(page)
        seen[epoch] = (tuple(probabilities(page)), kernel.evaluate("c => c.toDataURL()"))
    assert len(set(seen.values())) == 3
    assert seen[0][0][3] < seen[3][0][3]
    slider.fill("0")
    expect(model(page)).to_have_text(re.compile("epoch 0$"))
    expect_settled(page)
    assert (tuple(probabilities(page)), kernel.evaluate("c => c.toDataURL()")) == seen[0]
    page.get_by_role("button", name="Back to the trained model").click()
    expect(model(page)).to_have_text(RUN)


def test_stop_leaves_the_network_and_offers_what_was_learned(page: Page, drawings) -> None:
    draw(page, drawings[8]["strokes"])
    pretrained = settled(page, 8)
    train(page, 50, Seed="24")
    expect_training(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text(re.compile(r"^Stopped\. Your current model is unchanged"))).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_disabled()
    expect(model(page)).to_have_text("lenet5")
    assert probabilities(page) == pretrained
    page.get_by_role("button", name="Use the partial model").click()
    expect(model(page)).to_have_text(RUN)

    page.get_by_role("button", name="Train 1 more epoch").click()
    expect(page.get_by_role("button", name="Train 1 more epoch")).to_be_hidden()  # until it is over
    expect_trained(page)
    expect(page.get_by_role("img", name="Loss").locator("circle")).to_have_count(1)
    expect(model(page)).to_have_text(RUN)
    page.get_by_role("button", name=re.compile("^Train \\d+ more epoch")).first.click()
    expect_trained(page)
    expect(page.get_by_role("button", name="Train 1 more epoch")).to_be_enabled()


def test_no_card_changes_its_height_and_the_maps_stay_where_they_are(page: Page, drawings) -> None:
    draw(page, drawings[6]["strokes"])
    expect_read(page, 6)
    before = page.evaluate(CARDS)
    page.get_by_label("Data").select_option("sample")
    for epochs in (1, 9, 50):
        page.get_by_role("slider", name="Epochs", exact=True).fill(str(epochs))
        assert page.evaluate(CARDS) == before
    page.get_by_role("button", name="Advanced settings").click()
    assert page.evaluate(CARDS) == before
    page.get_by_role("button", name="Advanced settings").click()
    expect(page.get_by_text("Estimated time")).to_be_visible(timeout=20_000)
    assert page.evaluate(CARDS) == before
    page.get_by_role("button", name="Retrain", exact=True).click()
    expect_training(page)
    assert page.evaluate(CARDS) == before
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Use the partial model")).to_be_visible()
    assert page.evaluate(CARDS) == before


def test_charts_lose_no_point_and_name_their_axes(page: Page) -> None:
    train(page, 2, Seed="33")
    expect_trained(page)
    for name in ("Loss: cross-entropy (log) / epoch", "Accuracy / epoch"):
        chart = page.get_by_role("img", name=name, exact=True)
        expect(chart.get_by_text("epoch")).to_be_visible()
        inside = chart.evaluate("""(svg) => {
            const { width, height } = svg.getBoundingClientRect();
            return [...svg.querySelectorAll("polyline")].every((line) => [...line.points].length > 1
                && [...line.points].every(({ x, y }) => x >= 0 && x <= width && y >= 0 && y <= height));
        }""")
        assert inside
        assert (
            chart.locator("text").evaluate_all("all => new Set(all.map((t) => getComputedStyle(t).fontSize)).size") == 1
        )
    for line in ("training", "validation", "LeNet-5 (1998), test: 99.05%"):
        expect(page.locator(".curves .key li", has_text=line).locator("svg line")).to_have_count(1)


def test_the_form_and_the_run_outlive_a_reload(page: Page, drawings) -> None:
    draw(page, drawings[1]["strokes"])
    train(page, 2, Seed="34")
    expect_trained(page)
    page.reload()
    expect(page.get_by_label("Data")).to_have_value("sample")
    expect(page.get_by_role("slider", name="Epochs", exact=True)).to_have_value("2")
    expect_trained(page)
    expect(page.get_by_role("slider", name="Prediction after epoch")).to_have_attribute("max", "2")
    page.get_by_role("slider", name="Prediction after epoch").fill("1")
    expect(model(page)).to_have_text(re.compile("epoch 1$"))
    expect(page.get_by_text("Rejection threshold: off for single epochs")).to_be_visible()
