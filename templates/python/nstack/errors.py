"""JSON-RPC errors, and how an exception of user code is told in one."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
SERVICE_ERROR = -32000
INVALID_RESULT = -32001
CANCELLED = -32002
TOO_LARGE = -32005
NOT_INITIALIZED = -32006
NOT_BEGUN = -32007

MESSAGE_LIMIT = 2_000
STACK_LIMIT = 8_000
BRIEF_LIMIT = 200
"""Characters of a message, of a stack trace and of a message in brief that leave this process."""

_own_folder = str(Path(__file__).parent)


class RpcError(Exception):
    """An error that is answered as it stands."""

    def __init__(self, code: int, message: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data

    def to_json(self) -> dict[str, Any]:
        error: dict[str, Any] = {"code": self.code, "message": _cut(self.message, MESSAGE_LIMIT)}
        return error if self.data is None else {**error, "data": self.data}

    def brief(self) -> dict[str, Any]:
        """Without data and in few words, where many errors share one answer."""
        return {"code": self.code, "message": _cut(self.message, BRIEF_LIMIT)}


class Hidden(Exception):
    """A value holds what JSON cannot say, or what the rules of values leave out of it. The text says what."""


def invalid_result(reason: str) -> RpcError:
    return RpcError(INVALID_RESULT, f"the result does not fit: {reason}")


def not_begun() -> RpcError:
    return RpcError(NOT_BEGUN, "not begun: a message before it in its block failed")


def raised(error: BaseException, code: int = SERVICE_ERROR, whole: bool = False) -> RpcError:
    """What user code raised: `ValueError: no such flight`, with the stack from the author's first frame on, or the whole."""
    frames = error.__traceback__ if whole else _without_own_frames(error.__traceback__)
    stack = "".join(traceback.format_exception(type(error), error, frames))
    data = {"stack": _cut(_safe(stack), STACK_LIMIT)}
    hint = _way_out(error)
    return RpcError(code, _headline(error), data if hint is None else {**data, "hint": hint})


def _way_out(error: BaseException) -> str | None:
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return None
    package = error.name.split(".")[0]
    return f'If it is a package, add it to "packages" in nstack.yaml, such as pip:{package}.'


def _headline(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
    try:
        text = str(error)
    except Exception:  # an author's __str__ may fail too
        text = "its text cannot be told"
    return f"{name}: {text}" if text else name


def invalid_input(error: Exception) -> RpcError:
    """A msgspec failure as nstack says it, its path apart."""
    message, path = _split(str(error))
    return RpcError(INVALID_PARAMS, message, {"path": path})


def invalid_result_of(error: Exception) -> RpcError:
    """A result that cannot be encoded, or that its own declared type refuses."""
    if isinstance(error, RpcError):
        return error
    if isinstance(error, RecursionError):
        return invalid_result("it is nested too deeply, or holds itself")
    if isinstance(error, Hidden):
        return invalid_result(str(error))
    message, path = _split(str(error))
    return RpcError(INVALID_RESULT, f"the result does not fit: {message}", {"path": path})


def _without_own_frames(frames: TracebackType | None) -> TracebackType | None:
    while frames is not None and frames.tb_frame.f_code.co_filename.startswith((_own_folder, "<frozen ")):
        frames = frames.tb_next
    return frames


_words = {
    "int": "Integer",
    "float": "Double",
    "bool": "Boolean",
    "str": "Text",
    "bytes": "Bytes",
    "null": "null",
    "object": "an object",
    "array": "a list",
}


def _split(text: str) -> tuple[str, str]:
    message, _, path = text.partition(" - at `")
    message = re.sub(r"`([a-z]+(?: \| [a-z]+)*)`", _translate, message)
    message = message.replace(", got ", ", found ").replace("`", '"')
    message = message.replace("Object contains unknown field", "unknown field")
    message = message.replace("Object missing required field", "no field")
    return message[:1].lower() + message[1:], path.rstrip("`").removesuffix("` in") or "$"


def _translate(match: re.Match[str]) -> str:
    words = match[1].split(" | ")
    known = all(word in _words for word in words)
    return " or ".join(_words[word] for word in words) if known else match[0]


def _cut(text: str, limit: int) -> str:
    """The beginning and the end: of a stack, where it began and what was raised."""
    text = _safe(text)
    half = limit // 2
    return text if len(text) <= limit else f"{text[:half]}\n[...]\n{text[-half:]}"


def _safe(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
