"""Runs one function over blocks of messages: decode, call, check, encode.

The fast path makes one pass of C over a whole block each way, around a plain loop over user code. Whatever goes wrong on it is
done again one message at a time, so that only the messages at fault fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import Struct

from .checks import holds, is_open, number_check, timestamp_check
from .codec import Rules, compile_codec
from .errors import (
    INVALID_PARAMS,
    TOO_LARGE,
    RpcError,
    invalid_input,
    invalid_result,
    invalid_result_of,
    not_begun,
    raised,
)
from .shapes import UNIT, ListOf, Shape, TupleOf, Unstated, refine
from .signatures import Signature
from .values import (
    LenientTimestamp,
    decode_hook,
    encode_hook,
    is_plain,
    may_be_too_deep,
    may_hold_long_integer,
    may_misread_bytes,
    may_misread_timestamps,
    refuse_excess,
    refuse_hidden,
)

_encode = msgspec.json.Encoder(enc_hook=encode_hook).encode
_decode_any = msgspec.json.Decoder().decode
_decode_leniently = msgspec.json.Decoder(float_hook=lambda digits: msgspec.Raw(digits.encode())).decode
"""Leaves Doubles as they are written, since one that is overridden may be too large."""
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode


MESSAGE_LIMIT = 16 * 1024 * 1024
DEPTH_LIMIT = 256
BLOCK_LIMIT = 8 * 1024 * 1024
"""Bytes that all results of a block may have beyond those of one: what a frame holds is bounded."""


class Limits(Struct, frozen=True):
    """`message` is in bytes."""

    message: int = MESSAGE_LIMIT
    depth: int = DEPTH_LIMIT


class Declared(Struct, frozen=True):
    """What the API says of a function. An input of two arguments and more is a tuple."""

    input: Shape
    output: Shape
    arity: int


class Outcome(Struct, frozen=True):
    """`items` is the JSON array of the results that succeeded, in order; `failed` the others by their index in the block."""

    items: bytes
    failed: dict[int, RpcError]


class MalformedItems(Exception):
    """The items are no JSON array."""


class Runner:
    """A function made ready: compiled for its types, its declared ones where the code states none."""

    def __init__(self, signature: Signature, declared: Declared | None, limits: Limits, strict: bool = False) -> None:
        """`strict` also checks results against their own type, as the hub does for services that it runs."""
        self.name = signature.name
        self.is_source = signature.source
        self.arity = declared.arity if declared else sum(item.required for item in signature.parameters)
        self._signature = signature
        self._limits = limits
        self._vectorised = signature.vectorised
        self._call = _applied(signature.call, self.arity, signature)
        taken, given = _shapes_of(signature, declared, self.arity)
        quick = compile_codec(taken, Rules(LenientTimestamp, bytes))
        exact = compile_codec(taken, Rules())
        self._load_quick = quick.load
        self._load = exact.load
        self._decode_all = _decoder(list[quick.type])  # type: ignore[name-defined]
        self._decode_one = _decoder(exact.type)
        self._takes_timestamps = holds(taken, "timestamp")
        self._takes_bytes = holds(taken, "bytes")
        self._takes_open = is_open(taken)
        self._gives_open = is_open(given)
        self._dump = compile_codec(given, Rules()).dump
        self._check_timestamps = timestamp_check(given)
        self._check_numbers = number_check(given, limits.depth)
        self._verify = _decoder(compile_codec(given, Rules(closed=True)).type) if strict else None

    def run(self, items: bytes, stop_at_failure: bool = False) -> Outcome:
        """Runs a block, a JSON array of inputs. Raises MalformedItems where it is none. `stop_at_failure`: behind the first message whose
        call fails no other is begun."""
        failed: dict[int, RpcError] = {}
        places: list[int] | None = None
        values = self._decode_quickly(items)
        if values is None:
            values, places = self._decode_each(items, failed)
        if self._vectorised:
            results = self._run_whole(values, places, failed)
        else:
            results = self._run_each(values, places, failed, stop_at_failure)
        if failed:
            places = [place for place in places or range(len(values)) if place not in failed]
        return Outcome(self._encode_all(results, places, failed), failed)

    def begin(self, position: bytes | None) -> tuple[Callable[[], Any], int]:
        """For a source: how its generator is made, told where to go on where it takes an argument, and how many items were given
        before. Raises RpcError where the position is none that the argument's hint knows."""
        value = None if position is None else _decode_position(position, self._signature)
        count = value if isinstance(value, int) and not isinstance(value, bool) else 0
        call = self._signature.call
        takes = self._signature.parameters[:1]
        if not takes or (value is None and not takes[0].required):
            return call, count
        return lambda: call(value), count

    def encode(self, result: Any) -> bytes | RpcError:
        """One result by itself, or why it is none."""
        try:
            return self._encode_one(result)
        except Exception as error:
            return invalid_result_of(error)

    def _decode_quickly(self, items: bytes) -> list[Any] | None:
        """All values, or None where one of them may be at fault."""
        if self._takes_timestamps and may_misread_timestamps(items):
            return None
        if self._takes_bytes and may_misread_bytes(items):
            return None
        try:
            values = self._decode_all(items)
            if self._needs_care(items, values if self._takes_open else None):
                return None
            return values if self._load_quick is None else [self._load_quick(value) for value in values]
        except Exception:
            return None

    def _needs_care(self, data: bytes, open_values: list[Any] | None) -> bool:
        """Whether a block of values, or one, breaks a limit; for values of an open type their depth is one."""
        limits = self._limits
        return (
            may_hold_long_integer(data)
            or len(data) > limits.message
            or (
                open_values is not None
                and may_be_too_deep(data, limits.depth)
                and not is_plain(open_values, limits.depth)
            )
        )

    def _decode_each(self, items: bytes, failed: dict[int, RpcError]) -> tuple[list[Any], list[int]]:
        try:
            raws = _split(items)
        except (msgspec.DecodeError, RecursionError) as error:
            raise MalformedItems(str(error)) from None
        values: list[Any] = []
        places: list[int] = []
        for index, raw in enumerate(raws):
            try:
                values.append(self._decode(bytes(raw)))
                places.append(index)
            except RpcError as error:
                failed[index] = error
        return values, places

    def _decode(self, raw: bytes) -> Any:
        limits = self._limits
        if len(raw) > limits.message:
            raise RpcError(TOO_LARGE, f"the message has {len(raw):,} bytes, and the limit is {limits.message:,}")
        try:
            value = self._decode_with_last_keys(raw)
        except (msgspec.DecodeError, RecursionError) as error:
            raise invalid_input(error) from None
        if self._needs_care(raw, [value] if self._takes_open else None):
            refuse_excess(value, limits.depth)
        try:
            return value if self._load is None else self._load(value)
        except Exception as error:  # the author's own class refuses it
            raise raised(error, INVALID_PARAMS) from None

    def _decode_with_last_keys(self, raw: bytes) -> Any:
        """Of a key that comes twice the last one counts, also where the first does not fit. Within Json every value must be one."""
        try:
            return self._decode_one(raw)
        except msgspec.DecodeError as error:
            try:
                decode = _decode_any if self._takes_open else _decode_leniently
                return self._decode_one(_encode(decode(raw)))
            except (msgspec.DecodeError, RecursionError):
                raise error from None

    def _run_each(
        self, values: list[Any], places: list[int] | None, failed: dict[int, RpcError], stop_at_failure: bool
    ) -> list[Any]:
        call = self._call
        results: list[Any] = []
        append = results.append
        raised_here = 0
        waiting = iter(values)
        while True:
            try:
                for value in waiting:
                    append(call(value))
                return results
            except BaseException as error:  # sys.exit() in a function ends that message, not the service
                index = len(results) + raised_here
                failed[places[index] if places else index] = raised(error)
                raised_here += 1
                if stop_at_failure:
                    for later in range(index + 1, len(values)):
                        failed[places[later] if places else later] = not_begun()
                    return results

    def _run_whole(self, values: list[Any], places: list[int] | None, failed: dict[int, RpcError]) -> list[Any]:
        if not values:
            return []
        try:
            results = self._call(values)
            results = results if isinstance(results, list) else list(results)
            if len(results) == len(values):
                return results
            fault = invalid_result(f"a vectorised function took {len(values)} messages and gave {len(results)} results")
        except BaseException as error:
            fault = raised(error)
        failed.update(dict.fromkeys(places or range(len(values)), fault))
        return []

    def _encode_all(self, results: list[Any], places: list[int] | None, failed: dict[int, RpcError]) -> bytes:
        encoded = None if self._verify else self._encode_quickly(results)
        if encoded is None:
            return self._encode_each(results, places or range(len(results)), failed)
        return encoded

    def _encode_quickly(self, results: list[Any]) -> bytes | None:
        """All results, or None where one of them may be at fault."""
        try:
            encoded = _encode(results if self._dump is None else [self._dump(result) for result in results])
            if self._check_timestamps is not None:
                _for_each(self._check_timestamps, results)
            if self._check_numbers is not None and b"null" in encoded:
                _for_each(self._check_numbers, results)
        except Exception:
            return None
        return None if self._needs_care(encoded, results if self._gives_open else None) else encoded

    def _encode_each(self, results: list[Any], places: Iterable[int], failed: dict[int, RpcError]) -> bytes:
        encoded: list[bytes] = []
        room = self._limits.message + BLOCK_LIMIT
        for index, result in zip(places, results, strict=True):
            try:
                one = self._encode_one(result)
                if len(one) > room:
                    raise RpcError(TOO_LARGE, "the results of its block are too long for one answer")
                room -= len(one) + 1
                encoded.append(one)
            except Exception as error:
                failed[index] = invalid_result_of(error)
        return b"[%b]" % b",".join(encoded)

    def _encode_one(self, result: Any) -> bytes:
        limits = self._limits
        encoded = _encode(result if self._dump is None else self._dump(result))
        if self._check_timestamps is not None:
            self._check_timestamps(result)
        if self._check_numbers is not None:
            self._check_numbers(result)
        if self._needs_care(encoded, [result] if self._gives_open else None):
            refuse_hidden(result, limits.depth)
        if len(encoded) > limits.message:
            raise RpcError(TOO_LARGE, f"the result has {len(encoded):,} bytes, and the limit is {limits.message:,}")
        if self._verify is not None:
            self._verify(encoded)
        return encoded


