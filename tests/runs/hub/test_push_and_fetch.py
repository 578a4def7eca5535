"""What `lenet push` saves on the Hub is what `hf:USER/NAME` reads elsewhere, to the bit."""

import torch
from training import QUICK, trained

import lenet
from lenet.runs import models
from lenet.runs.hub.push import push


def test_a_run_that_was_pushed_is_read_elsewhere_to_the_bit(hub, little, monkeypatch, tmp_path) -> None:
    run = trained(QUICK, little).run
    expected = models.load_model(run.key).state_dict()
    assert push(run.key, "mia/mine") == f"{hub.address}/mia/mine"
    assert hub.repositories["mia/mine"].commits == 1
    assert {"model.safetensors", "plan.json", "README.md"} <= hub.repositories["mia/mine"].files.keys()
    monkeypatch.setenv("LENET_HOME", str(tmp_path / "elsewhere"))
    weights = lenet.load_model("hf:mia/mine").state_dict()
    assert all(torch.equal(values, expected[name]) for name, values in weights.items())
