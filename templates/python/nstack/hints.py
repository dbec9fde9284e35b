"""Reads Python type hints as shapes of the type language."""

from __future__ import annotations

import collections.abc as abc
import dataclasses
import datetime
import types
import typing
from collections.abc import Callable
from typing import Any, NewType

import msgspec

from .shapes import ANY, UNIT, Case, Family, Field, ListOf, MapOf, Open, OptionalOf, Record, Scalar, Shape
from .shapes import Sum, TupleOf, Unstated, Unsupported
from .positioned import Positioned

_names: dict[Any, Shape] = {
    int: Scalar("integer"),
    float: Scalar("double"),
    bool: Scalar("boolean"),
    str: Scalar("text"),
    bytes: Scalar("bytes"),
    datetime.datetime: Scalar("timestamp"),
    None: UNIT,
    type(None): UNIT,
    Any: ANY,
    object: ANY,
}
_lists = (list, abc.Sequence, abc.MutableSequence, abc.Collection)
_maps = (dict, abc.Mapping, abc.MutableMapping)
_streams = (abc.Iterator, abc.Iterable, abc.Generator)
_wrappers = (typing.Final, typing.Required, typing.NotRequired)
_reasons: dict[Any, str] = {
    set: "a set has no JSON; use list[...]",
    frozenset: "a set has no JSON; use list[...]",
    complex: "complex numbers have no JSON; use tuple[float, float]",
    bytearray: "use bytes",
    memoryview: "use bytes",
    datetime.date: "use datetime.datetime (Timestamp) or str",
    datetime.time: "use str",
    datetime.timedelta: "use float (seconds)",
    abc.Iterator: "only a source gives items one by one; use list[...]",
    abc.Generator: "only a source gives items one by one; use list[...]",
    abc.Iterable: "its items cannot be read twice; use list[...]",
}
_no_record = "a class is a record where it is a dataclass, TypedDict, NamedTuple or msgspec.Struct"


def read_hint(hint: Any, above: tuple[Any, ...] = ()) -> Shape:
    """The shape of a resolved hint. `above` holds the classes that it stands in: types are finite."""
    hint = _look_through(hint)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _read_union(hint, arguments, above)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return ListOf(read_hint(arguments[0], above))
        return TupleOf(tuple(read_hint(item, above) for item in arguments))
    if origin in _lists and arguments:
        return ListOf(read_hint(arguments[0], above))
    if origin in _maps and arguments:
        return _read_map(hint, arguments, above)
    plain = hint if origin is None else origin
    if typing.is_typeddict(plain) or isinstance(plain, type):
        if plain in _names:
            return _names[plain]
        if plain in _lists or plain is tuple:
            return Open("array")
        if plain in _maps:
            return Open("object")
        return _read_class(hint, plain, above)
    if hint in _names:
        return _names[hint]
    return Unsupported(text_of(hint), _reasons.get(plain, "it is outside the type language"))


def read_items(hint: Any) -> Shape | None:
    """What a source gives one by one: the T of `Iterator[T]` and its kin, and of `Iterator[Positioned[T]]`; None for other hints."""
    hint = _look_through(hint)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if (origin or hint) not in _streams:
        return None
    if not arguments:
        return Unstated()
    item = _look_through(arguments[0])
    if item is Positioned:
        return Unstated()
    if typing.get_origin(item) is Positioned:
        item = typing.get_args(item)[0]
    return read_hint(item)


def text_of(hint: Any) -> str:
    """A hint as its author would write it."""
    return hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint)


def _look_through(hint: Any) -> Any:
    while True:
        if isinstance(hint, NewType):
            hint = hint.__supertype__
        elif type(hint).__name__ == "TypeAliasType":
            hint = hint.__value__
        elif typing.get_origin(hint) is typing.Annotated:
            hint = hint.__origin__
        elif typing.get_origin(hint) in _wrappers:
            hint = typing.get_args(hint)[0]
        else:
            return hint


def _read_map(hint: Any, arguments: tuple[Any, ...], above: tuple[Any, ...]) -> Shape:
    key, value = arguments
    if read_hint(key) != Scalar("text"):
        reason = f"the keys of a Map are Text (str), not {text_of(key)}"
        return Unsupported(text_of(hint), reason)
    return MapOf(read_hint(value, above))


