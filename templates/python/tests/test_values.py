"""DESIGN's table of values, every line, in and out."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Optional

import pytest
from msgspec import Struct
from raw import call, refuse, send, server_of

from nstack.server import Server

INVALID_PARAMS, INVALID_RESULT, PARSE_ERROR = -32602, -32001, -32700


def integer(value: int) -> int:
    return value


def double(value: float) -> float:
    return value


def text(value: str) -> str:
    return value


def anything(value: Any) -> Any:
    return value


def timestamp(value: datetime) -> datetime:
    return value


def base64(value: bytes) -> bytes:
    return value


@dataclass
class Flight:
    miles: int
    delay: Optional[int]


class Image(Struct):
    data: bytes


def flight(value: Flight) -> Flight:
    return value


@pytest.mark.parametrize("value", [b"1.0", b"1e2", b"1.9", b'"12"', b"null", b"true", b"-0.0", b"[]"])
def test_what_is_no_integer_is_rejected(value: bytes) -> None:
    assert call(server_of(integer), value) == INVALID_PARAMS


@pytest.mark.parametrize("digits", [1, 19, 20, 60, 1000])
@pytest.mark.parametrize("function", [integer, anything])
def test_integers_up_to_a_thousand_digits_are_kept_exactly(function: Callable[..., Any], digits: int) -> None:
    server = server_of(function)
    assert call(server, b"7" * digits) == b"7" * digits
    assert call(server, b"-" + b"7" * digits) == b"-" + b"7" * digits


@pytest.mark.parametrize("digits", [1001, 4300, 5000])
@pytest.mark.parametrize("function", [integer, anything])
def test_longer_integers_are_rejected(function: Callable[..., Any], digits: int) -> None:
    assert call(server_of(function), b"7" * digits) == INVALID_PARAMS
    assert call(server_of(function), b"-" + b"7" * digits) == INVALID_PARAMS


@pytest.mark.parametrize("function", [integer, anything])
def test_a_longer_integer_is_rejected_as_a_result(function: Callable[..., Any]) -> None:
    def grow(value: Any) -> Any:
        return function(10**1000)

    assert call(server_of(grow), b"1") == INVALID_RESULT


def test_a_text_of_many_digits_is_no_long_integer() -> None:
    value = b'"' + b"7" * 3000 + b'"'
    assert call(server_of(text), value) == value
    assert call(server_of(anything), value) == value


@pytest.mark.parametrize("function", [double, anything])
@pytest.mark.parametrize("value", [b"1e400", b"-1e400"])
def test_numbers_beyond_a_double_are_rejected(function: Callable[..., Any], value: bytes) -> None:
    assert call(server_of(function), value) == INVALID_PARAMS


@pytest.mark.parametrize("value", [b"NaN", b"Infinity", b"-Infinity", b"01", b"1.", b"'a'", b"[1,]"])
def test_what_is_no_json_is_a_parse_error(value: bytes) -> None:
    assert call(server_of(anything), value) == PARSE_ERROR


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_nan_and_infinities_are_rejected_as_results(value: float) -> None:
    def plain(_: int) -> float:
        return value

    def optional(_: int) -> float | None:
        return value

    def nested(_: int) -> list[dict[str, float]]:
        return [{"a": 1.0}, {"b": value}]

    def open_result(_: int) -> Any:
        return {"a": [1, value]}

    for function in (plain, optional, nested, open_result):
        assert call(server_of(function), b"1") == INVALID_RESULT


@pytest.mark.parametrize(
    "value", [b'"\\ud800"', b'"\\udc00 "', b'"\\ud800\\u0041"', b'"\xff"', b'"\xed\xa0\x80"', b'"\x00"', b'"\x1f"']
)
@pytest.mark.parametrize("function", [text, anything])
def test_broken_texts_are_rejected(function: Callable[..., Any], value: bytes) -> None:
    assert call(server_of(function), value) == PARSE_ERROR


def test_broken_texts_are_rejected_in_unknown_fields_too() -> None:
    server = server_of(flight)
    for value in (b'"\\ud800"', b'"\xff"', b'"\x00"'):
        assert call(server, b'{"miles":1,"more":%b}' % value) == PARSE_ERROR


def test_an_escaped_nul_and_a_pair_of_surrogates_are_texts() -> None:
    server = server_of(text)
    assert call(server, b'"\\u0000"') == b'"\\u0000"'
    assert call(server, b'"\\ud83d\\ude00"') == '"😀"'.encode()


def test_a_lone_surrogate_is_rejected_as_a_result() -> None:
    def broken(_: int) -> str:
        return "\ud800"

    assert call(server_of(broken), b"1") == INVALID_RESULT


@pytest.mark.parametrize("first", [b'"x"', b"1e400", b"[1e400]", b"7" * 1001, b"null", b'{"miles":1e400}'])
def test_a_value_that_is_overridden_need_not_fit(first: bytes) -> None:
    assert call(server_of(flight), b'{"miles":%b,"miles":1}' % first) == b'{"miles":1,"delay":null}'


def test_a_double_within_json_is_finite_also_where_it_is_overridden() -> None:
    assert call(server_of(anything), b'{"a":1e400,"a":1}') == INVALID_PARAMS


def test_of_a_member_of_a_request_that_comes_twice_the_last_one_counts() -> None:
    call_ = b'{"jsonrpc":1,"id":[],"method":{},"params":0,"jsonrpc":"2.0","id":1,"method":"f","params":[7]}'
    assert send(server_of(integer), call_) == {"jsonrpc": "2.0", "id": 1, "result": 7}
    block = b'{"jsonrpc":"2.0","id":1,"method":"$/block","params":{"function":1,"items":0,"function":"f","items":[7]}}'
    assert send(server_of(integer), block) == {"jsonrpc": "2.0", "id": 1, "result": {"items": [7]}}


def test_of_a_key_that_comes_twice_the_last_one_counts() -> None:
    server = server_of(flight)
    assert call(server, b'{"miles":1,"miles":2}') == b'{"miles":2,"delay":null}'
    assert call(server, b'{"miles":"one","miles":2}') == b'{"miles":2,"delay":null}'
    assert call(server, b'{"miles":1,"miles":"two"}') == INVALID_PARAMS
    assert call(server_of(anything), b'{"a":1,"a":2}') == b'{"a":2}'


def test_unknown_fields_of_an_input_are_ignored() -> None:
    assert call(server_of(flight), b'{"more":[{"a":1}],"miles":1}') == b'{"miles":1,"delay":null}'


def test_an_optional_may_be_missing_or_null_and_is_written_as_null() -> None:
    server = server_of(flight)
    for value in (b'{"miles":1}', b'{"miles":1,"delay":null}'):
        assert call(server, value) == b'{"miles":1,"delay":null}'


def test_a_required_field_may_be_neither_missing_nor_null() -> None:
    server = server_of(flight)
    assert call(server, b'{"delay":1}') == INVALID_PARAMS
    assert call(server, b'{"miles":null}') == INVALID_PARAMS


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def test_nesting_up_to_the_limit_is_kept_and_beyond_it_rejected() -> None:
    server = server_of(anything)
    assert call(server, nested(256)) == nested(256)
    assert call(server, nested(257)) == INVALID_PARAMS
    assert call(server, b'{"a":%b}' % nested(256)) == INVALID_PARAMS


def test_a_message_nested_too_deeply_leaves_the_others_of_its_block_alone() -> None:
    items = b",".join([nested(200), nested(300), b'{"a":1}', nested(256)])
    frame = b'{"jsonrpc":"2.0","id":1,"method":"$/block","params":{"function":"f","items":[%b]}}' % items
    result = send(server_of(anything), frame)["result"]
    assert len(result["items"]) == 3
    assert [(item["index"], item["error"]["code"]) for item in result["failed"]] == [(1, INVALID_PARAMS)]


def test_nesting_beyond_what_can_be_read_at_all_is_refused() -> None:
    assert call(server_of(anything), nested(100_000)) in (PARSE_ERROR, INVALID_PARAMS)


def test_a_result_nested_too_deeply_or_in_itself_is_rejected() -> None:
    def deep(_: int) -> Any:
        value: Any = 1
        for _ in range(257):
            value = [value]
        return value

    def circular(_: int) -> Any:
        value: list[Any] = []
        value.append(value)
        return value

    assert call(server_of(deep), b"1") == INVALID_RESULT
    assert call(server_of(circular), b"1") == INVALID_RESULT


@pytest.mark.parametrize(
    "value",
    [
        "2020-01-01T00:00:00",
        "2020-01-01 00:00:00Z",
        "2020-01-01T00:00Z",
        "2020-01-01t00:00:00Z",
        "2020-01-01T00:00:00z",
        "2020-01-01T23:59:60Z",
        "2020-01-01T00:00:00+00:60",
        "2020-01-01T00:00:00-24:00",
        r"2020-01-01\u002000:00:00Z",
        r"2020-01-01T00:00:00\u007a",
        "2020-01-01T00:00:00+0100",
        "2020-01-01T00:00:00+01",
        "2020-01-01T24:00:00Z",
        "2020-02-30T00:00:00Z",
        "2020-01-01",
        "2020-W01-1T00:00:00Z",
        "",
    ],
)
def test_what_is_no_timestamp_with_an_offset_is_rejected(value: str) -> None:
    assert call(server_of(timestamp), f'"{value}"'.encode()) == INVALID_PARAMS


def test_a_number_is_no_timestamp() -> None:
    assert call(server_of(timestamp), b"1577836800") == INVALID_PARAMS


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"),
        ("2020-01-01T00:00:00.123456Z", "2020-01-01T00:00:00.123456Z"),
        ("2020-01-01T00:00:00.9999999Z", "2020-01-01T00:00:00.999999Z"),
        ("2020-01-01T00:00:00.1234567+01:00", "2020-01-01T00:00:00.123456+01:00"),
        ("2020-01-01T00:00:00-05:30", "2020-01-01T00:00:00-05:30"),
    ],
)
def test_timestamps_are_cut_to_microseconds(value: str, result: str) -> None:
    assert call(server_of(timestamp), f'"{value}"'.encode()) == f'"{result}"'.encode()


def test_a_datetime_without_an_offset_is_rejected_as_a_result() -> None:
    def naive(_: int) -> datetime:
        return datetime(2020, 1, 1)

    def hidden(_: int) -> dict[str, list[datetime]]:
        return {"a": [datetime(2020, 1, 1, tzinfo=timezone.utc), datetime(2020, 1, 1)]}

    def aware(_: int) -> datetime:
        return datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=1)))

    assert call(server_of(naive), b"1") == INVALID_RESULT
    assert call(server_of(hidden), b"1") == INVALID_RESULT
    assert call(server_of(aware), b"1") == b'"2020-01-01T00:00:00+01:00"'


def test_a_text_that_reads_like_a_timestamp_with_a_space_does_no_harm() -> None:
    def both(at: datetime, note: str) -> str:
        return note

    api = {
        "input": {"type": "array", "prefixItems": [{}, {}], "items": False, "minItems": 2},
        "output": {"type": "string"},
        "arity": 2,
    }
    answer = send(
        server_of(both, api),
        b'{"jsonrpc":"2.0","id":1,"method":"f","params":["2020-01-01T00:00:00Z","2020-01-01 00:00:00"]}',
    )
    assert answer["result"] == "2020-01-01 00:00:00"


@pytest.mark.parametrize("value", [b'"aGk"', b'"a-_="', b'" aGk="', b'"aGk=\\n"', b"1", b'"===="', b'"a==="'])
def test_what_is_no_base64_is_rejected(value: bytes) -> None:
    assert call(server_of(base64), value) == INVALID_PARAMS


@pytest.mark.parametrize(
    "value", [b'"aGl="', b'"aB=="', b'"\\u0061B=="', b'"a\\u0042=="', b'"a\\u004A=="', b'"aGl\\u003d"', b'"aB=\\u003D"']
)
def test_base64_with_bits_that_stand_for_nothing_is_rejected(value: bytes) -> None:
    assert call(server_of(base64), value) == INVALID_PARAMS


@pytest.mark.parametrize("value", [b'"\\u0061Gk="', b'"aGk\\u003d"', b'"a\\u0047k="'])
def test_base64_may_be_written_with_escapes(value: bytes) -> None:
    assert call(server_of(base64), value) == b'"aGk="'


def test_a_struct_of_the_authors_with_bytes_keeps_the_rules() -> None:
    def image(value: Image) -> Image:
        assert isinstance(value, Image)
        return value

    assert call(server_of(image), b'{"data":"aGk="}') == b'{"data":"aGk="}'
    assert call(server_of(image), b'{"\\u0064ata":"a\\u0047k="}') == b'{"data":"aGk="}'
    assert call(server_of(image), b'{"data":"aGl="}') == INVALID_PARAMS


def test_bytes_are_base64() -> None:
    def reverse(value: bytes) -> bytes:
        return value[::-1]

    assert call(server_of(reverse), b'"aGk="') == b'"aWg="'


@pytest.mark.parametrize("value", [b"1 x", b'1"', b"1}"])
def test_text_after_the_value_is_rejected(value: bytes) -> None:
    assert call(server_of(integer), value) == PARSE_ERROR


def test_an_integer_fits_a_double() -> None:
    assert call(server_of(double), b"9007199254740993") == b"9007199254740992.0"


def test_messages_beyond_the_limit_are_rejected_alone() -> None:
    server = server_of(text)
    limits = {"message": 20, "depth": 256}
    fresh = Server(server._load, refuse)
    start = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocol": 1, "limits": limits}}
    send(fresh, json.dumps(start).encode())
    items = ",".join([f'"{"a" * 18}"', f'"{"a" * 19}"', '"é"'])
    frame = f'{{"jsonrpc":"2.0","id":1,"method":"$/block","params":{{"function":"f","items":[{items}]}}}}'
    result = send(fresh, frame.encode())["result"]
    assert result["items"] == ["a" * 18, "é"]
    assert [(item["index"], item["error"]["code"]) for item in result["failed"]] == [(1, -32005)]
