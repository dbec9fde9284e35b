"""Scores clicks, one line of text each: `user page milliseconds`."""

import nstack
from svmutil import svm_predict, svm_train

# Milliseconds on a page, and whether an order followed.
LEARNT = [(300, -1), (900, -1), (1_500, -1), (8_000, 1), (15_000, 1), (40_000, 1)]


class ClickAnalytics(nstack.BaseService):
    def startup(self) -> None:
        features = [{1: time / 10_000} for time, _ in LEARNT]
        self.model = svm_train([label for _, label in LEARNT], features, "-q -t 0")

    def analyse(self, message: str) -> str:
        user, page, time = message.split(" ")
        [label], _, _ = svm_predict([], [{1: int(time) / 10_000}], self.model, "-q")
        return f"{user} {page} {'buyer' if label > 0 else 'passer-by'}"
