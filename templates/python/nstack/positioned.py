"""What a source yields where it can go on after a restart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Positioned(Generic[T]):
    """An item of a source, and where the source stands after it: any JSON of up to 16,384 bytes.

    After a restart a generator that takes an argument gets the position of the last item that it need not yield again."""

    item: T
    position: Any
