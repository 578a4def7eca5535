import pytest
from fakes import a_run

from lenet.errors import LenetError, UnknownModelError
from lenet.runs import models
from lenet.training.recipe import Recipe
from lenet.ui import queue as queue_module
from lenet.ui.queue import TrainingQueue, is_live


def test_one_trains_and_the_others_follow_in_order() -> None:
    queue = TrainingQueue()
    first, second, third = queue.join(), queue.join(), queue.join()
    assert [queue.ahead(ticket) for ticket in (first, second, third)] == [0, 1, 2]
    queue.leave(second)
    queue.leave(second)
    assert queue.ahead(third) == 1
    queue.leave(first)
    assert queue.ahead(third) == 0
    queue.leave(third)
    assert not queue.busy()


def test_a_full_queue_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "MAX_TICKETS", 1)
    queue = TrainingQueue()
    queue.join()
    with pytest.raises(LenetError, match="The training queue is full"):
        queue.join()


def test_weights_in_training_are_read_by_their_token_only() -> None:
    queue = TrainingQueue()
    ticket = queue.join()
    weights = models.load_model("lenet5").state_dict()
    name, next_name = (ticket.show(Recipe(), weights, epoch=epoch) for epoch in (1, 2))
    assert is_live(name)
    assert name != next_name
    assert queue.snapshot(next_name) is ticket.snapshot
    assert (ticket.snapshot.recipe, ticket.snapshot.epoch, ticket.snapshot.images) == (Recipe(), 2, None)
    for other in ("live:", "live:other:1"):
        with pytest.raises(UnknownModelError, match="This training has finished"):
            queue.snapshot(other)
    queue.leave(ticket)
    with pytest.raises(UnknownModelError, match="This training has finished"):
        queue.snapshot(name)


def test_models_that_could_not_be_saved_are_kept_for_a_while_and_the_oldest_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue_module, "MAX_UNSAVED", 2)
    queue = TrainingQueue()
    weights = models.load_model("lenet5").state_dict()
    names = []
    for _ in range(3):
        ticket = queue.join()
        names.append(ticket.show(Recipe(), weights, run=a_run()))
        queue.keep(ticket)
        queue.leave(ticket)
    assert not queue.busy()
    assert [queue.snapshot(name).run for name in names[1:]] == [a_run(), a_run()]
    with pytest.raises(UnknownModelError, match="no longer has these weights"):
        queue.snapshot(names[0])


def test_a_ticket_is_stopped_by_its_token_only() -> None:
    queue = TrainingQueue()
    ticket = queue.join()
    for other in ("", "other", None, 5, ["x"]):
        queue.stop(other)
    assert not ticket.stop.is_set()
    queue.stop(ticket.token)
    assert ticket.stop.is_set()
