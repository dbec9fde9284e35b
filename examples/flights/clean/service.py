"""Checks a flight and adds what later stages need."""

from dataclasses import dataclass
from datetime import datetime

KILOMETRES_A_MILE = 1.609344
# A delay beyond a day, early or late, is a typing error in the source data.
LONGEST_DELAY = 24 * 60


@dataclass
class Flight:
    date: datetime
    distance: int
    origin: str
    destination: str
    delay: int | None = None


@dataclass
class OnTime:
    pass


@dataclass
class Early:
    minutes: int


@dataclass
class Late:
    minutes: int


@dataclass
class Unknown:
    pass


Status = OnTime | Early | Late | Unknown


@dataclass
class Leg:
    date: datetime
    route: list[str]
    kilometres: float
    weekend: bool
    status: Status
    note: str | None = None


def clean(flight: Flight) -> Leg:
    status, note = judge(flight.delay)
    return Leg(
        date=flight.date,
        route=[flight.origin, flight.destination],
        kilometres=round(flight.distance * KILOMETRES_A_MILE, 1),
        weekend=flight.date.weekday() >= 5,
        status=status,
        note=note,
    )


def judge(delay: int | None) -> tuple[Status, str | None]:
    """What a delay in minutes means; airlines count up to 15 minutes late as on time."""
    if delay is None:
        return Unknown(), None
    if abs(delay) > LONGEST_DELAY:
        return Unknown(), f"delay of {delay} minutes left out"
    if delay < 0:
        return Early(-delay), None
    return (Late(delay), None) if delay > 15 else (OnTime(), None)
