"""What the hub asks: the frames that the shim reads (docs/bridge-protocol.md)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from .errors import INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, RpcError, invalid_input
from .runner import DEPTH_LIMIT, MESSAGE_LIMIT
from .sources import CREDIT_LIMIT

Id = Annotated[int, Meta(ge=0, le=999_999_999_999_999)]
T = TypeVar("T")

plain_block = re.compile(
    rb'\{"jsonrpc":"2\.0","id":(0|[1-9][0-9]{0,14}),"method":"\$/block","params":\{"function":"([A-Za-z0-9_]+)",("stopAtFailure":true,)?"items":(?=\[)'
).match
"""The envelope as the hub writes it. Where it matches and what follows up to `}}` is one JSON array, nothing else can be meant."""


class Request(Struct):
    jsonrpc: str
    method: str
    id: Id | UnsetType = UNSET
    params: Raw | UnsetType = UNSET


class Block(Struct):
    function: str
    items: Raw
    stopAtFailure: bool = False


class About(Struct):
    name: str = "service"
    version: str = "0.0.0"


class Function(Struct):
    input: dict[str, Any]
    output: dict[str, Any]
    arity: int


class _Limits(Struct):
    message: int = MESSAGE_LIMIT
    depth: int = DEPTH_LIMIT


class Initialize(Struct):
    protocol: int
    service: About = msgspec.field(default_factory=About)
    parameters: dict[str, Any] = {}
    api: dict[str, Function] = {}
    limits: _Limits = msgspec.field(default_factory=_Limits)


class _Cancel(Struct):
    id: Id


class _Next(Struct):
    function: str
    credit: Annotated[int, Meta(ge=1, le=CREDIT_LIMIT)]
    position: Raw | UnsetType = UNSET


class _Ack(Struct):
    function: str
    position: Any


_read_request = msgspec.json.Decoder(Request).decode
_read_block = msgspec.json.Decoder(Block).decode
read_next = msgspec.json.Decoder(tuple[_Next]).decode
read_ack = msgspec.json.Decoder(tuple[_Ack]).decode
read_initialize = msgspec.json.Decoder(Initialize).decode
_read_list = msgspec.json.Decoder(list[Raw]).decode
_read_members = msgspec.json.Decoder(dict[str, Raw]).decode
_skip = msgspec.json.Decoder(Raw).decode


def read_cancel(frame: bytes) -> int | None:
    """The id of the request that a frame cancels; None where it is another frame."""
    if len(frame) > 1_000 or b"$/cancel" not in frame:
        return None
    try:
        request = _read_request(frame)
        if request.method != "$/cancel" or isinstance(request.params, UnsetType):
            return None
        return msgspec.json.decode(request.params, type=_Cancel).id
    except msgspec.DecodeError:
        return None


def request_id(frame: bytes) -> int | None:
    try:
        found = _read_request(frame).id
    except (msgspec.DecodeError, RecursionError):
        return None
    return None if isinstance(found, UnsetType) else found


def read_envelope(frame: bytes) -> Request:
    try:
        require_utf8(frame)
        request = _read_last(_read_request, Request, frame)
    except msgspec.ValidationError as error:
        _require_json(frame)
        raise RpcError(INVALID_REQUEST, f"no JSON-RPC request: {error}") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise RpcError(PARSE_ERROR, f"no JSON: {error}") from None
    if request.jsonrpc != "2.0":
        raise RpcError(INVALID_REQUEST, f"no JSON-RPC 2.0 request: jsonrpc is {request.jsonrpc!r}")
    return request


def read_block(params: bytes) -> Block:
    return _read_last(_read_block, Block, params)


def require_utf8(frame: bytes) -> None:
    """msgspec checks the texts that it decodes, and not those that it skips."""
    if not frame.isascii():
        try:
            frame.decode()
        except UnicodeDecodeError as error:
            raise RpcError(PARSE_ERROR, f"no UTF-8: {error.reason} at byte {error.start}") from None


def _read_last(read: Callable[[bytes], T], kind: type[Struct], data: bytes) -> T:
    """Of a member that comes twice the last one counts, also where the first does not fit."""
    try:
        return read(data)
    except msgspec.ValidationError:
        members = _read_members(data)
        known = (name for name in kind.__struct_fields__ if name in members)
        return read(b"{%b}" % b",".join(b'"%b":%b' % (name.encode(), members[name]) for name in known))


def _require_json(frame: bytes) -> None:
    """msgspec tells the first thing that is wrong, and may not have read on to where the frame is no JSON."""
    try:
        _skip(frame)
    except (msgspec.DecodeError, RecursionError) as error:
        raise RpcError(PARSE_ERROR, f"no JSON: {error}") from None


def read_params(read: Callable[[bytes], T], params: bytes) -> T:
    try:
        return read(params)
    except (msgspec.DecodeError, RecursionError) as error:
        raise invalid_input(error) from None


def as_block(name: str, params: bytes, arity: int) -> bytes:
    """The params of a call as a block of one input value: the argument itself, a tuple of them, or null."""
    try:
        given = len(_read_list(params))
    except (msgspec.DecodeError, RecursionError):
        raise RpcError(INVALID_PARAMS, "params are a list of arguments") from None
    if given != arity:
        plural = "" if arity == 1 else "s"
        raise RpcError(INVALID_PARAMS, f"{name} takes {arity} argument{plural}, and {given} were given")
    if arity == 1:
        return params
    return b"[null]" if arity == 0 else b"[%b]" % params
