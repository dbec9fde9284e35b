"""Compiles a shape into what decodes an input of it and encodes a result of it.

A record of the author's is decoded as a Struct of our own, made from its fields, and then handed to the author's class: that
is as fast as decoding the class itself and lets the rules of the language, not those of each library, say what may be left out.
"""

from __future__ import annotations

from collections.abc import Callable
from keyword import iskeyword
from typing import Any, NotRequired, TypedDict

import msgspec
from msgspec import UNSET, Struct, UnsetType, defstruct, field

from .errors import invalid_result
from .shapes import Case, Field, ListOf, MapOf, Open, OptionalOf, Record, Scalar, Shape, Sum, TupleOf
from .values import Bytes, Timestamp

Step = Callable[[Any], Any]

_scalar_types: dict[str, Any] = {
    "integer": int,
    "double": float,
    "boolean": bool,
    "text": str,
    "unit": None,
}
_open_types: dict[str, Any] = {"any": Any, "object": dict[str, Any], "array": list[Any]}


class Codec(Struct, frozen=True):
    """`type` is what msgspec decodes; `load` turns that into what user code takes, `dump` a result into what msgspec encodes.
    A step that is None costs nothing."""

    type: Any
    load: Step | None = None
    dump: Step | None = None
    own: bool = False
    """Whether msgspec makes the same of the author's own hint."""


class Rules(Struct, frozen=True):
    """`timestamp` and `bytes` are the msgspec types of Timestamps and Bytes. `closed` refuses undeclared fields, for checking
    results: the codec's type alone is of use then."""

    timestamp: Any = Timestamp
    bytes: Any = Bytes
    closed: bool = False


def compile_codec(shape: Shape, rules: Rules) -> Codec:
    match shape:
        case Scalar("timestamp"):
            return Codec(rules.timestamp)
        case Scalar("bytes"):
            return Codec(rules.bytes, own=rules.bytes is bytes)
        case Scalar(kind):
            return Codec(_scalar_types[kind], own=True)
        case Open(kind):
            return Codec(_open_types[kind], own=True)
        case ListOf(item):
            inner = compile_codec(item, rules)
            return Codec(list[inner.type], _each(inner.load), _each(inner.dump), inner.own)  # type: ignore[name-defined]
        case MapOf(item):
            inner = compile_codec(item, rules)
            return Codec(dict[str, inner.type], _each_value(inner.load), _each_value(inner.dump), inner.own)  # type: ignore[name-defined]
        case OptionalOf(item):
            inner = compile_codec(item, rules)
            return Codec(inner.type | None, _unless_none(inner.load), _unless_none(inner.dump), inner.own)
        case TupleOf(items):
            parts = [compile_codec(item, rules) for item in items]
            types = tuple(part.type for part in parts)
            load, dump = (_by_position([getattr(part, name) for part in parts]) for name in ("load", "dump"))
            return Codec(tuple[types], load, dump, all(part.own for part in parts))  # type: ignore[valid-type]
        case Record():
            return _compile_record(shape, rules)
        case Sum(cases):
            return _compile_sum(cases, rules)
        case _:
            return Codec(Any)


def _each(step: Step | None) -> Step | None:
    return None if step is None else lambda values: [step(value) for value in values]


def _each_value(step: Step | None) -> Step | None:
    return None if step is None else lambda values: {key: step(value) for key, value in values.items()}


def _unless_none(step: Step | None) -> Step | None:
    return None if step is None else lambda value: None if value is None else step(value)


def _by_position(steps: list[Step | None]) -> Step | None:
    if not any(steps):
        return None
    return lambda values: tuple(step(v) if step else v for step, v in zip(steps, values, strict=True))


