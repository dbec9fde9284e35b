import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withFixedDates } from '../../../src/builder/packages/rewrite/java-authorities.ts';

interface Entry {
  readonly alias: string;
  readonly date: number;
  readonly certificate: Uint8Array;
}

/** A key store as `keytool -storetype JKS` writes it. */
function store(entries: readonly Entry[], password = 'changeit', tag = 2): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
  };
  const parts = entries.flatMap(({ alias, date, certificate }) => {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(date));
    return [number(tag), text(alias), time, text('X.509'), number(certificate.length), certificate];
  });
  const signed = Buffer.concat([number(0xfeedfeed), number(2), number(entries.length), ...parts]);
  const secret = Buffer.from(password, 'utf16le').swap16();
  return Buffer.concat([
    signed,
    createHash('sha1').update(secret).update('Mighty Aphrodite').update(signed).digest(),
  ]);
}

const entry = fc.record({
  alias: fc.stringMatching(/^[a-zé_:]{1,40}$/),
  date: fc.nat(),
  certificate: fc.uint8Array({ maxLength: 300 }),
});
const entries = fc.uniqueArray(entry, { selector: ({ alias }) => alias, maxLength: 8 });

describe("Java's certificate authorities", () => {
  it('are the same file whenever and in whatever order they were put there', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (list, seed) => {
        const fixed = withFixedDates(store(list), 1000);
        const again = list.toReversed().map((one) => ({ ...one, date: one.date ^ seed }));
        expect(withFixedDates(store(again), 1000)).toEqual(fixed);
        const sorted = list.toSorted((a, b) => (a.alias < b.alias ? -1 : 1));
        expect(fixed).toEqual(store(sorted.map((one) => ({ ...one, date: 1000 }))));
      }),
    );
  });

  it('stay as they are with a password of their own, or beside keys', () => {
    const one = [{ alias: 'a', date: 5, certificate: Buffer.from('c') }];
    for (const kept of [store(one, 'secret'), store(one, 'changeit', 1), Buffer.from('no key store at all')])
      expect(withFixedDates(kept, 1000)).toEqual(kept);
  });
});
