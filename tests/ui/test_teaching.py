"""Teaching as the page asks for it."""

import base64
from dataclasses import replace
from functools import partial

import pytest
from awaiting import awaited
from mine import sent
from said import said
from visiting import NOBODY

from lenet.digits import mine
from lenet.digits.data import Digits
from lenet.errors import InvalidError
from lenet.evaluation import before_after
from lenet.runs import cache, models
from lenet.training import teach
from lenet.ui import form, teaching, training, zerogpu
from lenet.ui.queue import TrainingQueue
from lenet.ui.training_view import View


def taught(own: Digits) -> list[View]:
    """All views of a teaching on the sample."""

    async def gathered() -> list[View]:
        choose = partial(teaching.recipe, own, model="lenet5")
        return [one async for one in training.retrain(TrainingQueue(), "sample", choose, "lenet5", NOBODY, own)]

    return awaited(gathered())


def test_what_the_page_sends_is_what_python_makes_of_the_drawings(own: Digits) -> None:
    found = teaching.parse(sent(own))
    assert mine.fingerprint(found) == mine.fingerprint(own)


IMAGE = base64.b64encode(bytes(28 * 28)).decode()


@pytest.mark.parametrize(
    ("message", "says"),
    [
        (None, "can't read these digits"),
        ([], "can't read these digits"),
        ({"labels": "07"}, "can't read these digits"),
        ({"labels": 7, "images": IMAGE}, "can't read these digits"),
        ({"labels": "x", "images": IMAGE}, "can't read these digits"),
        ({"labels": "٣", "images": IMAGE}, "can't read these digits"),
        ({"labels": "", "images": ""}, "can't read these digits"),
        ({"labels": "77", "images": IMAGE}, "can't read these digits"),
        ({"labels": "7", "images": IMAGE[:-4]}, "can't read these digits"),
        ({"labels": "7", "images": "?" * 1046}, "can't read these digits"),
        ({"labels": "7" * 501, "images": IMAGE}, "more than 500 digits"),
        ({"labels": "7", "images": IMAGE}, "at least 2 digits"),
        ({"labels": "77", "images": base64.b64encode(bytes(2 * 784)).decode()}, "at least 2 digits"),  # the same one
    ],
)
def test_anything_else_is_refused_with_a_word(message: object, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        teaching.parse(message)


def test_views_lead_to_a_comparison_and_only_a_better_model_reads(here, short, own, monkeypatch) -> None:
    views = taught(own)
    (run,) = cache.stored()
    keys = list(dict.fromkeys(view.message.key for view in views))
    assert keys[0] == "training.loading"
    assert keys.index("training.checking") < keys.index("training.evaluating")
    progress = [view.progress for view in views]
    assert progress == sorted(progress)
    last = views[-1]
    assert (last.state, last.key, last.previous) == ("done", run.key, "lenet5")
    assert [change["digits"] for change in last.changes] == ["mine", "test"]
    assert (last.better, last.model) == (run.is_better, run.key if run.is_better else "")

    for better, model, key in ((True, run.key, "training.taught"), (False, "", "training.taught.")):
        monkeypatch.setattr("lenet.runs.run.is_better", lambda rows, better=better: better)
        *_, again = taught(own)
        assert (again.state, again.model, again.better) == ("done", model, better)
        assert key in str(again.message.json())
    assert before_after.is_better(run.before_after) == last.better


def test_what_is_gained_and_what_it_costs_are_said(here, short, own, monkeypatch) -> None:
    taught(own)
    (run,) = cache.stored()
    gained = before_after.BeforeAfter("mine", 8, 2, 6)
    for lost, says in (
        (5, "Taught 8 digits. In return, 5 more of the 1,000 test digits are misread."),
        (0, "Taught 8"),
    ):
        rows = (gained, before_after.BeforeAfter("test", 1000, 990, 990 - lost))
        monkeypatch.setattr(cache, "find", lambda key, rows=rows: replace(run, before_after=rows))
        *_, last = taught(own)
        assert last.model == run.key
        sentences = said(last.message.json())
        assert sentences.startswith(says)
        assert ("In return" in sentences) == bool(lost)


def test_a_taught_run_is_not_trained_further_without_its_digits(here, short, own) -> None:
    *_, last = taught(own)
    with pytest.raises(InvalidError, match="Teach again"):
        form.continuation(last.key, 1)


def test_where_a_gpu_is_lent_digits_are_taught_in_this_process(here, short, own, monkeypatch) -> None:
    monkeypatch.setattr(zerogpu, "fit", zerogpu.fit_from_page)
    monkeypatch.setattr(zerogpu, "fit_on_gpu", None)  # not asked
    *_, last = taught(own)
    assert last.state == "done"
    assert models.load_run(last.key).device == "cpu"


def test_the_form_offers_no_digits() -> None:
    assert "mine" not in form.NAMES
    with pytest.raises(InvalidError):
        form.recipe({**form.defaults(), "mine": "0" * 64}, "sample", "lenet5")


@pytest.mark.parametrize("name", [*models.pretrained()])
def test_every_network_can_be_taught(short, own, little, name: str) -> None:
    data = replace(little, mine=own)
    *_, last = cache.train(teach.recipe(name, models.resolve(name), "sample", own), data)
    assert [row.digits for row in last.run.before_after] == ["mine", "test"]
    assert last.run.before_after[1].after > 0.9 * last.run.before_after[1].before
