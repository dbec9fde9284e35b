import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseApi, parseType, printApi, type TextOrigin } from '../../src/types/index.ts';
import { anyLetter } from '../support/any-letter.ts';
import { runs } from '../support/runs.ts';

/** Code, line and column of each finding. */
const findings = (text: string, origin?: TextOrigin) =>
  parseApi(text, origin).diagnostics.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`);

const first = (text: string) => parseApi(text).diagnostics[0];

describe('an API', () => {
  test.each([
    ['analyse: (Text) -> (Text)', 'analyse : Text -> Text'],
    ['fun analyse : Text -> Text', 'analyse : Text -> Text'],
    ['f : (A, Integer) -> ()\ntype A = Text?', 'type A = optional Text\nf : (A, Integer) -> ()'],
    ['f : optional Text -> Text optional', 'f : optional Text -> optional Text'],
    ['f : Void -> [Map Json]', 'f : Void -> [Map Json]'],
    ['f : Bytes -> Void // a sink\n# and a comment', 'f : Bytes -> Void'],
    ['f : {} -> {a: {b: Double,},}', 'f : {} -> { a: { b: Double } }'],
    [
      'type E = Click { user: Text } | Quit ()\nf : E -> E',
      'type E = Click { user: Text } | Quit ()\nf : E -> E',
    ],
    [
      'type E =\n  | Click Text?\n  | Quit\nf : E -> E',
      'type E = Click (optional Text) | Quit ()\nf : E -> E',
    ],
    ['type E = Only Text\nf : E -> E', 'type E = Only Text\nf : E -> E'],
    [
      'type C = { a: Text }\ntype E = C C | D ()\nf : E -> C',
      'type C = { a: Text }\ntype E = C C | D ()\nf : E -> C',
    ],
    ['type A = B\ntype B = Text\nf : A -> B', 'type A = B\ntype B = Text\nf : A -> B'],
    [
      'optional : Text -> Text\noptional2 : Text -> Text\r\ntype : Text -> Text\nfun : Text -> Text',
      'optional : Text -> Text\noptional2 : Text -> Text\ntype : Text -> Text\nfun : Text -> Text',
    ],
    [
      'f : { type: Text,\n  fun: Text,\n optional: Text } -> Text',
      'f : { type: Text, fun: Text, optional: Text } -> Text',
    ],
    ['f : {"a b": Text, "\\u0000": Text} -> Text', 'f : { "a b": Text, "\\u0000": Text } -> Text'],
    ['f :\n  Text\n  ->\n  Text', 'f : Text -> Text'],
  ])('may be written %j', (text, canonical) => {
    const { api, diagnostics } = parseApi(text);
    expect(diagnostics).toEqual([]);
    expect(api && printApi(api)).toBe(`${canonical}\n`);
  });

  test('is frozen data', () => {
    const { api } = parseApi('type A = { b: [Text] }\nf : A -> A');
    expect(Object.isFrozen(api)).toBe(true);
    const [declared] = api?.types ?? [];
    expect(declared?.type.kind === 'record' && Object.isFrozen(declared.type.fields[0])).toBe(true);
  });

  test('may have types alone, since a workflow declares types without functions', () => {
    expect(parseApi('type A = Text').api?.functions).toEqual([]);
  });
});

describe('a fault in an API', () => {
  test.each([
    ['unknown-type', 'f : Txt -> Text', 'did you mean Text?'],
    ['unknown-type', 'f : String -> Text', 'write Text'],
    ['unknown-type', 'f : text -> Text', 'did you mean Text?'],
    ['unknown-type', 'f : dict -> Text', 'write Map T'],
    ['unknown-type', 'f : Flght -> Text\ntype Flight = Text', 'did you mean Flight?'],
    ['unknown-type', 'f : Customer -> Text', 'declare it with: type Customer = ...'],
    ['unknown-type', 'f : [Byte] -> Text', 'write Bytes for [Byte]'],
    ['unexpected-type', 'f : Maybe Text -> Text', 'write optional T'],
    ['unexpected-type', 'f : Text Text -> Text', 'a comma, an arrow or a line break may be missing'],
    ['not-supported', 'f : Vector 3 Double -> Text', 'use [Double]'],
    ['not-supported', 'f : Matrix 3 4 Double -> Text', 'use [[Double]]'],
    [
      'optional-null',
      'f : Json? -> Text',
      'leave optional out here, or make the inner type one without null',
    ],
    [
      'optional-null',
      'f : optional () -> Text',
      'leave optional out here, or make the inner type one without null',
    ],
    [
      'optional-null',
      'f : Text?? -> Text',
      'leave optional out here, or make the inner type one without null',
    ],
    [
      'optional-null',
      'type A = Text?\nf : A? -> Text',
      'leave optional out here, or make the inner type one without null',
    ],
    ['void-inside', 'f : [Void] -> Text', 'write () for a value that says nothing'],
    ['void-inside', 'type A = Void\nf : Text -> Text', 'write () for a value that says nothing'],
    ['void-inside', 'f : Void -> Void', 'Void -> T is a source, T -> Void a sink, () -> () a plain function'],
    ['unnamed-sum', 'f : A | B -> Text', 'declare it (type Event = A () | B ()) and use its name here'],
    ['bad-case', 'type A = Integer | Other\nf : A -> A', 'write a name before it, such as AInteger Integer'],
    [
      'bad-case',
      'type A = [Text] | B\nf : A -> A',
      'write a name before the type: type Event = Click { user: Text } | Quit ()',
    ],
    [
      'bad-case',
      'type A = B | C\ntype B = Text\nf : A -> A',
      'write B () for a case that holds nothing, B B for one that holds a B',
    ],
    [
      'recursive-type',
      'type A = [A]\nf : A -> A',
      'a type must be finite; for a tree, hold the children apart by their keys, or use Json',
    ],
    ['ambiguous', 'f : Map Text? -> Text', 'write optional Map T or Map (optional T)'],
    ['syntax', 'f : Text -> Text -> Text', 'a function of two arguments is written f : (Text, Text) -> ...'],
    ['syntax', 'f : -> Text', 'write f : () -> ... for a function of no arguments'],
    ['syntax', 'f : Text', 'write f : In -> Out'],
    ['syntax', 'f = Text', 'write type f = ... for a type, f : In -> Out for a function'],
    ['syntax', 'f : {a: Text b: Text} -> Text', 'a comma is missing'],
    ['syntax', 'f : [] -> Text', 'write [Text], for example'],
    ['syntax', 'f : Map -> Text', 'write Map Text, for example'],
    ['unexpected-character', 'f : Text => Text', 'write ->'],
    ['unexpected-character', 'f-g : Text -> Text', 'names are made of letters, digits and _'],
    ['reserved-name', 'type Text = Integer\nf : Text -> Text', 'choose another name, such as MyText'],
    ['reserved-name', 'shutdown : Text -> Text', 'choose another name'],
    ['reserved-name', '_hidden : Text -> Text', 'name it hidden'],
    ['bad-name', 'type click = Text\nf : Text -> Text', 'write Click'],
  ])('%s: %j has a hint', (code, text, hint) => {
    const { api, diagnostics } = parseApi(text);
    expect(api).toBeUndefined();
    expect(diagnostics[0]).toMatchObject({ code, hint, severity: 'error' });
    expect(diagnostics).toHaveLength(1);
  });

  test('comes with all the others, in order', () => {
    const text = [
      'type A = [B]',
      'type B = A?',
      'f : A -> Strng',
      'g : { a: Text, a: Integer } -> [Void]',
      'type D = { a: Text, b',
      'h : D -> Text',
      'h : Text -> Text',
    ].join('\n');
    expect(findings(text)).toEqual([
      'recursive-type 1:6',
      'unknown-type 3:10',
      'duplicate-field 4:16',
      'void-inside 4:33',
      'syntax 6:1',
      'duplicate-function 7:1',
    ]);
  });

  test.each([
    ['field', 'f : { a: Text, b: Text, a: Text } -> Text', 7, 25],
    ['case', 'type A = X | Y | X\nf : A -> A', 10, 18],
    ['type', 'type A = Text\ntype A = Text\nf : A -> A', 6, 6],
    ['function', 'f : Text -> Text\nf : Text -> Text', 1, 1],
  ])('of two equal names of a %s points at both', (what, text, one, other) => {
    const fault = first(text);
    expect(fault?.code).toBe(`duplicate-${what}`);
    expect(fault?.related?.place.column).toBe(one);
    expect(fault?.place?.column).toBe(other);
  });

  test('names the types on the way round a circle', () => {
    expect(first('type A = { b: B }\ntype B = [C]\ntype C = A?\nf : A -> A')?.message).toBe(
      'the type A holds itself, through B, C',
    );
  });

  test('has its place in the file that the text stands in', () => {
    const file = ['name: X', 'api: |', '    f : Text -> Txt', '    g : Tex -> Text'];
    const origin = {
      file: 'nstack.yaml',
      line: 3,
      column: 4,
      indent: 4,
      sourceLine: (line: number) => file[line - 1] ?? '',
    };
    const [one, two] = parseApi('f : Text -> Txt\ng : Tex -> Text', origin).diagnostics;
    expect(one?.place).toEqual({ file: 'nstack.yaml', line: 3, column: 17, length: 3 });
    expect(one?.sourceLine).toBe('    f : Text -> Txt');
    expect(two?.place).toEqual({ file: 'nstack.yaml', line: 4, column: 9, length: 3 });
  });

  test('has its place in a text that begins in the middle of a line', () => {
    const { place, sourceLine } =
      parseApi('f: Txt -> Text', { file: 'f', line: 7, column: 6, indent: 0 }).diagnostics[0] ?? {};
    expect(place).toEqual({ file: 'f', line: 7, column: 10, length: 3 });
    expect(sourceLine).toBe('      f: Txt -> Text');
  });
});

describe('a hostile text', () => {
  const mebi = 1024 * 1024;
  test.each([
    ['is too long', 'x'.repeat(mebi + 1), 'too-long'],
    ['nests brackets without end', `f : ${'['.repeat(500_000)}`, 'too-deep'],
    ['nests parentheses without end', `f : ${'('.repeat(500_000)}`, 'too-deep'],
    ['nests optional without end', `f : ${'optional '.repeat(100_000)}`, 'too-deep'],
    ['nests records without end', `f : ${'{a:'.repeat(200_000)}`, 'too-deep'],
    [
      'nests names deeply',
      `${Array.from({ length: 20_000 }, (_, i) => `type T${i} = [T${i + 1}]`).join('\n')}\ntype T20000 = Text\nf : T0 -> T0`,
      'too-deep',
    ],
    [
      'doubles at each of its names',
      `${Array.from({ length: 60 }, (_, i) => `type T${i} = (T${i + 1}, T${i + 1})`).join('\n')}\ntype T60 = Text\nf : T0 -> T0`,
      'too-large',
    ],
    [
      'holds a circle of many names',
      Array.from({ length: 20_000 }, (_, i) => `type T${i} = [T${(i + 1) % 20_000}]`).join('\n'),
      'recursive-type',
    ],
    ['declares a name many times', 'type A = Text\n'.repeat(50_000), 'duplicate-type'],
    ['is full of quotes', '"\\'.repeat(100_000), 'unexpected-character'],
    ['is full of signs', '@ '.repeat(200_000), 'unexpected-character'],
    ['is full of colons', 'a:\n'.repeat(100_000), 'syntax'],
  ])('that %s ends in findings', (_, text, code) => {
    const { api, diagnostics } = parseApi(text);
    expect(api).toBeUndefined();
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(diagnostics.length).toBeLessThanOrEqual(100);
  });

  test('of any kind ends in an API or in findings that stand within it', () => {
    const pieces = fc.constantFrom(
      ...'type fun optional Map A B Text Void = : -> | { } [ ] ( ) , ? " \\ \n // # 3 é'.split(' '),
      '\n',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string({ unit: anyLetter, maxLength: 3 })), { maxLength: 40 }),
        (parts) => {
          const text = parts.join(' ');
          const { api, diagnostics } = parseApi(text);
          expect(api === undefined).toBe(diagnostics.length > 0);
          const lines = text.split('\n');
          for (const { place } of diagnostics) {
            expect(place?.line).toBeLessThanOrEqual(lines.length);
            expect(place?.column).toBeLessThanOrEqual((lines[(place?.line ?? 0) - 1]?.length ?? 0) + 1);
          }
        },
      ),
      runs(200),
    );
  });
});

describe('a single type', () => {
  test('may use the names that it is given', () => {
    const names = [{ name: 'Flight', type: { kind: 'text' } as const }];
    expect(parseType('[Flight]', undefined, names).type).toEqual({
      kind: 'list',
      item: { kind: 'named', name: 'Flight', target: { kind: 'text' } },
    });
  });

  test.each([
    ['', 'syntax'],
    ['Text Text', 'unexpected-type'],
    ['Text, Text', 'syntax'],
    ['Flight', 'unknown-type'],
    ['A () | B ()', 'unnamed-sum'],
    ['x'.repeat(1024 * 1024 + 1), 'too-long'],
    [`${'['.repeat(70)}Text${']'.repeat(70)}`, 'too-deep'],
  ])('written %.20j is a fault', (text, code) => {
    expect(parseType(text)).toMatchObject({ type: undefined, diagnostics: [{ code }] });
  });

  test('is never deeper than 64 with its names', () => {
    const deep = (levels: number) => `${'['.repeat(levels)}Text${']'.repeat(levels)}`;
    const names = [{ name: 'Deep', type: parseType(deep(60)).type ?? { kind: 'void' as const } }];
    expect(parseType('[[[Deep]]]', undefined, names).diagnostics).toEqual([]);
    expect(parseType('[[[[Deep]]]]', undefined, names).diagnostics).toMatchObject([{ code: 'too-deep' }]);
  });
});
