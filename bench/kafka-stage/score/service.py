"""The stage of the benchmark from topic to topic. The hand-written program imports the same function."""

from typing import TypedDict


class Click(TypedDict):
    user: str
    url: str
    at: str
    ms: int
    country: str


class Scored(TypedDict):
    user: str
    shop: str
    page: str
    hour: int
    ms: int
    score: float
    slow: bool


def score(click: Click) -> Scored:
    ms = click["ms"]
    page = click["url"].split("/", 3)[3]
    return {
        "user": click["user"],
        "shop": "shop-" + click["country"].lower(),
        "page": page,
        "hour": int(click["at"][11:13]),
        "ms": ms,
        "score": round(1000 / (1 + ms), 3),
        "slow": ms > 500,
    }
