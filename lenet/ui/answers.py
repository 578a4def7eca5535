"""What a server function of the page answers when it cannot do what it was asked."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from lenet.errors import DamagedError, LenetError, UnknownModelError
from lenet.texts import Message

Answer = dict[str, Any]
ServerFunction = Callable[[Any], Answer]


class BusyError(LenetError):
    """Too much is asked at once; the same may be asked again in a moment."""


def answering(function: ServerFunction) -> ServerFunction:
    """Answer what a visitor can cause with `failure` instead of raising it.

    Gradio turns any exception of a server function into an answer without words.
    """

    @wraps(function)  # Gradio calls it by its name
    def answer(message: Any) -> Answer:
        try:
            return function(message)
        except LenetError as error:
            return failure(error)
        except OSError as error:
            return {"error": Message("server.files", {"reason": error.strerror or type(error).__name__}).json()}

    return answer


def failure(error: LenetError) -> Answer:
    """The answer `{"error": message}`: with `gone` true if the model is no longer there, `again` true if too busy."""
    answer: Answer = {"error": error.message.json()}
    if isinstance(error, BusyError):
        answer["again"] = True
    if isinstance(error, UnknownModelError | DamagedError):
        answer["gone"] = True
    return answer
