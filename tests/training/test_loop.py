from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from lenet import networks
from lenet.errors import DivergedError
from lenet.training import loop
from lenet.training.loop import EpochEnd, Finished, Progress, Started, fit
from lenet.training.recipe import OPTIMIZERS, PRESETS, SCHEDULES, Recipe

QUICK = Recipe(data="sample", epochs=2, batch=64)


def finished(recipe: Recipe, digits, **options) -> Finished:
    *_, last = fit(recipe, digits, **options)
    assert isinstance(last, Finished)
    return last


def same(a: dict, b: dict) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def test_events_come_in_order(little) -> None:
    started, *middle, last = fit(QUICK, little)
    assert started == Started(QUICK, "cpu", 256, 256, {})
    assert [event.epoch for event in middle if isinstance(event, EpochEnd)] == [1, 2]
    assert isinstance(last, Finished)
    assert not last.stopped


def test_progress_is_told_several_times_a_second(little, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "REPORT_EVERY", 0.0)
    reports = [event for event in fit(QUICK, little) if isinstance(event, Progress)]
    assert [report.seen for report in reports] == [64, 128, 192, 256] * 2
    assert all(report.loss > 0 and 0 <= report.accuracy <= 1 for report in reports)


def test_two_epochs_on_the_sample_teach_most_digits(sample) -> None:
    ends = [event for event in fit(Recipe(data="sample", epochs=2), sample) if isinstance(event, EpochEnd)]
    assert ends[1].validation_loss < ends[0].validation_loss
    assert ends[1].validation_accuracy > 0.85


def test_reports_are_true_of_the_weights_they_come_with(little) -> None:
    end = next(event for event in fit(QUICK, little) if isinstance(event, EpochEnd))
    network = networks.entry("lenet5").build()
    network.load_state_dict(end.weights)
    assert loop.validate(network, little.validation) == pytest.approx((end.validation_loss, end.validation_accuracy))


def test_training_figures_cover_the_whole_epoch(little, monkeypatch: pytest.MonkeyPatch) -> None:
    def metrics(report_every: float) -> tuple[float, float]:
        monkeypatch.setattr(loop, "REPORT_EVERY", report_every)
        end = next(event for event in fit(QUICK, little) if isinstance(event, EpochEnd))
        return end.train_loss, end.train_accuracy

    assert metrics(0.0) == pytest.approx(metrics(1e9))


def test_same_seed_same_bits(little) -> None:
    first, again, other = (finished(replace(QUICK, seed=seed), little).weights for seed in (3, 3, 4))
    assert same(first, again)
    assert not same(first, other)


@pytest.mark.parametrize("steps", [0, 1, 5])
def test_stop_acts_at_the_next_step(little, steps: int) -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > steps

    last = finished(QUICK, little, stop=stop)
    assert last.stopped
    assert len(asked) == steps + 1
    assert last.epoch == (steps > 0) + (steps > 4)  # 256 digits in batches of 64: four steps an epoch


def test_what_was_learned_until_the_stop_is_compared_too(little, monkeypatch: pytest.MonkeyPatch) -> None:
    losses = iter([0.5, 0.2])
    monkeypatch.setattr(loop, "measure", lambda *_: (next(losses), 0.5))
    asked: list[int] = []
    plain = replace(QUICK, smoothing=0.0)
    events = list(fit(plain, little, stop=lambda: asked.append(1) or len(asked) > 6))
    assert [event.epoch for event in events if isinstance(event, EpochEnd)] == [1]  # the second was not over
    assert (events[-1].epoch, events[-1].stopped) == (2, True)


def test_the_best_weights_are_those_of_the_lowest_validation_loss(little, monkeypatch: pytest.MonkeyPatch) -> None:
    losses = iter([0.5, 0.2, 0.9])
    monkeypatch.setattr(loop, "measure", lambda *_: (next(losses), 0.5))
    events = list(fit(replace(QUICK, epochs=3, smoothing=0.0), little))  # else they are calibrated
    ends = [event for event in events if isinstance(event, EpochEnd)]
    assert events[-1].epoch == 2
    assert same(events[-1].weights, ends[1].weights)
    assert not same(ends[1].weights, ends[2].weights)  # copies: a later epoch did not change them


