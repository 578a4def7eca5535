"""My digits: a shelf in this browser, what is done with it, and what happens to it where it cannot be kept."""

import json
import re
from pathlib import Path

from mine import digits, write
from playwright.sync_api import Browser, Page, expect
from shelf import bring, label, names, open_shelf, thumbnails
from steps import draw, enter, expect_read, expect_settled

from lenet import networks
from lenet.digits import mine
from lenet.runs import models
from lenet.ui import teaching

KEPT = "JSON.parse(localStorage.getItem('lenet.mine') ?? '{\"digits\": []}').digits"


def test_a_drawing_is_labelled_with_one_tap_or_shift_and_a_digit_and_is_there_after_a_reload(
    page: Page, drawings
) -> None:
    group = page.get_by_role("group", name="That was a")
    expect(group.get_by_role("button")).to_have_count(10)
    seven = group.get_by_role("button", name="7", exact=True)
    expect(seven).to_be_disabled()  # nothing is drawn
    page.keyboard.press("7")  # an example is nobody's
    expect_read(page, 7)
    expect(seven).to_be_disabled()
    expect(seven).to_have_attribute("title", "Draw a digit yourself, then say what it was.")
    page.reload()
    expect_read(page, 7)
    expect(seven).to_be_disabled()
    page.keyboard.press("Escape")
    draw(page, drawings[7]["strokes"])
    label(page, 7)
    expect(page.get_by_text("Kept. Draw the next one.")).to_be_visible()
    draw(page, drawings[1]["strokes"])  # a new drawing begins by itself
    expect_settled(page)
    page.keyboard.press("Shift+Digit1")
    expect(thumbnails(page)).to_have_count(2)
    label(page, 4)  # of the same drawing, it takes the other's place
    assert names(page) == ["My digit 4", "My digit 7"]
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Digit3")  # nothing to label
    page.reload()
    expect_settled(page)
    open_shelf(page)
    expect(thumbnails(page)).to_have_count(2)
    assert [digit["label"] for digit in page.evaluate(KEPT)] == [7, 4]


def test_digits_are_relabelled_removed_shown_and_every_change_undone(page: Page, drawings) -> None:
    for number in (2, 5):
        draw(page, drawings[number]["strokes"])
        label(page, drawings[number]["label"])
    page.get_by_role("button", name="My digit 5").click()
    page.get_by_role("group", name="Change the label to").get_by_role("button", name="6").click()
    assert names(page) == ["My digit 6", "My digit 2"]
    page.get_by_role("button", name="My digit 2").click()
    page.get_by_role("button", name="Show on the pad").click()
    expect(page.get_by_role("meter", name="Probability of 2", exact=True)).to_have_attribute(
        "aria-valuenow", re.compile("^(9|100)")
    )
    page.get_by_role("button", name="My digit 2").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    assert names(page) == ["My digit 6"]
    page.get_by_role("button", name="Delete all").click()
    expect(page.get_by_text("Draw a digit and say what it was")).to_be_visible()
    assert page.evaluate("localStorage.getItem('lenet.mine')") is None
    undo = page.get_by_role("button", name="Take back")
    for left in (["My digit 6"], ["My digit 6", "My digit 2"], ["My digit 5", "My digit 2"], ["My digit 2"], []):
        undo.click()
        assert names(page) == left
    expect(undo).to_be_disabled()


def test_two_browsers_never_mix_and_two_tabs_agree(browser: Browser, address: str, drawings, tmp_path: Path) -> None:
    mia, ben = browser.new_context(), browser.new_context()
    one, two, other = mia.new_page(), mia.new_page(), ben.new_page()
    for page in (one, two, other):
        enter(page, address)
        open_shelf(page)
    bring(one, write(tmp_path / "mia.jsonl", drawings[:3]))
    expect(thumbnails(one)).to_have_count(3)
    expect(thumbnails(two)).to_have_count(3)  # the other tab of hers
    expect(thumbnails(other)).to_have_count(0)
    other.reload()
    open_shelf(other)
    expect(thumbnails(other)).to_have_count(0)
    mia.close()
    ben.close()


