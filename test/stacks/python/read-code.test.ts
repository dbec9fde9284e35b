import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseManifest } from '../../../src/manifest/index.ts';
import type { CodeType } from '../../../src/stacks/index.ts';
import { readPythonCode } from '../../../src/stacks/python/read-code.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'read-code-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function read(code: string | Uint8Array, api = 'f: Text -> Text') {
  await writeFile(join(root, 'service.py'), code);
  const { manifest } = parseManifest(`name: A\nstack: python\napi: "${api}"\n`, 'nstack.yaml');
  if (manifest === undefined) throw new Error('the test manifest is wrong');
  return readPythonCode({ root, manifest, manifestFile: 'shop/nstack.yaml' });
}

/** The type of `hint` as a short text: `optional(Integer)`. */
async function hint(written: string, before = ''): Promise<string> {
  const { api } = await read(`${before}\ndef f(x: ${written}): ...\n`);
  const type = api.functions[0]?.parameters[0]?.type;
  if (type === undefined) throw new Error('f has no parameter');
  return show(type);
}

function show(type: CodeType): string {
  switch (type.kind) {
    case 'known':
      return type.type.kind;
    case 'open':
      return `open ${type.shape}`;
    case 'unsupported':
      return `unsupported: ${type.reason}`;
    case 'list':
    case 'map':
    case 'optional':
      return `${type.kind}(${show(type.item)})`;
    case 'tuple':
      return `tuple(${type.items.map(show).join(', ')})`;
    case 'record':
      return `{${type.fields.map((field) => `${field.name}${field.hasDefault ? '=' : ''}: ${show(field.type)}`).join(', ')}}`;
    case 'sum':
      return type.cases.map((one) => `${one.name} ${show(one.type)}`).join(' | ');
    default:
      return type.kind;
  }
}

const records = `
import dataclasses, typing as t
from dataclasses import dataclass, field
import msgspec
@dataclass(frozen=True, slots=True)
class Click:
    """A click."""
    user: str  # who
    count: t.ClassVar[int] = 0
    ms: "int | None" = None
    tags: list[str] = field(default_factory=list)
    id: int = field(repr=False)
    def shown(self) -> str: ...
@dataclasses.dataclass
class Deep(Click):
    user: bytes
    more: int
class Row(t.TypedDict, total=False):
    a: t.Required[int]
    b: str
class Pair(t.NamedTuple):
    a: int
    b: str = ""
class Fast(msgspec.Struct, frozen=True):
    a: int
    b: int = msgspec.field(default=1)
class Renamed(msgspec.Struct, rename="camel"):
    a_b: int
class Plain: ...
@dataclass
class Empty: ...
@dataclass
class Wrapped:
    value: int
@dataclass
class Tree:
    children: list["Tree"]
`;

