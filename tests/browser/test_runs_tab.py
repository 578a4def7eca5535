"""The Runs tab, with runs that were trained beforehand."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from steps import draw, enter, expect_read

from lenet.digits import mnist
from lenet.digits.data import Data
from lenet.runs import cache
from lenet.runs.cache import Trained
from lenet.training.recipe import Recipe, complete

RUNS = (
    {"seed": 1},
    {"seed": 2},
    {"seed": 3, "epochs": 2, "batch": 64, "optimizer": "adam", "decay": 0.1},
    {"seed": 4, "network": "lenet-28"},
    {"seed": 5},
    {"seed": 6},
    {"seed": 7, "schedule": "constant"},
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LENET_HOME with runs of a moment's training."""
    folder = tmp_path_factory.mktemp("runs")
    sample = mnist.load("sample")
    few = Data("sample", sample.train[:256], sample.validation[:256], sample.test[:256], (), "few")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LENET_HOME", str(folder))
        for settings in RUNS:
            *_, last = cache.train(Recipe(**complete({"data": "sample", "epochs": 1, **settings})), few)
            assert isinstance(last, Trained)
    return folder


@pytest.fixture(scope="module")
def keys(folder: Path) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LENET_HOME", str(folder))
        return [run.key for run in cache.stored()]


@pytest.fixture(scope="module")
def address(serve: Callable[..., str], folder: Path) -> str:
    return serve(LENET_HOME=str(folder))


@pytest.fixture(scope="module")
def shared(serve: Callable[..., str], folder: Path) -> str:
    """The address of a page that strangers share."""
    return serve(LENET_HOME=str(folder), LENET_PUBLIC="1")


@pytest.fixture
def runs(page: Page) -> Locator:
    """The part, open."""
    return opened(page)


def opened(page: Page) -> Locator:
    page.get_by_role("tab", name="Runs").click()
    part = page.locator(".part.runs")
    expect(part).to_have_attribute("aria-busy", "false")
    return part


def row(part: Locator, words: str) -> Locator:
    return part.locator("tbody tr").filter(has_text=words)


def test_a_run_is_told_in_words_and_figures(runs: Locator, keys: list[str]) -> None:
    expect(runs.locator("tbody tr")).to_have_count(len(RUNS))
    heads = runs.locator("thead th").all_inner_texts()
    assert heads[:7] == ["Curves", "Run", "Test accuracy", "95% interval", "Data", "Training time", "Date (local)"]
    line = row(runs, "seed 3")
    expect(line.get_by_role("rowheader")).to_have_text(
        "lenet5, 2 epochsbatch size 64 · Adam · weight decay 0.1 · seed 3"
    )
    for words in (r"\d\d\.\d\d% \(\d+ of 256\)", r"\d+\.\d\d%–\d+\.\d\d%", "sample", r"[1-9\d]\.?\d* s on CPU"):
        expect(line).to_contain_text(re.compile(words))
    expect(row(runs, "seed 7")).to_contain_text("learning-rate schedule: Constant")
    text = runs.inner_text()
    assert [key for key in keys if key[:8] in text] == []


def test_the_curves_of_several_runs_are_compared(runs: Locator, page: Page) -> None:
    loss = runs.get_by_role("img", name="Loss: ")
    ticked = runs.get_by_role("checkbox", checked=True)
    expect(ticked).to_have_count(1)  # the newest
    expect(loss.locator("polyline")).to_have_count(2)
    expect(loss.locator("circle")).to_have_count(1)
    row(runs, "seed 3").get_by_role("checkbox").check()
    expect(loss.locator("circle")).to_have_count(3)  # one epoch and two
    expect(runs.get_by_text("solid: validation · dashed: training")).to_be_visible()
    for words in ("seed 1", "seed 2", "seed 4", "seed 5"):
        row(runs, words).get_by_role("checkbox").check()
    expect(ticked).to_have_count(6)
    expect(row(runs, "seed 6").get_by_role("checkbox")).to_be_disabled()
    expect(loss.locator("polyline")).to_have_count(6)
    looks = loss.locator("polyline").evaluate_all(
        "(lines) => lines.map((line) => getComputedStyle(line)).map((style) => style.stroke + style.strokeDasharray)"
    )
    assert len(set(looks)) == 6
    names = runs.locator(".compared > .key li").all_inner_texts()
    assert len(set(names)) == 7
    assert "lenet5, 2 epochs" in names
    row(runs, "seed 5").get_by_role("checkbox").uncheck()
    expect(row(runs, "seed 6").get_by_role("checkbox")).to_be_enabled()


def test_files_are_downloaded(runs: Locator, page: Page, keys: list[str]) -> None:
    line = row(runs, "seed 3")
    for file, ending, begins in (
        ("Download weights (.safetensors)", ".safetensors", b""),
        ("Download history (.csv)", ".csv", b"epoch,"),
        ("Download curves (.svg)", ".svg", b"<svg"),
    ):
        line.get_by_role("button", name="Download… files of").click()
        with page.expect_download() as taken:
            line.get_by_role("button", name=file).click()
        key = taken.value.suggested_filename.removeprefix("lenet-").removesuffix(ending)
        assert [one for one in keys if one.startswith(key)]
        content = taken.value.path().read_bytes()
        assert len(content) > 50
        assert content.startswith(begins)
    line.get_by_role("button", name="Download… files of").press("Enter")
    expect(line.get_by_role("button", name="Download history (.csv)")).to_be_visible()
    page.keyboard.press("Escape")
    expect(line.get_by_role("button", name="Download history (.csv)")).to_be_hidden()
    expect(line.get_by_role("button", name="Download… files of")).to_be_focused()

    row(runs, "seed 3").get_by_role("checkbox").check()
    with page.expect_download() as taken:
        runs.locator(".compared").get_by_role("button", name="Download curves (.svg)").click()
    assert taken.value.path().read_text().count("<polyline") + taken.value.path().read_text().count("<path") >= 2


