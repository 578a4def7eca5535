"""What the page without a server works out of a test, against what Python says of the same digits."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from plain import serve_folder
from playwright.sync_api import Browser, Page

from lenet.digits.data import Data
from lenet.evaluation.report import BINS, Report
from lenet.networks import pruning
from lenet.runs import models
from lenet.ui import folder, site
from lenet.ui.pages import networks, testset

ERRORS = (0.001, 0.005, 0.05)
THRESHOLD = 0.7
REPORT = """async ([module, labels, probabilities, confidence, bins, errors, threshold]) => {
    const { makeReport } = await import(module);
    const report = makeReport(labels, new Float32Array(probabilities), new Float32Array(confidence), bins);
    return {
        ...report,
        points: errors.map((error) => report.rejectionForError(error)),
        rejected: report.rejected(threshold),
        cells: labels.slice(0, 10).map((_, i) => [report.cell(i, i), report.cell(i, (i + 1) % 10)]),
    };
}"""
TEST = """async ([module, model, cells]) => {
    const { server } = await import(module);
    for (let [done, total] = [0, 1]; done < total;)
        ({ done, total } = await server.test({ do: "read", model, from: done }));
    const ask = (what, more = {}) => server.test({ do: what, model, ...more });
    const found = cells.map(([label, digit]) => ask("cell", { label, digit }));
    return { report: await ask("report"), point: await ask("point"), cells: await Promise.all(found) };
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page that knows the site's modules."""
    place = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "_perturbed", lambda name, kind: {"kind": kind})
        folder.write(place, site.build())
    with serve_folder(place) as address:
        page = browser.new_page()
        page.goto(address)
        yield page
        page.close()


def module(page: Page, name: str) -> str:
    return page.evaluate(f"new URL('{name}.js', document.querySelector('script[type=module]').src).href")


def random_report(sharp: float, right: float, digits: int = 10) -> Report:
    """997 digits of the first labels, read with some confidence, of which so many are right."""
    rng = np.random.default_rng(5)
    probabilities = torch.from_numpy(rng.dirichlet([1 / sharp] * 10, 997)).float()
    chosen = probabilities.argmax(1)
    labels = torch.where(torch.from_numpy(rng.random(997) < right), chosen, torch.from_numpy(rng.integers(0, 10, 997)))
    return Report(probabilities, labels % digits, torch.from_numpy(rng.random(997)).float().round(decimals=2))


@pytest.mark.parametrize(
    "report",
    [random_report(20, 0.98), random_report(2, 0.5), random_report(5, 0.9, digits=7), random_report(5, 0.0)],
    ids=["sharp", "vague", "without some labels", "mostly wrong"],
)
def test_every_metric_is_pythons(page: Page, report: Report) -> None:
    given = [report.labels.tolist(), report.probabilities.flatten().tolist(), report.confidence.tolist()]
    found = page.evaluate(REPORT, [module(page, "report"), *given, BINS, [*ERRORS], THRESHOLD])

    def near(wanted: Any, relative: float = 1e-9) -> Any:
        return pytest.approx(wanted, rel=relative, abs=1e-12)

    assert found["predicted"] == report.predicted.tolist()
    assert (found["total"], found["correct"]) == (report.total, report.correct)
    assert found["accuracy"] == report.accuracy
    assert found["interval"] == near(list(report.interval))
    assert found["confusion"] == report.confusion.tolist()
    for name in ("recall", "precision"):
        wanted = testset._numbers(getattr(report, name))
        assert [value is None for value in found[name]] == [value is None for value in wanted]
        assert [v for v in found[name] if v is not None] == near([v for v in wanted if v is not None], 1e-6)  # float32
    assert np.array(found["calibration"]) == near(np.array(report.calibration))
    assert found["calibrationError"] == near(report.calibration_error)
    assert found["errors"] == report.errors.tolist()
    assert found["rejected"] == report.rejected(THRESHOLD)
    assert np.array(found["rejection"]) == near(torch.stack(report.rejection(), 1).numpy())
    for point, error in zip(found["points"], ERRORS, strict=True):
        assert point == (wanted if (wanted := report.rejection_for_error(error)) is None else near(wanted))
    best = report.probabilities.amax(1)
    for label, cells in enumerate(found["cells"]):
        for digit, places in zip((label, (label + 1) % 10), cells, strict=True):
            inside = ((report.labels == label) & (report.predicted == digit)).nonzero().flatten()
            assert places == inside[best[inside].argsort(descending=label != digit)].tolist()


@pytest.mark.parametrize("model", [*models.pretrained()])
def test_every_answer_about_the_sample_is_pythons(page: Page, model: str) -> None:
    wanted = testset.report(model, "sample")
    ask: dict[str, Any] = {"model": model}
    confused = [[error["label"], error["digit"]] for error in wanted["errors"][:2]]
    found = page.evaluate(TEST, [module(page, "server"), model, [[3, 3], *confused]])
    report = found["report"]
    for name in ("model", "data", "notice", "correct", "total", "accuracy", "confusion", "threshold", "paper"):
        assert report[name] == wanted[name], name
    assert [error["index"] for error in report["errors"]] == [error["index"] for error in wanted["errors"]]
    for name in ("interval", "recall", "precision", "calibration_error", "rejected"):
        assert report[name] == pytest.approx(wanted[name], abs=1e-4), name
    assert np.array(report["calibration"]) == pytest.approx(np.array(wanted["calibration"]), abs=1e-4)
    assert np.array(report["rejection"]) == pytest.approx(np.array(wanted["rejection"]), abs=1e-9)
    own = testset._report(models.load_model(model), "sample")
    assert found["point"]["rejected"] == pytest.approx(own.rejection_for_error(0.005))
    for (label, digit), cell in zip([[3, 3], *confused], found["cells"], strict=True):
        there = testset._cell({**ask, "label": label, "digit": digit}, model, "sample")
        assert cell["count"] == there["count"]
        best, sure = ([digit["probabilities"][digit["digit"]] for digit in each["digits"]] for each in (cell, there))
        assert best == pytest.approx(sure, abs=2e-4)  # the same order, but for digits of the same probability
        theirs = {digit["index"]: digit for digit in there["digits"]}
        assert theirs.keys() == {mine["index"] for mine in cell["digits"]}
        for mine in cell["digits"]:
            other = theirs[mine["index"]]
            assert {**mine, "probabilities": None} == {**other, "probabilities": None}
            assert mine["probabilities"] == pytest.approx(other["probabilities"], abs=2e-4)


def test_a_pruned_network_is_as_accurate_as_pythons(page: Page, sample: Data) -> None:
    cut = [[0, 0], [0, 1], [7, 2]]  # C3 of 1998 has these
    answer = page.evaluate(
        "async ([module, pruned]) => (await import(module)).server.prune({ network: 'lenet5-1998', pruned })",
        [module(page, "server"), cut],
    )
    network = pruning.prune(models.load_model("lenet5-1998"), [(map, source) for map, source in cut])
    assert answer["total"] == len(sample.test)
    assert answer["accuracy"] == networks._accuracy(network, "sample")
    assert answer["accuracy_before"] == networks._pretrained_accuracy("lenet5-1998", "sample")


def test_every_perturbed_curve_is_answered_as_python_wrote_it(page: Page) -> None:
    for kind in ("rotation", "noise"):
        message = {"do": "perturb", "model": "lenet-28", "kind": kind, "image": None}
        answer = page.evaluate(
            "async ([module, message]) => (await import(module)).server.test(message)",
            [module(page, "server"), message],
        )
        assert answer == {"kind": kind}
