from dataclasses import fields

import pytest
from training import trained

from lenet.errors import InvalidError, UnknownModelError
from lenet.runs import models
from lenet.texts import table
from lenet.training.recipe import PRESETS, Preset, Recipe
from lenet.ui import form


def test_the_form_as_it_is_offered_is_the_usual_recipe() -> None:
    assert form.recipe(form.defaults(), "mnist", "lenet5") == Recipe()


def test_every_part_of_a_recipe_can_be_filled_in() -> None:
    offered = form.offered()
    assert {field["name"] for field in offered["fields"]} == {field.name for field in fields(Recipe)} - {"mine"}
    assert [preset["name"] for preset in offered["presets"]] == list(PRESETS)
    for preset in offered["presets"]:
        form.recipe(preset["values"], "sample", "lenet5")


def test_every_word_of_the_form_is_in_the_table() -> None:
    texts = table()
    for field in form.offered()["fields"]:
        assert f"form.{field['name']}" in texts
        group = {"data": "form.data", "start": "form.start"}.get(field["name"], field["name"])
        title = ".title" if field["name"] == "network" else ""
        assert [key for choice in field["choices"] if (key := f"{group}.{choice}{title}") not in texts] == []
    assert all(f"preset.{preset['name']}" in texts for preset in form.offered()["presets"])


def test_what_is_filled_in_becomes_the_recipe() -> None:
    values = {**form.defaults(), "epochs": 2, "optimizer": "sgd", "rate": 1, "styles": 0.5}
    expected = Recipe(data="sample", epochs=2, optimizer="sgd", rate=1.0, styles=0.5)
    assert form.recipe(values, "sample", "lenet5") == expected


def test_another_optimizer_brings_what_goes_well_with_it() -> None:
    found = form.recipe({"optimizer": "adamw", "decay": 0.0}, "sample", "lenet5")
    assert (found.rate, found.schedule, found.smoothing, found.decay) == (6e-3, "one-cycle", 0.0, 0.0)
    for name, usual in form.offered()["usual"].items():
        assert form.recipe({**form.defaults(), "optimizer": name, **usual}, "sample", "lenet5") == form.recipe(
            {"optimizer": name}, "sample", "lenet5"
        )


def test_a_preset_leaves_the_network_as_it_is_unless_it_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    named = Preset({"network": "lenet5-1998"})
    monkeypatch.setattr(form, "PRESETS", {"quick": PRESETS["quick"], "1998": named})
    quick, other = (preset["values"] for preset in form.offered()["presets"])
    assert not set(form.KEPT) & set(quick)
    assert {name: other[name] for name in form.KEPT if name in other} == {"network": "lenet5-1998"}


def test_starting_from_what_reads_now_names_its_key() -> None:
    recipe = form.recipe({**form.defaults(), "start": "current"}, "mnist", "lenet5")
    assert recipe.start == models.load_run("lenet5").key


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "can't read this form"),
        ({"lenet": 5}, "can't read this form"),
        ({"epochs": 51}, "Epochs must be a whole number from 1 to 50"),
        ({"epochs": 0}, "Epochs must be"),
        ({"epochs": None}, "Epochs must be"),
        ({"epochs": "3"}, "Epochs must be"),
        ({"epochs": True}, "Epochs must be"),
        ({"network": "lenet6"}, "Network must be one of: lenet5, "),
        ({"optimizer": ["sgd"]}, "Optimizer must be one of: muon, "),
        ({"network": {}}, "Network must be one of: lenet5, "),
        ({"batch": None}, "Batch size must be a whole number from 1 to 1,024"),
        ({"data": "/etc"}, "Data must be one of: auto, mnist.pens, sample"),
        ({"data": "mnist"}, "Data must be one of: auto, mnist.pens, sample"),
        ({"start": []}, "Initialize from must be one of: scratch, current"),
        ({"start": "elsewhere"}, "Initialize from must be one of"),
        ({"rate": "fast"}, "Peak learning rate must be above 0 and at most 1"),
        ({"start": "current"}, "lenet6"),
    ],
)
def test_what_cannot_be_trained_is_refused_with_the_rule(wrong: dict | None, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        form.recipe(wrong, "mnist", "lenet6")


def test_a_network_cannot_start_from_another_ones_weights() -> None:
    with pytest.raises(InvalidError, match="lenet-28 can't start from the weights of lenet5"):
        form.recipe({"network": "lenet-28", "start": "current"}, "mnist", "lenet5")


def test_a_page_may_offer_fewer_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LENET_MAX_EPOCHS", "3")
    assert form.defaults()["epochs"] == 1
    assert max(preset["values"]["epochs"] for preset in form.offered()["presets"]) == 3
    with pytest.raises(InvalidError, match="Epochs must be a whole number from 1 to 3"):
        form.recipe({"epochs": 4}, "mnist", "lenet5")


def test_a_run_is_trained_for_more_epochs(little, monkeypatch: pytest.MonkeyPatch) -> None:
    run = trained(Recipe(data="sample", epochs=2), little).run
    assert [form.continuation(run.key, epochs).epochs for epochs in (1, None)] == [1, 2]
    assert form.continuation(run.key, 1).start == run.key
    with pytest.raises(InvalidError, match="Epochs must be a whole number from 1 to 50"):
        form.continuation(run.key, 51)
    with pytest.raises(UnknownModelError):
        form.continuation("0" * 64, None)
    monkeypatch.setenv("LENET_MAX_EPOCHS", "1")
    assert form.continuation(run.key, None).epochs == 1


def test_a_stopped_run_is_trained_to_its_end(little) -> None:
    asked: list[int] = []
    run = trained(Recipe(data="sample", epochs=3), little, stop=lambda: asked.append(1) or len(asked) > 3).run
    assert (run.finished, len(run.history)) == (False, 1)
    assert form.continuation(run.key, None).epochs == 2