def test_with_smoothing_the_epoch_is_chosen_by_the_loss_of_the_calibrated_output(
    little, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, calibrated = iter([0.2, 0.5, 0.9]), iter([0.3, 0.1, 0.2])
    monkeypatch.setattr(loop, "measure", lambda *_: (next(raw), 0.5))
    monkeypatch.setattr(loop, "_calibrate", lambda name, weights, *_: (weights, next(calibrated)))
    events = list(fit(replace(QUICK, epochs=3, smoothing=0.1), little))
    ends = [event for event in events if isinstance(event, EpochEnd)]
    assert [end.validation_loss for end in ends] == [0.2, 0.5, 0.9]
    assert (events[-1].epoch, same(events[-1].weights, ends[1].weights)) == (2, True)


def test_averaged_weights_are_what_is_validated_and_kept(little) -> None:
    plain, averaged = (
        [event for event in fit(replace(QUICK, average=average, smoothing=0.0), little) if isinstance(event, EpochEnd)]
        for average in (0.0, 0.9)
    )
    assert plain[0].train_loss == averaged[0].train_loss  # the steps are the same
    assert not same(plain[0].weights, averaged[0].weights)
    network = networks.restore("lenet5", averaged[1].weights)
    assert loop.validate(network, little.validation)[0] == pytest.approx(averaged[1].validation_loss)


def test_the_test_set_is_never_read(little) -> None:
    class Untouchable:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(f"fit read test.{name}")

    assert not finished(QUICK, replace(little, test=Untouchable())).stopped


def test_a_loss_that_is_not_finite_ends_in_an_error(little, monkeypatch: pytest.MonkeyPatch) -> None:
    preprocess = networks.modern.LeNet5.preprocess
    monkeypatch.setattr(
        networks.modern.LeNet5, "preprocess", lambda self, images: preprocess(self, images) * float("inf")
    )
    with pytest.raises(DivergedError, match=r"diverged in epoch 1.*Lower the learning rate"):
        list(fit(QUICK, little))


@pytest.mark.parametrize("optimizer", [name for name in OPTIMIZERS if name != "sdlm"])  # for one digit at a time
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_optimizer_and_schedule_learns(sample, optimizer: str, schedule: str) -> None:
    rate = {"sgd": 0.1, "momentum": 0.1, "muon": 0.03}.get(optimizer, 2e-3)
    recipe = replace(QUICK, batch=32, optimizer=optimizer, schedule=schedule, rate=rate, decay=0.0)
    some = replace(sample, train=sample.train[:1000], validation=sample.validation[:200])
    _, end = (event for event in fit(recipe, some) if isinstance(event, EpochEnd))
    assert end.validation_loss < 2.2  # nats; log 10 is what knowing nothing costs


def test_the_network_of_1998_learns_as_in_1998(sample) -> None:
    recipe = Recipe(**{**PRESETS["1998"].settings, "data": "sample", "epochs": 1})
    (end,) = (event for event in fit(recipe, sample) if isinstance(event, EpochEnd))
    assert end.validation_accuracy > 0.8


def test_outliers_change_what_is_learned_and_do_not_count_in_the_metrics(little) -> None:
    plain, wary = (finished(replace(QUICK, outliers=share), little) for share in (0.0, 0.5))
    assert not same(plain.weights, wary.weights)
    *_, end, _ = fit(replace(QUICK, outliers=1.0), little)
    assert end.train_accuracy * len(little.train) == pytest.approx(round(end.train_accuracy * len(little.train)))


def test_after_outliers_the_output_is_calibrated_on_validation(little) -> None:
    *_, end, last = fit(replace(QUICK, outliers=0.5), little)
    ratio = last.weights["output.weight"] / end.weights["output.weight"]
    torch.testing.assert_close(ratio, ratio[0, 0].expand_as(ratio))
    assert torch.equal(last.weights["C1.weight"], end.weights["C1.weight"])

    def loss(weights: loop.Weights) -> float:
        return loop.validate(networks.restore("lenet5", weights), little.validation)[0]

    assert loss(last.weights) <= loss(end.weights)
    for factor in (0.8, 1.25):
        other = {name: v * factor if name.startswith("output") else v for name, v in last.weights.items()}
        assert loss(other) > loss(last.weights)


def test_augmentation_changes_what_is_learned_and_same_seed_same_bits(little) -> None:
    plain = finished(QUICK, little).weights
    bent, again = (finished(replace(QUICK, augment=1.0, styles=0.5), little).weights for _ in range(2))
    assert same(bent, again)
    assert not same(bent, plain)


def test_a_training_goes_on_from_given_weights(little) -> None:
    first = finished(QUICK, little).weights
    before = {name: values.clone() for name, values in first.items()}
    started, *_ = fit(replace(QUICK, start="0" * 64), little, start=first)
    assert same(started.weights, first)
    assert same(first, before)  # the given ones are not the live ones


@pytest.mark.parametrize(("start", "weights"), [("0" * 64, None), ("", {})])
def test_a_start_needs_its_weights_and_weights_a_start(little, start: str, weights: dict | None) -> None:
    with pytest.raises(ValueError, match="belong together"):
        next(fit(replace(QUICK, start=start), little, start=weights))


def test_weights_of_events_are_copies(little, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "REPORT_EVERY", 0.0)
    reports = [event.weights for event in fit(QUICK, little) if isinstance(event, Started | Progress)]
    assert len(reports) == 9  # the first, and after each of eight steps
    assert not any(same(a, b) for a, b in pairwise(reports))


def test_cuda_is_taken_when_there_is_any(monkeypatch: pytest.MonkeyPatch) -> None:
    for there, device in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=there: there)
        assert loop.pick_device() == torch.device(device)
