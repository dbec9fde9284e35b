import { describe, expect, it } from 'vitest';
import { NstackError } from '../../../src/core/index.ts';
import { checkService } from '../../../src/stacks/index.ts';
import { declarationOf, mismatches } from './mismatches.ts';
import { filesOf, writeService } from './service-folder.ts';

describe('the static check names both places of', () => {
  it.each(mismatches.map((mismatch) => [mismatch.title, mismatch] as const))('%s', async (_, mismatch) => {
    await using folder = await writeService(filesOf(mismatch));
    const findings = await checkService(folder);
    const severity = mismatch.severity ?? 'error';
    const found = findings.filter(({ code }) => code === mismatch.finding);
    expect(found.map(({ message }) => message)).toEqual([
      `${declarationOf(mismatch)}, ${severity === 'error' ? 'but' : 'and'} ${mismatch.but}`,
    ]);
    expect(found[0]?.severity).toBe(severity);
    expect(found[0]?.place?.file).toBe('nstack.yaml');
    expect(found[0]?.sourceLine).toContain(mismatch.api.split('\n').at(-1)?.trim());
    expect(found[0]?.related?.place.file).toBe('service.py');
    if (mismatch.hint !== undefined) expect(found[0]?.hint).toBe(mismatch.hint);
  });

  it.each(mismatches.map((mismatch) => [mismatch.title, mismatch] as const))(
    'nothing else: %s',
    async (_, mismatch) => {
      await using folder = await writeService(filesOf(mismatch));
      const errors = (await checkService(folder)).filter(({ severity }) => severity === 'error');
      expect(errors.map(({ code }) => code)).toEqual(
        mismatch.severity === undefined ? [mismatch.finding] : [],
      );
    },
  );
});

describe('the static check of a name that no function can have', () => {
  it('says so at its place in the api', async () => {
    await using folder = await writeService({
      'nstack.yaml': 'name: A\nstack: python\napi: "class: Text -> Text"\n',
      'service.py': 'def klass(text: str) -> str:\n    return text\n',
    });
    const [found] = await checkService(folder);
    expect(found).toMatchObject({
      code: 'unusable-name',
      severity: 'error',
      hint: 'name it otherwise in the api: a function in Python needs a name of its own',
      place: { line: 3, column: 7 },
    });
    expect(found?.message).toContain(
      'service.py can have no function of that name, which is a keyword of Python',
    );
  });
});

