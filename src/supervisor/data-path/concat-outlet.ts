import type { Validator } from '../../types/index.ts';
import { arrayOf, type Block, createBlock, type Run } from './block.ts';
import type { Outlet } from './outlet.ts';

/** Messages of one block after unpacking: lists may be long, and a stage cuts what it takes anyway. */
const mostBytes = 4 * 1024 * 1024;

/** Postfix `*`: a list becomes its elements, byte for byte. Its delivery is complete when all of theirs are; an empty one is dropped. */
export function createConcatOutlet(outlet: Outlet, json: Validator): Outlet {
  return {
    async push(block) {
      for (const unpacked of unpack(block, json)) await outlet.push(unpacked);
    },
    end: () => outlet.end(),
  };
}

function* unpack(block: Block, json: Validator): Generator<Block> {
  const { text, starts, ends } = arrayOf(block, json);
  // All children are there before the first can end.
  const counts: number[] = [];
  const inner: Uint8Array[] = [];
  for (let index = 0; index < block.count; index++) {
    const [start, end] = [starts[index] ?? 0, ends[index] ?? 0];
    const scan = json.scanArray(text, start, end);
    if ('kind' in scan) throw new Error('a list that was checked is none');
    counts.push(scan.count);
    const last = scan.count - 1;
    inner.push(scan.count === 0 ? text.subarray(0, 0) : text.subarray(scan.starts[0], scan.ends[last]));
  }
  const batches = batchOfEach(block);
  counts.forEach((count, index) => {
    const batch = batches[index];
    if (count > 1) batch?.split(count - 1);
    if (count === 0) batch?.settle(1, 'dropped');
  });
  const keys = keysOfEach(block);
  let pieces: Uint8Array[] = [];
  let runs: Run[] = [];
  let bytes = 0;
  let total = 0;
  for (const [index, count] of counts.entries()) {
    const [batch, piece] = [batches[index], inner[index]];
    if (count === 0 || batch === undefined || piece === undefined) continue;
    if (pieces.length > 0) pieces.push(comma);
    pieces.push(piece);
    const last = runs.at(-1);
    const key = keys?.[index];
    if (key !== undefined) runs.push({ batch, count, keys: new Int32Array(count).fill(key) });
    else if (last?.batch === batch) runs[runs.length - 1] = { batch, count: last.count + count };
    else runs.push({ batch, count });
    bytes += piece.length;
    total += count;
    if (bytes < mostBytes) continue;
    yield createBlock(pieces, total, runs);
    [pieces, runs, bytes, total] = [[], [], 0, 0];
  }
  if (total > 0) yield createBlock(pieces, total, runs);
}

const comma = Buffer.from(',');

function batchOfEach({ runs }: Block): readonly Run['batch'][] {
  return runs.flatMap(({ batch, count }) => Array.from({ length: count }, () => batch));
}

/** What a list holds has the list's key. Undefined where there are no keys at all. */
function keysOfEach({ runs }: Block): readonly number[] | undefined {
  if (runs.every(({ keys }) => keys === undefined)) return undefined;
  return runs.flatMap(({ count, keys }) => (keys === undefined ? Array(count).fill(0) : [...keys]));
}
