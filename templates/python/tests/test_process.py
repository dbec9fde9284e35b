"""The shim as a process: what reaches stdout and stderr, how it ends, and what it does with broken frames."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Process

Start = Callable[[str], Process]


def request(identity: int, method: str, *arguments: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identity, "method": method, "params": list(arguments)}


def test_prints_never_touch_the_protocol(start_process: Start) -> None:
    code = """
import ctypes, os, subprocess, sys
print("while importing")
def f(x: int) -> int:
    print("by print")
    sys.stdout.write("by write\\n")
    os.write(1, b"by descriptor\\n")
    subprocess.run(["echo", "by child"], check=True)
    ctypes.CDLL(None).puts(b"by C")
    ctypes.CDLL(None).fflush(None)
    return x
"""
    process = start_process(code)
    process.initialize()
    assert process.request(1, "f", [7])["result"] == 7
    code_, out, err = process.end()
    assert (code_, out) == (0, b"")
    for way in ("while importing", "by print", "by write", "by descriptor", "by child", "by C"):
        assert way.encode() in err


def test_reading_stdin_takes_nothing_from_the_protocol(start_process: Start) -> None:
    process = start_process("import sys\ndef f(x: int) -> str:\n    return sys.stdin.read()\n")
    process.initialize()
    process.send(request(1, "f", 1), request(2, "f", 1))
    assert [process.receive()["result"], process.receive()["result"]] == ["", ""]


def test_frames_may_come_in_any_pieces(start_process: Start) -> None:
    process = start_process("def f(x: str) -> str:\n    return x\n")
    process.initialize()
    text = "é" * 200_000
    frames = json.dumps(request(1, "f", text)).encode() + b"\n" + json.dumps(request(2, "f", "b")).encode() + b"\n"
    for start in range(0, len(frames), 65_521):
        process.send(frames[start : start + 65_521])
    assert process.receive()["result"] == text
    assert process.receive()["result"] == "b"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"\n", -32700),
        (b"{\n", -32700),
        (b'"":\n', -32700),
        (b'{"jsonrpc":2.0,"id":1,"method":"f","params":[1}\n', -32700),
        (b'{"jsonrpc":"2.0","id":01,"method":"$/block","params":{"function":"f","items":[1]}}\n', -32700),
        (b'{"jsonrpc":"2.0","id":1000000000000000,"method":"$/block","params":{"function":"f","items":[1]}}\n', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"f","params":[1]} x\n', -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"f","params":["\xff"]}\n', -32700),
        (b'{"jsonrpc":"2.0","id":1}\n', -32600),
        (b'{"id":1,"method":"f","params":[1]}\n', -32600),
        (b'{"jsonrpc":"1.0","id":1,"method":"f","params":[1]}\n', -32600),
        (b'{"jsonrpc":"2.0","id":-1,"method":"f","params":[1]}\n', -32600),
        (b'[{"jsonrpc":"2.0","id":1,"method":"f","params":[1]}]\n', -32600),
    ],
)
def test_a_broken_frame_is_answered_and_the_next_one_served(start_process: Start, frame: bytes, code: int) -> None:
    process = start_process("def f(x: int) -> int:\n    return x\n")
    process.initialize()
    process.send(frame)
    answer = process.receive()
    assert (answer["id"], answer["error"]["code"]) == (None, code)
    assert process.request(2, "f", [7])["result"] == 7


def test_members_may_stand_in_any_order_with_white_space(start_process: Start) -> None:
    process = start_process("def f(x: int) -> int:\n    return x + 1\n")
    process.initialize()
    process.send(b' { "params" : { "items" : [ 1 , 2 ] , "function" : "f" } ,\t"method":"$/block","id":3,"jsonrpc":"2.0"}\r\n')
    assert process.receive() == {"jsonrpc": "2.0", "id": 3, "result": {"items": [2, 3]}}


def test_nothing_is_served_before_initialize(start_process: Start) -> None:
    process = start_process("def f(x: int) -> int:\n    return x\n")
    assert process.request(1, "f", [1])["error"]["code"] == -32006
    assert "result" in process.initialize()
    assert process.initialize()["error"]["code"] == -32600


def test_another_protocol_is_refused(start_process: Start) -> None:
    process = start_process("def f(): ...")
    answer = process.request(0, "initialize", {"protocol": 2})
    assert answer["error"]["message"] == "this shim speaks protocol 1, not 2"


def test_code_that_cannot_be_imported_is_told_with_its_own_stack(start_process: Start) -> None:
    process = start_process("import json\n\nimport no_such_module\n")
    error = process.initialize()["error"]
    assert error["message"] == "ModuleNotFoundError: No module named 'no_such_module'"
    assert error["data"]["stack"].splitlines()[1].endswith('service.py", line 3, in <module>')
    assert error["data"]["hint"].endswith("such as pip:no_such_module.")


def test_a_syntax_error_is_told(start_process: Start) -> None:
    error = start_process("def f(:\n").initialize()["error"]
    assert error["message"] == "SyntaxError: invalid syntax (service.py, line 1)"


def test_shutdown_calls_the_hook_answers_and_ends(start_process: Start) -> None:
    process = start_process("def f(): ...\ndef shutdown():\n    print('closed')\n")
    process.initialize()
    assert process.request(1, "shutdown", [])["result"] is None
    assert process.end() == (0, b"", b"closed\n")


def test_the_end_of_input_lets_what_came_be_answered_and_calls_the_hook(start_process: Start) -> None:
    process = start_process("def f(x: int) -> int:\n    return x\ndef shutdown():\n    print('closed')\n")
    process.initialize()
    process.send(request(1, "f", 1), request(2, "f", 2))
    code, out, err = process.end()
    assert (code, err) == (0, b"closed\n")
    assert [json.loads(line)["result"] for line in out.splitlines()] == [1, 2]


def test_sigterm_while_waiting_calls_the_hook(start_process: Start) -> None:
    process = start_process("def f(): ...\ndef shutdown():\n    print('closed')\n")
    process.initialize()
    process.child.send_signal(signal.SIGTERM)
    assert process.child.wait(10) == 0
    assert process.end()[2] == b"closed\n"


SLOW = """
import sys, threading
def slow(x: int) -> int:
    print("begun", flush=True)
    open(path).read()
    return x
