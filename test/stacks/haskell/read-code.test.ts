import { describe, expect, it } from 'vitest';
import { readHaskellCode, servedFunctions } from '../../../src/stacks/haskell/read-code.ts';
import { showType } from '../support/show-type.ts';
import { haskellFolder, readHaskell } from './support/haskell-code.ts';

/** The type of a parameter that is written so, in a module that begins with these lines. */
async function typeOf(
  written: string,
  before = '',
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { api } = await readHaskell(
    `module Service (f) where\n${before}\n\nf :: ${written} -> Int -> ()\nf _ _ = ()\n`,
    files,
  );
  const found = api.functions.find(({ name }) => name === 'f');
  const type = found?.parameters[0]?.type;
  if (type === undefined) throw new Error('f has no parameter');
  return showType(type);
}

const notImported = 'unsupported: the module neither defines nor imports that type';

describe('a type', () => {
  it.each([
    ['Integer', 'integer'],
    ['Int', 'integer'],
    ['Word', 'integer'],
    ['Double', 'double'],
    ['Float', 'double'],
    ['Bool', 'boolean'],
    ['String', 'text'],
    ['[Char]', 'text'],
    ['[] Char', 'text'],
    ['()', 'unit'],
    ['[Int]', 'list(integer)'],
    ['[[Maybe Int]]', 'list(list(optional(integer)))'],
    ['[] Int', 'list(integer)'],
    ['Maybe Int', 'optional(integer)'],
    ['(Maybe (Int))', 'optional(integer)'],
    ['(Int, String)', 'tuple(integer, text)'],
    ['(,) Int String', 'tuple(integer, text)'],
    ['Prelude.Int', 'integer'],
    ['{- how many -} Int', 'integer'],
    ['Char', 'unsupported: use Text'],
    ['(Int -> Int)', 'unsupported: a function is no data'],
    ['IO Int', 'unsupported: IO stands around the result alone'],
    ['Rational', 'unsupported: use Double, or Text where every digit counts'],
    ['Text', notImported],
    ['T.Text', notImported],
    ['[Txet]', `list(${notImported})`],
    ['Either String Int', 'Left text | Right integer'],
    ['Ordering', 'LT unit | EQ unit | GT unit'],
    ['Either', 'unknown'],
    ['Maybe (Maybe Int)', 'unsupported: a Maybe of a Maybe cannot be told from none'],
    ['Maybe ()', 'unsupported: a Maybe of () cannot be told from none'],
    ['Int :+: Int', 'unknown'],
    ['(# Int, Int #)', 'unknown'],
    ["'True", 'unknown'],
    ['$(makeType)', 'unknown'],
  ])('%s is %s', async (written, type) => {
    expect(await typeOf(written)).toBe(type);
  });

  it.each([
    ['import Data.Text (Text)', 'Text', 'text'],
    ['import Data.Text', 'Text', 'text'],
    ['import qualified Data.Text as T', 'T.Text', 'text'],
    ['import qualified Data.Text as T', 'Text', notImported],
    ['import Data.Text qualified as T', 'T.Text', 'text'],
    ['import qualified Data.Text', 'Data.Text.Text', 'text'],
    ['import Data.Text as T', 'Text', 'text'],
    ['import qualified Data.Text.Lazy as T', 'T.Text', 'text'],
    ['import Data.Text hiding (Text)', 'Text', notImported],
    ['import Data.Text (pack)', 'Text', notImported],
    ['import Data.ByteString (ByteString)', 'ByteString', 'bytes'],
    ['import qualified Data.ByteString.Lazy.Char8 as B', 'B.ByteString', 'bytes'],
    ['import Data.Time (UTCTime)', 'UTCTime', 'timestamp'],
    ['import Data.Time.Clock', 'UTCTime', 'timestamp'],
    ['import Data.Time', 'ZonedTime', 'timestamp'],
    ['import Data.Time', 'Day', 'unsupported: use UTCTime (Timestamp) or Text'],
    ['import Data.Int\nimport Data.Word', '(Int64, Word8)', 'tuple(integer, integer)'],
    ['import Data.Map (Map)', 'Map String Int', 'unsupported: the keys of a Map are Text, not String'],
    [
      'import qualified Data.Map.Strict as M\nimport Data.Text (Text)',
      'M.Map Text [Int]',
      'map(list(integer))',
    ],
    [
      'import Data.Map (Map)\nimport Data.Text.Lazy (Text)',
      'Map Text Int',
      'unsupported: the keys of a Map are Text, not Text',
    ],
    ['import Data.Map (Map)\nimport Keys (Key)', 'Map Key Int', 'unknown'],
    ['import Data.HashMap.Strict (HashMap)\nimport Data.Text', 'HashMap Text Int', 'map(integer)'],
    ['import Data.Map (Map)', 'Map Int Int', 'unsupported: the keys of a Map are Text, not Int'],
    ['import Data.IntMap', 'IntMap Int', 'unsupported: the keys of a Map are Text, not Int'],
    ['import Data.Set (Set)', 'Set Int', 'unsupported: a set has no JSON; use a list'],
    ['import Data.Vector (Vector)', 'Vector Int', 'list(integer)'],
    ['import Data.Sequence (Seq)', 'Seq Int', 'list(integer)'],
    ['import Data.Aeson (Value)', 'Value', 'open any'],
    ['import NStack', 'Json', 'open any'],
    ['import NStack', 'Maybe Json', 'unsupported: Json holds null itself; leave out the Maybe'],
    ['import NStack.Json (Json)', 'Json', 'open any'],
    ['import Data.Scientific', 'Scientific', 'unsupported: use Double, or Text where every digit counts'],
    ['import Data.Geometry (Point)', 'Point', 'unknown'],
    ['import Data.Geometry', 'Point', 'unknown'],
    ['import qualified Data.Geometry as G', '[G.Point]', 'list(unknown)'],
    ['import Data.Geometry', 'Int', 'integer'],
    ['import Prelude hiding (Int)\nimport Numbers', 'Int', 'unknown'],
    ['import Prelude ()', 'Int', notImported],
    ['#if DEBUG\nimport Data.Text.Lazy (Text)\n#else\nimport Data.Text (Text)\n#endif', 'Text', 'text'],
    ['#if DEBUG\nimport Words (Word1)\n#endif', 'Word2', 'unknown'],
  ])('after %j, %s is %s', async (before, written, type) => {
    expect(await typeOf(written, before)).toBe(type);
  });

  it('outside the Prelude needs its import', async () => {
    expect(await typeOf('Int', '{-# LANGUAGE OverloadedStrings #-}')).toBe('integer');
    const { api } = await readHaskell(
      '{-# LANGUAGE NoImplicitPrelude #-}\nmodule Service where\nimport Relude\nf :: Int -> Text\nf = f\n',
    );
    expect(api.functions[0]?.parameters.map(({ type }) => type.kind)).toEqual(['unknown']);
  });
});

