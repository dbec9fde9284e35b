"""What a function says of itself: the shapes of its parameters and result, and where it stands."""

from __future__ import annotations

import inspect
import os
import re
import typing
from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import Struct

from .hints import read_hint, read_items
from .shapes import Shape, Unstated, Unsupported, to_schema


F = TypeVar("F", bound=Callable[..., Any])


class Parameter(Struct, frozen=True):
    name: str
    shape: Shape
    required: bool


class Signature(Struct, frozen=True):
    name: str
    call: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    result: Shape
    variadic: bool
    """Takes any number of further arguments: `*args`."""
    vectorised: bool
    source: bool
    """Gives items one after the other: a generator. `result` is the type of one of them; its one parameter is where to go on."""
    place: dict[str, Any]
    """`file`, `line` and `column` of the name in its `def`, from 1; empty where there is no source."""

    def describe(self) -> dict[str, Any]:
        """The function's OpenRPC method object."""
        return {
            "name": self.name,
            "paramStructure": "by-position",
            "params": [
                {"name": item.name, "required": item.required, "schema": to_schema(item.shape)}
                for item in self.parameters
            ],
            "result": {"name": "result", "schema": to_schema(self.result)},
            "x-nstack": {
                **self.place,
                "vectorised": self.vectorised,
                "variadic": self.variadic,
                **({"source": True} if self.source else {}),
            },
        }


_mark = "__nstack_vectorised__"


def vectorised(function: F) -> F:
    """Marks a function that takes a whole block: a list of inputs, and gives a list of as many results, in order.

    Its API line is that of one message, `score: Click -> Double`; its hints are `list[Click]` and `list[float]`."""
    setattr(function, _mark, True)
    return function


def read_signature(name: str, call: Callable[..., Any], root: str = ".", declared_source: bool = False) -> Signature:
    """Reads hints and parameters, places relative to the folder `root`; what cannot be read or served is told as an unsupported type, never raised.
    `declared_source`: the API says that it is a source, which code without hints does not say by itself."""
    function = inspect.unwrap(call)
    hints, fault = _hints_of(call)
    parameters: list[Parameter] = []
    variadic = False
    for item in inspect.signature(call).parameters.values():
        if item.kind is item.VAR_POSITIONAL:
            variadic = True
        elif item.kind is item.KEYWORD_ONLY and item.default is item.empty:
            fault = fault or f"it needs {item.name} by keyword, and arguments are passed by position"
        elif item.kind in (item.POSITIONAL_ONLY, item.POSITIONAL_OR_KEYWORD):
            shape = read_hint(hints[item.name]) if item.name in hints else Unstated()
            parameters.append(Parameter(item.name, shape, item.default is item.empty))
    one = read_items(hints["return"]) if "return" in hints else None
    stated = "return" in hints
    generates = inspect.isgeneratorfunction(function)
    source = generates or one is not None or (declared_source and not stated)
    result: Shape = one or (read_hint(hints["return"]) if stated else Unstated())
    if generates and stated and one is None:
        fault = fault or "it is a generator, whose hint is Iterator[...]"
    if source and sum(parameter.required for parameter in parameters) > 1:
        fault = fault or "a source takes no argument, or the position from which it goes on"
    if fault := fault or _kind_fault(function):
        result = Unsupported(name, fault)
    marked = bool(getattr(call, _mark, False))
    return Signature(name, call, tuple(parameters), result, variadic, marked, source, _place_of(function, root))


def _hints_of(call: Callable[..., Any]) -> tuple[dict[str, Any], str | None]:
    try:
        return typing.get_type_hints(call, include_extras=True), None
    except Exception as error:  # a hint may run any code
        return {}, f"its hints cannot be resolved: {error}"


def _kind_fault(function: Callable[..., Any]) -> str | None:
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        return "it is an async function, which is not supported yet; write a plain def"
    return None


def _place_of(function: Callable[..., Any], root: str) -> dict[str, Any]:
    code = getattr(function, "__code__", None)
    if code is None:
        return {}
    line, column = code.co_firstlineno, 1
    try:
        lines, _ = inspect.getsourcelines(function)
    except (OSError, TypeError):
        lines = []
    for offset, text in enumerate(lines):
        found = re.search(rf"\bdef\s+({re.escape(code.co_name)})\b", text)
        if found is not None:
            line, column = line + offset, found.start(1) + 1
            break
    return {"file": os.path.relpath(code.co_filename, root), "line": line, "column": column}
