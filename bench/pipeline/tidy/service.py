"""The first stage of the pipeline benchmark. The plain script imports the same function."""

from typing import TypedDict


class Flight(TypedDict):
    date: str
    delay: int
    distance: int
    origin: str
    destination: str


class Leg(TypedDict):
    date: str
    hour: int
    route: str
    kilometres: float
    delay: int
    late: bool


def tidy(flight: Flight) -> Leg:
    date = flight["date"]
    delay = flight["delay"]
    return {
        "date": date,
        "hour": int(date[11:13]),
        "route": flight["origin"] + "-" + flight["destination"],
        "kilometres": round(flight["distance"] * 1.609344, 1),
        "delay": delay,
        "late": delay > 15,
    }
