"""Functions that are sources (`Void -> T`): a generator runs in a thread of its own and fills a queue, from which `next` takes.

The thread also encodes what was yielded, at once, since a generator may change it afterwards. It is ahead of the hub by the credit of
one `next` at most.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from .errors import CANCELLED, INVALID_PARAMS, INVALID_REQUEST, INVALID_RESULT, Hidden, RpcError, invalid_result_of, raised
from .positioned import Positioned
from .runner import BLOCK_LIMIT, Limits, Runner
from .values import encode_hook, refuse_hidden

CREDIT_LIMIT = 65_536
POSITION_LIMIT = 16_384
"""Bytes of a position."""
_QUEUE_LIMIT = 4 << 20
"""Bytes that wait in a queue, the last item apart."""
_STOP_SECONDS = 1.0
"""How long a generator may take to end where the service does; one that waits for something outside cannot be interrupted."""
_SWITCH_SECONDS = 0.001
"""How long a generator that only computes may keep the interpreter from the thread that answers."""

_encode = msgspec.json.Encoder(enc_hook=encode_hook).encode


class Taken(Struct):
    """What one `next` is answered with."""

    items: list[bytes | RpcError]
    positions: list[bytes]
    end: bool


class Source:
    """One function's generator, and the `next` that waits for it. Any thread may call its methods."""

    def __init__(self, runner: Runner, limits: Limits, answer: Callable[[int, Taken | RpcError], None]) -> None:
        """`answer` is called by the thread of the generator for a `next` that had to wait."""
        self._runner = runner
        self._limits = limits
        self._answer = answer
        self._changed = threading.Condition()
        self._queue: deque[tuple[bytes | RpcError, bytes]] = deque()
        self._bytes = 0
        self._capacity = 1
        self._waiting: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None
        self._ended = False
        self._failure: RpcError | None = None
        self._stopped = False

    def next(self, request: int, credit: int, position: bytes | None) -> Taken | RpcError | None:
        """What is there, up to `credit` items; None where nothing is yet: then it is answered later."""
        with self._changed:
            if self._waiting is not None:
                raise RpcError(INVALID_REQUEST, f"{self._runner.name} is being asked already: one next waits at a time")
            if self._thread is None:
                self._start(position)
            elif position is not None:
                raise RpcError(INVALID_PARAMS, "a position comes with the first next alone", {"path": "$[0].position"})
            self._capacity = credit
            self._changed.notify_all()
            answer = self._take(credit)
            if answer is None:
                self._waiting = (request, credit)
            return answer

    def cancel(self, request: int) -> bool:
        """Whether it was this one that waited; it waits no more, and what comes is kept for the next."""
        with self._changed:
            if self._waiting is None or self._waiting[0] != request:
                return False
            self._waiting = None
            return True

    def stop(self) -> int | None:
        """Ends the generator where it lets itself be ended. Answers the `next` that has waited in vain."""
        with self._changed:
            waiting, self._waiting = self._waiting, None
            self._stopped = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(_STOP_SECONDS)
        return None if waiting is None else waiting[0]

    def _start(self, position: bytes | None) -> None:
        call, count = self._runner.begin(position)
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._ended = False
        self._thread = threading.Thread(
            target=self._run, args=(call, count), name=f"nstack-{self._runner.name}", daemon=True
        )
        self._thread.start()

    def _run(self, call: Callable[[], Any], count: int) -> None:
        failure: RpcError | None = None
        items: Iterator[Any] | None = None
        try:
            items = iter(call())
            for item in items:
                count += 1
                if not self._put(*self._encoded(item, count)):
                    break
        except ConnectionError as error:
            failure = raised(error)
        except BaseException as error:  # sys.exit() in a generator ends the generator, not the service
            failure = error if isinstance(error, RpcError) else raised(error)
        closing = _close(items)
        failure = failure or closing
        with self._changed:
            self._ended, self._failure = True, failure
        self._tell()

    def _encoded(self, item: Any, count: int) -> tuple[bytes | RpcError, bytes]:
        if isinstance(item, Positioned):
            return self._runner.encode(item.item), _encode_position(item.position, self._limits.depth)
        return self._runner.encode(item), b"%d" % count

    def _put(self, item: bytes | RpcError, position: bytes) -> bool:
        """Waits for room. False where the source is to end."""
        with self._changed:
            while self._queue and (len(self._queue) >= self._capacity or self._bytes > _QUEUE_LIMIT):
                if self._stopped:
                    return False
                self._changed.wait()
            if self._stopped:
                return False
            self._queue.append((item, position))
            self._bytes += _size(item, position)
            if self._waiting is None:
                return True
        self._tell()
        return True

    def _tell(self) -> None:
        """Answers the `next` that waits."""
        with self._changed:
            if self._waiting is None:
                return
            request, credit = self._waiting
            answer = self._take(credit)
            if answer is None:
                return
            self._waiting = None
        try:
            self._answer(request, answer)
        except ConnectionError:  # nobody reads any more; the main thread may be waiting for input for ever
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)

    def _take(self, credit: int) -> Taken | RpcError | None:
        if not self._queue:
            if not self._ended:
                return None
            failure, self._failure = self._failure, None
            if failure is None:
                return Taken([], [], True)
            self._thread = None  # the next one begins anew
            return failure
        taken = Taken([], [], False)
        room = self._limits.message + BLOCK_LIMIT
        while self._queue and len(taken.items) < credit:
            item, position = self._queue[0]
            size = _size(item, position)
            if taken.items and size > room:
                break
            self._queue.popleft()
            self._bytes -= size
            room -= size
            taken.items.append(item)
            taken.positions.append(position)
        self._changed.notify_all()
        return taken


def cancelled() -> RpcError:
    return RpcError(CANCELLED, "cancelled before there was an item")


def _encode_position(position: Any, depth: int) -> bytes:
    try:
        encoded = _encode(position)
        refuse_hidden(position, depth)
    except Exception as error:
        raise RpcError(INVALID_RESULT, f"the position does not fit: {invalid_result_of(error).message}") from None
    if len(encoded) > POSITION_LIMIT:
        raise RpcError(
            INVALID_RESULT, f"the position has {len(encoded):,} bytes, and the limit is {POSITION_LIMIT:,}"
        )
    return encoded


def _size(item: bytes | RpcError, position: bytes) -> int:
    return len(position) + 2 + (len(item) if isinstance(item, bytes) else 64)


def _close(items: Iterator[Any] | None) -> RpcError | None:
    """Lets the generator run its `finally`, in its own thread."""
    close = getattr(items, "close", None)
    if not callable(close):
        return None
    try:
        close()
    except BaseException as error:
        return raised(error)
    return None