const types = `
import Data.Text (Text)
import qualified Data.Map as Map
-- | A click.
data Click = Click
  { user :: !Text          -- ^ who
  , ms, ns :: {-# UNPACK #-} !Int
  , at :: Maybe [Int]
  } deriving (Show, Eq)
data Event
  = Clicked { user :: Text }
  | Amount Integer
  | Way [Click]
  | Quit
  deriving stock Show
data Shape = Circle Double | Box Double Double
data Odd = Even | Int :+: Int
newtype Id = Id { unId :: Int }
newtype Wrapped a = Wrapped a
data Single = Single !Text
data Couple = Couple Int Text
data Empty
data One = One
data Page a = Page { items :: [a], next :: Maybe Int }
data Tree = Tree { children :: [Tree] }
data Rose a = Rose a [Rose a] | Leaf
data Some = forall a. Show a => Some a
data Modern where
  Modern :: Int -> Modern
type Names = Map.Map Text [Id]
type Pair a b = (a, b)
type Loop = [Loop]
type List = []
data Wide (a :: Type) = Wide { wide :: a }
data Poly = Poly { run :: forall a. a -> a }
`;

describe('over the types of the module,', () => {
  it.each([
    ['Click', '{user: text, ms: integer, ns: integer, at: optional(list(integer))}'],
    [
      'Event',
      'Clicked {user: text} | Amount integer | Way list({user: text, ms: integer, ns: integer, at: optional(list(integer))}) | Quit unit',
    ],
    ['Shape', 'Circle double | Box unsupported: Box has 2 arguments without names; name its fields'],
    ['Odd', 'Even unit | :+: unsupported: :+: has 2 arguments without names; name its fields'],
    ['Id', 'integer'],
    ['Wrapped Int', 'integer'],
    ['Wrapped (Wrapped Int)', 'integer'],
    ['Single', 'text'],
    ['Couple', 'unsupported: Couple has 2 arguments without names; name its fields'],
    ['Empty', 'unsupported: it has no values'],
    [
      'Page Click',
      '{items: list({user: text, ms: integer, ns: integer, at: optional(list(integer))}), next: optional(integer)}',
    ],
    [
      'Page (Page Int)',
      '{items: list({items: list(integer), next: optional(integer)}), next: optional(integer)}',
    ],
    ['Page', 'unknown'],
    ['Tree', '{children: list(unsupported: it refers to itself, and types are finite)}'],
    ['Some', 'unknown'],
    ['Modern', 'unknown'],
    ['Names', 'map(list(integer))'],
    ['Pair Int Names', 'tuple(integer, map(list(integer)))'],
    ['List Int', 'list(integer)'],
    ['Wide Int', '{wide: integer}'],
    ['Maybe Id', 'optional(integer)'],
  ])('%s is %s', async (written, type) => {
    expect(await typeOf(written, types)).toBe(type);
  });

  it.each(['Loop', 'Rose Int', 'Poly'])('%s is outside the type language', async (written) => {
    expect(await typeOf(written, types)).toContain('unsupported');
  });

  it('a type keeps the name that its author gave it, and its parts their places', async () => {
    const { api } = await readHaskell(`module Service where\n${types}\nf :: Id -> Click -> Event\nf = f\n`);
    const [id, click] = api.functions[0]?.parameters ?? [];
    expect(id).toMatchObject({ type: { kind: 'known', text: 'Id' }, place: { file: 'shop/Service.hs' } });
    if (click?.type.kind !== 'record') throw new Error('no record');
    expect(click.type.text).toBe('Click');
    expect(click.type.fields.map(({ place }) => [place?.line, place?.column, place?.length])).toEqual([
      [7, 5, 4],
      [8, 5, 2],
      [8, 9, 2],
      [9, 5, 2],
    ]);
    const { result } = api.functions[0] ?? {};
    if (result?.kind !== 'sum') throw new Error('no sum');
    expect(result.cases.map(({ place }) => place?.line)).toEqual([12, 13, 14, 15]);
  });

  it('one that grows without end is left to the probe', async () => {
    const doubling = Array.from({ length: 60 }, (_, n) => `type T${n + 1} = (T${n}, T${n})`).join('\n');
    expect(await typeOf('T60', `type T0 = Int\n${doubling}`)).toContain('unknown');
    expect(await typeOf(`${'['.repeat(120)}Int${']'.repeat(120)}`)).toContain('unknown');
  });
});

