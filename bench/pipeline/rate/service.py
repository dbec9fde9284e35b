"""The second stage of the pipeline benchmark. The plain script imports the same function."""

from typing import TypedDict


class Leg(TypedDict):
    date: str
    hour: int
    route: str
    kilometres: float
    delay: int
    late: bool


class Rated(TypedDict):
    date: str
    route: str
    score: float
    level: str


def rate(leg: Leg) -> Rated:
    score = leg["delay"] * 60 / (leg["kilometres"] + 100) if leg["late"] else 0.0
    if leg["hour"] >= 22 or leg["hour"] < 6:
        score *= 1.5
    return {
        "date": leg["date"],
        "route": leg["route"],
        "score": round(score, 2),
        "level": "bad" if score > 10 else "fine",
    }
