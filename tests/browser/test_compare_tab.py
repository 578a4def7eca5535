"""The Compare tab."""

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from steps import draw, enter, expect_read

from lenet.runs import models

COUNT = len(models.pretrained())
WEIGHTS = re.compile("/weights/")
SHEET = re.compile("^Drawing pad")
TRAINED = {  # a run that learns next to nothing, and one that learns something
    "bad": ["--rate", "0.000001", "--seed", "31"],
    "good": ["--seed", "5"],
}


@pytest.fixture(scope="module")
def with_runs(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page whose server has two runs."""
    home = str(tmp_path_factory.mktemp("runs"))
    for more in TRAINED.values():
        command = [sys.executable, "-m", "lenet", "train", "--data", "sample", "--epochs", "1", *more]
        subprocess.run(command, env={**os.environ, "LENET_HOME": home}, check=True, capture_output=True)
    return serve(LENET_HOME=home)


def panel(page: Page) -> Locator:
    return page.get_by_role("tabpanel", name="Compare")


def test_a_drawing_is_read_by_all_and_can_be_drawn_there(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    page.get_by_role("tab", name="Compare").click()
    rows = page.locator("section.model")
    expect(rows).to_have_count(COUNT)
    for name in models.pretrained():
        meter = page.get_by_role("meter", name=f"{name}: probability of 7", exact=True)
        expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^([5-9]\d|100)\.\d$"))
    expect(page.get_by_text(f"All {COUNT} models predict 7.")).to_be_visible()
    panel(page).get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Draw a digit to compare the models.", exact=True)).to_be_visible()
    expect(panel(page).get_by_role("button", name="Clear")).to_be_disabled()

    box = page.get_by_role("img", name=SHEET).bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.48, box["y"] + box["height"] * 0.85, steps=8)
    page.mouse.up()
    lenet5 = page.get_by_role("region", name="lenet5", exact=True)
    expect(lenet5.locator(".digit")).to_have_text("1")
    expect(lenet5.get_by_role("img", name="C1, 6 maps")).to_be_visible()
    panel(page).get_by_role("button", name="Example 3").click()
    expect(lenet5.locator(".digit")).to_have_text("3")
    panel(page).get_by_role("button", name="Undo").click()
    expect(lenet5.locator(".digit")).to_have_text("1")
    page.get_by_role("tab", name="Draw", exact=True).click()
    expect_read(page, 1)


def test_a_model_is_described_before_anything_is_drawn(page: Page) -> None:
    page.get_by_role("tab", name="Compare").click()
    lenet5 = page.get_by_role("region", name="lenet5", exact=True)
    expect(lenet5).to_contain_text("1998 · 61,706 parameters")
    expect(lenet5).to_contain_text(re.compile(r"\d\d\.\d\d% MNIST test accuracy"))


def test_runs_are_added_disagree_stay_above_the_fold_and_are_removed(
    browser: Browser, with_runs: str, drawings
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        enter(page, with_runs)
        draw(page, drawings[7]["strokes"])
        page.get_by_role("tab", name="Compare").click()
        add = page.get_by_label("Add a run")
        for _ in TRAINED:
            expect(add).to_be_enabled()
            add.select_option(index=1)
        expect(add).to_be_disabled()  # there is no other run
        rows = page.locator("section.model")
        expect(rows).to_have_count(COUNT + 2)
        expect(rows.get_by_text("disagrees")).to_have_count(1)
        said = re.compile(rf"^{COUNT + 1} of {COUNT + 2} models predict 7; lenet5, 1 epoch.* predicts \d\.$")
        expect(page.get_by_text(said)).to_be_visible()
        bottom = rows.last.bounding_box()
        assert bottom["y"] + bottom["height"] <= 800
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280

        page.locator("section.model", has_text="disagrees").get_by_role("button", name=re.compile("^Remove")).click()
        expect(rows).to_have_count(COUNT + 1)
        expect(page.get_by_text(f"All {COUNT + 1} models predict 7.")).to_be_visible()
        expect(add).to_be_enabled()


@pytest.mark.parametrize("width", [320, 390, 768])
def test_it_fits_a_phone(browser: Browser, address: str, drawings, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        enter(page, address)
        draw(page, drawings[7]["strokes"])
        page.get_by_role("tab", name="Compare").click()
        expect(page.get_by_text(f"All {COUNT} models predict 7.")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for words in page.locator("section.model .fact, section.model .words").all():
            assert words.evaluate("(words) => words.getBoundingClientRect().right") <= width
        assert page.locator("section.model").first.bounding_box()["height"] <= 180


def test_a_server_out_of_reach_is_said_and_asked_again(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    page.route(WEIGHTS, lambda route: route.abort())
    page.get_by_role("tab", name="Compare").click()
    expect(panel(page).get_by_text("Can't reach the server. Retrying…")).to_have_count(COUNT - 1)  # one reads already
    page.unroute(WEIGHTS)
    expect(page.get_by_text(f"All {COUNT} models predict 7.")).to_be_visible()


def test_once_they_are_here_the_models_need_no_server(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    page.get_by_role("tab", name="Compare").click()
    expect(page.get_by_text(f"All {COUNT} models predict 7.")).to_be_visible()
    page.route("**/*", lambda route: route.abort())
    panel(page).get_by_role("button", name="Example 3").click()
    expect(page.get_by_text(f"All {COUNT} models predict 3.")).to_be_visible()