def _compile_record(record: Record, rules: Rules) -> Codec:
    parts = {item.name: compile_codec(item.shape, rules) for item in record.fields}
    dump = _dump_record(record, {name: part.dump for name, part in parts.items() if part.dump})
    if rules.closed:
        return Codec(_mirror(record, parts, closed=True))
    loads = {name: part.load for name, part in parts.items() if part.load}
    if record.family == "dict":
        return Codec(_typed_dict(record, parts), _fill(record, loads), dump)
    if _decodes_itself(record, parts):
        return Codec(record.cls, None, dump, own=True)
    return Codec(_mirror(record, parts), _construct(record, loads), dump)


def _mirror(record: Record, parts: dict[str, Codec], closed: bool = False) -> Any:
    """A Struct with a field for each of the record's, in order, that decodes by the rules of the language."""
    fields = []
    for index, item in enumerate(settable(record)):
        default = item.default or (_none if isinstance(item.shape, OptionalOf) else None)
        slot = f"f{index}"
        spec: Any = field(name=item.name) if default is None else field(name=item.name, default_factory=default)
        fields.append((slot, parts[item.name].type, spec))
    return defstruct(record.name or "Record", fields, kw_only=True, forbid_unknown_fields=closed)


def settable(record: Record) -> list[Field]:
    return [item for item in record.fields if item.settable]


def _none() -> None:
    return None


def _construct(record: Record, loads: dict[str, Step]) -> Step:
    """`lambda mirror: Leg(mirror.f0, load(mirror.f1))`."""
    make = record.cls
    fields = settable(record)
    by_keyword = record.family == "struct" or any(
        getattr(make.__dataclass_fields__[item.attribute], "kw_only", False)
        for item in (fields if record.family == "dataclass" else [])
    )
    names: dict[str, Any] = {"make": make}
    given = []
    for index, item in enumerate(fields):
        step = loads.get(item.name)
        if step is not None:
            names[f"load{index}"] = step
        value = f"mirror.f{index}" if step is None else f"load{index}(mirror.f{index})"
        given.append(f"{item.attribute!r}: {value}" if by_keyword else value)
    arguments = ", ".join(given)
    return _compiled(f"lambda mirror: make({f'**{{{arguments}}}' if by_keyword else arguments})", names)


def _compiled(source: str, names: dict[str, Any]) -> Step:
    """Spelled out for one type, a step is up to three times as fast as a loop over its fields."""
    step: Step = eval(source, names)
    return step


def _decodes_itself(record: Record, parts: dict[str, Codec]) -> bool:
    """Whether the author's Struct already keeps the rules, so that nothing needs to stand for it."""
    if record.family != "struct" or record.cls.__struct_config__.forbid_unknown_fields:
        return False
    optional = (item for item in record.fields if isinstance(item.shape, OptionalOf))
    return all(part.own for part in parts.values()) and all(item.default for item in optional)


def _typed_dict(record: Record, parts: dict[str, Codec]) -> Any:
    hints: dict[str, Any] = {}
    for item in record.fields:
        kind = parts[item.name].type
        hints[item.name] = NotRequired[kind] if item.absent or isinstance(item.shape, OptionalOf) else kind
    return TypedDict(record.name or "Record", hints)  # type: ignore[operator]


def _fill(record: Record, loads: dict[str, Step]) -> Step | None:
    """A key that was left out is there and None, unless the author wrote NotRequired."""
    optional = [f.name for f in record.fields if isinstance(f.shape, OptionalOf) and not f.absent]
    if not optional and not loads:
        return None
    full = len(record.fields)

    def fill(value: dict[str, Any]) -> dict[str, Any]:
        if len(value) != full:
            for name in optional:
                value.setdefault(name, None)
        for name, step in loads.items():
            if name in value:
                value[name] = step(value[name])
        return value

    return fill


def _dump_record(record: Record, dumps: dict[str, Step]) -> Step | None:
    if not dumps and record.family != "namedtuple":
        return None
    if record.family == "dict":
        return lambda value: {k: dumps[k](v) if k in dumps else v for k, v in _expect(value, dict, record).items()}
    return _spelled_out(record, dumps)


