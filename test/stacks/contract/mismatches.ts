/** One way in which a service breaks its contract, as an author would write it. */
export interface Mismatch {
  /** What is wrong, as the title of a test. */
  readonly title: string;
  /** Lines of the api; the last one is the function at fault. */
  readonly api: string;
  /** service.py below its three lines of imports, so that its first line is line 4. */
  readonly code: string;
  /** The code of the finding. */
  readonly finding: string;
  /** How the message goes on after the declaration and its place; a warning's or note's after `and`. */
  readonly but: string;
  readonly hint?: string;
  /** How the probe says it, where its words differ; `null` where the running code does not show it. */
  readonly probe?: string | null;
  readonly severity?: 'warning' | 'note';
}

export const imports = `from dataclasses import dataclass
from typing import Any, NamedTuple, Optional, TypedDict
import nstack
`;

const click = '@dataclass\nclass Click:\n    user: str\n    ms: int\n\n';
const events = '@dataclass\nclass Click:\n    user: str\n\n@dataclass\nclass Quit:\n    pass\n\n';

/** Every kind of mismatch, in both directions where it has two. */
export const mismatches: readonly Mismatch[] = [
  {
    title: 'a declared function that the code has under a near name',
    api: 'analyse: Text -> Text',
    code: 'def analyze(text: str) -> str:\n    return text',
    finding: 'missing-function',
    but: 'service.py has no function of that name',
    hint: 'did you mean "analyze" (service.py:4)?',
  },
  {
    title: 'a declared function that the code does not have',
    api: 'analyse: Text -> Text',
    code: 'def score(text: str) -> str:\n    return text',
    finding: 'missing-function',
    but: 'service.py has no function of that name',
    hint: 'the code has score',
  },
  {
    title: 'a class service without the method',
    api: 'analyse: Text -> Text',
    code: 'class Clicks(nstack.BaseService):\n    def rate(self, text: str) -> str:\n        return text',
    finding: 'missing-function',
    but: 'class Clicks at service.py:4 has no method of that name',
    probe: 'service.py has no function of that name',
  },
  {
    title: 'a function that stands outside the class',
    api: 'analyse: Text -> Text',
    code: 'class Clicks(nstack.BaseService):\n    pass\n\ndef analyse(text: str) -> str:\n    return text',
    finding: 'not-a-function',
    but: 'at service.py:7 analyse is outside class Clicks, whose methods are served',
    probe: null,
  },
  {
    title: 'a name that is a class',
    api: 'analyse: Text -> Text',
    code: 'class analyse:\n    pass',
    finding: 'not-a-function',
    but: 'at service.py:4 analyse is a class, and only functions are served',
    probe: null,
  },
  {
    title: 'a name that is a value',
    api: 'analyse: Text -> Text',
    code: 'analyse = "yes"',
    finding: 'not-a-function',
    but: 'at service.py:4 analyse is a value, and only functions are served',
    probe: null,
  },
  {
    title: 'a name that is imported',
    api: 'sqrt: Double -> Double',
    code: 'from math import sqrt',
    finding: 'not-a-function',
    but: 'at service.py:4 sqrt is imported from math, and only functions that the file defines are served',
    probe: null,
  },
  {
    title: 'more arguments in the code than declared',
    api: 'score: Text -> Double',
    code: 'def score(user: str, url: str) -> float:\n    return 1.0',
    finding: 'wrong-arity',
    but: 'service.py:4 takes 2 arguments (user, url), where 1 argument is declared',
    hint: '2 arguments are declared as score: (..., ...) -> Double',
  },
  {
    title: 'fewer arguments in the code than declared',
    api: 'score: (Text, Text) -> Double',
    code: 'def score(user: str) -> float:\n    return 1.0',
    finding: 'wrong-arity',
    but: 'service.py:4 takes 1 argument (user), where 2 arguments are declared',
    hint: '(A, B) -> C declares one argument for each of its parts',
  },
  {
    title: 'no argument where one is declared',
    api: 'score: Text -> Double',
    code: 'def score() -> float:\n    return 1.0',
    finding: 'wrong-arity',
    but: 'service.py:4 takes 0 arguments, where 1 argument is declared',
  },
  {
    title: 'too many arguments that must be given',
    api: 'score: Text -> Double',
    code: 'def score(user: str, url: str, n: int = 1) -> float:\n    return 1.0',
    finding: 'wrong-arity',
    but: 'service.py:4 takes 2 to 3 arguments (user, url, n=...), where 1 argument is declared',
  },
  {
    title: 'another type of parameter',
    api: 'score: Text -> Double',
    code: 'def score(user: bytes) -> float:\n    return 1.0',
    finding: 'parameter-type',
    but: 'service.py:4 takes bytes (Bytes) for user, where Text is declared',
    probe: 'service.py:4 takes Bytes for user, where Text is declared',
  },
  {
    title: 'another type deep in a record that is taken',
    api: 'score: { legs: [{ delay: Integer }] } -> Double',
    code: '@dataclass\nclass Leg:\n    delay: str\n\n@dataclass\nclass Flight:\n    legs: list[Leg]\n\ndef score(flight: Flight) -> float:\n    return 1.0',
    finding: 'parameter-type',
    but: 'service.py:12 takes str (Text) at flight.legs[].delay, where Integer is declared',
    probe: 'service.py:12 takes Text at flight.legs[].delay, where Integer is declared',
  },
  {
    title: 'another type deep in a record that is returned',
    api: 'type Leg = { delay: Integer }\n  score: Text -> { legs: Map Leg }',
    code: 'class Leg(TypedDict):\n    delay: float\n\nclass Flight(TypedDict):\n    legs: dict[str, Leg]\n\ndef score(flight: str) -> Flight:\n    return {"legs": {}}',
    finding: 'double-for-integer',
    but: 'service.py:10 returns float (Double) at result.legs{}.delay, where Integer is declared',
    probe: 'service.py:10 returns Double at result.legs{}.delay, where Integer is declared',
    hint: 'return int, or declare Double',
  },
  {
    title: 'another result',
    api: 'score: Text -> Double',
    code: 'def score(user: str) -> str:\n    return user',
    finding: 'result-type',
    but: 'service.py:4 returns str (Text), where Double is declared',
    probe: 'service.py:4 returns Text, where Double is declared',
  },
  {
    title: 'int where any Double may come',
    api: 'score: Double -> Double',
    code: 'def score(ms: int) -> float:\n    return 1.0',
    finding: 'integer-for-double',
    but: 'service.py:4 takes int (Integer) for ms, where Double is declared',
    probe: 'service.py:4 takes Integer for ms, where Double is declared',
    hint: 'take float: not every Double is an Integer',
  },
  {
    title: 'a required field that is not declared, under a near name',
    api: 'score: { user: Text, mss: Integer } -> Double',
    code: `${click}def score(click: Click) -> float:\n    return 1.0`,
    finding: 'missing-field',
    but: 'service.py:9 asks for a field ms in click, which is not declared',
    hint: 'did you mean "mss"?',
  },
  {
    title: 'a required field that is not declared at all',
    api: 'score: { user: Text } -> Double',
    code: `${click}def score(click: Click) -> float:\n    return 1.0`,
    finding: 'missing-field',
    but: 'service.py:9 asks for a field ms in click, which is not declared',
    hint: 'declare it, or give it a default in the code',
  },
  {
    title: 'an undeclared field in a result',
    api: 'find: Text -> { user: Text }',
    code: `${click}def find(user: str) -> Click:\n    return Click(user, 1)`,
    finding: 'undeclared-field',
    but: 'service.py:9 returns a field ms, which is not declared',
    hint: 'a result holds exactly the declared fields: declare it, or leave it out',
  },
  {
    title: 'a declared field that the result does not hold',
    api: 'find: Text -> [{ user: Text, ms: Integer, url: Text }]',
    code: `${click}def find(user: str) -> list[Click]:\n    return []`,
    finding: 'missing-result-field',
    but: 'service.py:9 returns no field url in result[], which is declared',
    hint: 'add url to Click',
  },
  {
    title: 'a declared case that the code does not take',
    api: 'type Event = Click { user: Text } | Quit () | Scroll ()\n  score: Event -> Double',
    code: `${events}def score(event: Click | Quit) -> float:\n    return 1.0`,
    finding: 'missing-case',
    but: 'service.py:12 does not take the case Scroll for event, which is declared',
    hint: 'add a class Scroll to the union',
  },
  {
    title: 'a case in a result that is not declared',
    api: 'type Event = Click { user: Text } | Scroll ()\n  pick: Text -> Event',
    code: `${events}def pick(user: str) -> Click | Quit:\n    return Quit()`,
    finding: 'undeclared-case',
    but: 'service.py:12 may return the case Quit, which is not declared',
  },
  {
    title: 'another type in a case',
    api: 'type Event = Click { user: Integer } | Quit ()\n  pick: Event -> Text',
    code: `${events}def pick(event: Click | Quit) -> str:\n    return ""`,
    finding: 'parameter-type',
    but: 'service.py:12 takes str (Text) at event.Click.user, where Integer is declared',
    probe: 'service.py:12 takes Text at event.Click.user, where Integer is declared',
  },
  {
    title: 'a declared optional that the code takes as certain',
    api: 'score: { user: Text, ms: optional Integer } -> Double',
    code: `${click}def score(click: Click) -> float:\n    return 1.0`,
    finding: 'optional-not-taken',
    but: 'service.py:9 takes int (Integer) at click.ms, where optional Integer is declared, which may be null or missing',
    probe:
      'service.py:9 takes Integer at click.ms, where optional Integer is declared, which may be null or missing',
    hint: 'let the code take None too, or declare it without optional',
  },
  {
    title: 'a result that may be None and is not declared optional',
    api: 'score: Text -> Double',
    code: 'def score(user: str) -> Optional[float]:\n    return None',
    finding: 'optional-result',
    but: 'service.py:4 may return None, where Double is declared',
    hint: 'declare optional Double, or always return a value',
  },
  {
    title: 'a list where a single value is declared',
    api: 'score: Text -> Double',
    code: 'def score(users: list[str]) -> float:\n    return 1.0',
    finding: 'list-or-single',
    but: 'service.py:4 takes list[str] for users, where Text is declared',
    probe: 'service.py:4 takes [Text] for users, where Text is declared',
  },
  {
    title: 'a single value where a list is declared',
    api: 'score: Text -> [Double]',
    code: 'def score(user: str) -> float:\n    return 1.0',
    finding: 'list-or-single',
    but: 'service.py:4 returns float (Double), where [Double] is declared',
    probe: 'service.py:4 returns Double, where [Double] is declared',
    hint: 'a list is declared, and the code has a single value',
  },
  {
    title: 'a vectorised function that takes one value',
    api: 'score: Text -> Double',
    code: '@nstack.vectorised\ndef score(user: str) -> list[float]:\n    return []',
    finding: 'vectorised-shape',
    but: 'service.py:5 is vectorised and takes str for user, where a list is needed',
    probe: 'service.py:5 is vectorised and takes Text for user, where a list is needed',
    hint: 'it is called with a list of Text and returns a list of Double of the same length',
  },
  {
    title: 'a vectorised function with a wrong item',
    api: 'score: Text -> Double',
    code: '@nstack.vectorised\ndef score(users: list[str]) -> list[str]:\n    return users',
    finding: 'result-type',
    but: 'service.py:5 returns str (Text) at result[], where Double is declared',
    probe: 'service.py:5 returns Text at result[], where Double is declared',
  },
  {
    title: 'type hints for some parameters alone',
    api: 'score: (Text, Text) -> Double',
    code: 'def score(user: str, url) -> float:\n    return 1.0',
    finding: 'partly-hinted',
    but: 'service.py:4 has type hints, but none for url',
    hint: 'write all of them, or none: then the declared types rule',
  },
  {
    title: 'no type hint for the result',
    api: 'score: Text -> Double',
    code: 'def score(user: str):\n    return 1.0',
    finding: 'partly-hinted',
    but: 'service.py:4 has type hints, but none for its result',
  },
  {
    title: 'a hint outside the type language',
    api: 'score: [Integer] -> Integer',
    code: 'def score(ids: set[int]) -> int:\n    return len(ids)',
    finding: 'unsupported-hint',
    but: 'service.py:4 takes set[int] for ids, which is outside the type language: a set has no JSON; use list[...]',
  },
  {
    title: 'a class of the author that is no record',
    api: 'score: { user: Text } -> Integer',
    code: 'class Click:\n    user: str\n\ndef score(click: Click) -> int:\n    return 1',
    finding: 'unsupported-hint',
    but: 'service.py:7 takes Click for click, which is outside the type language: a class is a record where it is a dataclass, TypedDict, NamedTuple or msgspec.Struct',
  },
  {
    title: 'a hint deep in a record that is outside the type language',
    api: 'score: { at: Timestamp } -> Integer',
    code: 'import datetime\n\n@dataclass\nclass Click:\n    at: datetime.date\n\ndef score(click: Click) -> int:\n    return 1',
    finding: 'unsupported-hint',
    but: 'service.py:10 takes datetime.date at click.at, which is outside the type language: use datetime.datetime (Timestamp) or str',
    probe:
      'service.py:10 takes date at click.at, which is outside the type language: use datetime.datetime (Timestamp) or str',
  },
  {
    title: 'a generator',
    api: 'split: Text -> [Text]',
    code: 'def split(text: str):\n    yield text',
    finding: 'function-is-source',
    but: 'service.py:4 is a source, which gives its items one by one, where a plain function is declared',
    hint: 'declare it as split: Void -> Text, or return the whole result',
  },
  {
    title: 'a generator with the hint of a list',
    api: 'split: Text -> [Text]',
    code: 'def split(text: str) -> list[str]:\n    yield text',
    finding: 'function-kind',
    but: 'service.py:4 cannot be served: it is a generator, whose hint is Iterator[...]',
  },
  {
    title: 'an async function',
    api: 'score: Text -> Double',
    code: 'async def score(text: str) -> float:\n    return 1.0',
    finding: 'function-kind',
    but: 'service.py:4 cannot be served: it is an async function, which is not supported yet; write a plain def',
  },
  {
    title: 'a parameter that must be given by keyword',
    api: 'score: (Text, Text) -> Double',
    code: 'def score(user: str, *, url: str) -> float:\n    return 1.0',
    finding: 'keyword-only',
    but: 'service.py:4 cannot be served: it needs url by keyword, and arguments are passed by position',
    hint: 'move it before the *, or give it a default',
  },
  {
    title: 'a function that is defined twice',
    api: 'score: Text -> Double',
    code: 'def score(user: str) -> float:\n    return 1.0\n\ndef score(user: str) -> float:\n    return 2.0',
    finding: 'defined-twice',
    severity: 'warning',
    but: 'service.py:7 replaces the definition of score in line 4',
    hint: 'the later definition wins; delete or rename the other',
    probe: null,
  },
  {
    title: 'a map whose keys are no Text',
    api: 'count: Text -> Map Integer',
    code: 'def count(text: str) -> dict[int, int]:\n    return {}',
    finding: 'unsupported-hint',
    but: 'service.py:4 returns dict[int, int], which is outside the type language: the keys of a Map are Text (str), not int',
  },
  {
    title: 'a tuple of another length',
    api: 'split: Text -> (Text, Text)',
    code: 'def split(text: str) -> tuple[str, str, str]:\n    return (text, text, text)',
    finding: 'result-type',
    but: 'service.py:4 returns tuple[str, str, str], where (Text, Text) is declared',
    probe: 'service.py:4 returns (Text, Text, Text), where (Text, Text) is declared',
  },
  {
    title: 'a dict where a single value is declared',
    api: 'score: Text -> Double',
    code: 'def score(row: dict) -> float:\n    return 1.0',
    finding: 'parameter-type',
    but: 'service.py:4 takes dict for row, where Text is declared',
  },
  {
    title: 'a plain function for a source',
    api: 'ticks: Void -> Integer',
    code: 'def ticks() -> int:\n    return 1',
    finding: 'source-function',
    but: 'service.py:4 gives one result, where a source (Void -> Integer) is declared',
    hint: 'make it a generator, which yields each item',
  },
  {
    title: 'a source of other items',
    api: 'ticks: Void -> Integer',
    code: 'from collections.abc import Iterator\n\ndef ticks(position: int | None) -> Iterator[nstack.Positioned[str]]:\n    yield nstack.Positioned("a", 1)',
    finding: 'result-type',
    but: 'service.py:6 returns str (Text), where Integer is declared',
    probe: 'service.py:6 returns Text, where Integer is declared',
  },
  {
    title: 'a source that takes more than a position',
    api: 'ticks: Void -> Integer',
    code: 'def ticks(first, last):\n    yield 1',
    finding: 'wrong-arity',
    but: 'service.py:4 takes 2 arguments, where a source takes none, or the position from which it goes on',
    probe: null,
  },
];

/** How the message about a mismatch begins: the declaration as the api's last line has it, and its place in a manifest of four lines and more. */
export function declarationOf({ api }: Pick<Mismatch, 'api'>): string {
  const lines = api.split('\n');
  const [name, type] = (lines.at(-1) ?? '').trim().split(/\s*:\s(.*)/s);
  return `${name}: declared "${type}" at nstack.yaml:${lines.length + 3}:3`;
}
