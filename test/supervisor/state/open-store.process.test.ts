import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src/supervisor/state/open-store.ts';
import { createWorkflowLog } from '../../../src/supervisor/state/workflow-log.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../../support/small-disk.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nstack-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that holds the store; `last` is the number it said last. */
interface Holder {
  readonly child: ChildProcess;
  readonly last: number;
  reached(number: number): Promise<void>;
}

function startHolder(): Holder {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'store-holder.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  let last = 0;
  lines.on('line', (line) => {
    last = Number(line);
    lines.emit('counted');
  });
  return {
    child,
    get last() {
      return last;
    },
    async reached(number) {
      while (last < number) await once(lines, 'counted', { signal: AbortSignal.timeout(20_000) });
    },
  };
}

async function kill({ child }: Holder): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

test('kill -9 loses nothing that was said to be kept, and frees the folder for the next supervisor', async () => {
  let last = 0;
  for (let round = 0; round < 8; round++) {
    const holder = startHolder();
    await holder.reached(last + 1 + round * 20);
    await expect(openStore(folder)).rejects.toMatchObject({
      code: 'supervisor-unavailable',
      message: `a supervisor (process ${holder.child.pid}) already runs with the state folder ${folder}`,
    });
    await kill(holder);
    const store = await openStore(folder);
    last = store.workflow('up')?.restarts ?? 0;
    expect(last).toBeGreaterThanOrEqual(holder.last);
    expect(store.history('up', 1)).toMatchObject([{ detail: String(last) }]);
    store.close();
  }
});

test('of many that start at once one gets the folder', async () => {
  const tries = Array.from({ length: 5 }, () => openStore(folder));
  const results = await Promise.allSettled(tries);
  const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  expect(winners).toHaveLength(1);
  for (const store of winners) store.close();
});

test('a pid file that is wrong or gone does not matter', async () => {
  const store = await openStore(folder);
  for (const text of ['', 'no number', '\u0000']) {
    writeFileSync(join(folder, 'supervisor.pid'), text);
    await expect(openStore(folder)).rejects.toThrow(
      `a supervisor already runs with the state folder ${folder}`,
    );
  }
  rmSync(join(folder, 'supervisor.pid'));
  await expect(openStore(folder)).rejects.toThrow(
    `a supervisor already runs with the state folder ${folder}`,
  );
  store.close();
});

const onSmallDisk = test.skipIf(whyNoSmallDisk !== undefined);

onSmallDisk(
  `on a full disk the store says so, changes nothing, and later goes on${whyNoSmallDisk ?? ''}`,
  async () => {
    const disk = mountSmallDisk(folder, '512k');
    try {
      const state = join(disk.path, 'state');
      const store = await openStore(state);
      const request = { text: 'x'.repeat(1_000), file: 'up', folder: '/' };
      store.saveVersion('up', request);
      disk.fill(200_000);
      const full = expect.objectContaining({
        code: 'file-unwritable',
        message: expect.stringContaining(
          `what the supervisor remembers cannot be written: ${state}/supervisor.db`,
        ),
        hint: expect.stringContaining('Make room on its disk'),
      });
      let version = 1;
      expect(() => {
        for (;;) version = store.saveVersion('up', { ...request, text: `${version} ${'x'.repeat(20_000)}` });
      }).toThrow(full);
      expect(store.workflow('up')?.version).toBe(version);
      disk.free();
      store.setState('up', { state: 'failed' });
      store.close();
      const again = await openStore(state);
      expect(again.workflow('up')).toMatchObject({ version, state: 'failed' });
      again.close();
    } finally {
      disk.unmount();
    }
  },
);

onSmallDisk(
  `on a full disk the log drops lines, and says how many once there is room${whyNoSmallDisk ?? ''}`,
  async () => {
    const disk = mountSmallDisk(folder, '256k');
    try {
      const log = createWorkflowLog(join(disk.path, 'up'));
      const append = (message: string) =>
        log.append({
          at: '2026-01-01T00:00:00.000Z',
          workflow: 'up',
          stage: 'Up.up',
          level: 'print',
          message,
        });
      append('before');
      await log.last(0);
      disk.fill(240_000);
      for (let at = 0; at < 30; at++) {
        append(`${at} ${'x'.repeat(10_000)}`);
        await log.last(0);
      }
      disk.free();
      append('after');
      const messages = (await log.last(99)).map(({ message }) => message);
      await log.close();
      expect(messages[0]).toBe('before');
      expect(messages.slice(-2)).toEqual([
        `${30 - (messages.length - 3)} lines of this log were dropped: ENOSPC: no space left on device, write`,
        'after',
      ]);
    } finally {
      disk.unmount();
    }
  },
);
