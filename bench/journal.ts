/*
 * What the journal of a durable workflow costs: dead letters a second beside appending the same letters as lines with a datasync for each thousand, in turns in the same run,
 * and what a commit of a position costs the thread that carries messages. Needs `npm run build`.
 *
 *     node bench/journal.ts [letters]
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import { createJournal } from '../src/supervisor/data-path/journal/create-journal.ts';
import type { DeadLetter } from '../src/supervisor/data-path/journal.ts';

const letters = Number(process.argv[2] ?? 200_000);
const together = 1_000;
const rounds = 5;
const commits = 20_000;

const letter: DeadLetter = {
  stage: 'ClickCleaning.clean',
  error: {
    code: -32000,
    message: 'ValueError: not a click',
    data: { stack: 'Traceback (most recent call last):' },
  },
  attempts: 3,
  place: 'click-stream/3@1234567',
  payload: Buffer.from(JSON.stringify({ user: 'x'.repeat(189) })),
  json: true,
};

interface Measure {
  /** Microseconds by the clock, and of CPU of this thread, for each. */
  readonly clock: number;
  readonly cpu: number;
}

const folder = await mkdtemp(join(tmpdir(), 'nstack-bench-'));
try {
  const appended: Measure[] = [];
  const kept: Measure[] = [];
  for (let round = 0; round < rounds; round++) {
    appended.push(await measure(letters, () => appendLines(join(folder, `${round}.ndjson`))));
    kept.push(await measure(letters, () => keepLetters(join(folder, `${round}.db`))));
  }
  report(`lines, a datasync for each ${together}`, median(appended));
  report('journal, letters', median(kept));
  console.log(`the journal takes ${(median(kept).clock / median(appended).clock).toFixed(2)} times as long`);
  const journal = await createJournal(join(folder, 'positions.db'), 'bench');
  const commit = (at: number) => journal.commit('kafka/click-stream', String(at % 8), { offset: at });
  report('journal, one commit after the other', await measure(commits, () => commitAlone(commit)));
  report('journal, commits while others wait', await measure(commits, () => commitTogether(commit)));
  await journal.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function appendLines(path: string): Promise<void> {
  const file = await open(path, 'a');
  for (let at = 0; at < letters; at += together) {
    const lines: string[] = [];
    for (let line = 0; line < together; line++) {
      const { payload, ...rest } = letter;
      const head = JSON.stringify({ at: new Date().toISOString(), workflow: 'bench', ...rest });
      lines.push(`${head.slice(0, -1)},"message":${Buffer.from(payload).toString()}}\n`);
    }
    await file.appendFile(lines.join(''));
    await file.datasync();
  }
  await file.close();
}

/** A few thousand are under way at a time, as the data path would have them. */
async function keepLetters(path: string): Promise<void> {
  const journal = await createJournal(path, 'bench');
  const underWay: Promise<unknown>[] = [];
  for (let at = 0; at < letters; at += together) {
    underWay.push(Promise.all(Array.from({ length: together }, () => journal.keep(letter))));
    if (underWay.length > 8) await underWay.shift();
    await nextTick();
  }
  await Promise.all(underWay);
  await journal.close();
}

async function commitAlone(commit: (at: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < commits; at++) await commit(at);
}

async function commitTogether(commit: (at: number) => Promise<void>): Promise<void> {
  let last: Promise<void> | undefined;
  for (let at = 0; at < commits; at++) {
    last = commit(at);
    if (at % 20 === 0) await nextTick();
  }
  await last;
}

async function measure(count: number, work: () => Promise<void>): Promise<Measure> {
  const start = performance.now();
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return { clock: ((performance.now() - start) * 1_000) / count, cpu: (user + system) / count };
}

function median(measures: readonly Measure[]): Measure {
  const sorted = [...measures].sort((one, other) => one.clock - other.clock);
  return sorted[Math.floor(sorted.length / 2)] as Measure;
}

function report(name: string, { clock, cpu }: Measure): void {
  const rate = Math.round(1e6 / clock).toLocaleString('en');
  console.log(`${name.padEnd(40)} ${rate.padStart(9)} a second; this thread: ${cpu.toFixed(1)} us each`);
}