describe('a type hint', () => {
  it.each([
    ['int', 'integer'],
    ['float', 'double'],
    ['bool', 'boolean'],
    ['str', 'text'],
    ['bytes', 'bytes'],
    ['None', 'unit'],
    ['list', 'open array'],
    ['dict', 'open object'],
    ['object', 'open any'],
    ['list[int]', 'list(integer)'],
    ['list[list[int]]', 'list(list(integer))'],
    ['dict[str, int]', 'map(integer)'],
    ['dict[int, int]', 'unsupported: the keys of a Map are Text (str), not int'],
    ['tuple[int, str]', 'tuple(integer, text)'],
    ['tuple[int, ...]', 'list(integer)'],
    ['int | None', 'optional(integer)'],
    ['None | int | None', 'optional(integer)'],
    ['"int"', 'integer'],
    ['"list[int] | None"', 'optional(list(integer))'],
    ['list["int"]', 'list(integer)'],
    ['set[int]', 'unsupported: a set has no JSON; use list[...]'],
    ['int | str', 'unsupported: int is no case of a sum: each is a dataclass that is named after its case'],
    ['Missing', 'unsupported: the file neither defines nor imports that name'],
    ['any', 'unsupported: any is a function; use typing.Any'],
    ['make()', 'unknown'],
    ['int + str', 'unknown'],
    ['list[make()]', 'list(unknown)'],
  ])('%s is %s', async (written, type) => {
    expect(await hint(written)).toBe(type);
  });

  it.each([
    ['import typing', 'typing.Optional[int]', 'optional(integer)'],
    ['import typing as t', 't.List[t.Any]', 'list(open any)'],
    ['from typing import Optional as O, Dict as D', 'O[D[str, float]]', 'optional(map(double))'],
    ['from typing_extensions import Union', 'Union[int, None]', 'optional(integer)'],
    ['from typing import *', 'Sequence[int]', 'list(integer)'],
    ['from collections.abc import Mapping', 'Mapping[str, bool]', 'map(boolean)'],
    ['import collections.abc', 'collections.abc.Sequence[int]', 'list(integer)'],
    ['from typing import Annotated', 'Annotated[int, "positive"]', 'integer'],
    ['from typing import NewType\nId = NewType("Id", str)', 'Id', 'text'],
    ['Ids = list[int]', 'Ids', 'list(integer)'],
    ['type Ids = list[int] | None', 'Ids', 'optional(list(integer))'],
    ['from typing import TypeAlias\nIds: TypeAlias = "list[int]"', 'Ids', 'list(integer)'],
    ['A = "B"\nB = "A"', 'A', 'unsupported: it refers to itself, and types are finite'],
    ['from datetime import datetime', 'datetime', 'timestamp'],
    ['import datetime as dt', 'dt.datetime', 'timestamp'],
    ['import datetime', 'datetime.date', 'unsupported: use datetime.datetime (Timestamp) or str'],
    ['from decimal import Decimal', 'Decimal', 'unsupported: use float, or str where every digit counts'],
    ['import numpy as np', 'np.ndarray', 'unknown'],
    ['from models import Click', 'list[Click]', 'list(unknown)'],
    ['from models import *', 'Click', 'unknown'],
    ['if debug:\n  X = int\nelse:\n  X = str', 'X', 'unknown'],
    ['from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  from models import Click', '"Click"', 'unknown'],
    ['int = str', 'int', 'text'],
    [
      'import enum\nclass E(enum.Enum):\n  A = 1',
      'E',
      'unsupported: an Enum is not in the type language; use str, or a sum of dataclasses',
    ],
  ])('after %j, %s is %s', async (before, written, type) => {
    expect(await hint(written, before)).toBe(type);
  });

  it.each([
    ['Click', '{user: text, ms=: optional(integer), tags=: list(text), id: integer}'],
    ['Deep', '{user: bytes, ms=: optional(integer), tags=: list(text), id: integer, more: integer}'],
    ['Row', '{a: integer, b: optional(text)}'],
    ['Pair', '{a: integer, b=: text}'],
    ['Fast', '{a: integer, b=: integer}'],
    ['Renamed', 'unknown'],
    [
      'Plain',
      'unsupported: a class is a record where it is a dataclass, TypedDict, NamedTuple or msgspec.Struct',
    ],
    ['Tree', '{children: list(unsupported: it refers to itself, and types are finite)}'],
    ['Empty | Wrapped', 'Empty unit | Wrapped {value: integer}'],
    ['Empty | Wrapped | None', 'optional(Empty unit | Wrapped {value: integer})'],
    ['Empty | Row', 'unsupported: Row is no case of a sum: each is a dataclass that is named after its case'],
  ])('over the classes of the file, %s is %s', async (written, type) => {
    expect(await hint(written, records)).toBe(type);
  });

  it('that is nested ten thousand deep is left to the probe', async () => {
    const deep = `${'list['.repeat(10_000)}int${']'.repeat(10_000)}`;
    expect(await hint(deep)).toContain('unknown');
  });
});

