import base64
import json

import pytest
import torch
from safetensors.torch import load as from_bytes
from said import said
from training import QUICK, trained

from lenet import networks
from lenet.runs import cache, models
from lenet.training.recipe import Recipe
from lenet.ui import weights
from lenet.ui.description import describe
from lenet.ui.loading import loader
from lenet.ui.queue import TrainingQueue


@pytest.fixture
def queue() -> TrainingQueue:
    return TrainingQueue()


def test_a_model_has_one_name_whatever_it_was_asked_by(little) -> None:
    run = trained(QUICK, little).run
    asked = [f"{run.key[:8]}@0", f"{run.key}@00", f"{run.key}@000"]
    assert {describe(name)["id"] for name in asked} == {f"{run.key}@0"}


def test_a_model_says_what_it_is_and_where_its_weights_are(queue) -> None:
    run = models.load_run("lenet5")
    answer = loader(queue)({"model": "lenet5"})
    assert answer == {
        "about": {
            "id": "lenet5",
            "network": "lenet5",
            "run": "",
            "title": "",
            "epoch": None,
            "images": None,
            "weights": weights.address("lenet5"),
            "year": 1998,
            "parameters": 61_706,
            "accuracy": run.accuracy,
            "data": "mnist",
            "part": "test",
            "threshold": run.threshold,
            "pretrained": True,
            "taught": 0,
            "live": False,
        }
    }


def test_an_epoch_of_a_run_says_which_it_is(queue, little) -> None:
    *_, last = cache.train(Recipe(data="sample", epochs=1), little)
    run, load = last.run, loader(queue)
    after = load({"model": f"{run.key}@1"})["about"]
    expected = {"id": f"{run.key}@1", "run": run.key[:8], "epoch": 1, "data": "sample", "part": "validation"}
    assert after == after | expected | {"pretrained": False, "threshold": 0.0}
    assert after["accuracy"] == run.history[0]["validation_accuracy"]
    before = load({"model": f"{run.key}@0"})["about"]
    assert before["accuracy"] is None
    assert before["weights"] != after["weights"]


def test_a_model_is_the_same_by_any_of_its_names(little) -> None:
    assert describe(models.load_run("lenet5").key) == describe("lenet5")
    *_, last = cache.train(Recipe(data="sample", epochs=1), little)
    assert describe(last.run.key[:8]) == describe(last.run.key)
    assert describe(last.run.key)["run"] == last.run.key[:8]


def test_weights_in_training_come_to_who_has_their_name(queue) -> None:
    ticket = queue.join()
    state = networks.create("lenet5", torch.Generator().manual_seed(5)).state_dict()
    name = ticket.show(Recipe(data="sample"), state, epoch=1)
    answer = loader(queue)({"model": name})
    tensors = from_bytes(base64.b64decode(answer["weights"]))
    assert tensors.keys() == state.keys()
    for key, values in tensors.items():
        assert values.dtype == torch.float16
        torch.testing.assert_close(values.float(), state[key], rtol=1e-3, atol=1e-6)
    about = answer["about"]
    expected = {"id": name, "network": "lenet5", "epoch": 1, "images": None, "data": "sample", "weights": ""}
    assert about == about | expected | {"live": True, "accuracy": None, "parameters": 61_706}
    assert about.keys() == describe("lenet5").keys()
    queue.leave(ticket)
    assert loader(queue)({"model": name}) == {"error": {"key": "training.over", "values": {}}, "gone": True}


@pytest.mark.parametrize(
    ("message", "says", "gone"),
    [
        (None, "can't read this request", False),
        ([], "can't read this request", False),
        ({"model": 5}, "can't read this request", False),
        ({"model": "lenet6"}, "lenet6", True),
        ({"model": "../weights/lenet5"}, "../weights/lenet5", True),
        ({"model": "live:other:1"}, "This training has finished", True),
    ],
)
def test_what_is_no_model_comes_back_as_a_word(queue, message: object, says: str, gone: bool) -> None:
    answer = loader(queue)(message)
    assert says in said(answer["error"])
    assert answer.get("gone", False) == gone


def test_a_file_of_weights_holds_them_all_and_the_plan() -> None:
    content = weights.weights_file("lenet5-1998")
    state = models.load_model("lenet5-1998").state_dict()
    tensors = from_bytes(content)
    assert tensors.keys() == state.keys()
    assert all(torch.equal(values, state[name]) for name, values in tensors.items())
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    assert json.loads(header["__metadata__"]["plan"])["rubbish"] == 12
    assert weights.encode("lenet5-1998", state) == content  # the same bytes, so the same address, in every process
