"""What the training part shows: a view, and how each event of a training changes it."""

from dataclasses import dataclass, field, replace
from typing import Any

from lenet.digits.data import Data
from lenet.evaluation.before_after import is_same
from lenet.runs import cache
from lenet.runs.run import Run
from lenet.texts import Message
from lenet.training import teach
from lenet.training.loop import EpochEnd, Finished, Progress, Started
from lenet.training.recipe import Recipe
from lenet.training.teach import Checked, Checking
from lenet.ui.answers import without_paths
from lenet.ui.components import update
from lenet.ui.queue import Ticket
from lenet.words import duration, sentences

Row = tuple[float, float, float]  # epochs since the start, loss, accuracy
Change = dict[str, Any]  # a `BeforeAfter` by its names, with the intervals as [low, high]
IDLE = Message("training.idle")
MAX_ROWS = 500  # of a view, which is sent whole


@dataclass(frozen=True)
class Step:
    """What happened in a training, its recipe, and the data it learns from."""

    event: cache.Happening
    recipe: Recipe
    data: Data


@dataclass(frozen=True)
class View:
    """What the training part shows. `state` is "idle", "waiting", "training", "done", "stopped" or "failed"."""

    state: str = "idle"
    message: Message = IDLE
    detail: Message | None = None
    device: str = ""
    progress: float = 0.0  # 0 to 1
    epochs: int = 5  # of the charts' axis
    training: tuple[Row, ...] = ()
    validation: tuple[Row, ...] = ()
    token: str = field(default="", repr=False)  # to stop it with
    previous: str = ""  # model that classified when it began
    model: str = ""  # to classify the drawing with from now on; "" leaves it unchanged
    key: str = ""  # of the run, once it is stored
    last_epoch: int = 0  # whose weights the run keeps
    unsaved: str = ""  # model of a run that could not be stored, in the place of the key
    changes: tuple[Change, ...] = ()  # what a teaching changed
    better: bool = True  # whether the model is better than before, in sum, as far as that was compared

    def json(self) -> dict[str, Any]:
        """As the page's script takes it."""
        detail = self.detail.json() if self.detail else None
        return update({**vars(self), "message": self.message.json(), "detail": detail})


def follow(view: View, step: Step, ticket: Ticket) -> View:
    """The view after a step; the ticket shows the step's weights."""
    total, recipe = _images(step), step.recipe
    match step.event:
        case cache.Waiting():
            return replace(view, message=Message("training.elsewhere"))
        case Started() as event:
            model = ticket.show(recipe, event.weights, epoch=0, images=0)
            message = Message("training.images", {"count": total})
            return replace(view, message=message, device=event.device.upper(), epochs=recipe.epochs, model=model)
        case Progress() as event:
            return _progress(view, event, recipe, total, ticket)
        case EpochEnd() as event:
            row = (float(event.epoch), event.validation_loss, event.validation_accuracy)
            model = ticket.show(recipe, event.weights, epoch=event.epoch)
            progress = event.epoch / recipe.epochs / _stages(recipe)
            return replace(view, progress=progress, validation=(*view.validation, row), model=model)
        case Checking() as event:
            message = Message("training.checking", {"part": event.part, "parts": event.parts})
            return replace(view, message=message, detail=None, progress=event.part / _stages(recipe))
        case Checked():
            return view
        case Finished(epoch=0):
            message = Message("training.taught.stopped" if recipe.mine else "training.nothing")
            return replace(view, state="stopped", message=message, detail=None, model="")
        case Finished():
            return replace(view, message=Message("training.evaluating"), detail=None)
        case cache.Trained() as event:
            return _trained(view, event, step.data, asked=ticket.is_asked())
        case cache.Unsaved() as event:
            return _unsaved(view, event, step.data, ticket)