describe('types of other modules', () => {
  const files = {
    'Shop/Types.hs':
      'module Shop.Types (Click(..), Total, module Shop.More, Hidden2) where\nimport Data.Text (Text)\nimport Shop.More\nimport qualified Shop.Deep as D\ndata Click = Click { user :: Text, more :: More }\ntype Total = D.Deep\ndata Hidden = Hidden { a :: Int }\ntype Hidden2 = Hidden\n',
    'Shop/More.hs': 'module Shop.More where\nimport Shop.Types ()\nnewtype More = More Double\n',
    'Shop/Deep.hs': 'module Shop.Deep where\nimport Service ()\ntype Deep = [Int]\n',
  };

  it.each([
    ['import Shop.Types', 'Click', '{user: text, more: double}'],
    ['import Shop.Types (Click (..))', 'Click', '{user: text, more: double}'],
    ['import qualified Shop.Types as S', 'S.Total', 'list(integer)'],
    ['import Shop.Types', 'More', 'double'],
    ['import Shop.Types', 'Hidden', notImported],
    ['import Shop.Types', 'Hidden2', '{a: integer}'],
    ['import Shop.Absent', 'Click', 'unknown'],
  ])('after %j, %s is %s', async (before, written, type) => {
    expect(await typeOf(written, before, files)).toBe(type);
  });

  it('are found below the source folder, with places of their own', async () => {
    const folder = await haskellFolder({
      'src/Service.hs': 'module Service where\nimport Types\nf :: Click -> ()\nf _ = ()\n',
      'src/Types.hs': 'module Types where\n\ndata Click = Click { ms :: Int }\n',
    });
    const { api } = await readHaskellCode(folder);
    const type = api.functions[0]?.parameters[0]?.type;
    if (type?.kind !== 'record') throw new Error('no record');
    expect(type.fields[0]?.place).toEqual({ file: 'shop/src/Types.hs', line: 3, column: 22, length: 2 });
  });

  it('may import each other', async () => {
    const circle = {
      'A.hs': 'module A (module B, A) where\nimport B\ntype A = B\n',
      'B.hs': 'module B (module A, B) where\nimport A\ntype B = Int\n',
    };
    expect(await typeOf('(A, B)', 'import A', circle)).toBe('tuple(integer, integer)');
    expect(await typeOf('C', 'import A', circle)).toBe(notImported);
  });
});

