"""Cuts a review into sentences and words, and leaves out the words that say nothing."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import nstack

WORDS = Path(__file__).with_name("words")
SENTENCE_END = re.compile(r"[.!?…]+(?:\s|$)")
# Letters of any script; an apostrophe within a word belongs to it.
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


@dataclass
class Review:
    review: str
    text: str
    stars: int | None = None


@dataclass
class Prepared:
    review: str
    text: str
    stars: int | None
    language: str
    sentences: list[list[str]]


class Prepare(nstack.BaseService):
    def startup(self) -> None:
        self.language: str = self.args["language"]
        self.stop_words = read_stop_words(self.language)

    def prepare(self, given: Review) -> Prepared:
        sentences = [self._words_of(sentence) for sentence in SENTENCE_END.split(given.text)]
        return Prepared(
            review=given.review,
            text=given.text,
            stars=given.stars,
            language=self.language,
            sentences=[words for words in sentences if words],
        )

    def _words_of(self, sentence: str) -> list[str]:
        text = unicodedata.normalize("NFC", sentence).lower().replace("’", "'")
        return [word for word in WORD.findall(text) if word not in self.stop_words]


def read_stop_words(language: str) -> frozenset[str]:
    """Negations are no stop words: they turn the feeling of what follows."""
    file = WORDS / f"{language}.txt"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in WORDS.glob("*.txt")))
        raise ValueError(f"no stop words for the language {language!r}: there are {known}")
    return frozenset(file.read_text(encoding="utf-8").split())
