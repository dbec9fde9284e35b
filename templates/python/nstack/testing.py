"""Unit tests without a container: the same decoding, calling and encoding as in a running service, in this process.

    client = nstack.testing.serve(service, parameters={"limit": 3})
    assert client.call("score", {"user": "ann", "ms": 12}) == 0.5
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from queue import SimpleQueue
from types import ModuleType, TracebackType
from typing import Any

import msgspec

from .server import PROTOCOL, Server


class CallError(Exception):
    """A call that failed. `code` is the JSON-RPC code: -32602 the input does not fit, -32000 the function raised, -32001 its
    result does not fit."""

    def __init__(self, code: int, message: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code
        self.message = message
        self.data = data or {}


@dataclass(frozen=True)
class BlockOutcome:
    """Results in order, those that failed left out, and the errors of the others by their index."""

    items: list[Any]
    failed: dict[int, CallError]


class Client:
    """Calls a service that runs in this process. Values are JSON values: what `json.loads` gives."""

    def __init__(self, load: Callable[[], ModuleType | type]) -> None:
        self._later: SimpleQueue[bytes] = SimpleQueue()
        self._server = Server(load, self._later.put, strict=True)
        self._last = 0

    def call(self, function: str, *arguments: Any) -> Any:
        """Calls a function with its arguments. Raises CallError."""
        return self._request(function, list(arguments))

    def block(self, function: str, items: Iterable[Any]) -> BlockOutcome:
        """Runs a block of inputs, each the one argument or a list of several."""
        answer = self._request("$/block", {"function": function, "items": list(items)})
        failed = {item["index"]: CallError(**item["error"]) for item in answer.get("failed", ())}
        return BlockOutcome(answer["items"], failed)

    def take(self, source: str, count: int, position: Any = None) -> list[tuple[Any, Any]]:
        """The next items of a source, each with its position: `count` of them, or fewer where it ends before. `position`, in the first
        call, is where it goes on. Raises CallError, also for an item that does not fit."""
        taken: list[tuple[Any, Any]] = []
        while len(taken) < count:
            wanted = {"function": source, "credit": count - len(taken)}
            answer = self._request("next", [wanted if position is None else {**wanted, "position": position}])
            position = None
            for failed in answer.get("failed", ()):
                raise CallError(**failed["error"])
            if answer["end"]:
                break
            taken += zip(answer["items"], answer["positions"])
        return taken

    def ack(self, source: str, position: Any) -> None:
        """Tells a source that all up to a position is confirmed."""
        self._request("ack", [{"function": source, "position": position}])

    def discover(self) -> Any:
        """What the code says of itself, as an OpenRPC document."""
        return self._request("rpc.discover", [])

    def close(self) -> None:
        """Calls the shutdown hook."""
        self._server.stop()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _request(self, method: str, params: Any) -> Any:
        self._last += 1
        request = {"jsonrpc": "2.0", "id": self._last, "method": method, "params": params}
        frame = self._server.handle(msgspec.json.encode(request))
        answer = msgspec.json.decode(self._later.get() if frame is None else frame)
        if "error" in answer:
            raise CallError(**answer["error"])
        return answer["result"]


def serve(
    code: ModuleType | type,
    *,
    parameters: Mapping[str, Any] | None = None,
    api: Mapping[str, Any] | None = None,
) -> Client:
    """Starts a module or a service class in this process, its startup hook included, and checks each result against its type.

    `parameters` are the values of the service's config. `api` states types for code without hints, by function:
    `{"clean": {"input": {...}, "output": {...}, "arity": 1}}` with JSON Schemas of the type language. Raises CallError."""
    client = Client(lambda: code)
    client._request(
        "initialize", {"protocol": PROTOCOL, "parameters": dict(parameters or {}), "api": dict(api or {})}
    )
    return client


