import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTick } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createJournal } from '../../../src/supervisor/data-path/journal/create-journal.ts';
import { readJournal } from '../../../src/supervisor/data-path/journal/read-journal.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../../support/small-disk.ts';

const lanes = 16;
let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nstack-journal-'));
  path = join(folder, 'journal.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that writes the journal, and the numbers that it said are on the disk. */
interface Writer {
  readonly child: ChildProcess;
  readonly confirmed: Set<number>;
  /** What it printed beside them. */
  said(): string;
  /** Resolves when this many are confirmed. */
  reached(count: number): Promise<void>;
}

function startWriter(first: number): Writer {
  const program = join(import.meta.dirname, 'journal-writer.ts');
  const child = spawn(process.execPath, [program, path, String(first)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = createInterface({ input: child.stdout });
  const confirmed = new Set<number>();
  lines.on('line', (line) => {
    confirmed.add(Number(line));
    lines.emit('counted');
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  let ended = false;
  child.once('close', () => {
    ended = true;
    lines.emit('counted');
  });
  const reached = async (count: number) => {
    while (confirmed.size < count) {
      if (ended) throw new Error(`the writer ended: ${said}`);
      await once(lines, 'counted');
    }
  };
  return { child, confirmed, said: () => said, reached };
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

/** Numbers of the letters in the file at `at`, ascending; each letter is looked at whole. */
async function numbersIn(at: string): Promise<number[]> {
  const numbers: number[] = [];
  const journal = await createJournal(at, 'clicks');
  for (let page = await journal.page(0, 1_000); page.length > 0; ) {
    for (const { payload } of page) {
      const [number = '', filler = ''] = Buffer.from(payload).toString().split(' ');
      expect(filler).toBe('x'.repeat(Number(number) % 3_000));
      numbers.push(Number(number));
    }
    page = await journal.page(page.at(-1)?.id ?? 0, 1_000);
  }
  await journal.close();
  return numbers.sort((a, b) => a - b);
}

async function expectAll(at: string, confirmed: ReadonlySet<number>): Promise<void> {
  const numbers = await numbersIn(at);
  const kept = new Set(numbers);
  expect([...confirmed].filter((number) => !kept.has(number))).toEqual([]);
  const journal = await createJournal(at, 'clicks');
  const positions = await journal.positions('s');
  await journal.close();
  for (const number of confirmed) {
    expect(positions[number % lanes]).toBeGreaterThanOrEqual(number);
  }
  const reader = readJournal(at, 'clicks');
  expect(reader.count()).toBe(numbers.length);
  reader.close();
  const database = new DatabaseSync(at);
  expect(database.prepare('PRAGMA integrity_check').get()?.integrity_check).toBe('ok');
  database.close();
}

test('what was confirmed before kill -9 is there, however often and wherever it strikes', {
  timeout: 120_000,
}, async () => {
  const confirmed = new Set<number>();
  let next = 0;
  for (let round = 0; round < 24; round++) {
    const writer = startWriter(next);
    // Another moment each time: right at the first letters, and in the middle of checkpoints.
    await writer.reached(1 + round * round * 2);
    await kill(writer.child);
    expect(writer.said()).toBe('');
    for (const number of writer.confirmed) confirmed.add(number);
    // Some beyond these may be kept too: their numbers come twice.
    next = Math.max(next, ...writer.confirmed) + 10 * lanes;
    next -= next % lanes;
  }
  await expectAll(path, confirmed);
});

test('the files as they stand at any moment hold what was confirmed before', {
  timeout: 60_000,
}, async () => {
  const writer = startWriter(0);
  try {
    for (const count of [1, 50, 500, 2_000]) {
      await writer.reached(count);
      // Stopped, not slowed: the copies are of one moment, as after a power loss.
      writer.child.kill('SIGSTOP');
      const confirmed = new Set(writer.confirmed);
      while (!/^State:\tT/m.test(readFileSync(`/proc/${writer.child.pid}/status`, 'utf8')));
      const copy = join(folder, `copy-${count}`);
      mkdirSync(copy);
      for (const name of ['journal.db', 'journal.db-wal']) copyFileSync(join(folder, name), join(copy, name));
      writer.child.kill('SIGCONT');
      await expectAll(join(copy, 'journal.db'), confirmed);
    }
  } finally {
    await kill(writer.child);
  }
});

test('another process reads and drops letters while they are written', { timeout: 60_000 }, async () => {
  const writer = startWriter(0);
  const reader = readJournal(path, 'clicks');
  const seen: number[] = [];
  let dropped = 0;
  try {
    // From before the file is there, and while its schema is made.
    while ((await reader.list(0, 1)).length === 0) {
      expect(reader.count()).toBeGreaterThanOrEqual(0);
      await nextTick();
    }
    while (seen.length < 3_000) {
      await writer.reached(seen.length + 100);
      const letters = await reader.list(seen.at(-1) ?? 0, 200);
      const ids = letters.map(({ id }) => id);
      seen.push(...ids);
      dropped += await reader.drop(ids.filter((id) => id % 2 === 0));
      expect(reader.count()).toBeGreaterThanOrEqual(seen.length - dropped);
    }
  } finally {
    await kill(writer.child);
  }
  expect(seen).toEqual(seen.map((_, at) => at + 1));
  expect(dropped).toBe(Math.floor(seen.length / 2));
  const left = await numbersIn(path);
  expect(reader.count()).toBe(left.length);
  expect(await reader.drop(undefined)).toBe(left.length);
  reader.close();
});

test.skipIf(whyNoSmallDisk !== undefined)(
  `on a full disk what is refused is told, what was confirmed stays, and later it goes on${whyNoSmallDisk ?? ''}`,
  async () => {
    const disk = mountSmallDisk(folder, '1m');
    try {
      const full = join(disk.path, 'journal.db');
      const journal = await createJournal(full, 'clicks');
      const payload = Buffer.alloc(20_000, 'x');
      const keep = () =>
        journal.keep({ stage: 's', error: { code: 1, message: 'm' }, attempts: 1, payload, json: false });
      disk.fill(400_000);
      let kept = 0;
      const failure = await (async () => {
        for (;;) {
          const error = await keep().then(
            () => undefined,
            (reason: unknown) => reason,
          );
          if (error !== undefined) return error;
          kept++;
        }
      })();
      expect(failure).toMatchObject({
        code: 'file-unwritable',
        message: expect.stringContaining(`the journal of clicks cannot be written: ${full}`),
        hint: expect.stringContaining('Make room on its disk'),
      });
      expect(kept).toBeGreaterThan(3);
      await expect(keep()).rejects.toMatchObject({ code: 'file-unwritable' });
      expect(journal.count).toBe(kept);
      expect(await journal.page(0, 1_000_000)).toHaveLength(kept);
      disk.free();
      await keep();
      await journal.commit('s', '0', 1);
      expect(await journal.page(0, 1_000_000)).toHaveLength(kept + 1);
      await journal.close();
      const reader = readJournal(full, 'clicks');
      expect(reader.count()).toBe(kept + 1);
      reader.close();
    } finally {
      disk.unmount();
    }
  },
);
