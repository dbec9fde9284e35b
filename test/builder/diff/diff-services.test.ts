import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffServices, isSame } from '../../../src/builder/diff/diff-services.ts';
import { changeWords } from '../../../src/builder/diff/diff-words.ts';
import { compileValidator, sampleValues, type Type } from '../../../src/types/index.ts';
import { runs } from '../../support/runs.ts';
import { similar } from '../../types/support/similar-types.ts';
import { service } from './support.ts';

const api = (text: string) => service({ api: text });
const words = (before: string, after: string) => changeWords(diffServices(api(before), api(after)).changes);

describe('a change of an API', () => {
  test.each([
    ['a new function', 'clicks : Text -> Text', 'clicks : Text -> Text\ntop : Text -> Text', /top: is new/],
    [
      'a new case in an input',
      'type E = A Text\nf : E -> Text',
      'type E = A Text | B ()\nf : E -> Text',
      /B is a new case: it is accepted too/,
    ],
    [
      'a case less in a result',
      'type E = A Text | B ()\nf : Text -> E',
      'type E = A Text\nf : Text -> E',
      /result.B is no case any more: it is not given/,
    ],
    [
      'an optional field in an input',
      'f : { a: Text } -> Text',
      'f : { a: Text, b: optional Text } -> Text',
      /input.b is new \(optional Text\): it may be left out/,
    ],
    [
      'a field less in an input',
      'f : { a: Text, b: Text } -> Text',
      'f : { a: Text } -> Text',
      /input.b is gone \(Text\): where it is given it is ignored/,
    ],
    [
      'a field more in a result',
      'f : Text -> { a: Text }',
      'f : Text -> { a: Text, b: Text }',
      /result.b is new \(Text\): readers that do not know it leave it aside/,
    ],
    [
      'an input that takes more',
      'f : [Integer] -> Text',
      'f : [Double] -> Text',
      /input\[] is Double, and was Integer: what was accepted still is/,
    ],
    [
      'a result that is narrower',
      'f : Text -> Double',
      'f : Text -> Integer',
      /result is Integer, and was Double: what is given still fits/,
    ],
    [
      'a result that is always there',
      'f : Text -> { a: optional Text }',
      'f : Text -> { a: Text }',
      /always there now/,
    ],
    [
      'an argument that may be missing',
      'f : (Text, Text) -> Text',
      'f : (Text, optional Text) -> Text',
      /input\[1] is optional Text/,
    ],
  ])('breaks nobody: %s', (_what, before, after, text) => {
    const diff = diffServices(api(before), api(after));
    expect(diff.breaking).toBe(false);
    expect(changeWords(diff.changes)).toEqual([expect.stringMatching(text)]);
  });

  test.each([
    [
      'a function that is gone',
      'f : Text -> Text\ng : Text -> Text',
      'f : Text -> Text',
      /g: is gone \(Text -> Text\)/,
    ],
    [
      'a field that must be given',
      'f : {} -> Text',
      'f : { a: Text } -> Text',
      /input.a is new \(Text\): callers do not give it/,
    ],
    [
      'a field that readers may ask for',
      'f : Text -> { a: Text }',
      'f : Text -> {}',
      /result.a is gone \(Text\): readers may ask for it/,
    ],
    [
      'a new case in a result',
      'type E = A Text\nf : Text -> E',
      'type E = A Text | B ()\nf : Text -> E',
      /result.B is a new case: readers do not expect it/,
    ],
    [
      'a case less in an input',
      'type E = A Text | B ()\nf : E -> Text',
      'type E = A Text\nf : E -> Text',
      /input.B is no case any more: it was accepted/,
    ],
    [
      'an input that takes less',
      'f : Double -> Text',
      'f : Integer -> Text',
      /input is Integer, and was Double: Double is not Integer/,
    ],
    [
      'a result that is wider',
      'f : Text -> Integer',
      'f : Text -> Double',
      /result is Double, and was Integer: Double is not Integer/,
    ],
    [
      'an argument more',
      'f : (Text, Text) -> Text',
      'f : (Text, Text, Text) -> Text',
      /a tuple of 2 is not one of 3/,
    ],
    [
      'a source that becomes a function',
      'f : Void -> Text',
      'f : Integer -> Text',
      /is a function \(Integer -> Text\), and was a source/,
    ],
    [
      'a function that becomes a sink',
      'f : Text -> Text',
      'f : Text -> Void',
      /is a sink \(Text -> Void\), and was a function/,
    ],
    [
      'a result that may be missing',
      'f : Text -> { a: Text }',
      'f : Text -> { a: optional Text }',
      /may be missing now/,
    ],
    [
      'an input that must be there',
      'f : { a: optional Text } -> Text',
      'f : { a: Text } -> Text',
      /must be there now/,
    ],
  ])('breaks somebody: %s', (_what, before, after, text) => {
    const diff = diffServices(api(before), api(after));
    expect(diff.breaking).toBe(true);
    expect(changeWords(diff.changes)).toContainEqual(expect.stringMatching(text));
  });

  test('is none where only names of types or the order of fields are others', () => {
    expect(
      words(
        'type A = { x: Text, y: Integer }\nf : A -> [A]',
        'type B = { y: Integer, x: Text }\nf : B -> [B]',
      ),
    ).toEqual([]);
  });

  test('says it where the name of the service alone no longer means its function', () => {
    expect(words('score : Text -> Double', 'score : Text -> Double\ntop : Text -> Double')).toEqual([
      'note        Clicks: means no function any more where it stands alone in a workflow, and meant score: say Clicks.score there',
      'compatible  top: is new (Text -> Double): nobody calls it yet',
    ]);
    const taken = diffServices(
      api('score : Text -> Double'),
      api('score : Text -> Double\nclicks : Text -> Text'),
    );
    expect(taken.breaking).toBe(true);
  });
});