describe('the functions of a file', () => {
  const namesOf = async (code: string) => (await read(code)).api.functions.map(({ name }) => name);

  it('are its own public ones, hooks left out', async () => {
    const code =
      'from math import sqrt\ndef startup(): ...\ndef shutdown(): ...\ndef _a(): ...\ndef b(): ...\nasync def c(): ...\n';
    expect(await namesOf(code)).toEqual(['b', 'c']);
  });

  it('are the methods of its service class, inherited ones and their replacements included', async () => {
    const code =
      'from nstack import Service as S\nclass Base(S):\n  def a(self): ...\n  def b(self): ...\nclass Mine(Base):\n  def __init__(self): ...\n  def b(self, x): ...\n  @staticmethod\n  def c(x): ...\n  @classmethod\n  def d(cls, x): ...\n  @property\n  def e(self): ...\ndef f(): ...\n';
    const { api } = await read(code);
    expect(api.functions.map(({ name, parameters }) => [name, parameters.map((one) => one.name)])).toEqual([
      ['a', []],
      ['b', ['x']],
      ['c', ['x']],
      ['d', ['x']],
    ]);
    expect(api.servedBy?.text).toBe('class Mine');
    expect(api.others?.map(({ name, what }) => [name, what])).toEqual([
      ['e', 'value'],
      ['f', 'outside'],
    ]);
  });

  it('are of one class: two are an error that names both places', async () => {
    const { diagnostics } = await read(
      'import nstack\nclass A(nstack.Service): ...\nclass B(nstack.Service): ...\n',
    );
    expect(diagnostics).toMatchObject([
      {
        code: 'several-services',
        message: 'shop/service.py:2 and shop/service.py:3 both define a service (A, B), and a file holds one',
        place: { file: 'shop/service.py', line: 3, column: 7 },
        related: { place: { line: 2 } },
      },
    ]);
  });

  it('lose the parameter that stands for the object, whatever it is called, where the api declares one less', async () => {
    const of = async (parameters: string) =>
      (
        await read(`import nstack\nclass A(nstack.Service):\n  def f(${parameters}): ...\n`)
      ).api.functions[0]?.parameters.map(({ name }) => name);
    expect(await of('self, x')).toEqual(['x']);
    expect(await of('x')).toEqual(['x']);
    expect(await of('this, x')).toEqual(['x']);
  });

  it('know their defaults, their places and their line', async () => {
    const { api } = await read('\n\ndef f(a, b: int = 1, *rest: str, c: int = 2, **others) -> str: ...\n');
    expect(api.functions[0]).toMatchObject({
      name: 'f',
      variadic: true,
      place: { file: 'shop/service.py', line: 3, column: 5, length: 1 },
      sourceLine: 'def f(a, b: int = 1, *rest: str, c: int = 2, **others) -> str: ...',
      parameters: [
        { name: 'a', optional: false },
        { name: 'b', optional: true, place: { line: 3, column: 10 } },
      ],
    });
  });

  it('have columns in UTF-16 code units', async () => {
    const { api } = await read('if "漢字🙂": x = 1; \nclass C: pass\n"🙂"; \ndef f(ünï: int, x: str): ...\n');
    expect(api.functions[0]?.parameters[1]?.place).toMatchObject({ line: 4, column: 17 });
  });
});

describe('a file', () => {
  it.each([
    ['an open bracket', 'def f(:\n  return 1\n', '1:6', '"(" is never closed'],
    ['an open bracket far above', 'x = {"a": [1, 2}\ndef f(): ...\n', '1:16', '"}" closes nothing'],
    ['an open list', 'def f(x):\n  return [x\ndef g(): ...\n', '2:10', '"[" is never closed'],
    ['a stray bracket', 'def f(x):\n  return x)\n', '2:11', '")" closes nothing'],
    ['a missing colon', 'def f(x)\n  return 1\n', '1:1', 'unexpected "def"'],
    ['an open string', 'x = "abc\ndef f(): ...\n', '1:5', undefined],
    ['words that are no statement', 'def f(): ...\nfoo bar baz\n', '2:1', undefined],
  ])('with %s is a diagnostic with its place', async (_, code, place, says) => {
    const { diagnostics } = await read(code);
    const [line, column] = place.split(':').map(Number);
    expect(diagnostics[0]).toMatchObject({
      code: 'syntax-error',
      severity: 'error',
      message: expect.stringMatching(/^shop\/service\.py:\d+ is not Python: /),
      place: { file: 'shop/service.py', line, column },
    });
    if (says !== undefined) expect(diagnostics[0]?.message).toContain(says);
  });

  it('that is not UTF-8 is refused', async () => {
    await expect(read(Buffer.from([0x23, 0xff, 0x0a]))).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it('of more than four MiB is refused', async () => {
    await expect(read(Buffer.alloc(4 * 1024 * 1024 + 1, '#'))).rejects.toMatchObject({
      code: 'file-unreadable',
    });
  });

  it('that is empty, or holds a byte order mark, is read', async () => {
    expect((await read('')).api.functions).toEqual([]);
    expect((await read('\ufeffdef f(x): ...\n')).api.functions).toHaveLength(1);
  });

  it('of two thousand lines is read whole', async () => {
    const one = (n: number) =>
      `def f${n}(x: dict[str, list[int]], y: str = "") -> int | None:\n    a = [i for i in x]\n    return len(a)\n\n`;
    const code = Array.from({ length: 500 }, (_, n) => one(n)).join('');
    expect((await read(code)).api.functions).toHaveLength(500);
  });
});
