"""Functions: arguments, blocks, errors, and what a service says of its code."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import nstack
from nstack.testing import CallError, serve

Load = Callable[[str], ModuleType]


def test_arguments_are_passed_by_position(load_service: Load) -> None:
    client = serve(load_service("def add(a: int, b: int) -> int:\n    return a - b\n\ndef one() -> int:\n    return 1\n"))
    assert client.call("add", 5, 3) == 2
    assert client.call("one") == 1
    assert client.block("add", [[5, 3], [7, 7]]).items == [2, 0]
    assert client.block("one", [None, None]).items == [1, 1]


def test_a_wrong_number_of_arguments_does_not_fit(load_service: Load) -> None:
    client = serve(load_service("def add(a: int, b: int) -> int:\n    return a + b\n"))
    with pytest.raises(CallError, match="add takes 2 arguments, and 1 were given") as caught:
        client.call("add", 1)
    assert caught.value.code == -32602


def test_one_parameter_of_a_tuple_takes_both_declared_arguments(load_service: Load) -> None:
    pair = {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False, "minItems": 2}
    api = {"f": {"input": pair, "output": {}, "arity": 2}}
    client = serve(load_service("def f(pair: tuple[int, str]):\n    return list(reversed(pair))\n"), api=api)
    assert client.call("f", 1, "a") == ["a", 1]


def test_an_error_names_the_path_in_the_input(load_service: Load) -> None:
    client = serve(load_service("def f(a: list[dict[str, int]]) -> None: ...\n"))
    with pytest.raises(CallError) as caught:
        client.call("f", [{"x": 1}, {"x": "1"}])
    assert caught.value.message == "expected Integer, found Text"
    assert caught.value.data["path"] == "$[1][...]"


def test_what_a_function_raises_is_told_from_the_authors_frame_on(load_service: Load) -> None:
    client = serve(load_service("def f(a: int) -> int:\n    return inner(a)\n\ndef inner(a):\n    raise ValueError(f'no {a}')\n"))
    with pytest.raises(CallError) as caught:
        client.call("f", 7)
    assert caught.value.code == -32000
    assert caught.value.message == "ValueError: no 7"
    lines = caught.value.data["stack"].splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1].endswith('service.py", line 2, in f')
    assert lines[-1] == "ValueError: no 7"


def test_only_the_messages_at_fault_fail(load_service: Load) -> None:
    code = """
import sys
def f(a: int) -> float:
    if a == 1: raise ValueError("one")
    if a == 2: return float("nan")
    if a == 3: sys.exit("three")
    if a == 4: return {1, object()}
    return a / 2
"""
    outcome = serve(load_service(code)).block("f", [0, 1, 2, "x", 3, 4, 10])
    assert outcome.items == [0.0, 5.0]
    codes = {index: error.code for index, error in outcome.failed.items()}
    assert codes == {1: -32000, 2: -32001, 3: -32602, 4: -32000, 5: -32001}
    assert outcome.failed[4].message == "SystemExit: three"


def test_a_long_message_and_a_deep_stack_are_cut(load_service: Load) -> None:
    code = "def f(a: int) -> None:\n    raise ValueError('x' * 100_000)\n"
    with pytest.raises(CallError) as caught:
        serve(load_service(code)).call("f", 1)
    assert len(caught.value.message) < 2_100
    assert len(caught.value.data["stack"]) < 8_100


def test_results_that_are_too_long_together_fail_where_the_answer_is_full(load_service: Load) -> None:
    outcome = serve(load_service("def f(n: int) -> str:\n    return 'x' * n\n")).block("f", [10_000_000] * 3 + [17_000_000, 1])
    assert [len(item) for item in outcome.items] == [10_000_000, 10_000_000, 1]
    assert {index: error.code for index, error in outcome.failed.items()} == {2: -32005, 3: -32005}


def test_a_vectorised_function_gets_the_block_as_it_is(load_service: Load) -> None:
    code = """