describe('a difference of types is breaking', () => {
  const pair = ([before, after]: readonly [Type, Type], side: 'input' | 'result') => {
    const facts = (type: Type) => {
      const base = service({});
      const text: Type = { kind: 'text' };
      const fn =
        side === 'input'
          ? { name: 'f', input: type, output: text }
          : { name: 'f', input: text, output: type };
      return { ...base, manifest: { ...base.manifest, api: { types: [], functions: [fn] } } };
    };
    return diffServices(facts(before), facts(after));
  };
  const fits = (value: string, type: Type) => {
    // A double cannot hold an Integer of 1,000 digits, which is the stated exception.
    const bytes = Buffer.from(value.replaceAll('7'.repeat(1_000), '7'));
    return compileValidator(type, 'input').check(bytes, 0, bytes.length) === undefined;
  };

  test.each(['input', 'result'] as const)('only where a value shows it: %s', (side) => {
    let [broken, shown] = [0, 0];
    fc.assert(
      fc.property(similar, fc.nat(), ([before, after], seed) => {
        const { breaking } = pair([before, after], side);
        // Accepted before and refused now; given now, and not what was declared before.
        const [from, to] = side === 'input' ? [before, after] : [after, before];
        const counterexample = sampleValues(from, seed, 24).some((value) => !fits(value, to));
        if (!breaking) expect(counterexample).toBe(false);
        else {
          broken++;
          if (counterexample) shown++;
        }
      }),
      runs(60),
    );
    expect(broken).toBeGreaterThan(10);
    // Lists may stay empty and optionals null in all samples; most are shown all the same.
    expect(shown / broken).toBeGreaterThan(0.8);
  });

  test('never between a service and itself', () => {
    fc.assert(
      fc.property(similar, ([type]) => {
        expect(isSame(pair([type, structuredClone(type)], 'input'))).toBe(true);
        expect(isSame(pair([type, structuredClone(type)], 'result'))).toBe(true);
      }),
      runs(40),
    );
  });
});

