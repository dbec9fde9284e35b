"""What the tests share: a service written in the test itself, and one that runs as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nstack.service import import_entry

PACKAGE_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def write_service(tmp_path: Path) -> Callable[[str], Path]:
    """Writes code into a service.py of its own folder."""

    def write(code: str) -> Path:
        file = tmp_path / "service.py"
        file.write_text(code)
        return file

    return write


@pytest.fixture
def load_service(write_service: Callable[[str], Path]) -> Iterator[Callable[[str], ModuleType]]:
    """Imports code as a service's module."""
    path = list(sys.path)
    yield lambda code: import_entry(str(write_service(code)))
    sys.path[:] = path
    sys.modules.pop("service", None)


class Process:
    """`python3 -m nstack` over a code file, spoken to frame by frame."""

    def __init__(self, entry: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(PACKAGE_ROOT), "NSTACK_ENTRY": str(entry)}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "nstack"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )

    def send(self, *frames: Any) -> None:
        assert self.child.stdin is not None
        for frame in frames:
            self.child.stdin.write(frame if isinstance(frame, bytes) else json.dumps(frame).encode() + b"\n")
        self.child.stdin.flush()

    def receive(self) -> Any:
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        assert line.endswith(b"\n"), f"no whole frame: {line!r}"
        return json.loads(line)

    def request(self, identity: int, method: str, params: Any) -> Any:
        self.send({"jsonrpc": "2.0", "id": identity, "method": method, "params": params})
        return self.receive()

    def initialize(self, **params: Any) -> Any:
        return self.request(0, "initialize", {"protocol": 1, **params})

    def end(self) -> tuple[int, bytes, bytes]:
        """Closes the input; exit code, what was left on stdout, and stderr."""
        out, err = self.child.communicate(timeout=10)
        return self.child.returncode, out, err


@pytest.fixture
def start_process(write_service: Callable[[str], Path]) -> Iterator[Callable[[str], Process]]:
    started: list[Process] = []

    def start(code: str) -> Process:
        started.append(Process(write_service(code)))
        return started[-1]

    yield start
    for process in started:
        process.child.kill()
        process.child.communicate()
