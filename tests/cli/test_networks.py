import json

from lenet.cli.main import main
from lenet.networks.plan import Step
from lenet.runs import models


def test_networks_says_what_each_is(capsys) -> None:
    assert main(["networks", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    lenet5 = next(row for row in rows if row["name"] == "lenet5")
    assert lenet5.keys() == {"name", "parameters", "input", "year", "source", "accuracy"}
    assert (lenet5["parameters"], lenet5["input"], lenet5["year"]) == (61_706, [1, 32, 32], 1998)
    assert lenet5["accuracy"] == models.load_run("lenet5").accuracy


def test_networks_are_a_line_each(capsys) -> None:
    assert main(["networks"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("lenet5: 61,706 parameters, input 1x32x32, 99.58% MNIST test accuracy. LeCun")
    assert any("lenet-28-relu: 44,426 parameters, input 1x28x28, no pretrained weights." in line for line in lines)


def test_the_layers_of_a_network_are_a_table(capsys) -> None:
    assert main(["networks", "lenet5-1998"]) == 0
    head, *rows, total = capsys.readouterr().out.splitlines()
    assert head.split("  ")[-1].strip() == "receptive field"
    assert rows[2].split() == ["C3", "16x10x10", "5", "1", "0", "1,516", "151,600", "150,000", "14x14"]
    assert len({len(row) for row in [head, *rows]}) == 1  # columns are aligned
    assert total == "total 60,000 parameters, 340,908 connections"


def test_the_layers_of_a_network_as_json(capsys) -> None:
    assert main(["networks", "lenet5", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["name"] for row in rows] == ["C1", "S2", "C3", "S4", "C5", "F6", "output"]
    assert rows[0].keys() == {*Step.__dataclass_fields__}