import nstack
sizes = []
@nstack.vectorised
def double(values: list[int]) -> list[int]:
    sizes.append(len(values))
    return [value * 2 for value in values]
"""
    module = load_service(code)
    client = serve(module)
    outcome = client.block("double", [1, "x", 3])
    assert outcome.items == [2, 6]
    assert list(outcome.failed) == [1]
    assert client.call("double", 4) == 8
    assert module.sizes == [2, 1]


def test_a_vectorised_function_fails_as_a_whole(load_service: Load) -> None:
    code = """
import nstack
@nstack.vectorised
def short(values: list[int]) -> list[int]:
    return values[1:]
@nstack.vectorised
def broken(values: list[int]) -> list[int]:
    raise KeyError("model")
"""
    client = serve(load_service(code))
    short = client.block("short", [1, 2])
    assert (short.items, [error.code for error in short.failed.values()]) == ([], [-32001, -32001])
    assert "took 2 messages and gave 1 results" in short.failed[0].message
    assert [error.code for error in client.block("broken", [1, 2]).failed.values()] == [-32000, -32000]


def test_a_service_tells_its_public_functions_with_their_places(load_service: Load) -> None:
    code = """
from json import dumps
import nstack

@nstack.vectorised
def score(clicks: "list[int]") -> "list[float]":
    return []

def open_one(x, *more): ...

def _private(x): ...

