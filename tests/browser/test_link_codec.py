"""Links without the page: what a state becomes as an address, and what comes back, also of one that is damaged."""

import random
import re
import string
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from engine import open_engine, to_base64
from playwright.sync_api import Browser, Page

from lenet.digits.data import Data
from lenet.digits.strokes import MAX_POINTS, MAX_STROKES

BASE = "https://engine.test/some/where/?__theme=dark#runs"
PACK = """async (inks) => {
    const { packInk, unpackInk } = await import("/link/ink.js");
    return inks.map((ink) => { const letters = packInk(ink); return [letters, unpackInk(letters)]; });
}"""
UNPACK = """async (texts) => {
    const { unpackInk } = await import("/link/ink.js");
    return texts.map((text) => { try { return unpackInk(text); } catch { return null; } });
}"""
DRAWN = """async (drawings) => {
    const { begin, end, extend, restore } = await import("/ink.js");
    const { get } = await import("/store.js");
    return drawings.map((strokes) => {
        restore({ strokes: [] });
        for (const [first, ...rest] of strokes) { begin(first); extend(rest); end(); }
        return get("ink");
    });
}"""
TO = """async ([state, base]) => (await import("/link/link.js")).toLink(state, base)"""
FROM = """async (addresses) => {
    const { fromLink } = await import("/link/link.js");
    return addresses.map(fromLink);
}"""
KEY = "0123456789abcdef" * 4
STATE = {
    "ink": {"strokes": [[[100, 120], [400, 80]], [[0, 1000]]]},
    "network": None,
    "run": f"{KEY}@3",
    "threshold": 0.55,
    "unit": ["C3", 4, 2, 7],
    "tab": "compare",
    "raw": True,
    "lesson": 4,
    "language": "zh",
    "embed": True,
}
NOTHING = {**dict.fromkeys(STATE), "raw": False, "embed": False}


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    with open_engine(browser) as page:
        yield page


def as_the_pad_holds(page: Page, drawings: list[dict], size: float = 0.7, left: float = 150.0) -> list[dict[str, Any]]:
    """Drawings as the pad's pen leaves them: on whole units, without points that are too close."""
    on_sheet = [
        [[[round(left + size * x), round(left + size * y)] for x, y in stroke] for stroke in drawing["strokes"]]
        for drawing in drawings
    ]
    return page.evaluate(DRAWN, on_sheet)


def damaged(rng: random.Random, text: str) -> str:
    """The text with some of it changed, lost, swapped, doubled or added."""
    letters = [*text]
    for _ in range(rng.choice([1, 1, 2, 5])):
        at = rng.randrange(len(letters))
        match rng.randrange(5):
            case 0:
                letters[at] = rng.choice(string.ascii_letters + string.digits + "-_%=&# \u00e9")
            case 1:
                del letters[at:]
            case 2:
                del letters[at]
            case 3:
                letters.insert(at, rng.choice(string.ascii_letters))
            case 4:
                letters[at:at] = letters[:at]
        letters = letters or ["A"]
    return "".join(letters)


def test_two_hundred_drawings_come_back_as_the_pad_holds_them(blank: Page, drawings: list[dict]) -> None:
    held = [
        ink
        for i in range(10)  # from small in a corner to all of the sheet
        for ink in as_the_pad_holds(blank, drawings, size=0.1 * (i + 1), left=10.0 * (9 - i))
    ]
    found = blank.evaluate(PACK, held)
    assert len(held) == 200
    assert [back for _, back in found] == held
    assert all(re.fullmatch(r"[\w-]+", letters) for letters, _ in found)


def test_two_hundred_drawings_of_many_pens_come_back_in_few_letters(blank: Page, pens: list[dict]) -> None:
    held = as_the_pad_holds(blank, random.Random(0).sample(pens, 200))
    found = blank.evaluate(PACK, held)
    assert [back for _, back in found] == held
    lengths = [len(letters) for letters, _ in found]
    assert np.mean(lengths) == pytest.approx(147, abs=1)  # as link/ink.js says
    assert max(lengths) == 308


def test_fractions_are_rounded_to_64ths_and_the_farthest_points_come_back(blank: Page) -> None:
    strokes = [[[0.5, 1 / 3], [999.98, 12.25]], [[-1_000_000, 1_000_000], [1_000_000, -1_000_000]]]
    ((_, back),) = blank.evaluate(PACK, [{"strokes": strokes}])
    for stroke, same in zip(strokes, back["strokes"], strict=True):
        assert np.abs(np.subtract(stroke, same)).max() <= 1 / 128


def test_an_empty_pad_and_images_come_back(blank: Page, sample: Data) -> None:
    corners = np.zeros((28, 28), np.uint8)
    corners[0, 0] = corners[-1, -1] = 255
    images = [*sample.test.images[:100, 2:-2, 2:-2].numpy(), corners, 255 - corners, 0 * corners]
    inks = [{"strokes": []}, *({"strokes": [], "image": to_base64(np.ascontiguousarray(image))} for image in images)]
    found = blank.evaluate(PACK, inks)
    assert [back for _, back in found] == inks
    lengths = [len(letters) for letters, _ in found[1:101]]
    assert np.mean(lengths) == pytest.approx(278, abs=1)  # as link/ink.js says
    assert len(found[0][0]) < 8


