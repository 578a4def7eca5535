"""Teaching as a visitor sees it, with real strokes: misread, labelled, taught, read."""

import re
from collections.abc import Iterator

import pytest
from mine import digits
from playwright.sync_api import Browser, Locator, Page, expect
from serving import Server, start
from steps import RUN, draw, enter, expect_settled, model, probabilities

from lenet import networks
from lenet.runs import models, store


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One of its own, whose disk and log are looked through."""
    with start(LENET_PUBLIC="1") as server:
        yield server


@pytest.fixture
def flagged(pens) -> list[dict]:
    """Ones with a flag that the pretrained network takes for sevens."""
    ones = [pen for pen in pens if pen["label"] == 1 and pen["source"] == "ibm"]
    predicted = [networks.infer(models.load_model("lenet5"), digits([one]).images).argmax().item() for one in ones]
    return [one for one, digit in zip(ones, predicted, strict=True) if digit == 7]


def teach(page: Page, pen: dict) -> None:
    """Draw a digit, and say what it is."""
    draw(page, pen["strokes"])
    expect_settled(page)
    page.keyboard.press(f"Shift+Digit{pen['label']}")


def message(page: Page) -> Locator:
    return page.locator(".part.training .message")


def expect_answer(page: Page, digit: int) -> None:
    expect(page.locator(".part.bars .answer .digit")).to_have_text(str(digit))


def test_a_flagged_one_is_misread_labelled_taught_and_read(
    browser: Browser, server: Server, flagged: list[dict], pens
) -> None:
    others = [next(pen for pen in pens if (pen["source"], pen["label"]) == ("app", label)) for label in (0, 2, 4, 7, 9)]
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    enter(page, server.address)
    draw(page, flagged[0]["strokes"])
    expect_settled(page)
    expect_answer(page, 7)
    page.get_by_role("group", name="That was a").get_by_role("button", name="1", exact=True).click()
    for pen in (*flagged[1:6], *others):
        teach(page, pen)
    draw(page, flagged[0]["strokes"])
    expect_settled(page)
    expect_answer(page, 7)
    before = probabilities(page)
    page.get_by_role("button", name="Teach", exact=True).click()
    expect(message(page)).to_contain_text("Taught 11 digits.", timeout=60_000)
    expect(model(page)).to_have_text(RUN)
    expect_answer(page, 1)
    table = page.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(3)  # the server has no MNIST, so its test digits are the sample's
    expect(table.get_by_role("rowheader")).to_have_text(
        ["Your 11 digits, each by a network that had not seen it", "1,000 test digits"]
    )
    (run,) = [store.read(file)[0] for file in (server.home / "runs").glob("*.safetensors")]
    own, test = run.before_after
    assert own.after >= own.before + 3
    assert run.mine == (1, 6, 1, 0, 1, 0, 0, 1, 0, 1)
    for row, change in zip(table.get_by_role("row").all()[1:], run.before_after, strict=True):
        expect(row).to_contain_text(f"{100 * change.before / change.total:.1f}"[:4])
    assert test.total == 1000

    page.get_by_role("button", name="Restore previous").click()  # the way back
    expect(model(page)).to_have_text("lenet5")
    expect_answer(page, 7)
    assert probabilities(page) == before
    page.get_by_role("button", name="Back to the trained model").click()
    expect_answer(page, 1)

    page.get_by_role("tab", name="Compare").click()
    expect(page.get_by_role("columnheader", name="taught 11 digits")).to_be_visible()
    expect(page.get_by_text("may have been taught the very digits")).to_be_visible()
    page.get_by_role("tab", name="Draw").click()

    page.reload()
    page.get_by_role("button", name="My digits (11)").click()
    expect(page.get_by_role("list", name="My digits").get_by_role("listitem")).to_have_count(11)
    expect(model(page)).to_have_text(RUN)
    expect(page.get_by_role("button", name="Restore previous")).to_be_visible()
    kept = page.evaluate("JSON.parse(localStorage.getItem('lenet.mine')).digits")
    page.close()
    nothing_of_the_shelf(server, kept)


def nothing_of_the_shelf(server: Server, kept: list[dict]) -> None:
    """Neither drawings nor images lie on the server's disk or in its log."""
    images = digits(kept).images
    traces = [image[2:-2, 2:-2].contiguous().numpy().tobytes()[200:500] for image in images]
    traces += [image.numpy().tobytes()[300:600] for image in images]
    traces += [str(digit["strokes"][0][:3]).replace(" ", "").encode() for digit in kept]
    files = [file for file in server.home.parent.rglob("*") if file.is_file()]
    assert server.log in files
    for file in files:
        content = file.read_bytes()
        assert not any(trace in content for trace in traces), file
        assert b"labels" not in content


def test_what_is_no_better_does_not_read_but_may_be_used(browser: Browser, server: Server, drawings) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    enter(page, server.address)
    teach(page, drawings[3])
    expect(page.get_by_role("button", name="Teach", exact=True)).to_be_disabled()  # one cannot be left out
    teach(page, drawings[8])
    page.get_by_role("button", name="Teach", exact=True).click()
    expect(message(page)).to_contain_text("No more of your digits are read than before", timeout=60_000)
    expect(model(page)).to_have_text("lenet5")
    expect(page.get_by_role("button", name=re.compile("^Train .* more"))).to_have_count(0)
    page.get_by_role("button", name="Use it anyway").click()
    expect(model(page)).to_have_text(RUN)
    page.get_by_role("button", name="Restore previous").click()
    expect(model(page)).to_have_text("lenet5")
    page.get_by_role("tab", name="Runs").click()
    expect(page.get_by_text("lenet5, taught 2 digits").first).to_be_visible()
    page.close()
