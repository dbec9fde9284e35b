import type { Validator } from '../../types/index.ts';
import { arrayOf, type Block, pickMessages, runsOf, settleRuns } from './block.ts';
import type { Outlet } from './outlet.ts';

const nullText = Buffer.from('null');

/** Postfix `?`: what is `null` is dropped, which ends its delivery; everything else passes as it is. */
export function createFilterOutlet(outlet: Outlet, json: Validator): Outlet {
  return {
    async push(block) {
      const { present, missing } = sort(block, json);
      if (missing.length === 0) return outlet.push(block);
      settleRuns(runsOf(block, missing), 'dropped');
      if (present.length > 0) await outlet.push(pickMessages(block, present, json));
    },
    end: () => outlet.end(),
  };
}

/** Indices of the messages that are there, and of those that are not. */
function sort(block: Block, json: Validator): { readonly present: number[]; readonly missing: number[] } {
  const { text, starts, ends } = arrayOf(block, json);
  const [present, missing]: [number[], number[]] = [[], []];
  for (let index = 0; index < block.count; index++) {
    const start = starts[index] ?? 0;
    const isNull = (ends[index] ?? 0) - start === 4 && nullText.compare(text, start, start + 4) === 0;
    (isNull ? missing : present).push(index);
  }
  return { present, missing };
}
