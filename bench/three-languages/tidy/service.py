"""The first stage of the benchmark of three languages; plain.py does the same with the json module."""

from dataclasses import dataclass


@dataclass
class Flight:
    date: str
    delay: int
    distance: int
    origin: str
    destination: str


@dataclass
class Early:
    minutes: int


@dataclass
class OnTime:
    minutes: int


@dataclass
class Late:
    minutes: int


Status = Early | OnTime | Late


@dataclass
class Leg:
    date: str
    hour: int
    route: str
    kilometres: float
    status: Status
    note: str | None


def tidy(flight: Flight) -> Leg:
    delay = flight.delay
    hour = int(flight.date[11:13])
    return Leg(
        date=flight.date,
        hour=hour,
        route=flight.origin + "-" + flight.destination,
        kilometres=round(flight.distance * 1.609344, 1),
        status=Early(-delay) if delay < 0 else OnTime(delay) if delay <= 15 else Late(delay),
        note="by night" if hour >= 22 or hour < 6 else None,
    )
