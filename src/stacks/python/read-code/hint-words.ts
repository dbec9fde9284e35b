import type { CodeType } from '../../stack.ts';

type WithoutText<T> = T extends { readonly text: string } ? Omit<T, 'text'> : never;

/** Hints that are a name alone, by their dotted name in one spelling. */
export const namedHints: Readonly<Record<string, WithoutText<CodeType>>> = {
  'builtins.int': { kind: 'known', type: { kind: 'integer' } },
  'builtins.float': { kind: 'known', type: { kind: 'double' } },
  'builtins.bool': { kind: 'known', type: { kind: 'boolean' } },
  'builtins.str': { kind: 'known', type: { kind: 'text' } },
  'typing.Text': { kind: 'known', type: { kind: 'text' } },
  'builtins.bytes': { kind: 'known', type: { kind: 'bytes' } },
  'datetime.datetime': { kind: 'known', type: { kind: 'timestamp' } },
  'typing.Any': { kind: 'open', shape: 'any' },
  'builtins.object': { kind: 'open', shape: 'any' },
  'builtins.dict': { kind: 'open', shape: 'object' },
  'typing.Dict': { kind: 'open', shape: 'object' },
  'typing.Mapping': { kind: 'open', shape: 'object' },
  'typing.MutableMapping': { kind: 'open', shape: 'object' },
  'builtins.list': { kind: 'open', shape: 'array' },
  'typing.List': { kind: 'open', shape: 'array' },
  'typing.Sequence': { kind: 'open', shape: 'array' },
  'builtins.tuple': { kind: 'open', shape: 'array' },
  'typing.Tuple': { kind: 'open', shape: 'array' },
};

const unordered = 'a set has no JSON; use list[...]';
const generated = 'only a source gives items one by one; use list[...]';
const notData = 'it is no data';

/** Well-known Python types that the type language does not have, and why or what to use. */
export const reasonsOutside: Readonly<Record<string, string>> = {
  'builtins.set': unordered,
  'builtins.frozenset': unordered,
  'typing.Set': unordered,
  'typing.FrozenSet': unordered,
  'typing.AbstractSet': unordered,
  'builtins.complex': 'complex numbers have no JSON; use tuple[float, float]',
  'builtins.range': 'a range has no JSON; use list[int]',
  'builtins.slice': notData,
  'builtins.any': 'any is a function; use typing.Any',
  'builtins.callable': notData,
  'builtins.type': notData,
  'builtins.memoryview': 'use bytes',
  'builtins.bytearray': 'use bytes',
  'typing.Callable': notData,
  'typing.Literal': 'use str, or a sum of dataclasses',
  'typing.Iterator': generated,
  'typing.Iterable': 'its items cannot be read twice; use list[...]',
  'typing.Generator': generated,
  'typing.AsyncIterator': generated,
  'typing.AsyncGenerator': generated,
  'typing.Awaitable': 'async functions are not supported yet',
  'typing.Coroutine': 'async functions are not supported yet',
  'typing.NoReturn': 'a function must give a result',
  'typing.Never': 'a function must give a result',
  'decimal.Decimal': 'use float, or str where every digit counts',
  'fractions.Fraction': 'use float',
  'datetime.date': 'use datetime.datetime (Timestamp) or str',
  'datetime.time': 'use str',
  'datetime.timedelta': 'use float (seconds)',
  'uuid.UUID': 'use str',
  'pathlib.Path': 'use str',
};

/** A dotted name that is no hint of the type language: known to be outside it, defined nowhere, or from elsewhere. */
export function outside(path: string, text: string): CodeType {
  const reason = reasonsOutside[path];
  if (reason !== undefined) return { kind: 'unsupported', text, reason };
  if (!path.startsWith('builtins.')) return { kind: 'unknown', text };
  const undefinedName = 'the file neither defines nor imports that name';
  return {
    kind: 'unsupported',
    text,
    reason: /(Error|Exception|Warning)$/.test(path) ? notData : undefinedName,
  };
}
