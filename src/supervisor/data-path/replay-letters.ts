import type { Flow } from './flow.ts';
import type { Journal } from './journal.ts';
import type { ReplayLetter, ReplayResult } from './replay.ts';

/** Sends kept dead letters once more, by id or all of them; those that need not be kept any longer are dropped. */
export async function replayLetters(
  flow: Flow,
  journal: Journal,
  ids: readonly number[] | undefined,
): Promise<ReplayResult> {
  return ids === undefined ? replayAll(flow, journal) : replaySome(flow, journal, await journal.letters(ids));
}

/** All that are kept, a page after the other; those that fail again get ids behind the last one of now. */
async function replayAll(flow: Flow, journal: Journal): Promise<ReplayResult> {
  const last = await journal.lastId();
  const all: { ended: number[]; failed: number; refused: ReplayResult['refused'][number][] } = {
    ended: [],
    failed: 0,
    refused: [],
  };
  for (let after = 0; ; ) {
    const page = (await journal.page(after, replayedAtOnce)).filter(({ id }) => id <= last);
    if (page.length === 0) return all;
    const { ended, failed, refused } = await replaySome(flow, journal, page);
    all.ended.push(...ended);
    all.failed += failed;
    all.refused.push(...refused);
    after = page.at(-1)?.id ?? last;
  }
}

const replayedAtOnce = 1_000;

async function replaySome(
  flow: Flow,
  journal: Journal,
  letters: readonly ReplayLetter[],
): Promise<ReplayResult> {
  const result = await flow.replay(letters);
  if (result.ended.length > 0) await journal.drop(result.ended);
  return result;
}
