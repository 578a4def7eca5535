"""The Runs tab."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect
from steps import draw, enter, expect_read, expect_trained, train


def test_runs_are_listed_compared_renamed_used_taken_home_and_deleted(page: Page, drawings, tmp_path) -> None:
    for epochs in (1, 2):
        train(page, epochs, Seed="30")
        expect_trained(page)
    draw(page, drawings[1]["strokes"])
    page.get_by_role("tab", name="Runs").click()
    lines = page.get_by_role("row").filter(has_text="seed 30")
    expect(lines).to_have_count(2)
    expect(lines.filter(has_text="2 epochs")).to_contain_text(re.compile(r"\d\d\.\d\d to \d\d\.\d\d %"))
    for line in lines.all():
        line.get_by_role("checkbox").check()
    chart = page.get_by_role("img", name="Loss by epoch")
    expect(chart.locator("circle")).to_have_count(3)  # one epoch and two
    with page.expect_download() as taken:
        page.get_by_role("button", name="Curves, SVG").click()
    assert taken.value.suggested_filename.endswith(".svg")

    mine = lines.filter(has_text="1 epoch,")
    mine.get_by_role("button", name="Rename").click()
    page.get_by_role("textbox", name="Title").fill("my first")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="my first")).to_be_visible()
    page.get_by_role("button", name="Use my first").click()
    expect(page.get_by_text("Read by your run my first")).to_be_visible()

    page.get_by_role("tab", name="Runs").click()
    remove = page.get_by_role("button", name="Delete my first")
    remove.click()
    expect(remove).to_have_text("Delete it?")
    remove.click()
    expect(lines).to_have_count(1)
    page.get_by_role("tab", name="Draw").click()
    page.get_by_role("button", name="Example 7").click()  # the run is gone: the shipped weights read
    expect(page.get_by_text("Read by lenet5, as shipped")).to_be_visible()
    expect_read(page, 7)


def test_on_a_shared_page_each_sees_their_own_runs(browser: Browser, serve: Callable[..., str]) -> None:
    address = serve(LENET_PUBLIC="1")
    contexts = [browser.new_context(viewport={"width": 1280, "height": 800}) for _ in range(2)]
    mine, theirs = (context.new_page() for context in contexts)
    for one in (mine, theirs):
        enter(one, address)
    train(mine, 1)
    expect_trained(mine)
    for one, count in ((mine, 1), (theirs, 0)):
        one.get_by_role("tab", name="Runs").click()
        expect(one.get_by_role("row").filter(has_text="lenet5")).to_have_count(count)
    expect(theirs.get_by_text("No run yet.")).to_be_visible()
    expect(mine.get_by_role("button", name="Rename")).to_have_count(0)
    forget = mine.get_by_role("button", name="Forget Run")
    forget.click()
    forget.click()
    expect(mine.get_by_text("No run yet.")).to_be_visible()
    for context in contexts:
        context.close()