describe('a function', () => {
  const one = async (code: string) => {
    const { api } = await readHaskell(`module Service where\n${code}\n`);
    return api.functions[0];
  };

  it('has its places, its line, and parameters named by its first equation', async () => {
    const { api } = await readHaskell(
      'module Service where\n\nf ::\n  -- | who\n  String ->\n  Int ->\n  [Int] -> Bool\nf !user (Just n) all@(x : _) = True\nf user _ rest = False\n',
    );
    expect(api.functions[0]).toMatchObject({
      name: 'f',
      place: { file: 'shop/Service.hs', line: 3, column: 1, length: 1 },
      sourceLine: 'f ::',
      vectorised: false,
      parameters: [
        { name: 'user', optional: false, place: { line: 5, column: 3, length: 6 } },
        { name: 'arg2', place: { line: 6 } },
        { name: 'all', place: { line: 7 } },
      ],
    });
  });

  it.each([
    ['f :: IO Int\nf = pure 1', [], 'integer'],
    ['f :: () -> IO Int\nf () = pure 1', [], 'integer'],
    ['f :: () -> Int -> ()\nf = g', ['arg1: unit', 'arg2: integer'], 'unit'],
    ['f :: Int -> IO ()\nf = print', ['arg1: integer'], 'unit'],
    ['f :: Int -> (Int -> IO [Int])\nf a b = pure []', ['a: integer', 'b: integer'], 'list(integer)'],
    ['type Handler a = Int -> IO a\nf :: Handler Bool\nf n = pure True', ['n: integer'], 'boolean'],
    ['type App = IO\nf :: Int -> App Bool\nf n = pure True', ['n: integer'], 'boolean'],
    ['f :: HasCallStack => Int -> Int\nf = id', ['arg1: integer'], 'integer'],
    [
      'f :: Int -> Maybe (IO Int)\nf n = Nothing',
      ['n: integer'],
      'optional(unsupported: IO stands around the result alone)',
    ],
    ['a `f` b = a\nf :: Int -> Bool -> Int', ['a: integer', 'b: boolean'], 'integer'],
    ['g, f :: Int -> Int\ng = id\nf x = x', ['arg1: integer'], 'integer'],
    ['foreign import ccall "math.h sin" f :: Double -> Double', ['arg1: double'], 'double'],
    ['f :: Int -> State Int Int\nf = undefined', ['arg1: integer'], notImported],
  ])('%j is understood', async (code, parameters, result) => {
    const found = await one(code);
    expect(found?.parameters.map(({ name, type }) => `${name}: ${showType(type)}`)).toEqual(parameters);
    expect(found === undefined ? undefined : showType(found.result)).toBe(result);
    expect(found?.faults).toBeUndefined();
  });

  it('that is Vectorised takes and gives lists', async () => {
    const found = await one('import NStack\nf :: Vectorised (Int, Int) Double\nf = vectorised (map g)');
    expect(found).toMatchObject({ vectorised: true, parameters: [{ name: 'arg1' }] });
    expect(found?.parameters.map(({ type }) => showType(type))).toEqual(['list(tuple(integer, integer))']);
    expect(found && showType(found.result)).toBe('list(double)');
  });

  it.each([
    'f :: a -> String',
    'f :: Show a => a -> String',
    'f :: forall a b. (Show a, Eq b) => a -> b -> String',
    'f :: MonadIO m => Int -> m Int',
  ])('with %j is polymorphic', async (signature) => {
    expect((await one(`${signature}\nf = undefined`))?.faults).toMatchObject([
      {
        code: 'function-kind',
        severity: 'error',
        text: 'cannot be served: it is polymorphic: give it a plain type',
      },
    ]);
  });

  it('without a signature is left to the probe, whatever it is called with', async () => {
    expect(await one('f x y = x + y')).toMatchObject({
      parameters: [],
      variadic: true,
      result: { kind: 'unknown', text: 'an inferred type' },
      place: { line: 2, column: 1 },
    });
  });

  it('says what its types are as they are written, on one line', async () => {
    const found = await one(
      'import Data.Map\nf :: Map -- by name\n    String {- - -}\n    [Int]\n  -> Wrong -- no\nf = f',
    );
    expect(found?.parameters[0]?.type).toMatchObject({ text: 'Map String [Int]' });
    expect(found?.result).toMatchObject({ text: 'Wrong' });
  });

  it('has columns in UTF-16 code units', async () => {
    const found = await one('f :: {- 漢字🙂 -} Int -> Int\nf = id');
    expect(found?.parameters[0]?.place).toMatchObject({ line: 2, column: 17 });
  });
});

