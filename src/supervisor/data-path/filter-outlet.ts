import type { Validator } from '../../types/index.ts';
import { arrayOf, type Block, pickMessages, runsOf, settleRuns } from './block.ts';
import type { Outlet } from './outlet.ts';

const nullText = Buffer.from('null');

/** Postfix `?`: what is `null` is dropped, which ends its delivery; everything else passes as it is. */
export function createFilterOutlet(outlet: Outlet, json: Validator): Outlet {
  return {
    async push(block) {
      const present = presentIn(block, json);
      if (present.length === block.count) return outlet.push(block);
      const missing = complement(present, block.count);
      settleRuns(runsOf(block, missing), 'dropped');
      if (present.length > 0) await outlet.push(pickMessages(block, present, json));
    },
    end: () => outlet.end(),
  };
}

function presentIn(block: Block, json: Validator): readonly number[] {
  const { text, starts, ends } = arrayOf(block, json);
  const present: number[] = [];
  for (let index = 0; index < block.count; index++) {
    const start = starts[index] ?? 0;
    const isNull = (ends[index] ?? 0) - start === 4 && nullText.compare(text, start, start + 4) === 0;
    if (!isNull) present.push(index);
  }
  return present;
}

function complement(indices: readonly number[], count: number): readonly number[] {
  const present = new Set(indices);
  return Array.from({ length: count }, (_, index) => index).filter((index) => !present.has(index));
}
