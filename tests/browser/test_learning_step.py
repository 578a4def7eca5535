"""One step of learning on the page: loss, gradient and bars are torch's, and a step can be undone."""

import re
from copy import deepcopy

import pytest
import torch
from playwright.sync_api import Browser, Locator, Page, expect
from steps import choose_model, enter, expect_settled, probabilities, violations

from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.networks import LeNet
from lenet.runs import models

WANTED = 5
SIZES = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005]


@pytest.fixture
def three(drawings) -> torch.Tensor:
    """What becomes of example 3."""
    return preprocess_drawing(parse_drawing(drawings[3])).image


def learned(network: LeNet, image: torch.Tensor, rate: float, times: int = 1) -> tuple[LeNet, list[float]]:
    """A copy after some steps of SGD towards `WANTED`, and the loss before each and after the last."""
    copy = deepcopy(network).requires_grad_()
    optimizer, losses, label = torch.optim.SGD(copy.parameters(), lr=rate), [], torch.tensor([WANTED])
    for step in range(times + 1):
        loss = copy.loss(copy(copy.preprocess(image[None])), label)
        losses.append(loss.item())
        if step < times:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return copy.requires_grad_(False), losses


def percentages(network: LeNet, image: torch.Tensor) -> list[float]:
    logits = network(network.preprocess(image[None]))
    return [round(100 * p, 1) for p in network.probabilities(logits)[0].tolist()]


def open_panel(page: Page) -> Locator:
    page.get_by_role("button", name="Example 3").click()
    page.get_by_role("button", name="One step", exact=True).click()
    expect(page.get_by_role("heading", name="One step of learning")).to_be_visible()
    return page.locator(".step-panel")


def want(panel: Locator, digit: int) -> None:
    group = panel.get_by_role("group", name="It should have been a")
    group.get_by_role("button", name=str(digit), exact=True).click()


def expect_losses(panel: Locator, now: float, after: float) -> None:
    expect(panel.locator(".loss")).to_have_text(re.compile(rf"^Loss {now:.2f}\. One step makes it {after:.2f}\.$"))


def test_nothing_can_be_stepped_before_it_is_said_what_it_should_be(page: Page) -> None:
    panel = open_panel(page)
    expect(panel.locator(".loss")).to_have_text("Say what the drawing should have been.")
    for name in ("Take one step", "Undo step"):
        expect(panel.get_by_role("button", name=name)).to_be_disabled()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(panel.locator(".loss")).to_have_text("Draw a digit first.")


@pytest.mark.parametrize("network", ["lenet5", "lenet5-1998"])
def test_steps_are_torchs_and_are_undone(page: Page, three: torch.Tensor, network: str) -> None:
    panel = open_panel(page)
    if network != "lenet5":
        choose_model(page, network)
    want(panel, WANTED)
    rate = panel.get_by_role("slider", name="Learning rate")
    rate.fill(str(SIZES.index(0.0002)))
    trained = models.load_model(network)
    _, losses = learned(trained, three, 0.0002, times=3)
    before = probabilities(page)
    expect_losses(panel, losses[0], losses[1])
    for step in (1, 2):
        panel.get_by_role("button", name="Take one step").click()
        expect_losses(panel, losses[step], losses[step + 1])
        after, _ = learned(trained, three, 0.0002, times=step)
        assert probabilities(page) == pytest.approx(percentages(after, three), abs=0.11)
        kept = page.get_by_role("meter", name="Previous probability of 3")
        assert float(kept.get_attribute("aria-valuenow") or "nan") == pytest.approx(before[3], abs=0.1)
    expect(page.locator(".facts")).to_contain_text("2 steps on a drawing")
    expect(page.locator(".facts")).not_to_contain_text("accuracy")
    for _ in range(2):
        panel.get_by_role("button", name="Undo step").click()
    expect(panel.get_by_role("button", name="Undo step")).to_be_disabled()
    expect_losses(panel, losses[0], losses[1])
    assert probabilities(page) == before
    expect(page.locator(".facts")).to_contain_text("accuracy")


def test_the_table_tells_slopes_and_moves(page: Page, three: torch.Tensor) -> None:
    panel = open_panel(page)
    want(panel, WANTED)
    rows = panel.get_by_role("row")
    names = ["C1", "S2", "C3", "S4", "C5", "F6", "output"]
    expect(rows.nth(0).get_by_role("columnheader")).to_have_text(names)
    for name in names:
        expect(panel.get_by_role("img", name=f"Gradient of the loss at {name}", exact=True)).to_be_visible()
    network = models.load_model("lenet5")
    after, _ = learned(network, three, 0.001)
    moved = dict(after.named_parameters())
    cells = rows.filter(has=page.get_by_role("rowheader", name="Weights move by")).get_by_role("cell")
    for name, told in zip(names, cells.all_inner_texts(), strict=True):
        pairs = [(old, moved[key]) for key, old in network.named_parameters() if key.startswith(f"{name}.")]
        if not pairs:
            assert told == "–"
            continue
        size = sum(float((old**2).sum()) for old, _ in pairs) ** 0.5
        move = sum(float(((new - old) ** 2).sum()) for old, new in pairs) ** 0.5
        assert float(told.rstrip("%")) == pytest.approx(100 * move / size, abs=0.51 if move / size > 0.0995 else 0.0051)


def test_a_step_too_large_is_seen_before_it_is_taken(page: Page, three: torch.Tensor) -> None:
    panel = open_panel(page)
    want(panel, WANTED)
    panel.get_by_role("slider", name="Learning rate").fill("9")
    _, losses = learned(models.load_model("lenet5"), three, 0.1)
    expect_losses(panel, *losses)


def test_another_model_ends_the_steps(page: Page) -> None:
    panel = open_panel(page)
    want(panel, WANTED)
    panel.get_by_role("button", name="Take one step").click()
    expect(page.locator(".facts")).to_contain_text("1 step on a drawing")
    choose_model(page, "lenet-28")
    expect(page.locator(".facts")).not_to_contain_text("step")
    expect(panel.get_by_role("button", name="Undo step")).to_be_disabled()
    choose_model(page, "lenet5")
    expect(page.locator(".facts")).not_to_contain_text("step")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_in_the_panel(browser: Browser, address: str, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    enter(page, address)
    panel = open_panel(page)
    want(panel, WANTED)
    panel.get_by_role("button", name="Take one step").click()
    expect_settled(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
