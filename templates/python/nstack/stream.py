"""Frames on file descriptors: bytes up to 0x0A, read in big pieces and written whole."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterator

_PIECE = 1 << 18


class FrameReader:
    """Splits what a descriptor gives into frames. Bytes after the last 0x0A of the input are no frame and are dropped."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)
        self._rest: list[bytes] = []
        self.ended = False

    def read(self) -> list[bytes]:
        """Waits for the next piece of input; the frames that it completes, perhaps none."""
        try:
            piece = os.read(self._descriptor, _PIECE)
        except ConnectionResetError:  # a socket whose other end died
            piece = b""
        if not piece:
            self.ended = True
            return []
        *frames, rest = piece.split(b"\n")
        if frames and self._rest:
            frames[0] = b"".join((*self._rest, frames[0]))
            self._rest.clear()
        if rest:
            self._rest.append(rest)
        return frames

    def waiting(self) -> Iterator[bytes]:
        """The frames that can be read without waiting, of one piece."""
        if not self.ended and self._poll.poll(0):
            yield from self.read()


class FrameWriter:
    """Writes whole frames from any thread. A process that forked from this one writes nothing: the bridge is not its own."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._owner = os.getpid()
        self._lock = threading.RLock()

    def write(self, frame: bytes) -> None:
        """Writes the frame and its 0x0A. Raises ConnectionError where nobody reads any more."""
        if os.getpid() != self._owner:
            return
        left = memoryview(frame + b"\n")
        with self._lock:
            while left:
                try:
                    left = left[os.write(self._descriptor, left) :]
                except BlockingIOError:
                    select.select([], [self._descriptor], [])
