"""The shim's end of the bridge (docs/bridge-protocol.md): answers one frame at a time."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar

import msgspec
from msgspec import UnsetType

from . import service
from .answers import block_answer, error_answer, next_answer, result_answer
from .errors import (
    CANCELLED,
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    NOT_INITIALIZED,
    RpcError,
    raised,
)
from .frames import (
    About,
    Function,
    as_block,
    plain_block,
    read_ack,
    read_block,
    read_envelope,
    read_initialize,
    read_next,
    read_params,
    require_utf8,
)
from .runner import Declared, Limits, MalformedItems, Runner
from .shapes import from_schema, is_void
from .sources import Source, Taken, cancelled

PROTOCOL = 1
VERSION = "0.1.0"

T = TypeVar("T")
Load = Callable[[], ModuleType | type]
Write = Callable[[bytes], None]


class Server:
    """Serves one author's code. `finished` becomes true once `shutdown` is answered."""

    def __init__(self, load: Load, write: Write, strict: bool = False) -> None:
        """`load` imports the code; it is called by `initialize`. `write` is called, by any thread, for the answer to a `next` that had to
        wait. `strict`: see Runner."""
        self._load = load
        self._write = write
        self._strict = strict
        self._code: service.Code | None = None
        self._about = About()
        self._limits = Limits()
        self._runners: dict[str, Runner] = {}
        self._sources: dict[str, Source] = {}
        self.finished = False

    def handle(self, frame: bytes) -> bytes | None:
        """The answer to a frame, without its 0x0A; None for a notification, and for a `next` that waits."""
        plain = plain_block(frame)
        if plain is not None and frame.endswith(b"}}"):
            runner = self._runners.get(plain[2].decode())
            if runner is not None and not runner.is_source:
                try:
                    require_utf8(frame)
                    return block_answer(int(plain[1]), runner.run(frame[plain.end() : -2], plain[3] is not None))
                except (MalformedItems, RpcError):
                    pass
        return self._handle_any(frame)

    def cancel(self, request: int) -> bytes:
        """The answer to a request that was cancelled before it was begun."""
        return error_answer(request, RpcError(CANCELLED, "cancelled before it was begun"))

    def cancel_next(self, request: int) -> bytes | None:
        """The answer to a `next` that waited until now; None where the request is no such."""
        if any(source.cancel(request) for source in self._sources.values()):
            return error_answer(request, cancelled())
        return None

    def stop(self) -> None:
        """Ends the sources, and calls the shutdown hook, once, where the service was started."""
        code, self._code = self._code, None
        sources, self._sources = self._sources, {}
        self._runners = {}
        for source in sources.values():
            request = source.stop()
            if request is not None:
                self._write(error_answer(request, cancelled()))
        if code is not None:
            code.shutdown()

    def _handle_any(self, frame: bytes) -> bytes | None:
        identity: int | None = None
        try:
            request = read_envelope(frame)
            if isinstance(request.id, UnsetType):
                return None
            identity = request.id
            params = b"[]" if isinstance(request.params, UnsetType) else bytes(request.params)
            return self._answer(identity, request.method, params)
        except RpcError as error:
            return error_answer(identity, error)
        except Exception as error:  # a defect of the shim must not end the service
            return error_answer(identity, raised(error, INTERNAL_ERROR, whole=True))

    def _answer(self, identity: int, method: str, params: bytes) -> bytes | None:
        if method == "initialize":
            return result_answer(identity, msgspec.json.encode(self._initialize(params)))
        if self._code is None:
            raise RpcError(NOT_INITIALIZED, f"initialize must come before {method}")
        if method == "$/block":
            block = read_params(read_block, params)
            try:
                runner = self._called(block.function)
                return block_answer(identity, runner.run(bytes(block.items), block.stopAtFailure))
            except MalformedItems as error:
                raise RpcError(INVALID_PARAMS, f"the items of a block are a list: {error}") from None
        if method == "next":
            return self._next(identity, params)
        if method == "ack":
            wanted = read_params(read_ack, params)[0]
            self._source(wanted.function)
            code = self._code
            _user_code(lambda: code.ack(wanted.function, wanted.position))
            return result_answer(identity, b"null")
        if method == "rpc.discover":
            return result_answer(identity, msgspec.json.encode(self._discover(self._code)))
        if method == "shutdown":
            self.finished = True
            _user_code(self.stop)
            return result_answer(identity, b"null")
        return result_answer(identity, self._call(method, params))

    def _initialize(self, params: bytes) -> dict[str, Any]:
        if self._code is not None:
            raise RpcError(INVALID_REQUEST, "initialize comes once")
        wanted = read_params(read_initialize, params)
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

    def _make_runner(self, code: service.Code, name: str, function: Function | None) -> Runner:
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
        wanted = read_params(read_next, params)[0]
        position = None if isinstance(wanted.position, UnsetType) else bytes(wanted.position)
        given = None if position == b"null" else position
        answer = _user_code(lambda: self._source(wanted.function).next(identity, wanted.credit, given))
        return None if answer is None else next_answer(identity, answer)

    def _source(self, name: str) -> Source:
        source = self._sources.get(name)
        if source is None:
            runner = self._runner(name)
            if not runner.is_source:
                raise RpcError(METHOD_NOT_FOUND, f"{name} is no source: it is no generator")

            def answer(request: int, taken: Taken | RpcError) -> None:
                self._write(next_answer(request, taken))

            source = self._sources[name] = Source(runner, self._limits, answer)
        return source

    def _called(self, name: str) -> Runner:
        runner = self._runner(name)
        if runner.is_source:
            raise RpcError(METHOD_NOT_FOUND, f"{name} is a source, which is not called: next asks it for items")
        return runner

    def _call(self, name: str, params: bytes) -> bytes:
        runner = self._called(name)
        outcome = runner.run(as_block(name, params, runner.arity))
        for error in outcome.failed.values():
            raise error
        return outcome.items[1:-1]

    def _discover(self, code: service.Code) -> dict[str, Any]:
        return {
            "openrpc": "1.3.2",
            "info": {"title": self._about.name, "version": self._about.version},
            "methods": [signature.describe() for signature in code.public()],
        }


def _user_code(run: Callable[[], T]) -> T:
    """Runs code of the author's; what it raises is told with its stack."""
    try:
        return run()
    except RpcError:
        raise
    except BaseException as error:  # sys.exit() in a hook is told like any other end of it
        raise raised(error) from None
