"""The page without a server in Chinese; the lesson and one step of learning there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from chinese import english
from plain import serve_folder
from playwright.sync_api import Browser, Page, expect
from sites import RUN, open_tab, write_site
from steps import arrive, expect_settled, violations

from lenet.texts import table

UNTITLED = '{"key": "runs.name", "values": {"network": "lenet5", "epochs": "3", "key": "0123abcd"}}'


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_site(tmp_path_factory)


@pytest.fixture(scope="module")
def address(written: Path) -> Iterator[str]:
    with serve_folder(written) as address:
        yield f"{address}some/where/"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        assert errors == []


def test_the_whole_lesson_is_shown_and_says_where_to_train(page: Page, address: str) -> None:
    texts = table("zh")
    arrive_in(page, f"{address}?lang=zh&lesson=1")
    region = page.get_by_role("region", name=str(texts["lesson.heading"]), exact=True)
    for number in range(1, 13):
        expect(page).to_have_url(re.compile(rf"lesson={number}\b"))
        shows = region.get_by_role("button", name=str(texts["lesson.show"]), exact=True)
        if number in (10, 12):  # there is nothing to train on; and the game is played
            expect(shows).to_be_disabled()
        else:
            shows.click()
            expect(region.locator(".task.done")).to_be_visible(timeout=30_000)
        if number == 10:
            expect(region).to_contain_text(str(texts["lesson.training.text.site"]))
            assert violations(page) == []
        region.get_by_role("button", name=str(texts["lesson.next"]), exact=True).click()
    expect(region.get_by_role("heading")).to_have_text(str(texts["lesson.end.title"]))


def arrive_in(page: Page, address: str) -> None:
    """Go to the page in whatever language."""
    page.goto(address)
    expect(page.locator(".part.maps .stage.output canvas")).to_be_visible(timeout=30_000)


def test_a_step_of_learning_needs_no_server(page: Page, address: str) -> None:
    arrive(page, address)
    panel = page.locator(".step-panel")
    group = panel.get_by_role("group", name="It should have been a")
    group.get_by_role("button", name="1", exact=True).click()
    panel.get_by_role("button", name="Take one step").click()
    expect_settled(page)
    expect(page.locator(".facts")).to_contain_text("1 step on a drawing")
    panel.get_by_role("button", name="Undo step").click()
    expect(page.locator(".facts")).not_to_contain_text("step")


def test_it_is_chinese_where_the_browser_is(browser: Browser, address: str, written: Path) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 844}, locale="zh-CN") as context:
        page = context.new_page()
        told = re.compile("http.*/site.json")
        page.route(told, lambda route: route.fulfill(body=route.fetch().text().replace(f'"{RUN}"', UNTITLED)))
        page.goto(address)
        expect(page.get_by_role("tab")).to_have_text(["手写", "测试集", "对比", "网络"])
        expect(page.get_by_label("模型", exact=True)).to_contain_text("lenet5，3（0123abcd）")
        for name in page.get_by_role("tab").all_inner_texts():
            open_tab(page, name)
            assert english(page) == set(), name
        page.goto((written / "some" / "where" / "index.html").as_uri())
        expect(page.get_by_text("浏览器不能直接从文件运行这个页面。")).to_be_visible()