def width_of_delete(page: Page, name: str) -> int:
    """The width of the button in the row of `name`, found and measured at once: rows may be drawn anew."""
    measured = """name => [...document.querySelectorAll(".runs tbody tr")]
        .find(row => row.textContent.includes(name))?.querySelector("[data-act=remove]").offsetWidth"""
    return page.wait_for_function(measured, arg=name).json_value()


def test_a_run_is_renamed_loaded_and_deleted(runs: Locator, page: Page, drawings) -> None:
    line = row(runs, "seed 1")
    line.get_by_role("button", name="Rename").press("Enter")
    page.keyboard.type("my first")
    page.keyboard.press("Escape")
    expect(line.get_by_role("button", name="Rename")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("my first")
    page.keyboard.press("Enter")
    mine = row(runs, "my first")
    expect(mine.get_by_role("rowheader")).to_have_text("my firstlenet5, 1 epoch · seed 1")
    expect(mine.get_by_role("button", name="Rename my first")).to_be_focused()
    mine.get_by_role("button", name="Load my first").click()
    expect(page.get_by_role("tab", name="Draw")).to_have_attribute("aria-selected", "true")
    draw(page, drawings[17]["strokes"])
    expect(page.get_by_label("Model", exact=True).locator("option:checked")).to_have_text(re.compile("my first"))

    opened(page)
    expect(mine.get_by_text("loaded", exact=True)).to_be_visible()
    remove = mine.locator("[data-act=remove]")
    width = width_of_delete(page, "my first")
    remove.click()
    expect(remove).to_have_text("Confirm delete")
    assert width_of_delete(page, "my first") == width
    page.keyboard.press("Escape")
    expect(remove).to_have_text("Delete")
    remove.click()
    remove.click()
    expect(mine).to_have_count(0)
    expect(runs.get_by_role("status")).to_have_text("Deleted my first.")
    expect(page.locator("[data-act=remove]:focus")).to_have_count(1)
    page.get_by_role("tab", name="Draw").click()
    draw(page, drawings[17]["strokes"])  # the run is gone: the pretrained weights read
    expect_read(page, 7)


def test_a_model_that_is_deleted_is_told_with_nothing_drawn_too(runs: Locator, page: Page) -> None:
    facts = page.locator(".facts")
    row(runs, "seed 2").locator("[data-act=load]").click()
    expect(facts).to_contain_text("lenet5 (your run)")
    opened(page)
    remove = row(runs, "seed 2").locator("[data-act=remove]")
    remove.click()
    remove.click()
    expect(row(runs, "seed 2")).to_have_count(0)
    page.get_by_role("tab", name="Draw").click()
    expect(facts).to_contain_text("lenet5 · 99.58% MNIST test accuracy")
    expect(page.get_by_text("That model no longer exists. Now using lenet5.")).to_be_visible()


def test_a_server_that_is_gone_is_told_and_asked_again(runs: Locator, page: Page) -> None:
    def gone(route: Route) -> None:
        route.abort()

    count = runs.locator("tbody tr").count()
    page.get_by_role("tab", name="Draw").click()
    page.route("**/component_server**", gone)
    page.get_by_role("tab", name="Runs").click()
    expect(runs.get_by_role("status")).to_have_text("Can't reach the server. Retrying…")
    expect(runs.locator("tbody tr")).to_have_count(count)
    page.unroute("**/component_server**", gone)
    expect(runs.get_by_role("status")).to_be_empty()


def test_on_a_shared_page_each_sees_their_own_runs(browser: Browser, shared: str, keys: list[str]) -> None:
    mine, theirs = (browser.new_context(viewport={"width": 1280, "height": 800}) for _ in range(2))
    mine.add_init_script(f"localStorage.getItem('lenet.runs') ?? localStorage.setItem('lenet.runs', '[\"{keys[0]}\"]')")
    page, other = mine.new_page(), theirs.new_page()
    for one in (page, other):
        enter(one, shared)
    part, empty = opened(page), opened(other)
    expect(part.locator("tbody tr")).to_have_count(1)
    expect(part.get_by_text("This page is shared")).to_be_visible()
    expect(part.get_by_role("button", name="Rename")).to_have_count(0)
    expect(part.get_by_role("button", name="Delete")).to_have_count(0)
    expect(empty.get_by_text("No runs yet. A run is one training")).to_be_visible()
    empty.get_by_role("button", name="Go to the Draw tab").click()
    expect(other.get_by_role("tab", name="Draw")).to_have_attribute("aria-selected", "true")

    forget = part.locator("[data-act=remove]")
    expect(forget).to_have_text("Remove from list")
    forget.click()
    expect(forget).to_have_text("Confirm remove")
    forget.click()
    expect(part.get_by_text("No runs yet.")).to_be_visible()
    expect(part.get_by_role("button", name="Go to the Draw tab")).to_be_focused()
    page.reload()
    expect(opened(page).get_by_text("No runs yet.")).to_be_visible()
    for context in (mine, theirs):
        context.close()


@pytest.mark.parametrize("width", [320, 800, 1024, 1240])
def test_every_action_is_in_sight(browser: Browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    enter(page, address)
    part = opened(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for act in ("load", "rename", "download", "remove"):
        box = part.locator(f"[data-act={act}]").first.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["height"] >= 24
    context.close()