describe('what a module serves', () => {
  const namesOf = async (code: string, files: Readonly<Record<string, string>> = {}) => {
    const folder = await haskellFolder({ 'Service.hs': code, ...files });
    const served = (await servedFunctions(folder)).map(({ name }) => name);
    const { api } = await readHaskellCode(folder);
    expect(api.functions.map(({ name }) => name)).toEqual(served);
    return served;
  };

  it('is all that it defines where it has no export list, hooks and operators left out', async () => {
    const code =
      'import Data.List (sort)\nstartup :: IO ()\nstartup = pure ()\nshutdown = pure ()\nmain = pure ()\na :: Int\na = 1\n_b = 2\n(c, [d]) = (3, [4])\nx <+> y = x\n(<->) :: Int -> Int\nx `e` y = x\nf, g :: Int\nf = 1\ng = 2\nclass C a where\n  h :: a\ndata R = R { field :: Int }\ninstance C Int where\n  h = 1\nk\n  | True = 1\n  where l = 2\n';
    expect(await namesOf(code)).toEqual(['a', 'c', 'd', 'e', 'f', 'g', 'k']);
    expect(await namesOf(`module Service where\n${code}`)).toEqual(['a', 'c', 'd', 'e', 'f', 'g', 'k']);
  });

  it('is what its export list gives out', async () => {
    const code =
      'module Service (b, R (..), (<+>), S.a, module Data.List) where\nimport Data.List\na :: Int\na = 1\nb :: Int\nb = 1\nc :: Int\nc = 1\nx <+> y = x\ndata R = R { field :: Int }\n';
    const { api } = await readHaskell(code);
    expect(api.functions.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(api.others).toEqual([
      {
        name: 'c',
        what: 'outside',
        text: 'not exported by the module, and only exported functions are served',
        place: { file: 'shop/Service.hs', line: 7, column: 1, length: 1 },
        hint: 'add c to the export list',
      },
      {
        name: 'field',
        what: 'value',
        text: 'a part of R',
        place: { file: 'shop/Service.hs', line: 10, column: 14, length: 5 },
      },
    ]);
  });

  it('is all of its own where it exports itself', async () => {
    expect(await namesOf('module Service (module Service) where\na :: Int\na = 1\n')).toEqual(['a']);
  });

  it('is what it hands on of the author’s other modules too, with the types that stand there', async () => {
    const files = {
      'Impl.hs':
        'module Impl (a, module More, R) where\nimport More\nnewtype R = R Int\na :: R -> Bool\na = undefined\nhidden :: Int\nhidden = 1\n',
      'More.hs': 'module More where\nb :: Int -> Int\nb = id\nc :: Int\nc = 1\n',
    };
    const code =
      'module Service (d, a, module Mo) where\nimport Impl (a)\nimport More as Mo hiding (c)\nd :: Int\nd = 1\n';
    const { api } = await readHaskell(code, files);
    expect(api.functions.map(({ name, place }) => [name, place?.line, place?.column])).toEqual([
      ['d', 4, 1],
      ['a', 1, 20],
      ['b', 1, 30],
    ]);
    expect(api.functions[1]?.parameters.map(({ type }) => showType(type))).toEqual(['integer']);
    expect(api.functions[1]?.parameters[0]?.place?.file).toBe('shop/Impl.hs');
    expect(await namesOf(code, files)).toEqual(['d', 'a', 'b']);
  });

  it('may come from a library, whose types GHC knows', async () => {
    const { api } = await readHaskell('module Service (sqrt2) where\nimport Numbers\n');
    expect(api.functions).toEqual([]);
    expect(api.others).toMatchObject([{ name: 'sqrt2', what: 'unknown', place: { line: 1, column: 17 } }]);
  });

  it('is not what it only imports', async () => {
    const { api } = await readHaskell('module Service (f) where\nimport Data.List (sort)\nf :: Int\nf = 1\n');
    expect(api.others).toMatchObject([
      {
        name: 'sort',
        what: 'imported',
        text: 'imported from Data.List',
        hint: 'add sort to the export list',
      },
    ]);
  });

  it('has the places of its signatures, several in one too', async () => {
    const { api } = await readHaskell('f, g :: Int -> Int\nf = id\ng x = x\n');
    expect(api.functions.map(({ name, place }) => [name, place?.line, place?.column])).toEqual([
      ['f', 1, 1],
      ['g', 1, 4],
    ]);
    expect(api.functions.map(({ parameters }) => parameters[0]?.name)).toEqual(['arg1', 'x']);
  });

  it('has places in the file of the service, and the names of its parameters', async () => {
    const folder = await haskellFolder({
      'src/Service.hs': 'module Service (g, f) where\n\nf :: Int\nf = 1\ng x (Just 1) !z = x\n',
    });
    expect(await servedFunctions(folder)).toEqual([
      { name: 'f', line: 3, column: 1, parameters: [] },
      { name: 'g', line: 5, column: 1, parameters: ['x', '', 'z'] },
    ]);
  });
});