def f(x: int) -> int:
    print("f", x)
    return x
"""


def slow_code(path: Any) -> str:
    return f"path = {str(path)!r}\n{SLOW}"


def begin_slow(process: Process) -> None:
    process.send(request(1, "slow", 1))
    assert process.child.stderr is not None
    assert process.child.stderr.readline() == b"begun\n"


@pytest.fixture
def gate(tmp_path: Any) -> Any:
    import os

    os.mkfifo(tmp_path / "gate")
    return tmp_path / "gate"


def test_sigterm_during_a_call_lets_it_be_answered(start_process: Start, gate: Any) -> None:
    process = start_process(slow_code(gate))
    process.initialize()
    begin_slow(process)
    process.child.send_signal(signal.SIGTERM)
    gate.write_text("")
    assert process.receive()["result"] == 1
    assert process.child.wait(10) == 0


def test_a_request_that_is_cancelled_before_it_was_begun_is_never_run(start_process: Start, gate: Any) -> None:
    process = start_process(slow_code(gate))
    process.initialize()
    begin_slow(process)
    block = {"jsonrpc": "2.0", "id": 3, "method": "$/block", "params": {"function": "f", "items": [3, 4]}}
    cancel = [{"jsonrpc": "2.0", "method": "$/cancel", "params": {"id": identity}} for identity in (1, 2, 3, 9)]
    process.send(request(2, "f", 2), block, request(4, "f", 5), *cancel)
    gate.write_text("")
    answers = {answer["id"]: answer for answer in (process.receive() for _ in range(4))}
    assert answers[1]["result"] == 1
    assert answers[2]["error"]["code"] == answers[3]["error"]["code"] == -32002
    assert answers[4]["result"] == 5
    assert process.end()[2] == b"f 5\n"


def test_unknown_notifications_are_ignored(start_process: Start) -> None:
    process = start_process("def f(x: int) -> int:\n    return x\n")
    process.initialize()
    process.send({"jsonrpc": "2.0", "method": "$/other", "params": {}}, {"jsonrpc": "2.0", "method": "f", "params": [1]})
    assert process.request(1, "f", [7])["result"] == 7


def test_logs_and_metrics_are_notifications(start_process: Start) -> None:
    code = """
