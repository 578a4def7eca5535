"""The page without a server, from a subfolder of what `python -m http.server` serves."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from linking import copy, new_context
from plain import serve_folder
from playwright.sync_api import Browser, Page, expect
from sites import RUN, open_tab, write_site
from steps import (
    arrive,
    choose_model,
    draw,
    enter,
    expect_fits,
    expect_read,
    expect_settled,
    model,
    probabilities,
    resize,
    violations,
)

from lenet.digits.data import Data
from lenet.digits.preprocessing import preprocess_drawing
from lenet.digits.strokes import parse_drawing
from lenet.evaluation.report import evaluate
from lenet.networks import pruning
from lenet.networks.activations import Activations, trace
from lenet.runs import models

TABS = ("Draw", "Test set", "Compare", "Networks")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_site(tmp_path_factory)


@pytest.fixture(scope="module")
def address(written: Path) -> Iterator[str]:
    with serve_folder(written) as address:
        yield f"{address}some/where/"


def torch_says(page: Page, name: str) -> Activations:
    """What torch makes of what the pad holds."""
    kept = page.evaluate("JSON.parse(sessionStorage.getItem('lenet.pad')).ink")
    image = preprocess_drawing(parse_drawing(kept)).image
    assert image is not None
    return trace(models.load_model(name), image)


def expect_torchs(page: Page, name: str) -> None:
    """The bars are what torch says, to the tenth of a per cent that they write."""
    expect_settled(page)
    assert probabilities(page) == pytest.approx(100 * torch_says(page, name).probabilities.numpy(), abs=0.0501)


def test_a_drawing_is_read_as_torch_reads_it_and_can_be_looked_into(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    expect_read(page, 7)
    expect_torchs(page, "lenet5")
    c1 = page.get_by_role("img", name="C1 map 2 of 6", exact=True)
    box = c1.bounding_box()
    c1.hover(position={"x": box["width"] * 9.5 / 28, "y": box["height"] * 11.5 / 28})
    value = f"{float(torch_says(page, 'lenet5').layers['C1'][1, 11, 9]):.2f}"
    value = value.replace("-0.00", "0.00").replace("-", "−")
    expect(page.locator(".explained")).to_contain_text(f"C1 map 2, row 12, column 10: {value}")
    expect(page.get_by_role("figure").filter(has_text="centred")).to_be_visible()
    page.get_by_label("Saliency", exact=True).select_option("predicted")
    expect(page.get_by_text("raises / lowers")).to_be_visible()


def test_other_models_read_and_a_run_that_came_with_the_page(page: Page, drawings) -> None:
    draw(page, [*drawings[7]["strokes"], *drawings[3]["strokes"]])  # hard to say
    facts = page.get_by_role("group", name="Model, test accuracy")
    for name in models.pretrained():
        choose_model(page, name)
        expect(facts).to_contain_text(name)
        expect_torchs(page, name)
    choose_model(page, RUN)
    expect(facts).to_contain_text(RUN)
    expect_torchs(page, "lenet5")  # whose weights it has
    page.reload()
    expect(model(page)).to_have_text(RUN)
    expect(facts).to_contain_text(RUN)
    expect_torchs(page, "lenet5")


def test_there_is_no_training_and_no_photo_and_the_page_says_where_they_are(page: Page) -> None:
    expect(page.get_by_role("tab")).to_have_text([*TABS])
    train = page.locator(".card").filter(has=page.get_by_role("heading", name="Train", exact=True))
    expect(train).to_contain_text("pip install . && python app.py")
    expect(train.get_by_role("link")).to_have_attribute("href", re.compile("^https://"))
    expect(page.get_by_role("button", name=re.compile("Upload|Retrain"))).to_have_count(0)
    expect(page.get_by_text("0 to 9, anywhere, any size")).to_be_visible()
    expect(page.get_by_text(re.compile("upload|paste", re.I))).to_have_count(0)
    page.evaluate("""() => sessionStorage.setItem("lenet.pad", JSON.stringify(
        {ink: {strokes: [], picture: "data:image/png;base64,AAAA"}, model: "lenet5"}))""")
    page.reload()  # as after a visit to the page with a server, at the same address
    expect(page.get_by_text("Photos need the version with a server")).to_be_visible()


def test_all_models_are_compared_and_the_run_is_added(page: Page, drawings) -> None:
    draw(page, drawings[7]["strokes"])
    panel = open_tab(page, "Compare")
    expect(panel.get_by_text("All 6 models predict 7.")).to_be_visible()
    panel.get_by_label("Add a run").select_option(label=RUN)
    expect(panel.get_by_text("All 7 models predict 7.")).to_be_visible()


def test_a_connection_is_cut_and_its_price_is_torchs(page: Page, sample: Data) -> None:
    panel = open_tab(page, "Networks")
    for source in (3, 6):
        panel.get_by_role("button", name=f"S2 map {source} to C3 map 1", exact=True).click()
    cut = pruning.prune(models.load_model("lenet5"), [(0, 2), (0, 5)])
    after, before = (
        evaluate(network, sample.test.images, sample.test.labels).accuracy
        for network in (cut, models.load_model("lenet5"))
    )
    words = f"2 connections removed: accuracy {after:.1%} (was {before:.1%}) on 1,000 test digits."
    expect(panel.get_by_text(words)).to_be_visible(timeout=60_000)
    panel.get_by_label("Network to inspect").select_option("lenet-28-relu")
    expect(panel.get_by_text("No pretrained weights, so there is nothing to measure.", exact=True)).to_be_visible()


def test_the_test_comes_to_its_end_and_a_digit_goes_to_the_pad(page: Page, sample: Data) -> None:
    panel = open_tab(page, "Test set")
    report = evaluate(models.load_model("lenet5"), sample.test.images, sample.test.labels)
    expect(panel.get_by_role("heading", name=f"Accuracy {report.accuracy:.2%}")).to_be_visible()
    expect(panel.get_by_text(f"({report.correct} of 1,000;")).to_be_visible()
    expect(panel.get_by_text("held-out digits from MNIST's training set")).to_be_visible()
    expect(panel.get_by_role("heading", name=f"{report.total - report.correct} errors")).to_be_visible()
    expect(page.get_by_role("img", name="Noise: accuracy").locator("polyline")).to_have_count(1)
    expect(panel.get_by_text("Draw a digit")).to_have_count(0)  # a drawing has no curve here
    expect(page.get_by_role("img", name="Error rate").locator("text.name", has_text="lenet1-1989")).to_be_visible()
    panel.get_by_role("button", name="True 5, predicted 5").click()
    expect(panel.get_by_role("heading", name="Correct 5s, least confident first (100 of 100)")).to_be_visible()
    panel.get_by_label("Model to test").select_option(label=RUN)
    expect(panel.get_by_role("heading", name=f"Accuracy {report.accuracy:.2%}")).to_be_visible(timeout=60_000)
    error = panel.get_by_role("button", name=": open on the drawing pad").first
    label, digit = re.findall(r"\d", error.inner_text())[:2]
    error.click()
    expect(page.get_by_role("tabpanel", name="Draw")).to_be_visible()
    assert label != digit
    expect(page.locator(".part.bars .digit")).to_have_text(digit)


def test_drawing_is_live_while_the_test_is_under_way(page: Page, drawings) -> None:
    page.get_by_role("tab", name="Test set").click()
    expect(page.get_by_role("progressbar", name="Test digits classified")).to_be_visible()
    page.get_by_role("tab", name="Draw").click()
    draw(page, drawings[2]["strokes"])
    expect_read(page, 2)
    expect(page.locator("#testset [aria-busy=true]").first).to_be_attached()


def test_a_model_that_an_earlier_visit_left_and_that_is_gone_gives_way(page: Page) -> None:
    page.evaluate("""() => sessionStorage.setItem("lenet.pad", JSON.stringify(
        {ink: {strokes: [[[500, 200], [500, 800]]]}, model: "f".repeat(64)}))""")
    page.reload()
    expect(page.get_by_text("That model no longer exists. Now using lenet5.")).to_be_visible()
    expect_read(page, 1)


def test_digits_that_cannot_be_fetched_are_asked_for_again(page: Page) -> None:
    page.route("**/digits.bin", lambda route: route.abort())
    page.get_by_role("tab", name="Test set").click()
    panel = page.get_by_role("tabpanel", name="Test set")
    expect(panel.get_by_text("Can't reach the server. Retrying…")).to_be_visible()
    page.unroute("**/digits.bin")
    expect(panel.get_by_role("heading", name="Accuracy")).to_be_visible(timeout=30_000)


def test_keys_lead_from_tab_to_tab(page: Page) -> None:
    page.get_by_role("tab", name="Draw").focus()
    for key, name in (
        ("ArrowRight", "Test set"),
        ("End", "Networks"),
        ("ArrowRight", "Draw"),
        ("ArrowLeft", "Networks"),
    ):
        page.keyboard.press(key)
        expect(page.get_by_role("tab", name=name)).to_be_focused()
        expect(page.get_by_role("tabpanel")).to_have_count(1)
        expect(page.get_by_role("tabpanel", name=name)).to_be_visible()


def test_the_theme_is_the_systems_unless_the_address_names_one(page: Page, address: str) -> None:
    body = page.locator("body")
    expect(body).not_to_have_class("dark")
    page.emulate_media(color_scheme="dark")
    expect(body).to_have_class("dark")
    page.goto(f"{address}?__theme=light")
    expect(page.get_by_role("img", name="output, 10 units")).to_be_visible()
    expect(body).not_to_have_class("dark")
    expect(page.locator("html")).not_to_have_class("dark")


def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(browser: Browser, address: str, drawings) -> None:
    phone, desk = ({"width": width, "height": 844} for width in (390, 1280))
    with browser.new_context(viewport=phone, color_scheme="dark", has_touch=True, reduced_motion="reduce") as context:
        page = context.new_page()
        enter(page, address)
        draw(page, drawings[17]["strokes"])
        expect_read(page, 7)
        for name in TABS:
            open_tab(page, name)
            assert violations(page) == [], name  # in light: test_accessibility.py
            for size in (desk, phone):
                resize(page, **size)
                expect_fits(page, size["width"])


def test_links_and_frames_need_no_server(browser: Browser, address: str, drawings) -> None:
    with new_context(browser) as context:
        page, other = context.new_page(), context.new_page()
        enter(page, address)
        draw(page, drawings[7]["strokes"])
        choose_model(page, RUN)
        open_tab(page, "Networks")
        other.goto(link := copy(page))
        expect(other.get_by_role("tabpanel", name="Networks")).to_be_visible()
        open_tab(other, "Draw")
        expect_torchs(other, "lenet5")
        expect(model(other)).to_have_text(RUN)
        other.goto(link.replace("tab=networks", "tab=runs").replace(f"run={1:064x}", f"run={'f' * 64}"))
        expect(other.get_by_text("tab that this page does not have. The link's run ffffffff is not on")).to_be_visible()
        arrive(other, link.replace("tab=networks", "view=embed"))
        expect(other.get_by_role("tab")).to_have_count(0)


def test_a_page_that_is_opened_as_a_file_says_what_to_do(browser: Browser, written: Path) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((written / "some" / "where" / "index.html").as_uri())
        expect(page.get_by_text("Serve its folder with “python -m http.server”")).to_be_visible()
