"""Generators as sources: order, positions, going on, ends and failures, and what waits while nothing comes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import nstack
from conftest import Process
from nstack.testing import CallError, serve

VOID = {"not": {}}


def declared(*names: str) -> dict[str, Any]:
    return {name: {"input": VOID, "output": {}, "arity": 0} for name in names}


def module(*functions: Callable[..., Any]) -> ModuleType:
    service = ModuleType("service")
    for function in functions:
        function.__module__ = "service"
        setattr(service, function.__name__, function)
    return service


def three() -> Iterator[int]:
    yield from (1, 2, 3)


def letters(position: int | None) -> Iterator[nstack.Positioned[str]]:
    for at in range(position or 0, 26):
        yield nstack.Positioned(chr(97 + at), at + 1)


def test_items_come_in_order_with_their_number_as_position_and_end() -> None:
    client = serve(module(three))
    assert client.take("three", 2) == [(1, 1), (2, 2)]
    assert client.take("three", 9) == [(3, 3)]
    assert client.take("three", 9) == []


def test_a_generator_that_takes_an_argument_is_told_where_to_go_on() -> None:
    assert serve(module(letters)).take("letters", 2) == [("a", 1), ("b", 2)]
    assert serve(module(letters)).take("letters", 2, position=24) == [("y", 25), ("z", 26)]


def test_the_position_may_be_left_out_where_it_has_a_default() -> None:
    def rows(position: int = 10) -> Iterator[int]:
        yield from range(position, position + 3)

    assert serve(module(rows)).take("rows", 1) == [(10, 1)]
    assert serve(module(rows)).take("rows", 1, position=12) == [(12, 13)]


def test_a_position_that_does_not_fit_its_hint_is_refused() -> None:
    with pytest.raises(CallError, match="the position does not fit: expected Integer or null, found Text"):
        serve(module(letters)).take("letters", 1, position="a")


def test_an_item_is_what_it_was_when_it_was_yielded() -> None:
    def rows() -> Iterator[dict[str, int]]:
        row = {"n": 0}
        for row["n"] in range(100):
            yield row

    assert [item for item, _ in serve(module(rows)).take("rows", 100)] == [{"n": n} for n in range(100)]


def test_a_generator_that_fails_gives_its_items_first_and_begins_anew_then() -> None:
    def stumble() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    client = serve(module(stumble))
    for _ in range(2):
        assert client.take("stumble", 1) == [(1, 1)]
        with pytest.raises(CallError, match="ValueError: no more") as caught:
            client.take("stumble", 1)
        assert "in stumble" in caught.value.data["stack"]


def test_an_item_that_does_not_fit_fails_alone() -> None:
    def odd() -> Iterator[float]:
        yield from (1.5, float("nan"), 2.5)

    client = serve(module(odd))
    assert client.take("odd", 1) == [(1.5, 1)]
    with pytest.raises(CallError, match="nan has no JSON"):
        client.take("odd", 1)
    assert client.take("odd", 1) == [(2.5, 3)]


@pytest.mark.parametrize("position", [float("nan"), "x" * 20_000, object()])
def test_a_position_that_is_no_json_or_too_long_ends_the_generator(position: Any) -> None:
    def rows() -> Iterator[nstack.Positioned[int]]:
        yield nstack.Positioned(1, position)

    with pytest.raises(CallError, match="the position"):
        serve(module(rows)).take("rows", 1)


def test_a_function_beside_the_source_is_told_what_is_confirmed() -> None:
    confirmed: list[Any] = []

    def letters_ack(position: Any) -> None:
        confirmed.append(position)

    client = serve(module(letters, letters_ack, three))
    client.ack("letters", {"offset": 3})
    client.ack("three", 1)
    assert confirmed == [{"offset": 3}]
    assert [method["name"] for method in client.discover()["methods"]] == ["letters", "three"]


def test_a_source_says_so_of_itself_and_is_not_called() -> None:
    client = serve(module(three))
    assert client.discover()["methods"][0]["x-nstack"]["source"] is True
    assert client.discover()["methods"][0]["result"]["schema"] == {"type": "integer"}
    for call in (lambda: client.call("three"), lambda: client.block("three", [None])):
        with pytest.raises(CallError, match="three is a source, which is not called"):
            call()


def test_a_function_that_returns_something_to_iterate_is_a_source_where_it_is_declared_as_one() -> None:
    def numbers():  # type: ignore[no-untyped-def]
        return iter([1, 2])

    assert serve(module(numbers), api=declared("numbers")).take("numbers", 9) == [(1, 1), (2, 2)]
    with pytest.raises(CallError, match="numbers is no source"):
        serve(module(numbers)).take("numbers", 1)


def test_a_generator_runs_ahead_by_the_credit_alone() -> None:
    made: list[int] = []

    def many() -> Iterator[int]:
        for number in range(1_000_000):
            made.append(number)
            yield number

    client = serve(module(many))
    client.take("many", 10)
    client.take("many", 10)
    assert len(made) <= 40
    client.close()


def test_the_end_of_the_service_closes_the_generator_in_its_own_thread() -> None:
    threads: list[int] = []

    def many() -> Iterator[int]:
        threads.append(threading.get_ident())
        try:
            while True:
                yield 1
        finally:
            threads.append(threading.get_ident())

    client = serve(module(many))
    client.take("many", 1)
    client.close()
    assert len(set(threads)) == 1 and len(threads) == 2


WAITING = """
import threading
gate = threading.Event()

def slow():
    gate.wait()
    yield 1

def slow_ack(position):
    gate.set()
"""


def asked(function: str, **more: Any) -> list[Any]:
    return [{"function": function, "credit": 8, **more}]


def test_a_next_that_waits_lets_others_pass(start_process: Callable[[str], Process]) -> None:
    process = start_process(WAITING)
    process.initialize(api=declared("slow"))
    process.send({"jsonrpc": "2.0", "id": 1, "method": "next", "params": asked("slow")})
    assert process.request(2, "next", asked("slow"))["error"]["code"] == -32600
    process.send({"jsonrpc": "2.0", "method": "$/cancel", "params": {"id": 1}})
    assert process.receive()["error"]["code"] == -32002
    process.send({"jsonrpc": "2.0", "id": 3, "method": "next", "params": asked("slow")})
    process.send({"jsonrpc": "2.0", "id": 4, "method": "ack", "params": [{"function": "slow", "position": 0}]})
    answers = {answer["id"]: answer["result"] for answer in (process.receive(), process.receive())}
    assert answers == {3: {"items": [1], "positions": [1], "end": False}, 4: None}


@pytest.mark.parametrize("how", ["shutdown", "end"])
def test_a_next_that_waits_is_answered_where_the_service_ends(start_process: Callable[[str], Process], how: str) -> None:
    process = start_process(WAITING)
    process.initialize(api=declared("slow"))
    process.send({"jsonrpc": "2.0", "id": 1, "method": "next", "params": asked("slow")})
    if how == "shutdown":
        process.send({"jsonrpc": "2.0", "id": 2, "method": "shutdown", "params": []})
        assert process.receive()["error"]["code"] == -32002
        assert process.receive() == {"jsonrpc": "2.0", "id": 2, "result": None}
    code, out, _ = process.end()
    assert code == 0
    assert (b"-32002" in out) == (how == "end")