import logging, nstack
def f(x: int) -> int:
    nstack.log.debug("a", n=1)
    nstack.log.warning("b")
    nstack.log.critical("c")
    logging.getLogger("my.model").info("loaded %d", 3)
    try:
        1 / 0
    except ZeroDivisionError:
        logging.exception("failed")
    nstack.metric("clicks", 3, page="home")
    return x
"""
    process = start_process(code)
    process.initialize()
    process.send(request(1, "f", 1))
    told = [process.receive() for _ in range(7)]
    assert [frame["method"] for frame in told[:6]] == ["$/log"] * 5 + ["$/metric"]
    logs = [frame["params"] for frame in told[:5]]
    assert [log["level"] for log in logs] == ["debug", "warn", "critical", "info", "error"]
    assert logs[0] == {"level": "debug", "message": "a", "fields": {"n": 1}}
    assert logs[3] == {"level": "info", "message": "loaded 3", "fields": {"logger": "my.model"}}
    assert logs[4]["fields"]["error"] == "ZeroDivisionError: division by zero"
    assert told[5]["params"] == {"name": "clicks", "value": 3.0, "labels": {"page": "home"}}
    assert told[6]["result"] == 1


def test_logs_and_metrics_are_bounded_and_always_json(start_process: Start) -> None:
    code = r"""
import nstack
deep = []
for _ in range(300): deep = [deep]
def f(x: int) -> str:
    nstack.log.info("m" * 100_000, **{f"k{i}": "v" * 10_000 for i in range(100)}, odd=object())
    nstack.log.info("broken \ud800", value="\ud800", number=float("nan"), many={1, 2}, deep=deep)
    nstack.metric("n" * 200, 1, **{f"k{i}": "v" * 10_000 for i in range(100)})
    errors = []
    for name, value in (("n", float("inf")), ("a name", 1), ("", 1), ("n" * 201, 1)):
        try:
            nstack.metric(name, value)
        except ValueError as error:
            errors.append(str(error))
    return errors[0] if len(errors) == 4 else str(errors)
"""
    process = start_process(code)
    process.initialize()
    process.send(request(1, "f", 1))
    frames = [process.receive() for _ in range(4)]
    assert all(len(json.dumps(frame)) < 30_000 for frame in frames)
    assert frames[1]["params"]["message"] == "broken ?"
    assert isinstance(frames[1]["params"]["fields"]["deep"], str)
    assert frames[3]["result"] == "metric n: inf is no value"


def test_logs_of_threads_and_answers_do_not_mix(start_process: Start) -> None:
    code = """
import nstack, threading
def f(x: int) -> str:
    threads = [threading.Thread(target=lambda: [nstack.log.info("t" * 3000) for _ in range(200)]) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return "done"
"""
    process = start_process(code)
    process.initialize()
    process.send(request(1, "f", 1))
    frames = [process.receive() for _ in range(801)]
    assert sum(frame.get("method") == "$/log" for frame in frames) == 800


def test_a_forked_child_cannot_write_to_the_bridge(start_process: Start) -> None:
    code = """
import nstack, os
def f(x: int) -> int:
    child = os.fork()
    if child == 0:
        nstack.log.info("from the child")
        os._exit(0)
    os.waitpid(child, 0)
    return x
"""
    process = start_process(code)
    process.initialize()
    assert process.request(1, "f", [7]) == {"jsonrpc": "2.0", "id": 1, "result": 7}


def test_many_long_failures_are_told_in_brief(start_process: Start) -> None:
    code = """
def f(x: int) -> int:
    raise ValueError("\\x01" * 2_000)
"""
    process = start_process(code)
    process.initialize()
    block = {"jsonrpc": "2.0", "id": 1, "method": "$/block", "params": {"function": "f", "items": list(range(1_000))}}
    process.send(block)
    answer = process.receive()
    failed = answer["result"]["failed"]
    assert [entry["index"] for entry in failed] == list(range(1_000))
    assert all("data" not in entry["error"] for entry in failed)
    assert len(json.dumps(answer)) < 4 << 20
