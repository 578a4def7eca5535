"""`lenet push`, and `hf:USER/NAME` wherever a command takes a model."""

import json
from pathlib import Path

import pytest
from fakes import a_run

from lenet.cli.main import main
from lenet.runs import models, store


@pytest.fixture
def key() -> str:
    store.ensure_writable()
    return store.save(a_run(), models.load_model("lenet5").state_dict(), []).key


def test_a_run_is_pushed_and_used_by_its_name(hub, key: str, capsys, tmp_path: Path, monkeypatch) -> None:
    assert main(["push", key[:12], "mia/mine", "--private"]) == 0
    said = f"Saved as {hub.address}/mia/mine. Load it with: lenet test --run hf:mia/mine\n"
    assert capsys.readouterr() == (said, "")
    assert hub.repositories["mia/mine"].private
    monkeypatch.chdir(tmp_path)
    assert main(["test", "--run", "hf:mia/mine", "--data", "sample", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["network"] == "hf:mia/mine"
    Path("seven.jsonl").write_text('{"strokes": [[[0, 0], [100, 0], [40, 160]]]}\n')
    assert main(["predict", "seven.jsonl", "--run", "hf:mia/mine", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["digit"] == 7
    assert main(["export", "--run", "hf:mia/mine", "--to", "safetensors"]) == 0
    assert store.read(Path("mine.safetensors"))[0].recipe.network == "lenet5"
    short = ["--data", "sample", "--epochs", "1", "--batch", "1000"]
    assert main(["train", "--start", "hf:mia/mine", *short, "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert len(events[-1]["run"]["recipe"]["start"]) == 64


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["push", "lenet5", "mine"], 2, "“mine” is not the name of a repository"),
        (["push", "lenet6", "mia/mine"], 1, "lenet6"),
        (["push", "lenet5", "ann/mine"], 1, "You may not write to ann/mine"),
        (["test", "--run", "hf:mia/none"], 1, "There's no model.safetensors in mia/none on the Hub"),
        (["test", "--run", "hf:mine"], 1, "“mine” is not the name of a repository"),
    ],
)
def test_what_the_hub_refuses_is_one_sentence(hub, capsys, arguments: list[str], code: int, says: str) -> None:
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert len(err.splitlines()) == 1