def _progress(view: View, event: Progress, recipe: Recipe, total: int, ticket: Ticket) -> View:
    epochs = event.epoch - 1 + event.seen / total
    left = event.seconds * (recipe.epochs - epochs) / epochs
    rate = round(epochs * total / event.seconds)
    if event.epoch == 1:  # later, epochs are short enough
        view = replace(view, model=ticket.show(recipe, event.weights, images=event.seen))
    where = {"epoch": event.epoch, "epochs": recipe.epochs, "seen": event.seen, "total": total}
    if recipe.mine:
        return replace(
            view,
            progress=epochs / recipe.epochs / _stages(recipe),
            message=Message("training.lesson", where),
            training=with_row(view.training, (epochs, event.loss, event.accuracy), recipe.epochs),
        )
    return replace(
        view,
        progress=epochs / recipe.epochs,
        message=Message("training.epoch", where),
        detail=Message("training.speed", {"rate": rate, "device": view.device, "left": duration(left)}),
        training=with_row(view.training, (epochs, event.loss, event.accuracy), recipe.epochs),
    )


def _images(step: Step) -> int:
    """How many images an epoch has."""
    return teach.lesson_size(len(step.data.mine)) if step.data.mine else len(step.data.train)


def _stages(recipe: Recipe) -> int:
    """Of how many trainings in a row one consists: digits of one's own are taught once more for each part left out."""
    return 1 + teach.PARTS if recipe.mine else 1


def with_row(rows: tuple[Row, ...], row: Row, epochs: int) -> tuple[Row, ...]:
    """Rows of a training of that many epochs with one more: the newest takes the last one's place where it is near.

    So no view holds more than MAX_ROWS, however long a training takes.
    """
    near = len(rows) > 1 and rows[-1][0] - rows[-2][0] < epochs / (MAX_ROWS - 2)
    return (*(rows[:-1] if near else rows), row)


def _trained(view: View, event: cache.Trained, data: Data, asked: bool) -> View:
    run = event.run
    if event.cached:
        key = "training.cached"
    elif run.finished:
        key = "training.done"
    else:
        key = "training.stopped" if asked else "training.time_limit"
    if run.before_after:
        same = "training.taught.same" if is_same(run.before_after) else "training.taught.worse"
        key = "training.taught" if run.is_better else same
    told = [Message(key, {**_figures(run), "date": run.date[:10]}), *_costs(run), *data.notice]
    rows = [(row["epoch"], row["train_loss"], row["train_accuracy"]) for row in run.history]
    return replace(
        view,
        state="done" if run.finished else "stopped",
        message=sentences(told) or view.message,
        detail=_took(run),
        progress=1.0 if run.finished else view.progress,
        epochs=run.recipe.epochs,
        training=tuple(rows) if event.cached else view.training,
        validation=tuple((row["epoch"], row["validation_loss"], row["validation_accuracy"]) for row in run.history),
        key=run.key,
        model=run.key if run.finished and run.is_better else "",
        changes=_changes(run),
        better=run.is_better,
        last_epoch=max(0, len(run.snapshots) - 1),
    )


def _unsaved(view: View, event: cache.Unsaved, data: Data, ticket: Ticket) -> View:
    run = event.run
    model = ticket.show(run.recipe, event.weights, run=run)
    message = Message("training.unsaved", {**_figures(run), "reason": event.reason})
    return replace(
        view,
        state="done" if run.finished else "stopped",
        message=without_paths(sentences([message, *data.notice]) or message),
        detail=_took(run),
        model=model if run.finished and run.is_better else "",
        unsaved=model,
        changes=_changes(run),
        better=run.is_better,
    )


def _changes(run: Run) -> tuple[Change, ...]:
    return tuple({**vars(row), "intervals": row.intervals} for row in run.before_after)


def _costs(run: Run) -> list[Message]:
    """What a teaching that is better in sum made worse, to be said in a sentence."""
    lost = [row for row in run.before_after if row.digits == "test" and row.after < row.before and run.is_better]
    return [Message("training.taught.costs", {"count": row.before - row.after, "total": row.total}) for row in lost]


def _figures(run: Run) -> dict[str, Any]:
    taught = {"count": sum(run.mine)} if run.mine else {}
    return {"accuracy": run.accuracy, "correct": run.correct, "total": run.total, **taught}


def _took(run: Run) -> Message:
    return Message("training.took", {"time": duration(run.seconds), "device": run.device.upper()})
