"""Compiles a result's shape into a check of what its JSON would hide."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from .errors import Hidden
from .shapes import ListOf, MapOf, Open, OptionalOf, Record, Scalar, ScalarKind, Shape, Sum, TupleOf
from .values import is_plain, refuse_hidden

Check = Callable[[Any], None]
Leaf = Callable[[Shape], Check | None]


def timestamp_check(shape: Shape) -> Check | None:
    """Refuses datetimes without an offset. None where the shape holds no Timestamp."""
    check = _reach(shape, lambda part: _refuse_naive if part == Scalar("timestamp") else None)
    return None if check is None else _where_it_fits(check, refuse_nothing)


def number_check(shape: Shape, depth: int) -> Check | None:
    """Refuses NaN and infinities, which msgspec writes as null: needed only where a result's JSON holds a null."""

    def leaf(part: Shape) -> Check | None:
        if part == Scalar("double"):
            return _refuse_infinite
        return refuse_hidden_quickly if isinstance(part, Open) else None

    def refuse_hidden_quickly(value: Any) -> None:
        if not is_plain((value,), depth):
            refuse_hidden(value, depth)

    check = _reach(shape, leaf)
    return None if check is None else _where_it_fits(check, lambda value: refuse_hidden(value, depth))


def is_open(shape: Shape) -> bool:
    """Whether values of the shape can nest to any depth."""
    return _reach(shape, lambda part: refuse_nothing if isinstance(part, Open) else None) is not None


def holds(shape: Shape, kind: ScalarKind) -> bool:
    """Whether a scalar of the kind is somewhere in the shape."""
    return _reach(shape, lambda part: refuse_nothing if part == Scalar(kind) else None) is not None


def refuse_nothing(_: Any) -> None:
    pass


def _where_it_fits(check: Check, otherwise: Check) -> Check:
    """A value of another shape than its type's is the hub's to refuse."""

    def checked(value: Any) -> None:
        try:
            check(value)
        except (AttributeError, LookupError, TypeError, ValueError):
            otherwise(value)

    return checked


def _refuse_naive(value: Any) -> None:
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise Hidden("a Timestamp needs an offset: datetime.now(timezone.utc), not datetime.now()")


def _refuse_infinite(value: Any) -> None:
    if value is not None and not math.isfinite(value):
        raise Hidden(f"{value} has no JSON")


def _reach(shape: Shape, leaf: Leaf) -> Check | None:
    """A check of every part that `leaf` has a check for; None where there is no such part."""
    match shape:
        case ListOf(item):
            return _all(_reach(item, leaf))
        case MapOf(item):
            inner = _all(_reach(item, leaf))
            return None if inner is None else lambda value: inner(value.values())
        case OptionalOf(Scalar() as item):
            return leaf(item)  # which lets None pass
        case OptionalOf(item):
            optional = _reach(item, leaf)
            return None if optional is None else lambda value: None if value is None else optional(value)
        case TupleOf(items):
            return _parts([(itemgetter(index), _reach(item, leaf)) for index, item in enumerate(items)])
        case Record(_, fields, family):
            if family == "dict":
                return _keys([(field.name, _reach(_optional(field.shape), leaf)) for field in fields])
            return _parts([(attrgetter(field.attribute), _reach(field.shape, leaf)) for field in fields])
        case Sum(cases):
            if cases[0].cls is None:
                return _keys([(case.name, _reach(_optional(case.shape), leaf)) for case in cases])
            checks = {case.cls: _payload(_reach(case.shape, leaf), case.payload is not None) for case in cases}
            return _by_class(checks) if any(checks.values()) else None
        case _:
            return leaf(shape)


def _optional(shape: Shape) -> Shape:
    return shape if isinstance(shape, OptionalOf) else OptionalOf(shape)


def _all(check: Check | None) -> Check | None:
    if check is None:
        return None

    def every(values: Any) -> None:
        for value in values:
            check(value)

    return every


def _parts(parts: list[tuple[Callable[[Any], Any], Check | None]]) -> Check | None:
    needed = [(get, check) for get, check in parts if check is not None]
    if not needed:
        return None

    def every(value: Any) -> None:
        for get, check in needed:
            check(get(value))

    return every


def _keys(parts: list[tuple[str, Check | None]]) -> Check | None:
    needed = [(name, check) for name, check in parts if check is not None]
    if not needed:
        return None

    def every(value: Any) -> None:
        get = value.get
        for name, check in needed:
            check(get(name))

    return every


def _payload(check: Check | None, wrapped: bool) -> Check | None:
    return (lambda value: check(value.value)) if wrapped and check is not None else check


def _by_class(checks: dict[Any, Check | None]) -> Check:
    def one(value: Any) -> None:
        check = checks.get(type(value))
        if check is not None:
            check(value)

    return one
