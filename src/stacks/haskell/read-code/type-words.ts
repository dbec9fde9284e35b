import type { CodeType } from '../../stack.ts';

type WithoutText<T> = T extends { readonly text: string } ? Omit<T, 'text'> : never;

/** What a type of a library means. `same`: looked through. */
export type TypeWord =
  | { readonly kind: 'plain'; readonly type: WithoutText<CodeType> }
  | {
      readonly kind:
        | 'char'
        | 'strict-text'
        | 'list'
        | 'optional'
        | 'map'
        | 'either'
        | 'ordering'
        | 'io'
        | 'vectorised'
        | 'same';
    };

const integer = known('integer');
const double = known('double');
const text = known('text');
const strictText: TypeWord = { kind: 'strict-text' };
const bytes = known('bytes');
const timestamp = known('timestamp');
const char: TypeWord = { kind: 'char' };
const list: TypeWord = { kind: 'list' };
const map: TypeWord = { kind: 'map' };

const fractions = 'use Double, or Text where every digit counts';
const noDate = 'use UTCTime (Timestamp) or Text';
const seconds = 'use Double (seconds)';
const set = outside('a set has no JSON; use a list');
const numberedMap = outside('the keys of a Map are Text, not Int');
const onlyIo = outside('a served function gives a plain value, or one in IO');

/** Types by the modules that give them out. What is not here may still be of the type language; GHC and the probe know. */
export const typeWords: Readonly<Record<string, Readonly<Record<string, TypeWord>>>> = {
  ...of(['Prelude'], {
    Integer: integer,
    Int: integer,
    Word: integer,
    Double: double,
    Float: double,
    Bool: known('boolean'),
    Char: char,
    String: text,
    FilePath: text,
    Maybe: { kind: 'optional' },
    Either: { kind: 'either' },
    Ordering: { kind: 'ordering' },
    IO: { kind: 'io' },
    Rational: outside(fractions),
    IOError: outside('it is no data'),
    ShowS: outside('a function is no data'),
    ReadS: outside('a function is no data'),
  }),
  ...of(['Data.Int', 'Data.Word', 'GHC.Int', 'GHC.Word'], {
    Int: integer,
    Int8: integer,
    Int16: integer,
    Int32: integer,
    Int64: integer,
    Word: integer,
    Word8: integer,
    Word16: integer,
    Word32: integer,
    Word64: integer,
  }),
  ...of(['Numeric.Natural', 'GHC.Natural'], { Natural: integer }),
  ...of(['Data.Char'], { Char: char }),
  ...of(['Data.String'], { String: text }),
  ...of(['Data.Bool'], { Bool: known('boolean') }),
  ...of(['Data.Maybe'], { Maybe: { kind: 'optional' } }),
  ...of(['Data.Either'], { Either: { kind: 'either' } }),
  ...of(['Data.Ord'], { Ordering: { kind: 'ordering' } }),
  ...of(['System.IO'], { IO: { kind: 'io' }, FilePath: text, Handle: outside('it is no data') }),
  ...of(['Data.Text'], { Text: strictText, StrictText: strictText }),
  ...of(['Data.Text.Lazy'], { Text: text, LazyText: text }),
  ...of(['Data.ByteString', 'Data.ByteString.Char8', 'Data.ByteString.Lazy', 'Data.ByteString.Lazy.Char8'], {
    ByteString: bytes,
    StrictByteString: bytes,
    LazyByteString: bytes,
  }),
  ...of(['Data.Time', 'Data.Time.Clock', 'Data.Time.Calendar', 'Data.Time.LocalTime'], {
    UTCTime: timestamp,
    Day: outside(noDate),
    LocalTime: outside(noDate),
    ZonedTime: timestamp,
    NominalDiffTime: outside(seconds),
    DiffTime: outside(seconds),
  }),
  ...of(['Data.Map', 'Data.Map.Strict', 'Data.Map.Lazy'], { Map: map }),
  ...of(['Data.HashMap.Strict', 'Data.HashMap.Lazy'], { HashMap: map }),
  ...of(['Data.IntMap', 'Data.IntMap.Strict', 'Data.IntMap.Lazy'], { IntMap: numberedMap }),
  ...of(['Data.Set', 'Data.HashSet', 'Data.IntSet'], { Set: set, HashSet: set, IntSet: set }),
  ...of(['Data.Vector'], { Vector: list }),
  ...of(['Data.Sequence'], { Seq: list }),
  ...of(['Data.Aeson', 'Data.Aeson.Types'], { Value: open('any') }),
  ...of(['NStack.Json'], { Json: open('any') }),
  ...of(['Data.Functor.Identity'], { Identity: { kind: 'same' } }),
  ...of(['Data.Ratio'], { Rational: outside(fractions), Ratio: outside(fractions) }),
  ...of(['Data.Scientific'], { Scientific: outside(fractions) }),
  ...of(['Data.Complex'], { Complex: outside('complex numbers have no JSON; use (Double, Double)') }),
  ...of(['Data.UUID', 'Data.UUID.Types'], { UUID: outside('use Text') }),
  ...of(['Control.Monad.STM', 'Control.Concurrent.STM', 'GHC.Conc'], {
    STM: onlyIo,
    TVar: outside('it is no data'),
  }),
  ...of(['Control.Concurrent', 'Control.Concurrent.MVar'], { MVar: outside('it is no data') }),
  ...of(['Data.IORef'], { IORef: outside('it is no data') }),
  ...of(['NStack'], { Vectorised: { kind: 'vectorised' }, Json: open('any') }),
};

/** Whether a module gives out no other types than those of the list. */
export function isListedWhole(module: string): boolean {
  return module === 'Prelude';
}

function known(kind: 'integer' | 'double' | 'text' | 'bytes' | 'boolean' | 'timestamp'): TypeWord {
  return { kind: 'plain', type: { kind: 'known', type: { kind } } };
}

function outside(reason: string): TypeWord {
  return { kind: 'plain', type: { kind: 'unsupported', reason } };
}

function open(shape: 'any'): TypeWord {
  return { kind: 'plain', type: { kind: 'open', shape } };
}

function of(
  modules: readonly string[],
  types: Readonly<Record<string, TypeWord>>,
): Readonly<Record<string, Readonly<Record<string, TypeWord>>>> {
  return Object.fromEntries(modules.map((module) => [module, types]));
}
