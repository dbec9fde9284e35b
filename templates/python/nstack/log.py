"""Logs and metrics of a service: notifications to the hub, and text on stderr where no hub listens, as in a unit test."""

from __future__ import annotations

import logging
import math
import re
import sys
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from .errors import raised
from .values import refuse_hidden, shorten

Level = Literal["debug", "info", "warn", "error", "critical"]
Notify = Callable[[bytes], None]

MESSAGE_LIMIT = 8_000
"""Characters of a message, and of the values of its fields together."""
FIELD_LIMIT = 32
FIELD_DEPTH = 16
NAME_LIMIT = 200

_metric_name = re.compile(r"[A-Za-z_][A-Za-z0-9_.:]{0,199}").fullmatch
_ranks: dict[str, int] = {"debug": 10, "info": 20, "warn": 30, "error": 40, "critical": 50}


class Log:
    """`nstack.log.info("loaded", rows=120)`: a message with fields, which may be any JSON."""

    def debug(self, message: str, **fields: Any) -> None:
        _channel.log("debug", message, fields)

    def info(self, message: str, **fields: Any) -> None:
        _channel.log("info", message, fields)

    def warn(self, message: str, **fields: Any) -> None:
        _channel.log("warn", message, fields)

    def error(self, message: str, **fields: Any) -> None:
        _channel.log("error", message, fields)

    def critical(self, message: str, **fields: Any) -> None:
        _channel.log("critical", message, fields)

    warning = warn


def metric(name: str, value: float, **labels: str) -> None:
    """Reports one value of a metric of the service's own. Raises ValueError for NaN and infinities, and for a name that is not
    made of letters, digits and `_.:`, a letter or `_` first."""
    if not math.isfinite(value):
        raise ValueError(f"metric {name}: {value} is no value")
    if _metric_name(name) is None:
        raise ValueError(f"metric {name!r}: a name has up to 200 letters, digits and _.: and begins with a letter")
    few = {shorten(str(key), NAME_LIMIT): shorten(str(text), NAME_LIMIT) for key, text in _first(labels)}
    _channel.send("$/metric", {"name": name, "value": float(value), "labels": few})


def send_to(notify: Notify | None) -> None:
    """Sends logs and metrics to the hub from now on, those of the standard logging module among them; None: to stderr."""
    _channel.notify = notify
    root = logging.getLogger()
    root.removeHandler(_bridge)
    if notify is not None:
        root.addHandler(_bridge)
        root.setLevel(min(root.level or logging.INFO, logging.INFO))


class _Channel:
    notify: Notify | None = None

    def log(self, level: Level, message: str, fields: dict[str, Any]) -> None:
        text = shorten(str(message), MESSAGE_LIMIT)
        self.send("$/log", {"level": level, "message": text, "fields": _bounded(fields)})

    def send(self, method: str, params: dict[str, Any]) -> None:
        if self.notify is None:
            print(method.removeprefix("$/"), *params.values(), file=sys.stderr)
            return
        frame = {"jsonrpc": "2.0", "method": method, "params": params}
        self.notify(_encode(frame))


def _encode(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value, enc_hook=repr)
    except UnicodeEncodeError:
        return msgspec.json.encode(_printable(value))


def _printable(value: Any) -> Any:
    if isinstance(value, dict):
        return {_printable(key): _printable(inner) for key, inner in value.items()}
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _bounded(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields as they are where they are small, and as shortened text where not."""
    bounded: dict[str, Any] = {}
    room = MESSAGE_LIMIT
    for key, value in _first(fields):
        try:
            refuse_hidden(value, FIELD_DEPTH)
            size = len(_encode(value))
        except Exception:  # what JSON cannot hold is told as text
            value, size = repr(value), MESSAGE_LIMIT
        if size > room:
            value = shorten(str(value), max(room, 16))
        bounded[shorten(key, NAME_LIMIT)] = value
        room -= min(size, room)
    return bounded


def _first(fields: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(fields.items())[:FIELD_LIMIT]


class _LoggingBridge(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            message = record.getMessage()
        except Exception:  # a format that does not fit its arguments
            message = f"{record.msg} {record.args!r}"
        fields: dict[str, Any] = {"logger": record.name}
        if record.exc_info and record.exc_info[1] is not None:
            error = raised(record.exc_info[1])
            fields |= {"error": error.message, "stack": (error.data or {}).get("stack", "")}
        _channel.log(_level_of(record.levelno), message, fields)


def _level_of(number: int) -> Level:
    levels: list[Level] = ["debug", "info", "warn", "error", "critical"]
    return next((level for level in reversed(levels) if number >= _ranks[level]), "debug")


_channel = _Channel()
_bridge = _LoggingBridge()
log = Log()