def _read_union(hint: Any, arguments: tuple[Any, ...], above: tuple[Any, ...]) -> Shape:
    members = list(_flatten(arguments))
    values = [member for member in members if member is not type(None)]
    shape = _join(hint, values, above)
    if len(values) == len(members) or isinstance(shape, (OptionalOf, Unsupported)) or shape == ANY:
        return shape
    return OptionalOf(shape)


def _flatten(arguments: tuple[Any, ...]) -> typing.Iterator[Any]:
    for argument in map(_look_through, arguments):
        if typing.get_origin(argument) in (typing.Union, types.UnionType):
            yield from _flatten(typing.get_args(argument))
        else:
            yield argument


def _join(hint: Any, values: list[Any], above: tuple[Any, ...]) -> Shape:
    shapes = [read_hint(value, above) for value in values]
    if len(shapes) == 1:
        return shapes[0]
    if ANY in shapes:
        return ANY
    cases = []
    for value, shape in zip(values, shapes):
        if not isinstance(shape, Record) or shape.family not in ("dataclass", "struct"):
            reason = f"{text_of(value)} is no case of a sum: each is a dataclass that is named after its case"
            return Unsupported(text_of(hint), reason)
        cases.append(_read_case(shape))
    return Sum(tuple(cases))


def _read_case(record: Record) -> Case:
    if not record.fields:
        return Case(record.name, UNIT, record.cls)
    only = record.fields[0]
    payload = only.shape if len(record.fields) == 1 and only.name == "value" else None
    return Case(record.name, record, record.cls, payload)


def _read_class(hint: Any, cls: Any, above: tuple[Any, ...]) -> Shape:
    text = text_of(hint)
    if cls in above:
        return Unsupported(text, "it refers to itself, and types are finite")
    if typing.get_args(hint) or getattr(cls, "__parameters__", ()):
        return Unsupported(text, _reasons.get(cls, "generic classes are not supported"))
    found = _read_fields(cls)
    if found is None:
        return Unsupported(text, _reasons.get(cls, _no_record))
    if isinstance(found, str):
        return Unsupported(text, found)
    family, fields = found
    try:
        hints = typing.get_type_hints(cls, include_extras=True)
    except Exception as error:  # a hint may run any code
        return Unsupported(text, f"its hints cannot be resolved: {error}")
    inside = (*above, cls)
    read = (_with_hint(field, hints[field.attribute], cls, inside) for field in fields)
    return Record(cls.__name__, tuple(read), family, cls)


def _with_hint(field: Field, hint: Any, cls: Any, above: tuple[Any, ...]) -> Field:
    absent = typing.is_typeddict(cls) and _may_be_absent(field.name, hint, cls)
    shape = read_hint(hint, above)
    if absent and not isinstance(shape, OptionalOf) and shape not in (ANY, UNIT):
        shape = OptionalOf(shape)
    return msgspec.structs.replace(field, shape=shape, absent=absent)


def _may_be_absent(key: str, hint: Any, cls: Any) -> bool:
    """The class itself does not know it where its hints were texts."""
    wrapper = typing.get_origin(hint)
    return wrapper is typing.NotRequired or (wrapper is not typing.Required and key in cls.__optional_keys__)


def _read_fields(cls: Any) -> tuple[Family, list[Field]] | str | None:
    """Names and defaults, hints apart; None where the class is no record, a reason where it is one that JSON cannot hold."""
    if typing.is_typeddict(cls):
        return "dict", [Field(name, name, ANY) for name in cls.__annotations__]
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        defaults = cls._field_defaults
        return "namedtuple", [
            Field(name, name, ANY, _constant(defaults[name]) if name in defaults else None)
            for name in cls._fields
        ]
    if dataclasses.is_dataclass(cls):
        return "dataclass", [
            Field(item.name, item.name, ANY, _default_of(item, dataclasses.MISSING), settable=item.init)
            for item in dataclasses.fields(cls)
        ]
    if issubclass(cls, msgspec.Struct):
        config = cls.__struct_config__
        if config.tag is not None or config.array_like:
            return "a Struct with a tag or array_like has a JSON of its own"
        return "struct", [
            Field(item.encode_name, item.name, ANY, _default_of(item, msgspec.NODEFAULT))
            for item in msgspec.structs.fields(cls)
        ]
    return None


def _default_of(item: Any, nothing: Any) -> Callable[[], Any] | None:
    if item.default is not nothing:
        return _constant(item.default)
    return None if item.default_factory is nothing else typing.cast("Callable[[], Any]", item.default_factory)


def _constant(value: Any) -> Callable[[], Any]:
    return lambda: value


