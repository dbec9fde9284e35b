"""The type language as Python data, and its JSON Schema (the dialect of docs/bridge-protocol.md), both ways."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

ScalarKind = Literal["integer", "double", "boolean", "text", "bytes", "timestamp", "unit"]
Family = Literal["dict", "dataclass", "namedtuple", "struct"]


class Scalar(Struct, frozen=True):
    kind: ScalarKind


class Open(Struct, frozen=True):
    """A value of unstated shape: `Any`, a bare `dict`, a bare `list`."""

    kind: Literal["any", "object", "array"]


class ListOf(Struct, frozen=True):
    item: Shape


class OptionalOf(Struct, frozen=True):
    item: Shape


class MapOf(Struct, frozen=True):
    item: Shape


class TupleOf(Struct, frozen=True):
    items: tuple[Shape, ...]


class Field(Struct, frozen=True):
    """`default` makes the value of a field that an input leaves out; without one the field is required."""

    name: str
    attribute: str
    shape: Shape
    default: Any = None
    """A function without arguments, or None."""
    absent: bool = False
    """A `NotRequired` key: it stays away where an input leaves it out."""
    settable: bool = True


class Record(Struct, frozen=True):
    name: str
    fields: tuple[Field, ...]
    family: Family = "dict"
    cls: Any = None


class Case(Struct, frozen=True):
    """One case of a sum. `payload` is the field `value` of a class with that field alone."""

    name: str
    shape: Shape
    cls: Any = None
    payload: Shape | None = None


class Sum(Struct, frozen=True):
    cases: tuple[Case, ...]


class Unstated(Struct, frozen=True):
    """The code says nothing; the declared type rules."""


class Unsupported(Struct, frozen=True):
    """Written in the code, and outside the type language."""

    text: str
    reason: str


Shape: TypeAlias = (
    Scalar | Open | ListOf | OptionalOf | MapOf | TupleOf | Record | Sum | Unstated | Unsupported
)
Schema: TypeAlias = dict[str, Any]

UNIT = Scalar("unit")
ANY = Open("any")

_scalar_schemas: dict[ScalarKind, Schema] = {
    "integer": {"type": "integer"},
    "double": {"type": "number"},
    "boolean": {"type": "boolean"},
    "bytes": {"type": "string", "contentEncoding": "base64"},
    "timestamp": {"type": "string", "format": "date-time"},
    "text": {"type": "string"},
    "unit": {"type": "null"},
}


def to_schema(shape: Shape) -> Schema:
    """The JSON Schema of a shape, as `rpc.discover` states it."""
    match shape:
        case Scalar(kind):
            return dict(_scalar_schemas[kind])
        case Open(kind):
            return {} if kind == "any" else {"type": kind}
        case ListOf(item):
            return {"type": "array", "items": to_schema(item)}
        case OptionalOf(item):
            return {"anyOf": [to_schema(item), {"type": "null"}]}
        case MapOf(item):
            return {"type": "object", "additionalProperties": to_schema(item)}
        case TupleOf(items):
            parts = [to_schema(item) for item in items]
            return {"type": "array", "prefixItems": parts, "items": False, "minItems": len(parts)}
        case Record(name, fields):
            return {
                "type": "object",
                "properties": {field.name: to_schema(field.shape) for field in fields},
                "required": [field.name for field in fields if _is_required(field)],
                **({"title": name} if name else {}),
            }
        case Sum(cases):
            return {"oneOf": [_case_schema(case) for case in cases]}
        case Unstated():
            return {"x-nstack": "unstated"}
        case Unsupported(text, reason):
            return {"x-nstack": "unsupported", "text": text, "reason": reason}


def from_schema(schema: Schema) -> Shape:
    """The shape that a declared type's JSON Schema stands for; records become plain dicts."""
    kind = schema.get("type")
    if is_void(schema):
        return UNIT
    if "anyOf" in schema:
        return OptionalOf(from_schema(schema["anyOf"][0]))
    if "oneOf" in schema:
        cases = (next(iter(case["properties"].items())) for case in schema["oneOf"])
        return Sum(tuple(Case(name, from_schema(payload)) for name, payload in cases))
    if "prefixItems" in schema:
        return TupleOf(tuple(from_schema(item) for item in schema["prefixItems"]))
    if "items" in schema:
        return ListOf(from_schema(schema["items"]))
    if "properties" in schema:
        fields = (_field(name, from_schema(part)) for name, part in schema["properties"].items())
        return Record(schema.get("title", ""), tuple(fields))
    if "additionalProperties" in schema:
        return MapOf(from_schema(schema["additionalProperties"]))
    if kind in ("object", "array"):
        return Open(kind)
    for name, form in _scalar_schemas.items():
        if all(schema.get(key) == value for key, value in form.items()):
            return Scalar(name)
    return ANY


def is_void(schema: Schema) -> bool:
    """Void, which stands for the whole input of a source or the whole output of a sink."""
    return "not" in schema


def refine(shape: Shape, declared: Shape | None) -> Shape:
    """What rules at run time: what the code states, and the declared type where the code states nothing or leaves a part open."""
    match shape:
        case Unstated() | Unsupported() | Open():
            return ANY if declared is None or isinstance(declared, Unstated) else declared
        case OptionalOf(item):
            return OptionalOf(refine(item, _item(declared, OptionalOf)))
        case ListOf(item):
            return ListOf(refine(item, _item(declared, ListOf)))
        case MapOf(item):
            return MapOf(refine(item, _item(declared, MapOf)))
        case TupleOf(items):
            others = declared.items if isinstance(declared, TupleOf) else ()
            return TupleOf(tuple(refine(item, other) for item, other in zip_longest(items, others[: len(items)])))
        case Record(fields=fields):
            parts = {field.name: field.shape for field in declared.fields} if isinstance(declared, Record) else {}
            return replace(shape, fields=tuple(_refine_field(field, parts.get(field.name)) for field in fields))
        case Sum(cases):
            payloads = {case.name: case.shape for case in declared.cases} if isinstance(declared, Sum) else {}
            return Sum(tuple(_refine_case(case, payloads.get(case.name)) for case in cases))
        case _:
            return shape


def _item(declared: Shape | None, kind: type[ListOf | MapOf | OptionalOf]) -> Shape | None:
    return declared.item if isinstance(declared, kind) else None


def _refine_field(field: Field, declared: Shape | None) -> Field:
    return field if isinstance(field.shape, Open) else replace(field, shape=refine(field.shape, declared))


def _refine_case(case: Case, declared: Shape | None) -> Case:
    """A class with one field `value` is its payload's wrapper, unless a record with that field is declared."""
    if case.payload is None or isinstance(declared, Record):
        return Case(case.name, refine(case.shape, declared), case.cls)
    payload = refine(case.payload, declared)
    return Case(case.name, payload, case.cls, payload)


def _field(name: str, shape: Shape) -> Field:
    return Field(name, name, shape)


def _is_required(field: Field) -> bool:
    return field.default is None and not field.absent and not isinstance(field.shape, OptionalOf)


def _case_schema(case: Case) -> Schema:
    return {
        "type": "object",
        "properties": {case.name: to_schema(case.shape)},
        "required": [case.name],
        "additionalProperties": False,
    }
