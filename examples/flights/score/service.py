"""How bad a flight's delay is: a support vector regression learnt from ratings that passengers gave."""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nstack
import numpy as np
from svmutil import svm_predict, svm_train

# The model is asked once for each cell of this grid; a leg is then a look-up. Minutes, and kilometres in hundreds.
MINUTES = 481
HUNDREDS = 81


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


@dataclass
class Leg:
    date: datetime
    route: list[str]
    kilometres: float
    status: OnTime | Early | Late | Unknown


@dataclass
class Scored:
    date: datetime
    route: list[str]
    score: float | None
    level: str


class Score(nstack.BaseService):
    def startup(self) -> None:
        self.grid = learn(Path(__file__).with_name("ratings.csv"))
        self.threshold: float = self.args["threshold"]

    @nstack.vectorised
    def score(self, legs: list[Leg]) -> list[Scored]:
        minutes = np.fromiter((late(leg) for leg in legs), dtype=np.intp, count=len(legs))
        hundreds = np.fromiter((leg.kilometres for leg in legs), dtype=np.float64, count=len(legs)) / 100
        cells = self.grid[np.clip(minutes, 0, MINUTES - 1), np.clip(hundreds.astype(np.intp), 0, HUNDREDS - 1)]
        return [
            Scored(leg.date, leg.route, None, "unknown")
            if isinstance(leg.status, Unknown)
            else Scored(leg.date, leg.route, score, "bad" if score >= self.threshold else "fine")
            for leg, score in zip(legs, cells.tolist(), strict=True)
        ]


def late(leg: Leg) -> int:
    return leg.status.minutes if isinstance(leg.status, Late) else 0


def learn(ratings: Path) -> np.ndarray:
    """The score of every cell of the grid, shape (MINUTES, HUNDREDS), one decimal."""
    with ratings.open() as file:
        rows = list(csv.DictReader(file))
    features = [[float(row["minutes"]) / 60, float(row["kilometres"]) / 1000] for row in rows]
    model = svm_train([float(row["score"]) for row in rows], features, "-s 3 -t 2 -c 50 -g 0.3 -p 0.05 -q")
    cells = [[minute / 60, (hundred + 0.5) / 10] for minute in range(MINUTES) for hundred in range(HUNDREDS)]
    predicted, _, _ = svm_predict([], cells, model, "-q")
    return np.clip(np.asarray(predicted), 0, 10).round(1).reshape(MINUTES, HUNDREDS)