def test_files_come_in_whole_or_not_at_all_and_go_out_as_python_reads_them(
    page: Page, drawings, tmp_path: Path
) -> None:
    open_shelf(page)
    anna = write(tmp_path / "anna.jsonl", [{**drawing, "name": "Anna"} for drawing in drawings[:5]])
    ben = write(tmp_path / "ben.jsonl", drawings[3:9])
    expect(bring(page, anna, ben)).to_have_text(
        ["anna.jsonl: 5 digits added.", "ben.jsonl: 4 digits added, 2 already there."]
    )
    expect(page.get_by_text("Anna: 5")).to_be_visible()
    expect(page.get_by_text("ben: 4")).to_be_visible()
    before = page.evaluate("localStorage.getItem('lenet.mine')")
    line = [[0, 0], [0, 100]]
    bad = {
        "newer": [drawings[9], {**drawings[10], "format": 2}],
        "label": [drawings[9], {**drawings[10], "label": 11}],
        "foreign": [{"digits": [1, 2, 3]}],
        "empty": [],
        "many": [{"label": 1, "strokes": [[[0, 0], [number, 999]]]} for number in range(495)],
        "points": [{"label": 1, "strokes": [line * 1001]}],
    }
    files = [write(tmp_path / f"{name}.jsonl", lines) for name, lines in bad.items()]
    (tmp_path / "photo.jsonl").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "huge.jsonl").write_bytes(b" " * 20_000_001)
    told = bring(page, *files, tmp_path / "photo.jsonl", tmp_path / "huge.jsonl")
    expect(told).to_have_text(
        [
            re.compile(rf"{name}\.jsonl was not imported: .*{word}.* Nothing was changed\.")
            for name, word in {
                "newer": "line 2: this is format 2, of a newer lenet",
                "label": "line 2: the label is 11",
                "foreign": "line 1: ",
                "empty": "no digits in it",
                "many": "500 digits at most",
                "points": "line 1: .*2,002",
                "photo": "line 1: not valid JSON",
                "huge": "larger than 20 MB",
            }.items()
        ]
    )
    assert page.evaluate("localStorage.getItem('lenet.mine')") == before

    page.get_by_label("Your name (optional)").fill("Mia")
    draw(page, drawings[12]["strokes"])
    label(page, drawings[12]["label"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "all.jsonl")
    exported = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert [digit["name"] for digit in exported] == ["Anna"] * 5 + ["ben"] * 4 + ["Mia"]
    read = mine.read_files([tmp_path / "all.jsonl"])
    drawn = {**exported[-1], "strokes": page.evaluate("JSON.parse(sessionStorage.getItem('lenet.pad')).ink.strokes")}
    assert mine.fingerprint(read) == mine.fingerprint(digits([*drawings[:9], drawn]))
    sent = page.evaluate(
        """async () => {
            const address = document.querySelector('link[href$="/store.js"]').href.replace("store.js", "mine/shelf.js");
            return (await import(address)).payload();
        }"""
    )
    assert mine.fingerprint(teaching.parse(sent)) == mine.fingerprint(read)
    expect(bring(page, tmp_path / "all.jsonl")).to_have_text(["all.jsonl: 0 digits added, 10 already there."])


def test_many_files_are_told_in_one_line_but_for_those_that_were_refused(page: Page, drawings, tmp_path: Path) -> None:
    open_shelf(page)
    files = [write(tmp_path / f"{number}.jsonl", drawings[number : number + 3]) for number in range(5)]
    expect(bring(page, *files, write(tmp_path / "none.jsonl", []))).to_have_text(
        ["5 files: 7 digits added, 8 already there.", re.compile(r"^none\.jsonl was not imported")]
    )


def test_where_nothing_may_be_stored_or_all_is_full_the_shelf_says_so_and_works(
    browser: Browser, address: str, drawings
) -> None:
    for error, says in (
        ("new DOMException('no', 'SecurityError')", "does not let the page store anything"),
        ("new DOMException('full', 'QuotaExceededError')", "storage is full"),
    ):
        page = browser.new_page()
        page.add_init_script(f"Storage.prototype.setItem = () => {{ throw {error}; }}")
        enter(page, address)
        draw(page, drawings[3]["strokes"])
        label(page, 3)
        expect(page.get_by_text(says)).to_be_visible()
        expect(thumbnails(page)).to_have_count(1)
        expect(page.get_by_role("button", name="Export")).to_be_enabled()
        page.close()


def test_what_a_newer_page_has_stored_stays_as_it_is(page: Page, drawings) -> None:
    newer = '{"format":2,"digits":"something else"}'
    page.evaluate("text => localStorage.setItem('lenet.mine', text)", newer)
    page.reload()
    expect_settled(page)
    open_shelf(page)
    expect(page.get_by_text("digits of a newer version of this page")).to_be_visible()
    page.keyboard.press("Escape")
    draw(page, drawings[3]["strokes"])
    label(page, 3)
    expect(thumbnails(page)).to_have_count(1)
    assert page.evaluate("localStorage.getItem('lenet.mine')") == newer


def test_digits_are_collected_without_a_click_and_the_misread_ones_told(page: Page, drawings) -> None:
    open_shelf(page)
    page.get_by_role("button", name="Collect 20 digits").click()
    prompt = page.get_by_text(re.compile(r"^Write this digit: \d \(\d+ of 20\)$"))
    for number in (1, 2):
        expect(prompt).to_have_text(re.compile(rf"\({number} of 20\)"))
        wanted = int((prompt.text_content() or "")[18])
        shown = wanted if number == 1 else 10 + (wanted + 1) % 10  # the second is not what was asked for
        draw(page, drawings[shown]["strokes"])
    expect(prompt).to_have_text(re.compile(r"\(3 of 20\)"))
    page.get_by_role("button", name="Redo the last one").click()
    expect(prompt).to_have_text(f"Write this digit: {wanted} (2 of 20)")
    draw(page, drawings[shown]["strokes"])
    expect(prompt).to_have_text(re.compile(r"\(3 of 20\)"))
    page.keyboard.press("Escape")
    expect(prompt).to_be_hidden()
    expect(page.get_by_text("1 of 2 collected digits was misread.")).to_be_visible()
    expect(page.locator("table.collected tbody tr")).to_have_text(
        re.compile(rf"^{wanted}{(wanted + 1) % 10} \(\d+\.\d%\)$")
    )
    expect(thumbnails(page)).to_have_count(2)


def test_every_model_is_tried_on_everybodys_digits(page: Page, pens, tmp_path: Path) -> None:
    hands = {
        name: [pen for pen in pens if pen["source"] == source][:40]
        for name, source in (("Anna", "ibm"), ("Ben", "apa"))
    }
    open_shelf(page)
    files = [write(tmp_path / f"{name}.jsonl", some) for name, some in hands.items()]
    expect(bring(page, *files)).to_have_count(2)
    page.get_by_role("tab", name="Compare").click()
    table = page.locator(".part.hands table")
    for place, name in enumerate(["Hand", *models.pretrained()]):
        expect(table.get_by_role("columnheader").nth(place)).to_have_text(name)  # runs of other tests come after them
    for name, some in hands.items():
        own = digits(some)
        cells = table.get_by_role("row", name=f"{name}: {len(own)}").get_by_role("cell")
        for place, model in enumerate(models.pretrained()):
            predicted = networks.infer(models.load_model(model), own.images).argmax(1)
            correct = int((predicted == own.labels).sum())
            expect(cells.nth(place)).to_have_text(f"{100 * correct / len(own):.0f}% ({correct}/{len(own)})")
