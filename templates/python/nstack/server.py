"""The shim's end of the bridge (docs/bridge-protocol.md): answers one frame at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from . import service
from .errors import (
    CANCELLED,
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    NOT_INITIALIZED,
    PARSE_ERROR,
    RpcError,
    invalid_input,
    raised,
)
from .runner import DEPTH_LIMIT, MESSAGE_LIMIT, Declared, Limits, MalformedItems, Outcome, Runner
from .shapes import from_schema, is_void
from .sources import CREDIT_LIMIT, Source, Taken, cancelled

FAILED_LIMIT = 4 << 20
"""Bytes of all the failures of one answer, docs/bridge-protocol.md; beyond it each is told in brief, without its stack."""
PROTOCOL = 1
VERSION = "0.1.0"

Id = Annotated[int, Meta(ge=0, le=999_999_999_999_999)]
T = TypeVar("T")
Load = Callable[[], ModuleType | type]
Write = Callable[[bytes], None]

_plain_block = re.compile(
    rb'\{"jsonrpc":"2\.0","id":(0|[1-9][0-9]{0,14}),"method":"\$/block","params":\{"function":"([A-Za-z0-9_]+)",("stopAtFailure":true,)?"items":(?=\[)'
).match
"""The envelope as the hub writes it. Where it matches and what follows up to `}}` is one JSON array, nothing else can be meant."""


class _Request(Struct):
    jsonrpc: str
    method: str
    id: Id | UnsetType = UNSET
    params: Raw | UnsetType = UNSET


class _Block(Struct):
    function: str
    items: Raw
    stopAtFailure: bool = False


class _Service(Struct):
    name: str = "service"
    version: str = "0.0.0"


class _Function(Struct):
    input: dict[str, Any]
    output: dict[str, Any]
    arity: int


class _Limits(Struct):
    message: int = MESSAGE_LIMIT
    depth: int = DEPTH_LIMIT


class _Initialize(Struct):
    protocol: int
    service: _Service = msgspec.field(default_factory=_Service)
    parameters: dict[str, Any] = {}
    api: dict[str, _Function] = {}
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


_read_request = msgspec.json.Decoder(_Request).decode
_read_block = msgspec.json.Decoder(_Block).decode
_read_next = msgspec.json.Decoder(tuple[_Next]).decode
_read_ack = msgspec.json.Decoder(tuple[_Ack]).decode
_read_list = msgspec.json.Decoder(list[Raw]).decode
_read_members = msgspec.json.Decoder(dict[str, Raw]).decode
_skip = msgspec.json.Decoder(Raw).decode


class Server:
    """Serves one author's code. `finished` becomes true once `shutdown` is answered."""

    def __init__(self, load: Load, write: Write, strict: bool = False) -> None:
        """`load` imports the code; it is called by `initialize`. `write` is called, by any thread, for the answer to a `next` that had to
        wait. `strict`: see Runner."""
        self._load = load
        self._write = write
        self._strict = strict
        self._code: service.Code | None = None
        self._about = _Service()
        self._limits = Limits()
        self._runners: dict[str, Runner] = {}
        self._sources: dict[str, Source] = {}
        self.finished = False

    def handle(self, frame: bytes) -> bytes | None:
        """The answer to a frame, without its 0x0A; None for a notification, and for a `next` that waits."""
        plain = _plain_block(frame)
        if plain is not None and frame.endswith(b"}}"):
            runner = self._runners.get(plain[2].decode())
            if runner is not None and not runner.is_source:
                try:
                    _require_utf8(frame)
                    return _block_answer(int(plain[1]), runner.run(frame[plain.end() : -2], plain[3] is not None))
                except (MalformedItems, RpcError):
                    pass
        return self._handle_any(frame)

    def cancel(self, request: int) -> bytes:
        """The answer to a request that was cancelled before it was begun."""
        return _error_answer(request, RpcError(CANCELLED, "cancelled before it was begun"))

    def cancel_next(self, request: int) -> bytes | None:
        """The answer to a `next` that waited until now; None where the request is no such."""
        if any(source.cancel(request) for source in self._sources.values()):
            return _error_answer(request, cancelled())
        return None

    def stop(self) -> None:
        """Ends the sources, and calls the shutdown hook, once, where the service was started."""
        code, self._code = self._code, None
        sources, self._sources = self._sources, {}
        self._runners = {}
        for source in sources.values():
            request = source.stop()
            if request is not None:
                self._write(_error_answer(request, cancelled()))
        if code is not None:
            code.shutdown()

    def _handle_any(self, frame: bytes) -> bytes | None:
        identity: int | None = None
        try:
            request = _read_envelope(frame)
            if isinstance(request.id, UnsetType):
                return None
            identity = request.id
            params = b"[]" if isinstance(request.params, UnsetType) else bytes(request.params)
            return self._answer(identity, request.method, params)
        except RpcError as error:
            return _error_answer(identity, error)
        except Exception as error:  # a defect of the shim must not end the service
            return _error_answer(identity, raised(error, INTERNAL_ERROR, whole=True))

    def _answer(self, identity: int, method: str, params: bytes) -> bytes | None:
        if method == "initialize":
            return _result_answer(identity, msgspec.json.encode(self._initialize(params)))
        if self._code is None:
            raise RpcError(NOT_INITIALIZED, f"initialize must come before {method}")
        if method == "$/block":
            block = _read_params(lambda data: _read_last(_read_block, _Block, data), params)
            try:
                runner = self._called(block.function)
                return _block_answer(identity, runner.run(bytes(block.items), block.stopAtFailure))
            except MalformedItems as error:
                raise RpcError(INVALID_PARAMS, f"the items of a block are a list: {error}") from None
        if method == "next":
            return self._next(identity, params)
        if method == "ack":
            wanted = _read_params(_read_ack, params)[0]
            self._source(wanted.function)
            code = self._code
            _user_code(lambda: code.ack(wanted.function, wanted.position))
            return _result_answer(identity, b"null")
        if method == "rpc.discover":
            return _result_answer(identity, msgspec.json.encode(self._discover(self._code)))
        if method == "shutdown":
            self.finished = True
            _user_code(self.stop)
            return _result_answer(identity, b"null")
        return _result_answer(identity, self._call(method, params))

    def _initialize(self, params: bytes) -> dict[str, Any]:
        if self._code is not None:
            raise RpcError(INVALID_REQUEST, "initialize comes once")
        wanted = _read_params(msgspec.json.Decoder(_Initialize).decode, params)
        if wanted.protocol != PROTOCOL:
            raise RpcError(INVALID_PARAMS, f"this shim speaks protocol {PROTOCOL}, not {wanted.protocol}")
        self._about = wanted.service
        self._limits = Limits(wanted.limits.message, wanted.limits.depth)
        service.set_parameters(wanted.parameters)
        arities = {name: function.arity for name, function in wanted.api.items()}
        sources = frozenset(name for name, function in wanted.api.items() if is_void(function.input))
        code = _user_code(lambda: service.Code(self._load(), arities, sources))
        runners = {name: self._make_runner(code, name, function) for name, function in wanted.api.items()}
        _user_code(code.startup)
        self._code, self._runners = code, runners
        return {
            "protocol": PROTOCOL,
            "shim": {"name": "nstack-python", "version": VERSION, "language": "python"},
            "stopsAtFailure": True,
        }

    def _make_runner(self, code: service.Code, name: str, function: _Function | None) -> Runner:
        declared = None
        if function is not None:
            declared = Declared(from_schema(function.input), from_schema(function.output), function.arity)
        return Runner(code.function(name), declared, self._limits, self._strict)

    def _runner(self, name: str) -> Runner:
        """Functions outside the API can be called too: an author's unit test may have none."""
        runner = self._runners.get(name)
        if runner is None:
            assert self._code is not None
            if name.startswith(("_", "$", "rpc.")) or name in service.RESERVED:
                raise RpcError(METHOD_NOT_FOUND, f"there is no function {name}")
            runner = self._runners[name] = self._make_runner(self._code, name, None)
        return runner

    def _next(self, identity: int, params: bytes) -> bytes | None:
        wanted = _read_params(_read_next, params)[0]
        position = None if isinstance(wanted.position, UnsetType) else bytes(wanted.position)
        given = None if position == b"null" else position
        answer = _user_code(lambda: self._source(wanted.function).next(identity, wanted.credit, given))
        return None if answer is None else _next_answer(identity, answer)

    def _source(self, name: str) -> Source:
        source = self._sources.get(name)
        if source is None:
            runner = self._runner(name)
            if not runner.is_source:
                raise RpcError(METHOD_NOT_FOUND, f"{name} is no source: it is no generator")

            def answer(request: int, taken: Taken | RpcError) -> None:
                self._write(_next_answer(request, taken))

            source = self._sources[name] = Source(runner, self._limits, answer)
        return source

    def _called(self, name: str) -> Runner:
        runner = self._runner(name)
        if runner.is_source:
            raise RpcError(METHOD_NOT_FOUND, f"{name} is a source, which is not called: next asks it for items")
        return runner

    def _call(self, name: str, params: bytes) -> bytes:
        runner = self._called(name)
        outcome = runner.run(_as_block(name, params, runner.arity))
        for error in outcome.failed.values():
            raise error
        return outcome.items[1:-1]

    def _discover(self, code: service.Code) -> dict[str, Any]:
        return {
            "openrpc": "1.3.2",
            "info": {"title": self._about.name, "version": self._about.version},
            "methods": [signature.describe() for signature in code.public()],
        }


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


