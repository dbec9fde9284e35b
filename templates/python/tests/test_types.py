"""Every way to write a type in Python: what it takes, what it gives, and what it says of itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Annotated, Any, NamedTuple, NewType, NotRequired, Optional, TypedDict, Union

import msgspec
import pytest
from raw import call, server_of

from nstack.hints import read_hint
from nstack.shapes import from_schema, to_schema

INTEGER, TEXT, NULL = {"type": "integer"}, {"type": "string"}, {"type": "null"}
UserId = NewType("UserId", int)


@dataclass
class Leg:
    miles: int
    at: Optional[datetime]


@dataclass(frozen=True, kw_only=True)
class Trip:
    legs: list[Leg]
    notes: dict[str, str] = field(default_factory=dict)


class Point(NamedTuple):
    x: int
    label: str | None = None


class Row(TypedDict):
    n: int | None
    m: NotRequired[int]


class Own(msgspec.Struct):
    a: int
    b: str | None = None


class Renamed(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    from_city: str
    legs: list[Leg]


@dataclass
class Click:
    user: str


@dataclass
class Quit:
    pass


@dataclass
class Amount:
    value: int


Event = Union[Click, Quit, Amount]


@dataclass
class Session:
    events: list[Event]
    last: Event | None


@dataclass
class Tree:
    children: list[Tree]


@dataclass
class Timed:
    at: datetime
    n: int = 3


def echo(hint: Any) -> Callable[[Any], Any]:
    def function(value):  # type: ignore[no-untyped-def]
        return value

    function.__annotations__ = {"value": hint, "return": hint}
    return function


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (None, b"null"),
        (bool, b"true"),
        (UserId, b"7"),
        (Annotated[int, "miles"], b"7"),
        (list[int], b"[1,2]"),
        (Sequence[int], b"[1,2]"),
        (tuple[int, ...], b"[1,2]"),
        (tuple[int, str], b'[1,"a"]'),
        (tuple[Leg, Event], b'[{"miles":1,"at":null},{"Quit":null}]'),
        (dict[str, int], b'{"a":1}'),
        (Mapping[str, list[int]], b'{"a":[1]}'),
        (dict[str, Leg], b'{"a":{"miles":1,"at":"2020-01-01T00:00:00Z"}}'),
        (Optional[int], b"null"),
        (int | None, b"1"),
        (Any, b'{"a":[1,2.5,null,"x"]}'),
        (dict, b'{"a":1}'),
        (list, b'[1,"a"]'),
        (Trip, b'{"legs":[{"miles":1,"at":null}],"notes":{"a":"b"}}'),
        (Point, b'{"x":1,"label":"a"}'),
        (list[Point], b'[{"x":1,"label":null}]'),
        (Row, b'{"n":1,"m":2}'),
        (list[Row], b'[{"n":null,"m":2}]'),
        (Own, b'{"a":1,"b":null}'),
        (Renamed, b'{"fromCity":"Oslo","legs":[{"miles":1,"at":null}]}'),
        (Event, b'{"Click":{"user":"ann"}}'),
        (Event, b'{"Quit":null}'),
        (Event, b'{"Amount":7}'),
        (Optional[Event], b"null"),
        (Session, b'{"events":[{"Quit":null},{"Amount":7}],"last":null}'),
        (dict[str, Event], b'{"a":{"Click":{"user":"ann"}}}'),
    ],
)
def test_a_value_comes_back_as_it_went_in(hint: Any, value: bytes) -> None:
    assert call(server_of(echo(hint)), value) == value


def test_user_code_gets_the_classes_that_it_names() -> None:
    seen: list[Any] = []

    def take(session: Session) -> None:
        seen.append(session)

    call(server_of(take), b'{"events":[{"Click":{"user":"ann"}},{"Quit":null},{"Amount":7}],"last":{"Quit":null}}')
    assert seen[0] == Session([Click("ann"), Quit(), Amount(7)], Quit())


@pytest.mark.parametrize(
    "value", [b"{}", b'{"Click":{"user":"a"},"Quit":null}', b'{"Other":1}', b'{"Quit":1}', b'"Quit"', b"null", b'{"Click":1}']
)
def test_what_is_no_case_of_a_sum_is_rejected(value: bytes) -> None:
    assert call(server_of(echo(Event)), value) == -32602


def test_a_result_that_is_no_case_of_a_sum_is_rejected() -> None:
    def wrong(_: int) -> Event:
        return "Quit"  # type: ignore[return-value]

    assert call(server_of(wrong), b"1") == -32001


def test_a_default_stands_in_for_a_field_that_is_left_out_and_null_is_no_value_of_it() -> None:
    server = server_of(echo(Timed))
    assert call(server, b'{"at":"2020-01-01T00:00:00Z"}') == b'{"at":"2020-01-01T00:00:00Z","n":3}'
    assert call(server, b'{"at":"2020-01-01T00:00:00Z","n":null}') == -32602


def test_a_key_that_is_not_required_stays_away_and_an_optional_one_is_none() -> None:
    assert call(server_of(echo(Row)), b"{}") == b'{"n":null}'


def test_unknown_fields_are_ignored_whatever_the_class_says() -> None:
    assert call(server_of(echo(Renamed)), b'{"fromCity":"Oslo","legs":[],"more":1}') == b'{"fromCity":"Oslo","legs":[]}'


def test_what_the_authors_class_refuses_is_an_input_that_does_not_fit() -> None:
    @dataclass
    class Positive:
        n: int

        def __post_init__(self) -> None:
            if self.n < 0:
                raise ValueError("n is negative")

    server = server_of(echo(Positive))
    assert call(server, b'{"n":1}') == b'{"n":1}'
    assert call(server, b'{"n":-1}') == -32602


def test_values_of_numpys_kind_become_plain() -> None:
    class Scalar:
        def tolist(self) -> Any:
            return [1, 2.5]

    def give(_: int) -> Any:
        return {"a": Scalar()}

    assert call(server_of(give), b"1") == b'{"a":[1,2.5]}'


def test_a_value_without_json_is_a_result_that_does_not_fit() -> None:
    def give(_: int) -> Any:
        return object()

    assert call(server_of(give), b"1") == -32001


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (int, INTEGER),
        (float, {"type": "number"}),
        (bytes, {"type": "string", "contentEncoding": "base64"}),
        (datetime, {"type": "string", "format": "date-time"}),
        (None, NULL),
        (Any, {}),
        (dict, {"type": "object"}),
        (list, {"type": "array"}),
        (list[int], {"type": "array", "items": INTEGER}),
        (dict[str, int], {"type": "object", "additionalProperties": INTEGER}),
        (tuple[int, str], {"type": "array", "prefixItems": [INTEGER, TEXT], "items": False, "minItems": 2}),
        (Optional[int], {"anyOf": [INTEGER, NULL]}),
        (
            Point,
            {
                "type": "object",
                "properties": {"x": INTEGER, "label": {"anyOf": [TEXT, NULL]}},
                "required": ["x"],
                "title": "Point",
            },
        ),
        (
            Union[Click, Quit],
            {
                "oneOf": [
                    {
                        "type": "object",
                        "properties": {
                            "Click": {
                                "type": "object",
                                "properties": {"user": TEXT},
                                "required": ["user"],
                                "title": "Click",
                            }
                        },
                        "required": ["Click"],
                        "additionalProperties": False,
                    },
                    {
                        "type": "object",
                        "properties": {"Quit": NULL},
                        "required": ["Quit"],
                        "additionalProperties": False,
                    },
                ]
            },
        ),
    ],
)
def test_a_hint_is_told_as_json_schema(hint: Any, schema: Any) -> None:
    assert to_schema(read_hint(hint)) == schema


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        (set[int], "set[int]"),
        (dict[int, str], "dict[int, str]"),
        (int | str, "int | str"),
        (Optional[set], "set"),
        (complex, "complex"),
        (Callable[[int], int], "collections.abc.Callable[[int], int]"),
    ],
)
def test_a_hint_outside_the_type_language_is_told_with_its_reason(hint: Any, text: str) -> None:
    schema = to_schema(read_hint(hint))
    assert schema["x-nstack"] == "unsupported"
    assert schema["text"] in (text, text.replace(" | ", ", "))
    assert schema["reason"]


def test_a_class_that_holds_itself_is_outside_the_type_language() -> None:
    schema = to_schema(read_hint(Tree))
    assert schema["properties"]["children"]["items"]["reason"] == "it refers to itself, and types are finite"


@pytest.mark.parametrize("hint", [int, list[int], Optional[str], tuple[int, bool], dict[str, float], bytes, datetime, Any])
def test_a_schema_reads_back_as_the_shape_it_came_from(hint: Any) -> None:
    assert from_schema(to_schema(read_hint(hint))) == read_hint(hint)


def declared(schema: Any) -> Any:
    return {"input": schema, "output": schema, "arity": 1}


def test_a_function_without_hints_takes_the_declared_types() -> None:
    seen: list[Any] = []

    def keep(value):  # type: ignore[no-untyped-def]
        seen.append(value)
        return value

    record = {
        "type": "object",
        "properties": {"at": to_schema(read_hint(datetime)), "n": {"anyOf": [INTEGER, NULL]}},
        "required": ["at"],
    }
    server = server_of(keep, declared(record))
    assert call(server, b'{"at":"2020-01-01T00:00:00Z","more":1}') == b'{"at":"2020-01-01T00:00:00Z","n":null}'
    assert seen[0] == {"at": datetime(2020, 1, 1, tzinfo=timezone.utc), "n": None}
    assert call(server, b'{"at":"now"}') == -32602


def test_a_bare_dict_takes_the_declared_types_too() -> None:
    record = {"type": "object", "properties": {"n": INTEGER}, "required": ["n"]}
    server = server_of(echo(dict), declared(record))
    assert call(server, b'{"n":1}') == b'{"n":1}'
    assert call(server, b'{"n":"1"}') == -32602


def test_a_declared_sum_is_a_dict_with_one_key_for_code_without_hints() -> None:
    server = server_of(lambda value: value, declared(to_schema(read_hint(Union[Click, Quit]))))
    assert call(server, b'{"Click":{"user":"ann"}}') == b'{"Click":{"user":"ann"}}'
    assert call(server, b'{"Quit":null}') == b'{"Quit":null}'
    assert call(server, b'{"Click":{"user":"ann"},"Quit":null}') == -32602


def test_a_class_with_one_field_value_is_a_record_where_the_api_declares_one() -> None:
    server = server_of(echo(Event), declared(to_schema(read_hint(Event))))
    assert call(server, b'{"Amount":{"value":7}}') == b'{"Amount":{"value":7}}'


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type statements came with Python 3.12")
def test_a_type_statement_is_looked_through() -> None:
    names: dict[str, Any] = {}
    exec("type Miles = int", names)
    assert to_schema(read_hint(names["Miles"])) == INTEGER
