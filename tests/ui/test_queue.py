import pytest

from lenet.errors import LenetError, UnknownModelError
from lenet.runs import models
from lenet.ui import queue as line
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


def test_a_full_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "MOST", 1)
    queue = TrainingQueue()
    queue.join()
    with pytest.raises(LenetError, match="1 people wait to train here already"):
        queue.join()


def test_weights_in_training_are_read_by_their_token_only() -> None:
    queue = TrainingQueue()
    ticket = queue.join()
    ticket.network = "lenet5"
    weights = models.load_model("lenet5").state_dict()
    name, next_name = ticket.show(weights, "after epoch 1"), ticket.show(weights, "after epoch 2")
    assert is_live(name)
    assert name != next_name
    assert queue.live(next_name) is ticket
    assert ticket.shown[1] == "after epoch 2"
    for other in ("live:", "live:other:1"):
        with pytest.raises(UnknownModelError, match="This training is over"):
            queue.live(other)
    queue.leave(ticket)
    with pytest.raises(UnknownModelError, match="This training is over"):
        queue.live(name)
