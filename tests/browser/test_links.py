"""Links: what the page shows as an address, and the page that such an address shows."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fakes import a_run
from linking import copy, held, new_context, share, unpack
from playwright.sync_api import Browser, Page, expect
from steps import (
    arrive,
    choose_model,
    draw,
    enter,
    expect_read,
    expect_settled,
    expect_training,
    model,
    probabilities,
    train,
)

from lenet.runs import models, store
from lenet.training.recipe import Recipe

NOTHING = "Probabilities update as you draw."
EXAMPLE = "Example — draw your own"


@pytest.fixture
def sender(browser: Browser, address: str, drawings: list[dict]) -> Page:
    """A page with a 7 on it, of a visitor who may use the clipboard."""
    with new_context(browser) as context:
        page = context.new_page()
        enter(page, address)
        draw(page, drawings[7]["strokes"])
        expect_read(page, 7)
        expect_settled(page)
        yield page


@pytest.fixture
def receiver(browser: Browser) -> Page:
    """A page of somebody who has never been here; no link may make it fail."""
    with new_context(browser) as context:
        page = context.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        yield page
        assert troubles == []


def test_a_link_shows_just_what_the_page_showed(sender: Page, receiver: Page) -> None:
    choose_model(sender, "lenet-28")
    sender.get_by_label("Skip preprocessing").check()
    sender.get_by_role("slider", name="Rejection threshold").fill("0.61")
    sender.get_by_role("img", name="C3 map 4 of 16").click(position={"x": 9, "y": 5})
    unit = sender.locator(".explained").get_by_role("status")
    expect(unit).to_contain_text(re.compile(r"C3 map 4, row \d, column \d"))
    expect_settled(sender)
    seen, explained = probabilities(sender), unit.inner_text()
    sender.get_by_role("tab", name="Compare").click()
    link = copy(sender)
    assert set(parse_qs(urlsplit(link).query)) == {"v", "network", "threshold", "unit", "tab", "raw", "lang"}

    receiver.goto(link)
    expect(receiver.get_by_role("tab", name="Compare")).to_have_attribute("aria-selected", "true", timeout=30_000)
    receiver.get_by_role("tab", name="Draw").click()
    expect(model(receiver)).to_have_text("lenet-28")
    expect(receiver.locator(".explained").get_by_role("status")).to_have_text(explained)
    expect(receiver.get_by_role("slider", name="Rejection threshold")).to_have_value("0.61")
    expect(receiver.get_by_label("Skip preprocessing")).to_be_checked()
    expect_settled(receiver)
    assert probabilities(receiver) == seen
    assert held(receiver)["ink"]["strokes"] == held(sender)["ink"]["strokes"]
    expect(receiver.get_by_role("button", name="Undo", exact=True)).to_be_disabled()
    assert urlsplit(receiver.url).query == "lang=en"
    assert urlsplit(receiver.url).fragment == ""


def test_an_empty_pad_and_a_hard_digit_are_links_too(sender: Page, receiver: Page) -> None:
    sender.get_by_role("button", name="Hard MNIST digit 3").click()
    expect_settled(sender)
    seen, image = probabilities(sender), held(sender)["ink"]["image"]
    arrive(receiver, copy(sender))
    assert probabilities(receiver) == seen
    assert held(receiver)["ink"]["image"] == image
    sender.get_by_role("button", name="Clear", exact=True).click()
    receiver.goto(copy(sender))
    expect(receiver.get_by_text(NOTHING)).to_be_visible(timeout=30_000)
    expect(receiver.get_by_text(EXAMPLE)).to_be_hidden()


def test_a_reload_keeps_what_was_drawn_since_and_the_rest_of_the_address(
    sender: Page, receiver: Page, drawings: list[dict]
) -> None:
    link = copy(sender)
    arrive(receiver, link.replace("?", "?lesson=8&__theme=dark&"))
    expect_read(receiver, 7)
    assert parse_qs(urlsplit(receiver.url).query) == {"lesson": ["8"], "__theme": ["dark"], "lang": ["en"]}
    receiver.get_by_role("button", name="Clear", exact=True).click()
    draw(receiver, drawings[2]["strokes"])
    expect_read(receiver, 2)
    receiver.reload()
    expect_read(receiver, 2)
    receiver.goto(link)
    expect_read(receiver, 7)  # but a link wins


def test_a_link_that_is_pasted_over_the_address_is_shown(sender: Page, receiver: Page) -> None:
    ink = urlsplit(copy(sender)).fragment
    arrive(receiver, sender.url)
    expect(receiver.get_by_text(EXAMPLE)).to_be_visible()
    receiver.evaluate("ink => { location.hash = ink }", ink)
    expect(receiver.get_by_text(EXAMPLE)).to_be_hidden()
    expect_settled(receiver)
    assert held(receiver)["ink"]["strokes"] == held(sender)["ink"]["strokes"]
    assert "#" not in receiver.url
    receiver.evaluate("ink => { location.hash = ink }", ink[:-3])
    expect(receiver.get_by_text("This link is damaged. Left out: the drawing.")).to_be_visible()
    expect_read(receiver, 7)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("#ink=ABb6BIo", "This link is damaged. Left out: the drawing. Copy it again as a whole, or draw."),
        ("?threshold=7&unit=C3&network=lenet-28", "Left out: the rejection threshold, the open unit."),
        ("?v=2&network=lenet-28#ink=AAAA", "This link was made by a newer version of this page."),
        ("?network=lenet-99", "The link names the network “lenet-99”, which is not on this page, so lenet5 reads."),
        (f"?run={'f' * 64}@2", "The link's run ffffffff is not on this page: it was deleted, or trained on another"),
        ("?unit=C3.17.1.1", "The link opens unit C3.17.1.1, which lenet5 does not have."),
        ("?unit=H1.1.1.1&threshold=x", "The link opens unit H1.1.1.1, which lenet5 does not have."),
    ],
)
def test_what_cannot_be_shown_is_said_at_the_pad_and_the_rest_is_shown(
    receiver: Page, address: str, asked: str, words: str
) -> None:
    arrive(receiver, f"{address}/{asked}")
    expect(receiver.locator(".sheet").get_by_role("status")).to_contain_text(words)
    shown = "lenet-28" if "lenet-28" in asked and "v=2" not in asked else "lenet5"
    expect(model(receiver)).to_have_text(shown)
    expect_read(receiver, 7)
    assert "?" not in receiver.url
    assert "#" not in receiver.url


def test_a_run_of_ones_own_is_opened_by_whoever_has_the_link(
    browser: Browser, serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawings: list[dict], receiver: Page
) -> None:
    monkeypatch.setenv("LENET_HOME", str(tmp_path))
    store.ensure_writable()
    run = store.save(a_run(recipe=Recipe(network="lenet-28")), models.load_model("lenet-28").state_dict(), [])
    address = serve(LENET_HOME=str(tmp_path), LENET_PUBLIC="1")
    with new_context(browser) as context:
        context.add_init_script(f"localStorage.setItem('lenet.runs', '[\"{run.key}\"]')")
        page = context.new_page()
        enter(page, address)
        draw(page, drawings[7]["strokes"])
        expect(share(page).get_by_text("whole key")).to_be_hidden()
        page.keyboard.press("Escape")
        page.get_by_label("Model", exact=True).select_option(run.key)
        expect(page.locator(".facts")).to_contain_text("lenet-28 (your run)")
        expect(model(page)).to_have_text(f"your run {run.key[:8]}")
        words = "The link holds the whole key of your run: whoever has it can open the run here."
        expect(share(page).get_by_text(words)).to_be_visible()
        link = copy(page)
        assert parse_qs(urlsplit(link).query)["run"] == [run.key]
    arrive(receiver, link)
    expect(receiver.locator(".facts")).to_contain_text("lenet-28 (a run)")
    expect(model(receiver)).to_have_text(f"run {run.key[:8]}")
    expect_read(receiver, 7)
    assert receiver.evaluate("localStorage.getItem('lenet.runs')") is None  # it is not theirs
    receiver.reload()
    expect(receiver.locator(".facts")).to_contain_text("lenet-28 (a run)")


def test_a_model_in_training_has_no_link_and_the_one_before_stands_for_it(sender: Page) -> None:
    choose_model(sender, "lenet1-1989")
    train(sender, 50)
    expect_training(sender)
    words = "A model in training has no link yet: this one names lenet1-1989."
    expect(share(sender).get_by_text(words)).to_be_visible()
    assert unpack(sender, copy(sender))["state"]["network"] == "lenet1-1989"
    sender.get_by_role("button", name="Stop", exact=True).click()
    expect(sender.get_by_role("button", name="Retrain", exact=True)).to_be_enabled(timeout=60_000)
