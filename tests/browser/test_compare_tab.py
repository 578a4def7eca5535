"""The Compare tab."""

import re

from playwright.sync_api import Page, expect
from steps import draw, expect_read, expect_trained, train

from lenet.runs import models

SHEET = re.compile("^The same drawing")


def test_a_drawing_is_read_by_all_and_can_be_drawn_there(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    page.get_by_role("tab", name="Compare").click()
    columns = page.locator("section.column")
    expect(columns).to_have_count(len(models.pretrained()))
    for name in models.pretrained():
        meter = page.get_by_role("meter", name=f"{name}: probability of 7", exact=True)
        expect(meter).to_have_attribute("aria-valuenow", re.compile(r"^([5-9]\d|100)\.\d$"))
    expect(page.get_by_text(f"All {len(models.pretrained())} say 7.")).to_be_visible()
    page.get_by_role("button", name="Clear").locator("visible=true").click()
    expect(page.get_by_text("Nothing drawn yet.", exact=True)).to_be_visible()

    box = page.get_by_role("img", name=SHEET).bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.48, box["y"] + box["height"] * 0.85, steps=8)
    page.mouse.up()
    expect(page.get_by_role("region", name="lenet5", exact=True).locator(".digit")).to_have_text("1")
    page.get_by_role("tab", name="Draw").click()
    expect_read(page, 1)


def test_a_run_is_added_disagrees_and_is_removed(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    train(page, 1, Learning_rate="0.000001", Seed="31")  # it learns next to nothing
    expect_trained(page)
    page.get_by_role("button", name="Go back").click()
    expect_read(page, 7)
    page.get_by_role("tab", name="Compare").click()
    add = page.get_by_label("Add a run")
    add.select_option(label=add.get_by_role("option", name=re.compile("seed 31")).inner_text())
    mine = page.locator("section.column").last
    expect(mine.get_by_text("differs")).to_be_visible()
    expect(
        page.get_by_text(re.compile(rf"^{len(models.pretrained())} of {len(models.pretrained()) + 1} say 7; Run"))
    ).to_be_visible()
    mine.get_by_role("button", name=re.compile("^Remove")).click()
    expect(page.get_by_text(f"All {len(models.pretrained())} say 7.")).to_be_visible()
