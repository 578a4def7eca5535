"""What a server function of the page answers when it cannot do what it was asked."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from lenet import settings
from lenet.errors import DamagedError, LenetError, UnknownModelError
from lenet.settings import is_public
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
    answer: Answer = {"error": without_paths(error.message).json()}
    if isinstance(error, BusyError):
        answer["again"] = True
    if isinstance(error, UnknownModelError | DamagedError):
        answer["gone"] = True
    return answer


def without_paths(message: Message) -> Message:
    """A message as strangers may read it: in public, the server's own folders go by what they are for."""
    return _hidden(message, _folders()) if is_public() else message


def _folders() -> dict[str, str]:
    """The server's folders by their paths, the longest first."""
    roots = {"LENET_HOME": settings.home(), "LENET_DATA": settings.data_folder(), "lenet": Path(__file__).parent.parent}
    found = {str(path): name for name, path in roots.items() if path}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _hidden(value: Any, folders: dict[str, str]) -> Any:
    match value:
        case Message():
            return Message(value.key, {name: _hidden(one, folders) for name, one in value.values.items()})
        case list() | tuple():
            return [_hidden(one, folders) for one in value]
        case str():
            for path, name in folders.items():
                value = value.replace(path, name)
    return value
