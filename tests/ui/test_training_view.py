import json
from dataclasses import fields

import pytest
import torch
from said import said

from lenet.runs import cache
from lenet.training import loop
from lenet.training.recipe import Recipe
from lenet.ui import dead_relu, training_view
from lenet.ui.queue import TrainingQueue, is_live
from lenet.ui.training_view import MAX_ROWS, Row, View, with_row


def test_the_drawing_is_classified_with_the_weights_in_training(little, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "REPORT_EVERY", 0.0)
    queue = TrainingQueue()
    ticket = queue.join()
    view, shown, recipe = View(previous="lenet5"), [], Recipe(data="sample", epochs=2)
    for event in cache.train(recipe, little):
        view = training_view.follow(view, training_view.Step(event, recipe, little), ticket)
        if is_live(view.model) and (not shown or view.model != shown[-1][0]):
            snapshot = queue.snapshot(view.model)
            weights = snapshot.network.state_dict()
            assert all(torch.equal(values, event.weights[name]) for name, values in weights.items())
            shown.append((view.model, snapshot.epoch, snapshot.images))
    assert [how_far for _, *how_far in shown] == [[0, 0], [None, 128], [None, 256], [1, None], [2, None]]


def test_a_view_is_json() -> None:
    assert View().json()["state"] == "idle"
    assert set(View().json()) == {field.name for field in fields(View)} | {"update"}


@pytest.mark.parametrize("view", [View(state="failed"), dead_relu.View()])
def test_the_same_view_again_is_another_value(view) -> None:
    assert view.json() != view.json()  # Gradio sends nothing where nothing changes, and the page would wait for ever


def test_a_view_on_its_way_says_its_message_and_detail(little) -> None:
    recipe = Recipe(data="sample", epochs=1)
    ticket, view = TrainingQueue().join(), View()
    for event in cache.train(recipe, little):
        view = training_view.follow(view, training_view.Step(event, recipe, little), ticket)
    sent = view.json()
    assert json.loads(json.dumps(sent))["training"] == [list(row) for row in view.training]
    assert (said(sent["message"]), said(sent["detail"])) == (str(view.message), str(view.detail))


@pytest.mark.parametrize("reports", [10, 499, 600, 100_000])
def test_a_curve_has_at_most_500_points_and_ends_where_the_training_is(reports: int) -> None:
    rows: tuple[Row, ...] = ()
    for report in range(reports):
        rows = with_row(rows, (50 * report / reports, 1 / (1 + report), 0.9), 50)
    assert min(reports, MAX_ROWS) / 2 <= len(rows) <= MAX_ROWS == 500
    assert rows[0][0] == 0
    assert rows[-1] == (50 * (reports - 1) / reports, 1 / reports, 0.9)
    assert rows == tuple(sorted(rows))