describe('what else a manifest says', () => {
  const changes = (before: Record<string, unknown>, after: Record<string, unknown>) =>
    changeWords(diffServices(service(before), service(after)).changes);

  test('breaks those who have set a parameter that is gone, or must set a new one', () => {
    const before = { config: { rate: { type: 'Integer', default: 1 }, old: { type: 'Text', default: '' } } };
    const after = {
      config: { rate: { type: 'Double', default: 2 }, must: 'Text', may: { type: 'Text', default: 'x' } },
    };
    expect(changes(before, after)).toEqual([
      'breaking    config.old is gone: a workflow that sets it is no longer one',
      'breaking    config.must is new (Text) and has no default: a workflow must set it',
      'note        config.rate is 2 where nobody sets it, and was 1',
      'compatible  config.rate is Double, and was Integer: what was accepted still is',
      'compatible  config.may is new (Text): where nobody sets it, it is "x"',
    ]);
  });

  test('breaks those who have not the new secret', () => {
    expect(changes({ secrets: ['old'] }, { secrets: ['new'] })).toEqual([
      expect.stringMatching(/^breaking +the secret new is new/),
      expect.stringMatching(/^compatible +the secret old/),
    ]);
  });

  test('is noted where a limit is lower or the network open, and breaks where messages must be shorter', () => {
    const before = { limits: { memory: '512MiB', timeout: '10s', message: '16MiB' } };
    const after = { network: 'open', limits: { memory: '256MiB', timeout: '20s', message: '1MiB' } };
    expect(changes(before, after)).toEqual([
      'breaking    limits.message is 1 MiB, and was 16 MiB: longer messages were accepted',
      'note        network is open, and was none: it can reach other machines now',
      'note        limits.memory is 256 MiB, and was 512 MiB: what took more before fails now',
      'compatible  limits.timeout is 20 s, and was 10 s',
    ]);
  });
});

describe('what an image holds', () => {
  const layers = (code: string, size: number) => [
    { name: 'base', key: 'k', diffId: 'sha256:1', size: 80_000_000 },
    { name: 'code', key: code, diffId: `sha256:${code}`, size },
  ];

  test('is compared package by package and layer by layer', () => {
    const before = service(
      { packages: ['pip:numpy'] },
      {
        packages: { apt: [{ name: 'libsvm3', version: '3.24' }], pip: [{ name: 'numpy', version: '2.2.0' }] },
        layers: layers('a', 2_048),
      },
    );
    const after = service(
      { version: '1.1.0', packages: ['pip:numpy>=2'] },
      {
        packages: {
          apt: [],
          pip: [
            { name: 'numpy', version: '2.3.1' },
            { name: 'scipy', version: '1.0' },
          ],
        },
        layers: layers('b', 4_096),
      },
    );
    expect(diffServices(before, after)).toMatchObject({
      breaking: false,
      changes: [],
      packages: [
        { system: 'apt', name: 'libsvm3', before: '3.24', after: undefined },
        { system: 'pip', name: 'numpy', before: '2.2.0', after: '2.3.1' },
        { system: 'pip', name: 'scipy', before: undefined, after: '1.0' },
      ],
      layers: [{ name: 'code', before: 2_048, after: 4_096 }],
      before: { size: 80_002_048 },
      after: { size: 80_004_096 },
    });
  });

  test('is told by what is asked for where one of the two does not say what it holds', () => {
    const diff = diffServices(
      service({ packages: ['ffmpeg'] }, { packages: {} }),
      service({ packages: ['pip:numpy'] }),
    );
    expect(diff.packages).toBeUndefined();
    expect(changeWords(diff.changes)).toEqual([
      'compatible  packages asks for pip:numpy',
      'compatible  packages does not ask for ffmpeg any more',
    ]);
  });

  test('is not known where the labels are not what nstack writes', () => {
    const diff = diffServices(service({}, { layers: 'none', packages: [1] }), service({}, { layers: [{}] }));
    expect(diff).toMatchObject({ packages: undefined, layers: undefined });
  });
});

describe('the version', () => {
  test.each([
    ['1.2.0', '1.3.0', '2.0.0'],
    ['0.2.7', '0.2.8', '0.3.0'],
    ['1.0.0', '2.0.0', undefined],
    ['0.2.7', '0.3.0', undefined],
    ['1.3.0', '1.2.0', undefined],
    ['1.0.0-SNAPSHOT', '1.0.0', undefined],
  ])('of what breaks users of %s: %s would have to be %s', (before, after, needed) => {
    const diff = diffServices(
      service({ version: before }),
      service({ version: after, api: 'other : Text -> Text' }),
    );
    expect(diff.neededVersion).toBe(needed);
  });
});