def _decoder(kind: Any) -> Callable[[bytes], Any]:
    return msgspec.json.Decoder(kind, dec_hook=decode_hook).decode


def _decode_position(position: bytes, signature: Signature) -> Any:
    stated = signature.parameters[0].shape if signature.parameters else Unstated()
    codec = compile_codec(refine(stated, None), Rules())
    try:
        value = _decoder(codec.type)(position)
    except (msgspec.DecodeError, RecursionError) as error:
        fault = invalid_input(error)
        raise RpcError(INVALID_PARAMS, f"the position does not fit: {fault.message}", fault.data) from None
    return value if codec.load is None else codec.load(value)


def _for_each(check: Callable[[Any], None], values: list[Any]) -> None:
    for value in values:
        check(value)


def _applied(call: Callable[..., Any], arity: int, signature: Signature) -> Callable[[Any], Any]:
    if arity == 0:
        return lambda _: call()
    if arity == 1 or signature.vectorised or _takes_tuple(signature):
        return call
    return lambda values: call(*values)


def _takes_tuple(signature: Signature) -> bool:
    return len(signature.parameters) == 1 and not signature.variadic


def _shapes_of(signature: Signature, declared: Declared | None, arity: int) -> tuple[Shape, Shape]:
    """What one message is, in and out."""
    stated = [item.shape for item in signature.parameters]
    if signature.vectorised:
        stated = [_item_of(shape) for shape in stated]
    output = _item_of(signature.result) if signature.vectorised else signature.result
    result = refine(output, declared.output if declared else None)
    input_ = declared.input if declared else None
    if arity == 0:
        return UNIT, result
    if arity == 1 or signature.vectorised or _takes_tuple(signature):
        return refine(stated[0] if stated else Unstated(), input_), result
    parts = input_.items if isinstance(input_, TupleOf) else (None,) * arity
    stated += [Unstated()] * (arity - len(stated))
    return TupleOf(tuple(refine(shape, part) for shape, part in zip(stated, parts))), result


def _item_of(shape: Shape) -> Shape:
    return shape.item if isinstance(shape, ListOf) else Unstated()