def startup(): ...
"""
    methods = serve(load_service(code)).discover()["methods"]
    assert [method["name"] for method in methods] == ["score", "open_one"]
    score, open_one = methods
    assert score["x-nstack"] == {"file": "service.py", "line": 6, "column": 5, "vectorised": True, "variadic": False}
    assert score["params"][0]["schema"] == {"type": "array", "items": {"type": "integer"}}
    assert open_one["x-nstack"]["variadic"] is True
    assert open_one["params"] == [{"name": "x", "required": True, "schema": {"x-nstack": "unstated"}}]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def f(x: Missing) -> int: ...", "its hints cannot be resolved: name 'Missing' is not defined"),
        ("def f(x: int) -> list[int]:\n    yield x", "it is a generator, whose hint is Iterator[...]"),
        ("def f(x: int, y: int):\n    yield x", "a source takes no argument, or the position from which it goes on"),
        ("async def f(x: int):\n    yield x", "it is an async function, which is not supported yet; write a plain def"),
        ("async def f(x: int): ...", "it is an async function, which is not supported yet; write a plain def"),
        ("def f(x: int, *, y: int): ...", "it needs y by keyword, and arguments are passed by position"),
    ],
)
def test_what_cannot_be_served_is_told_and_does_not_stop_the_others(load_service: Load, code: str, reason: str) -> None:
    methods = serve(load_service(f"from __future__ import annotations\n{code}\ndef g(): ...\n")).discover()["methods"]
    assert methods[0]["result"]["schema"]["reason"] == reason
    assert methods[1]["name"] == "g"


def test_undeclared_fields_of_a_result_are_rejected_in_unit_tests(load_service: Load) -> None:
    record = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    api = {"f": {"input": record, "output": record, "arity": 1}}
    client = serve(load_service("def f(x):\n    return {**x, 'more': 1} if x['n'] else x\n"), api=api)
    assert client.call("f", {"n": 0}) == {"n": 0}
    with pytest.raises(CallError, match='unknown field "more"') as caught:
        client.call("f", {"n": 1})
    assert caught.value.code == -32001


def test_a_result_of_another_type_is_rejected_in_unit_tests(load_service: Load) -> None:
    client = serve(load_service("def f(x: int) -> int:\n    return True\n"))
    with pytest.raises(CallError, match="expected Integer, found Boolean"):
        client.call("f", 1)


@pytest.mark.parametrize("name", ["startup", "_hidden", "missing", "rpc.other", "$/other", "Leg"])
def test_what_is_no_function_cannot_be_called(load_service: Load, name: str) -> None:
    client = serve(load_service("class Leg: ...\ndef _hidden(): ...\ndef startup(): ...\ndef f(): ...\n"))
    with pytest.raises(CallError) as caught:
        client.call(name)
    assert caught.value.code == -32601


def test_a_function_of_the_api_that_is_missing_is_named_at_the_start(load_service: Load) -> None:
    api = {"analyse": {"input": {}, "output": {}, "arity": 1}}
    with pytest.raises(CallError, match="module service has no function analyse; it has analyze"):
        serve(load_service("def analyze(x): ...\n"), api=api)


def test_parameters_are_there_when_the_code_is_imported(load_service: Load) -> None:
    from nstack.server import Server
    from raw import refuse
    import json

    code = "import nstack\nlimit = nstack.parameters['limit']\ndef f() -> int:\n    return limit\n"
    server = Server(lambda: load_service(code), refuse)
    start = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocol": 1, "parameters": {"limit": 3}}}
    assert b"result" in (server.handle(json.dumps(start).encode()) or b"")
    assert server.handle(b'{"jsonrpc":"2.0","id":1,"method":"f"}') == b'{"jsonrpc":"2.0","id":1,"result":3}'


def test_a_service_class_serves_its_methods() -> None:
    events: list[str] = []

    class Base(nstack.BaseService):
        def inherited(self, x: int) -> int:
            return x + int(self.args["step"])

    class Clicks(Base):
        def startup(self) -> None:
            self.total = int(self.parameters["start"])
            events.append("startup")

        def count(self, x: int) -> int:
            self.total += x
            return self.total

        @staticmethod
        def plain(x: int) -> int:
            return -x

        def shutdown(self) -> None:
            events.append("shutdown")

        def _helper(self) -> None: ...

    with serve(Clicks, parameters={"start": 10, "step": 5}) as client:
        assert [client.call("count", 1), client.call("count", 2)] == [11, 13]
        assert client.call("inherited", 1) == 6
        assert client.call("plain", 1) == -1
        assert [method["name"] for method in client.discover()["methods"]] == ["inherited", "count", "plain"]
        assert client.discover()["methods"][1]["params"][0]["name"] == "x"
    assert events == ["startup", "shutdown"]


def test_a_method_without_self_gets_the_arguments_alone(load_service: Load) -> None:
    code = "import nstack\nclass ClickAnalytics(nstack.BaseService):\n\n  def analyse(messages) :\n    return messages.upper()\n"
    api = {"analyse": {"input": {"type": "string"}, "output": {"type": "string"}, "arity": 1}}
    client = serve(load_service(code), api=api)
    assert client.call("analyse", "a click") == "A CLICK"
    assert client.discover()["methods"][0]["params"][0]["name"] == "messages"


def test_a_method_that_calls_its_object_otherwise_keeps_it(load_service: Load) -> None:
    code = "import nstack\nclass A(nstack.Module):\n  def f(this, x):\n    return [type(this).__name__, x]\n"
    client = serve(load_service(code), api={"f": {"input": {}, "output": {}, "arity": 1}})
    assert client.call("f", 1) == ["A", 1]


def test_two_service_classes_in_one_file_are_an_error(load_service: Load) -> None:
    code = "import nstack\nclass A(nstack.BaseService): ...\nclass B(nstack.Service): ...\n"
    with pytest.raises(CallError, match="service has more than one service class: A, B"):
        serve(load_service(code))


def test_what_startup_raises_is_told(load_service: Load) -> None:
    with pytest.raises(CallError) as caught:
        serve(load_service("def startup():\n    raise OSError('no model')\n"))
    assert caught.value.message == "OSError: no model"
    assert 'service.py", line 2, in startup' in caught.value.data["stack"].splitlines()[1]


def test_functions_can_be_called_without_a_service(load_service: Load) -> None:
    assert load_service("import nstack\ndef f(x: int) -> int:\n    nstack.log.info('f', x=x)\n    return x\n").f(3) == 3
