from dataclasses import fields

import pytest

from lenet.runs import models
from lenet.training.recipe import PRESETS, Preset, Recipe
from lenet.ui import form


def test_the_form_as_it_is_offered_is_the_usual_recipe() -> None:
    assert form.filled(form.defaults(), "mnist", "lenet5") == Recipe()


def test_every_part_of_a_recipe_can_be_filled_in() -> None:
    offered = form.offered()
    assert {field["name"] for field in offered["fields"]} == {field.name for field in fields(Recipe)}
    assert [preset["name"] for preset in offered["presets"]] == list(PRESETS)
    for preset in offered["presets"]:
        form.filled(preset["values"], "sample", "lenet5")


def test_what_is_filled_in_becomes_the_recipe() -> None:
    values = {**form.defaults(), "epochs": 2, "optimizer": "sgd", "rate": 1, "styles": 0.5}
    expected = Recipe(data="sample", epochs=2, optimizer="sgd", rate=1.0, styles=0.5)
    assert form.filled(values, "sample", "lenet5") == expected


def test_a_preset_leaves_the_network_as_it_is_unless_it_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    named = Preset("as in 1998", {"network": "lenet5-1998"})
    monkeypatch.setattr(form, "PRESETS", {"quick": PRESETS["quick"], "named": named})
    quick, other = (preset["values"] for preset in form.offered()["presets"])
    assert not set(form.KEPT) & set(quick)
    assert {name: other[name] for name in form.KEPT if name in other} == {"network": "lenet5-1998"}


def test_starting_from_what_reads_now_names_its_key() -> None:
    recipe = form.filled({**form.defaults(), "start": "current"}, "mnist", "lenet5")
    assert recipe.start == models.load_run("lenet5").key


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "a form is"),
        ({"lenet": 5}, "a form is"),
        ({"epochs": 51}, "epochs 51 is out of bounds: 1 to 50"),
        ({"epochs": 0}, "epochs 0 is out of bounds"),
        ({"epochs": None}, "epochs None is out of bounds"),
        ({"epochs": "3"}, "epochs '3' is out of bounds"),
        ({"epochs": True}, "epochs True is out of bounds"),
        ({"network": "lenet6"}, "Unknown network 'lenet6'"),
        ({"optimizer": ["sgd"]}, "optimizer .* is out of bounds: a name"),
        ({"network": {}}, "network {} is out of bounds: a name"),
        ({"batch": None}, "batch None is out of bounds: 1 to 1024"),
        ({"data": "/etc"}, "data '/etc' is out of bounds: auto, sample"),
        ({"start": []}, "start .* is out of bounds"),
        ({"start": "elsewhere"}, "start 'elsewhere' is out of bounds"),
        ({"rate": "fast"}, "rate 'fast' is out of bounds"),
        ({"start": "current"}, "no network or run 'lenet6'"),
    ],
)
def test_what_cannot_be_trained_is_refused_with_the_rule(wrong: dict | None, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        form.filled(wrong, "mnist", "lenet6")


def test_a_page_may_offer_fewer_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_MAX_EPOCHS", "3")
    assert form.defaults()["epochs"] == 3
    assert all(preset["values"]["epochs"] <= 3 for preset in form.offered()["presets"])
    with pytest.raises(ValueError, match="epochs 4 is out of bounds: 1 to 3 on this page"):
        form.filled({"epochs": 4}, "mnist", "lenet5")
