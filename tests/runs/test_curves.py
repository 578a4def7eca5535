"""The picture of curves: every point and label is there, whatever the values and the titles."""

import math
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from fakes import a_run
from PIL import Image

from lenet.errors import LenetError
from lenet.evaluation import paper
from lenet.runs import curves
from lenet.runs.run import Run

SVG = "{http://www.w3.org/2000/svg}"
COLUMNS = ("epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "seconds")
USUAL = [(1, 0.31, 0.905, 0.095, 0.971, 1.0), (2, 0.08, 0.976, 0.061, 0.981, 2.0), (3, 0.05, 0.985, 0.048, 0.987, 3.0)]


def with_history(rows: list[tuple[float, ...]], **other: object) -> Run:
    return a_run(history=tuple(dict(zip(COLUMNS, row, strict=True)) for row in rows), **other)


def drawn(*runs: Run) -> Element:
    return ElementTree.fromstring(curves.svg(runs))


def chart(picture: Element, kind: str) -> Element:
    return next(group for group in picture.iter(f"{SVG}g") if group.get("class") == kind)


def points(picture: Element, kind: str, part: str) -> list[list[tuple[float, float]]]:
    """Of every run its points in a chart."""
    lines = [line for line in chart(picture, kind).iter(f"{SVG}polyline") if line.get("class") == part]
    texts = [line.get("points", "").split() for line in lines]
    return [[(float(x), float(y)) for x, y in (point.split(",") for point in line)] for line in texts]


def labels(element: Element) -> list[str]:
    return [text.text or "" for text in element.iter(f"{SVG}text")]


def height(picture: Element, kind: str, label: str) -> float:
    """Where the axis has this label."""
    return next(float(text.get("y", "")) - 4 for text in chart(picture, kind).iter(f"{SVG}text") if text.text == label)


def test_lines_go_through_every_epoch() -> None:
    picture = drawn(with_history(USUAL))
    for kind in ("loss", "accuracy"):
        for part in ("training", "validation"):
            (line,) = points(picture, kind, part)
            assert all(x < further for (x, _), (further, _) in pairwise(line))
            dots = [dot for dot in chart(picture, kind).iter(f"{SVG}circle") if dot.get("class") == part]
            assert [(float(dot.get("cx", "")), float(dot.get("cy", ""))) for dot in dots] == line
    assert all(y > lower for (_, y), (_, lower) in pairwise(points(picture, "loss", "validation")[0][::-1]))


def test_the_axes_say_what_they_show() -> None:
    picture = drawn(with_history(USUAL))
    assert {"epoch", "cross-entropy (nats, log scale)", "0.02", "0.5"} <= {*labels(chart(picture, "loss"))}
    assert {"epoch", "accuracy", "90%", "100%"} <= {*labels(chart(picture, "accuracy"))}
    assert {"validation", "training", "LeNet-5 (1998), test: 99.05%"} <= {*labels(picture)}


def test_the_axis_of_loss_is_logarithmic() -> None:
    picture = drawn(with_history(USUAL))
    ticks = [0.02, 0.05, 0.1, 0.2, 0.5]
    heights = [height(picture, "loss", f"{tick:g}") for tick in ticks]
    decade = heights[0] - heights[3]
    assert decade > 100
    for tick, y in zip(ticks, heights, strict=True):
        assert heights[0] - y == pytest.approx(math.log10(tick / 0.02) * decade, abs=0.05)


def test_values_lie_where_the_axis_says() -> None:
    picture = drawn(with_history([(1, 0.5, 0.9, 0.05, 1.0, 1.0)]))
    assert points(picture, "loss", "training")[0][0][1] == pytest.approx(height(picture, "loss", "0.5"), abs=0.02)
    assert points(picture, "loss", "validation")[0][0][1] == pytest.approx(height(picture, "loss", "0.05"), abs=0.02)
    for part, label in (("training", "90%"), ("validation", "100%")):
        y = points(picture, "accuracy", part)[0][0][1]
        assert y == pytest.approx(height(picture, "accuracy", label), abs=0.02)
    line = next(line for line in chart(picture, "accuracy").iter(f"{SVG}line") if line.get("class") == "paper")
    low, high = height(picture, "accuracy", "90%"), height(picture, "accuracy", "100%")
    assert float(line.get("y1", "")) == pytest.approx(low + (paper.ACCURACY - 0.9) / 0.1 * (high - low), abs=0.02)


@pytest.mark.parametrize(
    "rows",
    [
        [(1, 2.31, 0.098, 2.30, 0.104, 1.0)],  # one epoch, nothing learned
        [(1, 1.0, 0.0, 1.0, 0.0, 1.0)],
        [(1, 0.1, 1.0, 0.1, 1.0, 1.0)],
        [(1, 0.0, 1.0, 0.0, 1.0, 1.0)],
        [(1, 3e-9, 0.5, 0.0, 0.5, 1.0), (2, 40.0, 0.5, 1e5, 0.5, 2.0)],
        [(epoch, 1 / epoch, 1 - 0.3 / epoch, 2 / epoch, 1 - 0.4 / epoch, epoch) for epoch in range(1, 51)],
    ],
    ids=range(6),
)
def test_no_point_is_lost(rows: list[tuple[float, ...]]) -> None:
    picture = drawn(with_history(rows))
    for kind in ("loss", "accuracy"):
        for part in ("training", "validation"):
            (line,) = points(picture, kind, part)
            assert len(line) == len(rows)
            assert all(curves.LEFT <= x <= curves.WIDTH / 2 - curves.RIGHT for x, _ in line)
            assert all(curves.TOP - 0.01 <= y <= curves.HEIGHT - curves.BOTTOM + 0.01 for _, y in line)
        assert 4 <= len(labels(chart(picture, kind))) < 30


def test_runs_are_told_apart_and_their_titles_are_text() -> None:
    title = '<script>"a" & b</script>'
    first, second = with_history(USUAL, title=title), with_history(USUAL[:1])
    picture = drawn(first, second)
    assert [len(line) for line in points(picture, "loss", "validation")] == [3, 1]
    assert {title, second.name} <= {*labels(picture)}
    assert picture.find(f".//{SVG}script") is None
    groups = [group for group in chart(picture, "loss").iter(f"{SVG}g") if group.get("class") == "run"]
    assert len({group.get("color") for group in groups}) == 2
    assert picture.findtext(f"{SVG}title") == f"Loss and accuracy of {title}, {second.name}"


def test_a_title_with_what_xml_forbids_is_still_a_picture() -> None:
    assert "ab" in labels(drawn(with_history(USUAL, title="a\0\x1b\ud800b")))


def test_a_run_without_an_epoch_is_named_beside_one_with() -> None:
    empty = a_run(title="stopped at once")
    assert "stopped at once" in labels(drawn(with_history(USUAL), empty))


def test_without_any_epoch_there_are_no_curves() -> None:
    with pytest.raises(LenetError, match="There are no curves: no epoch was completed"):
        curves.svg([a_run()])


def test_a_browser_draws_it(tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("needs Chromium")
    (tmp_path / "curves.svg").write_text(curves.svg([with_history(USUAL, title="mine")]), encoding="utf-8")
    size = f"{curves.WIDTH},{curves.HEIGHT + 60}"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={size}"]
    picture = f"--screenshot={tmp_path / 'curves.png'}"
    command = [chromium, *options, f"--user-data-dir={tmp_path / 'profile'}", picture, f"file://{tmp_path}/curves.svg"]
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    with Image.open(tmp_path / "curves.png") as shown:
        colours = {colour for _, colour in shown.convert("RGB").getcolors(1 << 20)}
    assert (255, 255, 255) in colours
    assert tuple(bytes.fromhex(curves.COLOURS[0][1:])) in colours
