"""How answers are written: JSON-RPC 2.0, as docs/bridge-protocol.md has it, without their 0x0A."""

from __future__ import annotations

import msgspec

from .errors import RpcError
from .runner import Outcome
from .sources import Taken

FAILED_LIMIT = 4 << 20
"""Bytes of all the failures of one answer, docs/bridge-protocol.md; beyond it each is told in brief, without its stack."""


def block_answer(identity: int, outcome: Outcome) -> bytes:
    failed = _failed(outcome.failed)
    return b'{"jsonrpc":"2.0","id":%d,"result":{"items":%b%b}}' % (identity, outcome.items, failed)


def next_answer(identity: int, answer: Taken | RpcError) -> bytes:
    if isinstance(answer, RpcError):
        return error_answer(identity, answer)
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


def result_answer(identity: int, result: bytes) -> bytes:
    return b'{"jsonrpc":"2.0","id":%d,"result":%b}' % (identity, result)


def error_answer(identity: int | None, error: RpcError) -> bytes:
    told = msgspec.json.encode(error.to_json())
    return b'{"jsonrpc":"2.0","id":%b,"error":%b}' % (msgspec.json.encode(identity), told)
