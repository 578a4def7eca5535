"""The page in another language: which one it is, that nothing is left of the first, and how one changes it."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from chinese import english, texts
from playwright.sync_api import Browser, Locator, Page, Route, expect
from steps import draw, expect_fits, expect_settled, resize, violations
from test_accessibility import RULES

TABS = {"draw": "手写", "testset": "测试集", "compare": "对比", "networks": "网络", "runs": "训练记录"}
PROBABILITY = "数字 7 的概率"


def arrive(page: Page, address: str, name: str = "输出，10 个单元") -> None:
    page.goto(address)
    expect(page.get_by_role("img", name=name)).to_be_visible(timeout=30_000)
    expect(page.locator("canvas.paper")).to_have_attribute("aria-busy", "false")


@pytest.fixture
def chinese(browser: Browser, address: str) -> Iterator[Page]:
    """The page in a browser that speaks Chinese."""
    with browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN") as context:
        page = context.new_page()
        troubles: list[str] = []
        page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
        arrive(page, address)
        yield page
        assert troubles == []


def menu(page: Page) -> Locator:
    return page.get_by_role("combobox", name=re.compile("^(Language|语言)$"))


def language(page: Page) -> str | None:
    return page.locator("html").get_attribute("lang")


def test_a_browser_that_speaks_chinese_gets_a_chinese_page_on_every_tab(chinese: Page) -> None:
    page = chinese
    for id_, name in TABS.items():
        page.get_by_role("tab", name=name, exact=True).click()
        panel = page.locator(f"#{id_}")
        expect(panel.locator(".part").first).to_be_visible()
        expect(panel.locator("[aria-busy=true]")).to_have_count(0, timeout=60_000)
        assert english(page) == set(), id_
        for width in (1280, 390):
            resize(page, width, 844)
            expect_fits(page, width)
    assert language(page) == "zh-CN"
    assert len(texts(page)) > 700  # the walk sees what there is
    page.locator("body").evaluate("(body) => body.append('Draw a digit')")
    assert english(page) == {"Draw a digit"}


def test_what_is_said_of_a_drawing_is_chinese(chinese: Page) -> None:
    page = chinese
    box = page.locator("canvas.paper").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 0.8 * box["height"], steps=5)
    page.mouse.up()
    page.get_by_label("显著性", exact=True).select_option("predicted")
    expect(page.get_by_text("提高 / 降低得分")).to_be_visible()
    page.keyboard.press("Shift+Digit1")
    expect(page.get_by_role("list", name="我的数字").get_by_role("button", name="我的数字 1")).to_be_visible()
    for name, told in {
        "C3 的特征图 1，": "C3 特征图 1，第",
        "S2 的特征图 1，": "中的最大值：",
        "输出，": "输出 ",
    }.items():
        page.get_by_role("img", name=re.compile(f"^{name}")).hover()
        expect(page.locator(".explained")).to_contain_text(told)
        assert english(page) == set(), name


def test_axe_finds_nothing_in_chinese(chinese: Page) -> None:
    assert violations(chinese, runOnly=RULES) == []


def test_only_the_table_of_the_language_is_fetched_and_early(browser: Browser, address: str) -> None:
    for locale, table in {"en-US": "en", "zh-TW": "zh", "fr-FR": "en"}.items():
        with browser.new_context(locale=locale) as context:
            page = context.new_page()
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(urlsplit(request.url).path))
            arrive(page, address, "输出，10 个单元" if table == "zh" else "output, 10 units")
            tables = [path.rpartition("/")[2] for path in asked if "/texts/" in path]
            assert tables == [f"{table}.json"]
            places = {
                part: [i for i, path in enumerate(asked) if part in path] for part in ("/texts/", "/assets/Index")
            }
            assert places["/texts/"] < places["/assets/Index"]  # Gradio has not begun


@pytest.mark.parametrize(
    ("locale", "query", "kept", "wanted"),
    [
        ("en-US", "?lang=zh", "", "zh-CN"),
        ("zh-CN", "?lang=en", "", "en"),
        ("zh-CN", "?lang=xx", "", "zh-CN"),
        ("en-US", "", "zh", "zh-CN"),
        ("zh-CN", "?lang=zh-Hans", "en", "zh-CN"),
        ("fr-FR", "", "nothing", "en"),
    ],
)
def test_the_address_counts_more_than_a_choice_and_that_more_than_the_browser(
    browser: Browser, address: str, locale: str, query: str, kept: str, wanted: str
) -> None:
    """Before any module runs: none comes here."""
    with browser.new_context(locale=locale) as context:
        page = context.new_page()
        page.route("**/*.js", lambda route: route.abort())
        page.add_init_script(f"localStorage.setItem('lenet.language', {json.dumps(kept)})")
        page.goto(f"{address}/{query}", wait_until="domcontentloaded")
        assert language(page) == wanted
        first = (
            "写一个数字，看网络内部，训练你自己的网络"
            if wanted == "zh-CN"
            else "Draw a digit, look inside, train your own"
        )
        expect(page.locator("#first-paint small")).to_contain_text(first)
        assert page.title() == ("LeNet-5：写一个数字" if wanted == "zh-CN" else "LeNet-5: draw a digit")
        labels = page.evaluate("gradio_config.components.map(({props}) => props.id && props.label).filter(Boolean)")
        assert ("手写" in labels, "Draw" in labels) == (wanted == "zh-CN", wanted == "en")


def test_the_menu_changes_the_language_and_keeps_all_else(page: Page, address: str, drawings) -> None:
    page.goto(f"{address}/?__theme=dark&a=b#networks")
    expect(page.get_by_role("tab", name="Networks")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Draw").click()
    draw(page, drawings[7]["strokes"])
    expect_settled(page)
    ink = page.evaluate("sessionStorage.getItem('lenet.pad')")
    expect(menu(page).locator("option")).to_have_text(["English", "中文"])
    menu(page).select_option("中文")
    expect(page.get_by_role("tab", name="网络")).to_have_attribute("aria-selected", "true")
    assert page.url.endswith("/?__theme=dark&a=b&lang=zh#networks")
    page.get_by_role("tab", name="手写").click()
    expect(page.get_by_role("meter", name=PROBABILITY)).to_have_attribute("aria-valuenow", re.compile(r"^(9\d|100)"))
    assert page.evaluate("sessionStorage.getItem('lenet.pad')") == ink
    assert language(page) == "zh-CN"
    arrive(page, address)  # it is kept
    expect(menu(page)).to_have_value("zh")
    menu(page).select_option("English")
    expect(page.get_by_role("tab", name="Test set")).to_be_visible()
    assert page.url.endswith("/?lang=en")


def test_a_training_is_told_in_chinese_and_is_not_lost_to_the_menu(chinese: Page) -> None:
    page = chinese
    page.get_by_label("数据", exact=True).select_option("sample")
    page.get_by_role("slider", name="训练轮数").fill("10")
    page.get_by_role("button", name="重新训练").click()
    expect(page.get_by_text(re.compile(r"^第 \d+ 轮，共 10 轮，"))).to_be_visible(timeout=60_000)
    expect(menu(page)).to_be_disabled()
    expect(menu(page)).to_have_attribute("title", re.compile("训练会因此中断"))
    assert english(page) == set()
    expect(page.get_by_text(re.compile("^完成。测试准确率 .*不能与 MNIST 测试准确率直接比较。$"))).to_be_visible(
        timeout=60_000
    )
    expect(menu(page)).to_be_enabled()
    assert english(page) == set()
    page.get_by_role("tab", name="训练记录").click()
    row = page.get_by_role("row").nth(1)
    expect(row).to_contain_text("lenet5，10 轮")
    expect(row.locator("time")).to_have_text(re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日"))
    assert english(page) == set()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载曲线（.svg）").click()
    assert "验证" in download.value.path().read_text()


def test_one_more_language_stands_in_the_menu_and_is_spoken(browser: Browser, address: str) -> None:
    """As if there were one more file: head.py makes the list of them, tests/test_languages.py sees to that."""

    def add(route: Route) -> None:
        html = route.fetch().text()
        (data,) = re.findall(r'id="languages">(.*?)</script>', html)
        languages = json.loads(data)
        languages["eo"] = {
            "name": "Esperanto",
            "tag": "eo",
            "table": languages["en"]["table"].replace("en.json", "eo.json"),
            "texts": {**languages["zh"]["texts"], "header.tagline": "Desegnu", "page.draw": "Desegni"},
        }
        route.fulfill(body=html.replace(data, json.dumps(languages)), content_type="text/html")

    def translated(route: Route) -> None:
        table = route.fetch(url=route.request.url.replace("eo.json", "en.json")).json()
        route.fulfill(json={**table, "maps.output": "Eligo", "layer.output": "eligo", "page.paper": "Artikolo"})

    with browser.new_context(locale="eo") as context:
        page = context.new_page()
        page.route(re.compile(re.escape(address) + r"/?(\?.*)?$"), add)
        page.route("**/texts/eo.json", translated)
        arrive(page, address, "eligo, 10 units")
        assert language(page) == "eo"
        expect(page.get_by_role("tab", name="Desegni")).to_be_visible()
        expect(page.get_by_role("link", name="Artikolo")).to_be_visible()
        expect(menu(page).locator("option")).to_have_text(["English", "中文", "Esperanto"])
        expect(menu(page)).to_have_value("eo")
