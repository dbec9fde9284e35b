import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameReader } from '../../src/bridge/frame-reader.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { runs } from '../support/runs.ts';

/** What a reader makes of chunks: the frames, and the fault that ended them. */
function read(limit: number, chunks: Iterable<Uint8Array>) {
  const frames: string[] = [];
  const reader = createFrameReader(limit, (frame) => frames.push(frame.toString()));
  for (const chunk of chunks) {
    const fault = reader.push(Buffer.from(chunk));
    if (fault !== undefined) return { frames, fault, left: reader.left };
  }
  return { frames, fault: undefined, left: reader.left };
}

/** The bytes cut at these offsets. */
function cut(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const places = [0, ...offsets.toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, nth) => bytes.subarray(places[nth], end));
}

const stream = Buffer.from('{"a":"ä🙂"}\n[1]\n\u2028 \r\nx\n{"rest"');
const frames = ['{"a":"ä🙂"}', '[1]', '\u2028 \r', 'x'];

describe('a stream of bytes', () => {
  it('gives the same frames at every split of a chunk in two', () => {
    for (let at = 0; at <= stream.length; at++)
      expect(read(100, cut(stream, [at]))).toEqual({ frames, fault: undefined, left: 7 });
  });

  it('gives the same frames at every split in three', () => {
    for (let first = 0; first <= stream.length; first++)
      for (let second = first; second <= stream.length; second++)
        expect(read(100, cut(stream, [first, second])).frames).toEqual(frames);
  });

  it('gives what was written, in whatever pieces it comes', () => {
    const character = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
    const frame = fc
      .string({ unit: character, minLength: 1 })
      .map((text) => text.replaceAll('\n', ' ').toWellFormed());
    fc.assert(
      fc.property(fc.array(frame), fc.array(fc.nat()), (written, splits) => {
        const bytes = Buffer.from(written.map((one) => `${one}\n`).join(''));
        const offsets = splits.map((split) => split % (bytes.length + 1));
        expect(read(1_000_000, cut(bytes, offsets))).toEqual({ frames: written, fault: undefined, left: 0 });
      }),
    );
  });

  it('gives large frames in pieces of every size, small ones among large ones', () => {
    const sizes = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 3_000, max: 70_000 })),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 3 }),
        (pieces, lengths) => {
          const written = lengths.map((length, nth) => String(nth % 10).repeat(length));
          const bytes = Buffer.from(`${written.join('\n')}\n`);
          expect(read(300_000, inPieces(bytes, pieces)).frames).toEqual(written);
        },
      ),
      runs(60),
    );
  });

  it('gives a view where a frame lies in one chunk, and copies nothing', () => {
    const chunk = Buffer.from('{"a":1}\n{"b":2}\n');
    const views: Buffer[] = [];
    createFrameReader(100, (frame) => views.push(frame)).push(chunk);
    expect(views.map((view) => view.buffer === chunk.buffer)).toEqual([true, true]);
  });
});

describe('a frame', () => {
  it('may be exactly as long as the limit', () => {
    expect(read(5, [Buffer.from('12345\n')])).toMatchObject({ frames: ['12345'], fault: undefined });
    expect(read(5, [Buffer.from('123'), Buffer.from('45\n')])).toMatchObject({ frames: ['12345'] });
  });

  it('may not be longer, in one piece or in many', () => {
    const fault = 'sent a frame of more than 5 bytes, which begins with: 123456';
    expect(read(5, [Buffer.from('123456\n')])).toMatchObject({ frames: [], fault });
    expect(read(5, cut(Buffer.from('123456\n'), [1, 2, 3, 4, 5, 6]))).toMatchObject({ frames: [], fault });
  });

  it('is refused before it ends when it is too long already', () => {
    expect(read(5, [Buffer.from('12345')]).fault).toBeUndefined();
    expect(read(5, [Buffer.from('123456')]).fault).toMatch(/^sent a frame of more than 5 bytes, .*: 123456$/);
  });

  it('may not be empty', () => {
    expect(read(5, [Buffer.from('1\n\n2\n')])).toMatchObject({ frames: ['1'], fault: 'sent an empty frame' });
  });

  it.each([
    ['a byte that begins nothing', [0x22, 0xff, 0x22], 1],
    ['a character cut short', [0x22, 0xe2, 0x82, 0x22], 1],
    ['an overlong NUL', [0x22, 0x61, 0xc0, 0x80, 0x22], 2],
    ['half of a surrogate pair', [0x22, 0xed, 0xa0, 0x80, 0x22], 1],
  ])('may not hold %s', (_, bytes, at) => {
    const { fault } = read(100, [Buffer.from([...bytes, 10])]);
    expect(fault).toContain(`sent a frame that is not UTF-8 at byte ${at}: `);
  });

  it('may split a character between two chunks', () => {
    const [first, second] = cut(Buffer.from('"🙂"\n'), [3]);
    expect(read(100, [first ?? Buffer.alloc(0), second ?? Buffer.alloc(0)]).frames).toEqual(['"🙂"']);
  });

  it('costs no more memory than its bytes when it comes byte by byte', () => {
    const reader = createFrameReader(10_000_000, () => {});
    collectGarbage();
    const before = process.memoryUsage();
    const byte = Buffer.from([0x61]);
    for (let nth = 0; nth < 1_000_000; nth++) reader.push(byte);
    collectGarbage();
    const after = process.memoryUsage();
    expect(reader.left).toBe(1_000_000);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2_000_000);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(5_000_000);
  });
});

function* inPieces(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, nth = 0; at < bytes.length; nth++) {
    const size = sizes[nth % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