def _read_envelope(frame: bytes) -> _Request:
    try:
        _require_utf8(frame)
        request = _read_last(_read_request, _Request, frame)
    except msgspec.ValidationError as error:
        _require_json(frame)
        raise RpcError(INVALID_REQUEST, f"no JSON-RPC request: {error}") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise RpcError(PARSE_ERROR, f"no JSON: {error}") from None
    if request.jsonrpc != "2.0":
        raise RpcError(INVALID_REQUEST, f"no JSON-RPC 2.0 request: jsonrpc is {request.jsonrpc!r}")
    return request


def _require_utf8(frame: bytes) -> None:
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


def _read_params(read: Callable[[bytes], T], params: bytes) -> T:
    try:
        return read(params)
    except (msgspec.DecodeError, RecursionError) as error:
        raise invalid_input(error) from None


def _user_code(run: Callable[[], T]) -> T:
    """Runs code of the author's; what it raises is told with its stack."""
    try:
        return run()
    except RpcError:
        raise
    except BaseException as error:  # sys.exit() in a hook is told like any other end of it
        raise raised(error) from None


def _as_block(name: str, params: bytes, arity: int) -> bytes:
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


def _block_answer(identity: int, outcome: Outcome) -> bytes:
    failed = _failed(outcome.failed)
    return b'{"jsonrpc":"2.0","id":%d,"result":{"items":%b%b}}' % (identity, outcome.items, failed)


