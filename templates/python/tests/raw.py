"""One function, called through a server with raw JSON, so that a test says the exact bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

from nstack.server import Server


def refuse(answer: bytes) -> None:
    raise AssertionError(f"nothing was asked of a source: {answer!r}")


def server_of(function: Callable[..., Any], api: dict[str, Any] | None = None) -> Server:
    module = ModuleType("service")
    setattr(module, "f", function)
    function.__module__ = "service"
    server = Server(lambda: module, refuse)
    params = {"protocol": 1, "api": {} if api is None else {"f": api}}
    answer = send(server, json.dumps({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params}).encode())
    assert "result" in answer, answer
    return server


def send(server: Server, frame: bytes) -> Any:
    answer = server.handle(frame)
    assert answer is not None and b"\n" not in answer
    return json.loads(answer)


def call(server: Server, value: bytes) -> bytes | int:
    """The raw result of one message, or the code of its error; a block of one and a plain call must say the same."""
    block = server.handle(b'{"jsonrpc":"2.0","id":1,"method":"$/block","params":{"function":"f","items":[%b]}}' % value)
    plain = server.handle(b'{"jsonrpc":"2.0","id":1,"method":"f","params":[%b]}' % value)
    assert block is not None and plain is not None
    alone = _verdict(plain, b'{"jsonrpc":"2.0","id":1,"result":', b"}")
    together = _verdict(block, b'{"jsonrpc":"2.0","id":1,"result":{"items":[', b"]}}")
    assert alone == together, f"a call says {plain!r}, a block {block!r}"
    return alone


def _verdict(answer: bytes, before: bytes, after: bytes) -> bytes | int:
    parsed = json.loads(answer)
    if "error" in parsed:
        return int(parsed["error"]["code"])
    failed = parsed["result"].get("failed") if isinstance(parsed["result"], dict) else None
    if failed:
        return int(failed[0]["error"]["code"])
    assert answer.startswith(before) and answer.endswith(after)
    return answer[len(before) : -len(after)]
