import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateAcceptor } from '../../src/types/generate-acceptor.ts';
import { compileValidator, printType, type Strictness, type Type } from '../../src/types/index.ts';
import { runs } from '../support/runs.ts';
import { jsonFor, mutated } from './support/arbitrary-json.ts';
import { anyType } from './support/arbitrary-type.ts';
import { type Verdict, verdictOf, verdictsOf } from './support/oracle.ts';

const strictness = fc.constantFrom<Strictness>('input', 'result');
const space = fc.constantFrom('', '', ' ', '\r\n\t ');
/** What may stand around the value in the same buffer, none of it the validator's business. */
const around = fc.constantFrom('', '1', '"', ' ', '}', ',1]', '.5', 'e9');

interface Case {
  readonly type: Type;
  readonly strictness: Strictness;
  readonly text: string;
}

function describeCase({ type, strictness, text }: Case): string {
  return `${printType(type)} as ${strictness}: ${text}`;
}

function verdict({ type, strictness, text }: Case, before = '', after = ''): Verdict {
  const bytes = Buffer.from(before + text + after);
  const start = Buffer.byteLength(before);
  const fault = compileValidator(type, strictness).check(bytes, start, start + Buffer.byteLength(text));
  return fault?.kind ?? 'fits';
}

const texts = fc
  .record({ type: anyType, strictness })
  .chain(({ type, strictness }) =>
    fc.tuple(space, jsonFor(type), space).map((parts) => ({ type, strictness, text: parts.join('') })),
  );

/** Bytes that count reads outside of [start, end), which cost V8 its good code. */
function watched(
  bytes: Buffer,
  start: number,
  end: number,
): { readonly bytes: Buffer; readonly strayed: () => number } {
  let strayed = 0;
  const get = (target: Buffer, key: string | symbol) => {
    const index = typeof key === 'string' ? Number(key) : Number.NaN;
    if (Number.isInteger(index) && (index < start || index >= end)) strayed++;
    return Reflect.get(target, key, target);
  };
  return { bytes: new Proxy(bytes, { get }), strayed: () => strayed };
}

test('the generated code never reads beyond the end of what it is given', () => {
  const cut = texts.chain((one) =>
    fc.nat(one.text.length).map((length) => ({ ...one, text: one.text.slice(0, length).toWellFormed() })),
  );
  fc.assert(
    fc.property(cut, around, (one, after) => {
      const plain = Buffer.from(one.text + after);
      const { bytes, strayed } = watched(plain, 0, Buffer.byteLength(one.text));
      generateAcceptor(one.type, one.strictness).value(bytes, 0, Buffer.byteLength(one.text));
      expect(strayed(), describeCase(one)).toBe(0);
    }),
    runs(200),
  );
});

describe('the validator says what a slow oracle says', () => {
  test('of texts that mostly fit', () => {
    fc.assert(
      fc.property(texts, around, around, (one, before, after) => {
        expect(verdict(one, before, after), describeCase(one)).toBe(
          verdictOf(one.text, one.type, one.strictness),
        );
      }),
      runs(200),
    );
  });

  test('of texts that were changed at random', () => {
    const changed = texts.chain((one) => mutated(one.text).map((text) => ({ ...one, text })));
    fc.assert(
      fc.property(changed, around, (one, after) => {
        expect(verdict(one, '', after), describeCase(one)).toBe(
          verdictOf(one.text, one.type, one.strictness),
        );
      }),
      runs(200),
    );
  });

  test('of random texts made of the signs of JSON', () => {
    const sign = fc.constantFrom(...'{}[]:,"\\019.-+eEtfnula ', 'null', 'true', '"a"', '\\u', 'd800');
    const random = fc.record({
      type: anyType,
      strictness,
      text: fc.array(sign, { maxLength: 12 }).map((signs) => signs.join('')),
    });
    fc.assert(
      fc.property(random, (one) => {
        expect(verdict(one), describeCase(one)).toBe(verdictOf(one.text, one.type, one.strictness));
      }),
      runs(200),
    );
  });

  test('of each element of an array, with its bounds', () => {
    const arrays = fc.record({ type: anyType, strictness }).chain(({ type, strictness }) =>
      fc
        .array(
          fc.tuple(space, jsonFor(type), space).map((parts) => parts.join('')),
          { maxLength: 6 },
        )
        .map((items) => ({ type, strictness, items, text: `[${items.join(',')}]` })),
    );
    fc.assert(
      fc.property(arrays, around, around, (one, before, after) => {
        const bytes = Buffer.from(before + one.text + after);
        const start = Buffer.byteLength(before);
        const end = start + Buffer.byteLength(one.text);
        const scan = compileValidator(one.type, one.strictness).scanArray(bytes, start, end);
        const verdicts = verdictsOf(one.text, one.type, one.strictness);
        if ('kind' in scan)
          expect([scan.kind, verdicts], describeCase(one)).toEqual(['malformed', undefined]);
        else {
          expect(verdicts, describeCase(one)).toBeDefined();
          const misfits = new Set(scan.misfits.map(({ index }) => index));
          const found = Array.from({ length: scan.count }, (_, index) =>
            misfits.has(index) ? 'mismatch' : 'fits',
          );
          expect(found, describeCase(one)).toEqual(verdicts);
          expect(scan.end).toBe(end);
          const items = found.map((_, index) => bytes.toString('utf8', scan.starts[index], scan.ends[index]));
          expect(items).toEqual(
            one.items.map((item) => item.trim()).slice(0, one.text === '[]' ? 0 : undefined),
          );
        }
      }),
      runs(150),
    );
  });
});
