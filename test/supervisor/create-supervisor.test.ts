import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSupervisor } from '../../src/supervisor/create-supervisor.ts';
import { openJournalFile } from '../../src/supervisor/data-path/journal/journal-file.ts';
import { openStore } from '../../src/supervisor/state/open-store.ts';
import { makeWorkflowFolder } from '../../src/supervisor/state/state-folder.ts';
import type { Store } from '../../src/supervisor/state/store.ts';
import type { Supervisor } from '../../src/supervisor/supervisor.ts';

// Supervisors over state folders that others left; nothing is started, so no engine is needed.

let folder: string;
let supervisor: Supervisor | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supervisor-'));
});
afterEach(async () => {
  await supervisor?.close({ now: true });
  supervisor = undefined;
  await rm(folder, { recursive: true, force: true });
});

const request = (name: string) => ({ text: `${name} = stdin/a -> stdout/b`, file: name, folder: '/' });

async function leave(names: readonly string[], more: (store: Store) => void = () => {}): Promise<void> {
  const store = await openStore(folder);
  for (const name of names) {
    store.saveVersion(name, request(name));
    await makeWorkflowFolder(folder, name);
  }
  more(store);
  store.close();
}

async function open(): Promise<Supervisor> {
  supervisor = await createSupervisor({
    stateFolder: folder,
    packageRoot: '/nowhere',
    trust: {
      policy: { path: join(folder, 'policy.yaml'), named: false },
      evidence: join(folder, 'evidence'),
    },
    connectionsFile: join(folder, 'connections.yaml'),
    log: () => {},
  });
  return supervisor;
}

const journalOf = (name: string) => join(folder, 'workflows', name, 'journal.db');

describe('a supervisor', () => {
  it('lists its workflows, also where the journal of one is broken', async () => {
    await leave(['broken', 'whole']);
    await writeFile(journalOf('broken'), 'this is no database, and long enough to be looked at as one');
    const { list, deadLetters } = await open();
    expect(list().map(({ name }) => name)).toEqual(['broken', 'whole']);
    await expect(deadLetters.list('broken', { most: 1 })).rejects.toThrow('is broken');
  });

  it('says of a workflow that had been stopped that it is, where the last one was killed before it could', async () => {
    await leave(['clicks'], (store) => store.setState('clicks', { state: 'stopping' }));
    const { get, history, stop } = await open();
    expect(get('clicks').state).toBe('stopped');
    expect(history('clicks', 1)).toMatchObject([{ event: 'stopped' }]);
    expect((await stop('clicks', { now: false })).state).toBe('stopped');
  });

  it('forgets the positions of a workflow with the workflow, asked twice or while it is looked at', async () => {
    await leave(['clicks', 'others']);
    openJournalFile(journalOf('clicks'), 'clicks', 0).close();
    const { remove, list } = await open();
    const removed = Promise.allSettled([remove('clicks'), remove('clicks')]);
    while (list().length === 2) await new Promise(setImmediate);
    expect((await removed).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(existsSync(join(folder, 'workflows', 'clicks'))).toBe(false);
    expect(existsSync(join(folder, 'workflows', 'clicks~'))).toBe(false);
  });

  it('removes what a removal that was cut short has left', async () => {
    await leave(['clicks']);
    await mkdir(join(folder, 'workflows', 'clicks~', 'deep'), { recursive: true });
    const { remove, list } = await open();
    await remove('clicks');
    expect(list()).toEqual([]);
    expect(existsSync(join(folder, 'workflows', 'clicks~'))).toBe(false);
  });

  it('starts nothing more once it is ending', async () => {
    await leave(['clicks']);
    const { close, start, define } = await open();
    const closed = close({ now: false });
    await expect(start({ name: 'clicks' })).rejects.toMatchObject({ code: 'supervisor-unavailable' });
    await expect((async () => define(request('new')))()).rejects.toThrow('is ending');
    await closed;
  });
});
