"""A taught run: its key, what it says of what it was taught, and what it keeps to itself."""

import json
from dataclasses import replace

import pytest
from mine import digits
from training import trained

from lenet.digits import mine
from lenet.digits.data import Data, Digits
from lenet.runs import cache, models
from lenet.runs.run import Run
from lenet.training import teach
from lenet.training.recipe import Recipe, complete


def recipe(own: Digits, data: Data) -> Recipe:
    return teach.recipe("lenet5", models.resolve("lenet5"), data.name, own)


def test_the_key_depends_on_the_digits_and_not_on_their_order(drawings, little: Data) -> None:
    def key(some: list[dict]) -> str:
        own = digits(some)
        return cache.run_key(recipe(own, little), replace(little, mine=own))

    assert key(drawings[:8]) == key(drawings[7::-1])
    assert key(drawings[:8]) != key(drawings[:7])
    assert key(drawings[:8]) != key([{**drawings[0], "label": 5}, *drawings[1:8]])


def test_a_recipe_of_before_has_the_key_of_before(little: Data) -> None:
    """That of the format before there were digits of one's own, smoothing and averages: stored runs are found again."""
    recipe = Recipe(**complete({"data": "sample", "optimizer": "adamw", "epochs": 5}))
    assert cache.run_key(recipe, little) == cache._hash(
        {
            "recipe": {
                "network": "lenet5", "data": "sample", "epochs": 5, "batch": 128, "optimizer": "adamw", "rate": 0.006,
                "schedule": "one-cycle", "decay": 0.2, "augment": 0.0, "styles": 0.0, "outliers": 0.0, "seed": 0,
                "start": "",
            },
            "data": "little",
            "format": cache.FORMAT,
        }
    )  # fmt: skip


def test_digits_that_are_not_those_of_the_recipe_are_refused(own: Digits, little: Data) -> None:
    for data in (little, replace(little, mine=own[:5])):
        with pytest.raises(ValueError, match="not those of this data"):
            cache.run_key(recipe(own, little), data)
    with pytest.raises(ValueError, match="not those of this data"):
        cache.run_key(Recipe(data="sample"), replace(little, mine=own))


def test_a_run_says_how_many_it_was_taught_and_holds_no_drawing(short, own: Digits, little: Data, home) -> None:
    run = trained(recipe(own, little), replace(little, mine=own)).run
    assert run.mine == mine.counts(own)
    assert [(row.digits, row.total) for row in run.before_after] == [("mine", 8), ("test", 256)]
    assert run.name == f"lenet5, taught 8 digits ({run.key[:8]})"
    assert cache.find(run.key) == run
    again = trained(recipe(own, little), replace(little, mine=own))
    assert again.cached
    for file in home.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any(image.numpy().tobytes()[300:600] in content for image in own.images)


def test_an_older_file_has_taught_nothing_and_a_forged_one_is_refused(short, own: Digits, little: Data) -> None:
    run = trained(recipe(own, little), replace(little, mine=own)).run
    header = json.loads(json.dumps(run.to_header()))
    assert Run.from_header(header) == run
    older = {name: value for name, value in header.items() if name not in ("mine", "before_after")}
    assert (Run.from_header(older).mine, Run.from_header(older).before_after) == ((), ())
    row = header["before_after"][0]
    for forged in (
        {"mine": [1, 2]},
        {"mine": [-1] * 10},
        {"mine": ["1"] * 10},
        {"before_after": [{**row, "after": 99}]},
        {"before_after": [{**row, "digits": "yours"}]},
        {"before_after": [7]},
    ):
        with pytest.raises((ValueError, TypeError, KeyError)):
            Run.from_header({**header, **forged})


def test_nothing_is_kept_of_a_stopped_teaching(short, own: Digits, little: Data) -> None:
    asked: list[int] = []
    events = cache.train(recipe(own, little), replace(little, mine=own), lambda: asked.append(1) or len(asked) > 3)
    *_, last = events
    assert (last.stopped, last.epoch) == (True, 0)
    assert cache.stored() == []