describe('the static check accepts', () => {
  const kept: readonly (readonly [title: string, api: string, code: string])[] = [
    ['a generator as a source', 'ticks: Void -> Integer', 'def ticks():\n    yield 1'],
    [
      'a source that goes on from a position',
      'rows: Void -> Text',
      'from collections.abc import Iterator\n\ndef rows(position: int | None) -> Iterator["nstack.Positioned[str]"]:\n    yield nstack.Positioned("a", 1)\n\ndef rows_ack(position):\n    pass',
    ],
    [
      'what the probe alone can know to be a source',
      'ticks: Void -> Integer',
      'def ticks():\n    return iter([1])',
    ],
    [
      'a function that gives nothing as a sink',
      'put: Text -> Void',
      'def put(text: str) -> None:\n    print(text)',
    ],
    [
      'a method without self and without hints',
      'analyse: (Text) -> (Text)',
      'class ClickAnalytics(nstack.BaseService):\n  def analyse(messages) :\n    return messages',
    ],
    [
      'a method with self and without hints',
      'analyse: Text -> Text',
      'class A(nstack.Module):\n  def analyse(self, messages):\n    return messages',
    ],
    [
      'two arguments as a tuple and as two parameters',
      'add: (Integer, Integer) -> Integer',
      'def add(a: int, b: int) -> int:\n  return a + b',
    ],
    [
      'two arguments taken as one tuple',
      'add: (Integer, Integer) -> Integer',
      'def add(pair: tuple[int, int]) -> int:\n  return sum(pair)',
    ],
    [
      'any number of arguments',
      'add: (Integer, Integer) -> Integer',
      'def add(*numbers):\n  return sum(numbers)',
    ],
    [
      'a function without arguments',
      'now: () -> Timestamp',
      'import datetime\ndef now() -> datetime.datetime:\n  ...',
    ],
    ['None as ()', 'log: Text -> ()', 'def log(text: str) -> None:\n  ...'],
    ['a sink', 'log: Text -> Void', 'def log(text: str) -> None:\n  ...'],
    [
      'an Integer where the code takes Double, and int as a Double',
      'f: Integer -> Double',
      'def f(x: float) -> int:\n  return 1',
    ],
    [
      'a record that asks for fewer fields',
      'f: { a: Integer, b: Text } -> ()',
      'class A(TypedDict):\n  a: int\ndef f(x: A) -> None:\n  ...',
    ],
    [
      'a default and an optional where no field is declared',
      'f: { a: Integer } -> ()',
      '@dataclass\nclass A:\n  a: int\n  b: str = ""\n  c: Optional[int] = None\ndef f(x: A) -> None:\n  ...',
    ],
    [
      'a key that may be left out',
      'f: { a: Integer } -> { a: Integer, b: optional Text }',
      'class A(TypedDict, total=False):\n  b: str\nclass B(A):\n  a: int\ndef f(x: B) -> B:\n  return x',
    ],
    [
      'a NamedTuple as a record',
      'f: { a: Integer } -> { a: Integer }',
      'class A(NamedTuple):\n  a: int\ndef f(x: A) -> A:\n  return x',
    ],
    [
      'a certain value where an optional is declared',
      'f: Text -> optional Text',
      'def f(x: str) -> str:\n  return x',
    ],
    [
      'a missing result field that is declared optional',
      'f: Text -> { a: Text, b: optional Text }',
      '@dataclass\nclass A:\n  a: str\ndef f(x: str) -> A:\n  return A(x)',
    ],
    [
      'dict, list and Any for whatever is declared of their shape',
      'type S = A () | B ()\n  f: ({ a: Integer }, [Text], Json, S, Map Text) -> { a: Text }',
      'def f(a: dict, b: list, c: Any, d: dict, e: dict[str, Any]) -> dict[str, Any]:\n  return {}',
    ],
    [
      'fewer cases in a result and more in an input',
      'type E = A () | B ()\n  type F = A ()\n  f: F -> E',
      '@dataclass\nclass A: pass\n@dataclass\nclass B: pass\ndef f(x: A | B) -> A | B:\n  return x',
    ],
    [
      'a class with one value as the payload of a case',
      'type E = N Integer | R { value: Integer }\n  f: E -> E',
      '@dataclass\nclass N:\n  value: int\n@dataclass\nclass R:\n  value: int\ndef f(x: N | R) -> N | R:\n  return x',
    ],
    [
      'a vectorised function',
      'f: Text -> Double',
      '@nstack.vectorised\ndef f(x: list[str]) -> list[float]:\n  return []',
    ],
    [
      'a vectorised function without hints',
      'f: Text -> Double',
      '@nstack.vectorised\ndef f(xs):\n  return []',
    ],
    [
      'a vectorised function over two arguments',
      'f: (Text, Integer) -> Double',
      '@nstack.vectorised\ndef f(x: list[tuple[str, int]]) -> list[float]:\n  return []',
    ],
    ['anything as Json', 'f: Text -> Json', 'def f(x: str) -> list[int]:\n  return []'],
    [
      'types behind names, NewType, Annotated and quotes',
      'f: (Text, [Integer], optional Double) -> Text',
      'from typing import Annotated, List, NewType, Union\nId = NewType("Id", str)\nXs = List[int]\ndef f(a: Id, b: "Xs", c: Annotated["Union[None, float]", 3]) -> "Id":\n  return a',
    ],
  ];
  it.each(kept)('%s', async (_, api, code) => {
    await using folder = await writeService(filesOf({ api, code }));
    expect(await checkService(folder)).toEqual([]);
  });
});

