"""Messages of the table of texts that are made of numbers, or of other messages."""

from collections.abc import Iterable

from lenet.texts import Message


def duration(seconds: float) -> Message:
    """A duration as it was measured."""
    if seconds < 10:
        return Message("time.short", {"seconds": seconds})
    return _whole(seconds)


def rough_duration(seconds: float) -> Message:
    """A duration that is only estimated, no more exact than that."""
    if seconds < 10:
        return Message("time.seconds", {"seconds": max(1, round(seconds))})
    return _whole(round(seconds, -1) if seconds < 100 else max(120.0, seconds))


def sentences(messages: Iterable[Message]) -> Message | None:
    """One message that says all of these, one after the other; None for none."""
    joined: Message | None = None
    for message in messages:
        joined = Message("common.sentences", {"first": joined, "second": message}) if joined else message
    return joined


def _whole(seconds: float) -> Message:
    if seconds < 120:
        return Message("time.seconds", {"seconds": round(seconds)})
    return Message("time.minutes", {"minutes": round(seconds / 60)})