def _is_plain(name: str) -> bool:
    return name.isidentifier() and not iskeyword(name)


def _spelled_out(record: Record, dumps: dict[str, Step]) -> Step:
    """`lambda value: {"miles": value.miles, "leg": dump(value.leg)}`."""
    names: dict[str, Any] = {"kind": record.cls, "expect": lambda value: _expect(value, record.cls, record)}
    entries = []
    for index, item in enumerate(record.fields):
        step = dumps.get(item.name)
        if step is not None:
            names[f"dump{index}"] = step
        get = f"value.{item.attribute}" if _is_plain(item.attribute) else f"getattr(value, {item.attribute!r})"
        entries.append(f"{item.name!r}: {get if step is None else f'dump{index}({get})'}")
    return _compiled(f"lambda value: {{{', '.join(entries)}}} if isinstance(value, kind) else expect(value)", names)


def _expect(value: Any, kind: type, record: Record) -> Any:
    if not isinstance(value, kind):
        raise invalid_result(f"expected {record.name or 'a record'}, found {type(value).__name__}")
    return value


class _OneCase(Struct, forbid_unknown_fields=True):
    """The JSON of a sum: an object with one key, the name of the case."""

    def __post_init__(self) -> None:
        given = sum(value is not UNSET for value in msgspec.structs.astuple(self))
        if given != 1:
            raise ValueError(f"Expected one case of the sum, found {given}")


def _compile_sum(cases: tuple[Case, ...], rules: Rules) -> Codec:
    parts = [compile_codec(case.shape, rules) for case in cases]
    fields: list[Any] = [
        (f"f{index}", part.type | UnsetType if part.type is not None else None | UnsetType, field(name=case.name, default=UNSET))
        for index, (case, part) in enumerate(zip(cases, parts, strict=True))
    ]
    tagged = defstruct("Sum", fields, bases=(_OneCase,))
    loads = [_load_case(case, part.load) for case, part in zip(cases, parts, strict=True)]
    return Codec(tagged, lambda value: _load_sum(value, loads), _dump_sum(cases, parts))


def _load_sum(value: Struct, loads: list[Step]) -> Any:
    for payload, load in zip(msgspec.structs.astuple(value), loads, strict=True):
        if payload is not UNSET:
            return load(payload)
    raise AssertionError("a sum has one case")


def _load_case(case: Case, load: Step | None) -> Step:
    cls, name = case.cls, case.name
    if cls is None:
        return lambda payload: {name: load(payload) if load else payload}
    if case.payload is not None:
        return lambda payload: cls(load(payload) if load else payload)
    if isinstance(case.shape, Record):
        return load if load else lambda payload: payload
    return lambda _: cls()


def _dump_sum(cases: tuple[Case, ...], parts: list[Codec]) -> Step:
    by_class = {case.cls: _dump_case(case, part.dump) for case, part in zip(cases, parts, strict=True)}
    by_name = {case.name: part.dump for case, part in zip(cases, parts, strict=True)}
    names = ", ".join(by_name)

    def dump_plain(value: Any) -> dict[str, Any]:
        name = next(iter(value), None) if isinstance(value, dict) and len(value) == 1 else None
        if name not in by_name:
            raise invalid_result(f"expected one of {names}, found {type(value).__name__}")
        step = by_name[name]
        return {name: step(value[name]) if step else value[name]}

    def dump(value: Any) -> dict[str, Any]:
        step = by_class.get(type(value))
        if step is None:
            raise invalid_result(f"expected one of {names}, found {type(value).__name__}")
        tagged: dict[str, Any] = step(value)
        return tagged

    return dump_plain if cases[0].cls is None else dump


def _dump_case(case: Case, step: Step | None) -> Step:
    name = case.name
    if case.payload is not None:
        return lambda value: {name: step(value.value) if step else value.value}
    if not isinstance(case.shape, Record):
        return lambda _: {name: None}
    return (lambda value: {name: value}) if step is None else lambda value: {name: step(value)}
