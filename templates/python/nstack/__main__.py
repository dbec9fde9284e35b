"""`NSTACK_ENTRY=service.py python3 -m nstack`: serves a code file on stdin and stdout until the input ends.

Requests are worked one after the other, in order, in the main thread. Between two of them the input is looked at, so that one
which is cancelled before it was begun is never run; one that runs cannot be cancelled, and is answered. A `next` that waits is put
aside, and answered by the thread of its source.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Iterable

from .errors import raised
from .frames import read_cancel, request_id
from .log import send_to
from .server import Server
from .service import import_entry
from .stream import FrameReader, FrameWriter

_READ_AHEAD = 64
"""Frames."""

_YOUNG_OBJECTS = 50_000
"""A block's objects all live until its end: Python's own 2,000 would have each block looked through for garbage in vain."""


class _Stop(BaseException):
    """SIGTERM came while the service waited for input."""


def main() -> int:
    reader, writer = _take_protocol()
    gc.set_threshold(_YOUNG_OBJECTS)
    entry = os.environ.get("NSTACK_ENTRY", "service.py")
    server = Server(lambda: import_entry(entry), writer.write)
    send_to(writer.write)
    try:
        _Loop(server, reader, writer).run()
    except ConnectionError:
        pass  # nobody reads any more
    try:
        server.stop()
    except BaseException as error:
        print(raised(error).message, file=sys.stderr)
        return 1
    finally:
        send_to(None)
        sys.stdout.flush()
    return 0


def _take_protocol() -> tuple[FrameReader, FrameWriter]:
    """Moves the bridge to descriptors of its own, so that whatever reads 0 or writes 1, in whatever language, cannot touch it."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr]
    return FrameReader(incoming), FrameWriter(outgoing)


class _Loop:
    def __init__(self, server: Server, reader: FrameReader, writer: FrameWriter) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._queue: deque[bytes | int] = deque()
        """Frames, and in place of each that was cancelled its id."""
        self._waiting = False
        self._stopped = False

    def run(self) -> None:
        """Returns once the service was shut down, or its input has ended or SIGTERM come and what was read is answered."""
        signal.signal(signal.SIGTERM, self._on_signal)
        if not os.isatty(2):
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the hub's to handle
        while self._answer_next():
            pass

    def _answer_next(self) -> bool:
        while not self._queue:
            if self._reader.ended or not self._wait():
                return False
        next_ = self._queue.popleft()
        answer = self._server.cancel(next_) if isinstance(next_, int) else self._server.handle(next_)
        if answer is not None:
            self._writer.write(answer)
        if self._queue and len(self._queue) < _READ_AHEAD and not self._stopped:
            self._take(self._reader.waiting())
        return not self._server.finished

    def _wait(self) -> bool:
        """Waits for input; False where SIGTERM came instead."""
        try:
            self._waiting = True
            if self._stopped:
                return False
            frames = self._reader.read()
            self._waiting = False
        except _Stop:
            return False
        self._take(frames)
        return True

    def _take(self, frames: Iterable[bytes]) -> None:
        for frame in frames:
            cancelled = read_cancel(frame)
            if cancelled is None:
                self._queue.append(frame)
            else:
                self._cancel(cancelled)

    def _cancel(self, request: int) -> None:
        for index, frame in enumerate(self._queue):
            if isinstance(frame, bytes) and request_id(frame) == request:
                self._queue[index] = request
                return
        answer = self._server.cancel_next(request)
        if answer is not None:
            self._writer.write(answer)

    def _on_signal(self, *_: object) -> None:
        self._stopped = True
        if self._waiting:
            self._waiting = False
            raise _Stop


if __name__ == "__main__":
    sys.exit(main())