describe('the static check', () => {
  it('leaves to the probe what it cannot know, and says so', async () => {
    const code = 'import numpy as np\ndef f(x: np.ndarray) -> list[np.float64]:\n  return []';
    await using folder = await writeService(filesOf({ api: 'f: Text -> [Double]', code }));
    const findings = await checkService(folder);
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['left-to-probe', 'note']]);
    expect(findings[0]?.message).toBe(
      'f: declared "Text -> [Double]" at nstack.yaml:4:3, and service.py:5 has np.ndarray for x, np.float64 as its result, which cannot be told without running it; left to the probe',
    );
  });

  it.each([
    [
      'a decorator that may do anything',
      'import functools\n@functools.lru_cache\ndef f(x: str) -> str:\n  return x',
    ],
    ['a computed value', 'f = make()'],
    [
      'two ways of defining it',
      'try:\n  from fast import f\nexcept ImportError:\n  def f(x: str) -> str:\n    return x',
    ],
    ['a base class from elsewhere', 'import base\nclass S(nstack.Service, base.Mixin):\n  pass'],
  ])('leaves a function to the probe that is behind %s', async (_, code) => {
    await using folder = await writeService(filesOf({ api: 'f: Text -> Text', code }));
    expect((await checkService(folder)).map(({ code }) => code)).toEqual(['left-to-probe']);
  });

  it('notes functions that are not in the api in one line', async () => {
    const code = 'def f(x: str) -> str:\n  return g(x)\ndef g(x):\n  return x\ndef _h(x):\n  return x';
    await using folder = await writeService(filesOf({ api: 'f: Text -> Text', code }));
    const findings = await checkService(folder);
    expect(findings.map(({ severity, message }) => [severity, message])).toEqual([
      ['note', 'not in the api of nstack.yaml, so not served: g (service.py:6)'],
    ]);
  });

  it('finds every mismatch of a function at once', async () => {
    const code = '@dataclass\nclass A:\n  a: int\n  b: str\ndef f(x: A, y: int) -> A:\n  return x';
    await using folder = await writeService(
      filesOf({ api: 'f: ({ a: Text, b: Integer }, Text) -> { a: Integer }', code }),
    );
    expect((await checkService(folder)).map(({ code }) => code)).toEqual([
      'parameter-type',
      'parameter-type',
      'parameter-type',
      'undeclared-field',
    ]);
  });

  it('reports a file that is no Python and nothing that follows from it', async () => {
    await using folder = await writeService({
      ...filesOf({ api: 'f: Text -> Text', code: '' }),
      'service.py': 'def f(x:\n  return x\n',
    });
    const findings = await checkService(folder);
    expect(findings.map(({ code }) => code)).toEqual(['syntax-error']);
    expect(findings[0]?.place).toMatchObject({ file: 'service.py', line: 1 });
  });

  it('says where the code should be when there is none', async () => {
    await using folder = await writeService({
      'nstack.yaml': 'name: A\nstack: python\napi: "f: Text -> Text"\n',
    });
    const failure = await checkService(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NstackError);
    expect(failure).toMatchObject({
      code: 'file-missing',
      message: 'A has no code: there is no file service.py',
    });
  });

  it('reads the code where entry says it is, and names it so', async () => {
    await using folder = await writeService({
      'nstack.yaml': 'name: A\nstack: python\nentry: main.py\napi: "f: Text -> Text"\n',
      'main.py': 'def f(x: int) -> str: ...\n',
    });
    expect((await checkService(folder))[0]?.message).toBe(
      'f: declared "Text -> Text" at nstack.yaml:4:7, but main.py:1 takes int (Integer) for x, where Text is declared',
    );
  });
});
