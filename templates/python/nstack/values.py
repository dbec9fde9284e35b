"""The rules of DESIGN's table of values that msgspec does not keep by itself."""

from __future__ import annotations

import binascii
import dataclasses
import math
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec

from .errors import INVALID_PARAMS, Hidden, RpcError

INTEGER_DIGITS = 1000
_integer_limit = 10**INTEGER_DIGITS
_long_digits = re.compile(rb"[0-9]{%d}" % (INTEGER_DIGITS + 1))
_digit_samples = re.compile(rb"[0-9]{10}")
_misread_timestamps = [
    re.compile(pattern).search
    for pattern in (
        rb" [0-9]{2}:[0-9]{2}:[0-9]{2}",
        rb"t[0-9]{2}:[0-9]{2}:[0-9]{2}",
        rb"\.[0-9]{7,}[Z+-]",
        rb'z"',
        rb'\+[0-9]{4}"',
        rb'-[0-9]{4}"',
    )
]
_misread_base64 = re.compile(rb'="(?:(?<=[^AQgw]==")|(?<=[^AEIMQUYcgkosw048=]="))').search
_escape = rb"\u00"
_escaped_in_timestamp = re.compile(re.escape(_escape) + rb"(?:2[0bBdDeE]|3[0-9aA]|[57][4aA])").search
_escaped_in_base64 = re.compile(re.escape(_escape) + rb'(?:[0-9a-fA-F]{2}={1,2}"|3[dD])').search
_rfc3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}(?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
).fullmatch

_base64 = re.compile(
    r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?"
).fullmatch


LenientTimestamp = Annotated[datetime, msgspec.Meta(tz=True)]
"""msgspec's own: fast, but it takes a space or a `t` for the `T`, `z` for `Z` and an offset without a colon, and rounds where the table cuts."""


class _LooksLikeTimestamp(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


class Timestamp(metaclass=_LooksLikeTimestamp):
    """Stands for datetime in msgspec types that keep the table: they decode it through `decode_hook`."""


class _LooksLikeBytes(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, bytes)


class Bytes(metaclass=_LooksLikeBytes):
    """The same for bytes: msgspec's own take a last letter with bits that stand for nothing, so that one value would have several texts."""


def may_misread_timestamps(data: bytes) -> bool:
    """Whether LenientTimestamp may make another thing of a JSON text than Timestamp does. Each pattern begins with a byte that
    is rare in JSON, which makes the search for it fast."""
    if _escape in data and _escaped_in_timestamp(data):
        return True
    return any(search(data) for search in _misread_timestamps)


def may_misread_bytes(data: bytes) -> bool:
    """The same for `bytes` and Bytes."""
    return _misread_base64(data) is not None or (_escape in data and _escaped_in_base64(data) is not None)


def decode_hook(kind: type, value: Any) -> Any:
    """Decodes what msgspec does not know by itself: Timestamps and Bytes."""
    if kind is Bytes:
        if not isinstance(value, str) or _base64(value) is None:
            raise ValueError(f"Expected Bytes (base64 with padding), found {shorten(repr(value), 60)}")
        return binascii.a2b_base64(value)
    if kind is not Timestamp:
        raise NotImplementedError(f"{kind} cannot be decoded")
    if not isinstance(value, str) or _rfc3339(value) is None:
        raise ValueError(f"Expected Timestamp (RFC 3339 with an offset), found {shorten(repr(value), 60)}")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"Expected Timestamp, found {value!r}: {error}") from None


def encode_hook(value: Any) -> Any:
    """Encodes what msgspec does not know by itself: scalars and arrays of numpy and its kin, by their `tolist`."""
    convert = getattr(value, "tolist", None)
    if convert is None:
        raise Hidden(f"a {type(value).__name__} has no JSON")
    plain = convert()
    refuse_hidden(plain, _deepest)
    return plain


_deepest = 900
"""Below Python's own recursion limit."""


def may_hold_long_integer(data: bytes) -> bool:
    """Whether a number may have more than 1,000 digits. A run of 1,001 covers ten neighbours among every hundredth byte, so
    that looking at those settles nearly every case at a hundredth of the cost."""
    return _digit_samples.search(data[::100]) is not None and _long_digits.search(data) is not None


def may_be_too_deep(data: bytes, depth: int) -> bool:
    """Whether a JSON text has brackets enough to nest deeper."""
    return data.count(b"[") + data.count(b"{") > depth


def is_plain(values: Iterable[Any], depth: int) -> bool:
    """Whether all values are surely made of plain types, finite and not nested deeper: the quick form of `refuse_hidden`."""
    for _ in range(depth):
        inside: list[Any] = []
        for value in values:
            kind = type(value)
            if kind is dict:
                inside.extend(value.values())
            elif kind is list or kind is tuple:
                inside.extend(value)
            elif kind is float:
                if not math.isfinite(value):
                    return False
            elif isinstance(value, msgspec.Struct):
                inside.extend(msgspec.structs.astuple(value))
            elif kind not in _plain_types:
                return False
        if not inside:
            return True
        values = inside
    return False


_plain_types = frozenset((str, int, bool, bytes, datetime, type(None), msgspec.UnsetType))


def refuse_hidden(value: Any, depth: int) -> None:
    """Raises Hidden where a value holds what JSON would hide or the hub would end the service for: NaN, infinities,
    integers beyond 1,000 digits, nesting beyond `depth`. Walks any value, so it is kept off the fast path."""
    match value:
        case float():
            if not math.isfinite(value):
                raise Hidden(f"{value} has no JSON")
        case int():
            if not -_integer_limit < value < _integer_limit:
                raise Hidden(f"an Integer has up to {INTEGER_DIGITS:,} digits")
        case str() | bytes() | None:
            pass
        case dict():
            _refuse_inside(value.values(), depth)
        case list() | tuple() | set() | frozenset():
            _refuse_inside(value, depth)
        case msgspec.Struct():
            _refuse_inside(msgspec.structs.astuple(value), depth)
        case _ if dataclasses.is_dataclass(value):
            _refuse_inside((getattr(value, field.name) for field in dataclasses.fields(value)), depth)


def _refuse_inside(values: Any, depth: int) -> None:
    if depth == 0:
        raise Hidden("it is nested too deeply")
    for value in values:
        refuse_hidden(value, depth - 1)


def refuse_excess(value: Any, depth: int) -> None:
    """The same for an input: RpcError."""
    try:
        refuse_hidden(value, depth)
    except Hidden as error:
        raise RpcError(INVALID_PARAMS, str(error)) from None


def shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