def _next_answer(identity: int, answer: Taken | RpcError) -> bytes:
    if isinstance(answer, RpcError):
        return _error_answer(identity, answer)
    items = [item for item in answer.items if isinstance(item, bytes)]
    failed = _failed({index: item for index, item in enumerate(answer.items) if isinstance(item, RpcError)})
    return b'{"jsonrpc":"2.0","id":%d,"result":{"items":[%b],"positions":[%b],"end":%b%b}}' % (
        identity,
        b",".join(items),
        b",".join(answer.positions),
        b"true" if answer.end else b"false",
        failed,
    )


def _failed(errors: dict[int, RpcError]) -> bytes:
    """The member `failed`, with the comma before it; nothing where nothing failed."""
    if not errors:
        return b""
    told = msgspec.json.encode([{"index": index, "error": errors[index].to_json()} for index in sorted(errors)])
    if len(told) > FAILED_LIMIT:
        told = msgspec.json.encode([{"index": index, "error": errors[index].brief()} for index in sorted(errors)])
    return b',"failed":%b' % told


def _result_answer(identity: int, result: bytes) -> bytes:
    return b'{"jsonrpc":"2.0","id":%d,"result":%b}' % (identity, result)


def _error_answer(identity: int | None, error: RpcError) -> bytes:
    told = msgspec.json.encode(error.to_json())
    return b'{"jsonrpc":"2.0","id":%b,"error":%b}' % (msgspec.json.encode(identity), told)