def test_damage_never_throws_and_is_noticed(blank: Page, drawings: list[dict], sample: Data) -> None:
    rng = random.Random(5)
    image = {"strokes": [], "image": to_base64(np.ascontiguousarray(sample.test.images[0, 2:-2, 2:-2].numpy()))}
    inks = [*as_the_pad_holds(blank, drawings), image]
    whole = [letters for letters, _ in blank.evaluate(PACK, inks)]
    texts = [damaged(rng, rng.choice(whole)) for _ in range(5_000)]
    found = blank.evaluate(UNPACK, texts)
    assert [text for text, ink in zip(texts, found, strict=True) if ink is not None and text not in whole] == []


def pack_by_hand(body: list[int]) -> str:
    """The letters of bytes of one's own choice, with the right checksum."""
    hashed = 0x811C9DC5
    for byte in body:
        hashed = (hashed ^ byte) * 0x01000193 % 2**32
    content = np.array([*body, *(hashed >> shift & 255 for shift in (0, 8, 16))], np.uint8)
    return to_base64(content).translate(str.maketrans("+/", "-_", "="))


def test_what_no_pad_can_hold_is_refused_whoever_wrote_it(blank: Page) -> None:
    dots = [1, 0, 0]
    many = [0, *([100, *[0, 0] * 100] * (MAX_POINTS // 100))]
    allowed = [[0], [0, *dots * MAX_STROKES], many]
    refused = [
        [],
        [0, *dots * (MAX_STROKES + 1)],
        [*many, *dots],
        [0, 255, 255, 255, 255, 15, 0, 0],  # a stroke of four thousand million points
        [0, 0],  # a stroke without points
        [0, 1, 0],  # half a point
        [0, 1, 255, 255, 255, 255, 255, 255, 1, 0],  # a number without end
        [0, 1, *[255, 255, 255, 255, 15] * 2],  # off the sheet, and off everything
        [2],  # an image without pixels
        [2, 255, 127, 0],
        [7, 1, 1],
    ]
    found = blank.evaluate(UNPACK, [pack_by_hand(body) for body in allowed + refused])
    assert [ink is not None for ink in found] == [True] * len(allowed) + [False] * len(refused)
    assert blank.evaluate(UNPACK, ["A" * 100_000, "", "é", "====", "AAAA AAAA"]) == [None] * 5


def test_a_state_comes_back_from_its_link(blank: Page) -> None:
    link = blank.evaluate(TO, [STATE, BASE])
    assert link.startswith(
        f"https://engine.test/some/where/?v=1&run={KEY}@3&threshold=0.55&unit=C3.4.2.7&tab=compare&raw=1&lesson=4"
        "&lang=zh&view=embed#ink="
    )
    short = blank.evaluate(TO, [{"network": "lenet-28"}, BASE])
    assert short == "https://engine.test/some/where/?v=1&network=lenet-28"
    hub = blank.evaluate(TO, [{"run": "hf:mia/lenet5.2"}, BASE])
    assert hub.endswith("?v=1&run=hf:mia/lenet5.2")
    found = blank.evaluate(FROM, [link, short, hub, BASE])
    states = [STATE, {**NOTHING, "network": "lenet-28"}, {**NOTHING, "run": "hf:mia/lenet5.2"}, NOTHING]
    assert found == [{"state": state, "trouble": None} for state in states]


def test_a_photo_stays_in_the_browser(blank: Page) -> None:
    ink = {"strokes": [], "picture": "data:image/png;base64,AAAA"}
    assert "#" not in blank.evaluate(TO, [{"ink": ink, "network": "lenet5"}, BASE])


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("network=../etc", "network"),
        ("run=0123", "run"),
        (f"run={KEY}@x", "run"),
        ("run=hf:mia", "run"),
        ("threshold=1.01", "threshold"),
        ("threshold=-0.1", "threshold"),
        ("threshold=", "threshold"),
        ("threshold=NaN", "threshold"),
        ("unit=C3.0.1.1", "unit"),
        ("unit=C3.4.2", "unit"),
        ("unit=%3Cimg%3E.1.1.1", "unit"),
        ("tab=admin", "tab"),
        ("raw=yes", "raw"),
        ("v=one", "v"),
        ("#ink=", "ink"),
        ("#ink=AAAAAAAA", "ink"),
    ],
)
def test_what_is_damaged_is_left_out_and_named(blank: Page, query: str, part: str) -> None:
    (found,) = blank.evaluate(FROM, [f"https://engine.test/?lang=en&lesson=2&{query}"])
    assert found["state"] == {**NOTHING, "language": "en", "lesson": 2}
    assert found["trouble"] == {"key": "link.damaged", "values": {"parts": [{"key": f"link.part.{part}"}]}}


def test_a_newer_link_is_left_to_newer_pages(blank: Page) -> None:
    link = blank.evaluate(TO, [STATE, BASE]).replace("v=1&", "v=2&")
    (found,) = blank.evaluate(FROM, [link])
    assert found["trouble"] == {"key": "link.newer"}
    assert found["state"] == {**NOTHING, "lesson": 4, "language": "zh", "embed": True}


def test_random_damage_of_a_whole_link_never_throws(blank: Page) -> None:
    rng = random.Random(7)
    link = blank.evaluate(TO, [STATE, BASE])
    _, _, asked = link.partition("?")
    links = [f"https://engine.test/?{damaged(rng, asked)}" for _ in range(3_000)]
    for found in blank.evaluate(FROM, links):
        assert found["state"]["ink"] in (None, STATE["ink"])
        assert set(found) == {"state", "trouble"}
