"""Trainings of several visitors, and of one who leaves or whose server does."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from steps import (
    RUN,
    draw,
    enter,
    expect_read,
    expect_trained,
    expect_training,
    model,
    probabilities,
    settled,
    train,
)


@pytest.fixture
def other(browser: Browser, address: str) -> Iterator[Page]:
    """Another visitor's page."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    enter(page, address)
    yield page
    context.close()


def test_a_lost_server_is_said_in_the_card(browser: Browser, serve: Callable[..., str], servers: dict) -> None:
    address = serve()
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    enter(page, address)
    train(page, 50, Random_seed="35")
    expect_training(page)
    server = servers.pop(address)
    server.kill()
    server.communicate()
    expect(page.get_by_text("A training ends when its connection is lost.")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Stop")).to_be_disabled()
    page.close()


def test_one_visitors_training_is_nobody_elses_business(page: Page, other: Page, drawings) -> None:
    draw(other, drawings[2]["strokes"])
    shares = settled(other, 2)
    train(page, 50, Seed="25")
    expect_training(page)
    other.get_by_role("button", name="Clear").click()
    draw(other, drawings[2]["strokes"])  # while it trains
    expect_read(other, 2)
    expect(model(other)).to_have_text("lenet5")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text(re.compile("^Stopped"))).to_be_visible()
    page.get_by_role("button", name="Use the partial model").click()
    expect(model(page)).to_have_text(RUN)
    assert probabilities(other) == shares
    expect(model(other)).to_have_text("lenet5")
    expect(other.get_by_role("button", name="Retrain", exact=True)).to_be_enabled()


def test_who_closes_the_page_stops_training_and_the_next_in_the_queue_begins(page: Page, other: Page) -> None:
    train(other, 50, Seed="26")
    expect_training(other)
    train(page, 1, Seed="27")
    expect(page.get_by_text("In the queue: you're next.")).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_enabled()
    start = time.monotonic()
    other.close()
    expect(page.get_by_text("you're next")).to_be_hidden()
    assert time.monotonic() - start < 2
    expect_trained(page)


def test_who_waits_may_leave_the_queue(page: Page, other: Page) -> None:
    train(other, 50, Seed="28")
    expect_training(other)
    train(page, 1, Seed="29")
    expect(page.get_by_text("you're next")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("You left the queue.")).to_be_visible()
    expect(page.get_by_role("button", name="Retrain", exact=True)).to_be_enabled()
    other.get_by_role("button", name="Stop").click()
    expect(other.get_by_text(re.compile("^Stopped"))).to_be_visible()


def test_a_reload_in_the_middle_of_a_training_tells_that_it_ended(other: Page, drawings) -> None:
    draw(other, drawings[9]["strokes"])
    expect_read(other, 9)
    train(other, 50, Seed="31")
    expect(model(other)).to_have_text(re.compile("training"), timeout=60_000)
    expect_training(other)
    other.reload()  # Gradio complains of it in the console
    expect(model(other)).to_have_text("lenet5")
    expect_read(other, 9)
    expect(other.get_by_text("is on the Runs tab; half a teaching is not kept.")).to_be_visible()
    expect(other.get_by_role("button", name="Retrain", exact=True)).to_be_enabled()
    expect(other.get_by_role("button", name="Stop")).to_be_disabled()


def test_on_a_shared_page_an_interrupted_training_is_nowhere_to_be_found(
    browser: Browser, serve: Callable[..., str]
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        enter(page, serve(LENET_PUBLIC="1", LENET_MAX_EPOCHS="50"))
        train(page, 50, Seed="37")
        expect_training(page)
        page.reload()
        expect(page.get_by_text("Train again to start over.")).to_be_visible(timeout=30_000)
