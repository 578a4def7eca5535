"""Retraining as the page shows it: the events of a run become views of the progress part."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace

from lenet import data, runs
from lenet.settings import LenetError, max_epochs, max_seconds
from lenet.train import EPOCHS, EpochEnd, Event, Finished, Progress, Recipe, Started
from lenet.ui import zerogpu
from lenet.ui.background import gather

Row = tuple[float, float, float]  # epochs since the start, loss, accuracy
Change = tuple[Event | runs.Trained, data.Data]  # what happened, and the digits that are learned from


@dataclass(frozen=True)
class View:
    """What the progress part paints. `state` is idle, waiting, training, done, stopped or failed."""

    state: str = "idle"
    text: str = "Train it again: the drawing on the pad is then read by your own weights."
    aside: str = ""
    share: float = 0.0  # done, 0 to 1
    epochs: int = 5  # of the axis
    training: tuple[Row, ...] = ()
    validation: tuple[Row, ...] = ()
    key: str = field(default="", repr=False)  # of the run, once it is there

    def json(self) -> dict[str, object]:
        """As the script takes it."""
        return asdict(self)


def retrain(network: str, choice: str, epochs: int) -> Iterator[View]:
    """Train and tell. What a visitor can cause ends in a view of state "failed" that says what to do."""

    def work(stop: Callable[[], bool]) -> Iterator[Change]:
        most = max_epochs(EPOCHS[-1])
        if not isinstance(epochs, int) or epochs > most:
            raise ValueError(f"epochs {epochs!r} is out of bounds: 1 to {most} on this page")
        digits = data.load(choice)
        recipe = Recipe(network=network, data=digits.name, epochs=epochs)
        deadline = time.monotonic() + max_seconds()

        def late() -> bool:
            return stop() or time.monotonic() > deadline

        for event in runs.train(recipe, digits, late, zerogpu.fit):
            yield event, digits

    fetching = choice != "sample" and not data.at_hand()
    view = View(state="training", text="Downloading MNIST, 11 MB …" if fetching else "Getting the digits …")
    yield view
    try:
        for changes in gather(work):
            for event, digits in changes:
                view = follow(view, event, digits)
            yield view
    except (ValueError, LenetError, OSError) as error:
        yield replace(view, state="failed", text=str(error), aside="")


def follow(view: View, event: Event | runs.Trained, digits: data.Data) -> View:
    """The view after an event of a run that learns from these digits."""
    total = len(digits.train)
    match event:
        case Started():
            text = f"{event.train:,} digits to learn from."
            return replace(view, text=text, aside=event.device.upper(), epochs=event.recipe.epochs)
        case Progress():
            done = event.epoch - 1 + event.seen / total
            left = event.seconds * (view.epochs - done) / done
            return replace(
                view,
                share=done / view.epochs,
                text=f"Epoch {event.epoch} of {view.epochs}, {event.seen:,} of {total:,} digits",
                aside=f"{done * total / event.seconds:,.0f} digits/s · {_seconds(left)} left",
                training=(*view.training, (done, event.loss, event.accuracy)),
            )
        case EpochEnd():
            row = (float(event.epoch), event.validation_loss, event.validation_accuracy)
            return replace(view, share=event.epoch / view.epochs, validation=(*view.validation, row))
        case Finished(stopped=True):
            text = "Stopped at this page's limit of time. Your network is as it was; choose fewer epochs."
            return replace(view, state="stopped", text=text, aside="")
        case Finished():
            return replace(view, text="Reading the test digits …", aside="")
        case runs.Trained():
            return _trained(view, event, digits)


def _trained(view: View, event: runs.Trained, digits: data.Data) -> View:
    run = event.run
    figure = f"{run.correct:,} of {run.total:,} test digits read, {100 * run.accuracy:.2f} %."
    when = f"Trained before, {run.date[:16].replace('T', ' ')} UTC." if event.cached else "Done."
    row = [(r["epoch"], r["train_loss"], r["train_accuracy"]) for r in run.history] if event.cached else view.training
    return replace(
        view,
        state="done",
        share=1.0,
        epochs=run.recipe.epochs,
        text=f"{when} {figure} {digits.notice}".strip(),
        aside=f"took {_seconds(run.seconds)} on {run.device.upper()}",
        training=tuple(row),
        validation=tuple((r["epoch"], r["validation_loss"], r["validation_accuracy"]) for r in run.history),
        key=run.key,
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
