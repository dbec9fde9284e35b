import { readFileSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildAs } from '../support/build-as.ts';
import { containersOf, docker, start } from '../support/nstack.ts';
import { type TestSupervisor, testSupervisor } from '../support/supervisor.ts';

const service = 'Watched.Trouble';
const flow = `orders = file/orders.ndjson { follow = true } -> ${service} -> file/done.ndjson`;
let supervisor: TestSupervisor;

beforeAll(async () => {
  await buildAs(service, 'test/fixtures/services/trouble');
});
beforeEach(async () => {
  supervisor = await testSupervisor();
});
afterEach(() => supervisor.end());

async function give(from: number, count: number, what?: string): Promise<void> {
  const orders = Array.from({ length: count }, (_, nth) => ({
    id: from + nth,
    ...(what === undefined ? {} : { do: what }),
  }));
  const text = orders.map((order) => `${JSON.stringify(order)}\n`).join('');
  await appendFile(join(supervisor.folder, 'orders.ndjson'), text);
}

async function done(name = 'done.ndjson'): Promise<{ id: number; seen: number }[]> {
  const text = await readFile(join(supervisor.folder, name), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Resolves when these are all in the file. */
const arrived = (count: number) =>
  supervisor.until('orders', ({ status }) => {
    if (status?.phase !== 'running' || status.pending > 0) return false;
    return new Set(lastDone().map(({ id }) => id)).size === count;
  });

function lastDone(): { id: number }[] {
  const text = readFileSync(join(supervisor.folder, 'done.ndjson'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const out = (count: number) => supervisor.until('orders', ({ status }) => status?.sinks[0]?.out === count);
function jsonLines(text: string): { readonly stage?: string }[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

const range = (count: number) => Array.from({ length: count }, (_, id) => id);

describe('a supervisor', () => {
  it('is started on demand, carries a workflow after the command has ended, and stops it in order', async () => {
    await give(0, 100);
    const started = await supervisor.nstack('start', flow);
    expect(started.stderr).toContain('started a supervisor');
    expect(started.stdout).toBe('orders v1 running\n');
    await out(100);
    await give(100, 50);
    await out(150);
    expect((await supervisor.nstack('ps')).stdout).toMatch(/orders +v1 +running +\d+ s +150 +150 +0/);
    expect((await supervisor.nstack('stop', 'orders')).stdout).toBe('orders v1 stopped\n');
    expect(await containersOf(service)).toEqual([]);
    expect((await done()).map(({ id }) => id)).toEqual(range(150));

    await give(150, 10);
    expect((await supervisor.nstack('start', 'orders')).stdout).toBe('orders v1 running\n');
    await out(10);
    expect((await done()).map(({ id }) => id)).toEqual(range(160));
    expect((await supervisor.nstack('supervisor', 'stop')).code).toBe(0);
    expect((await supervisor.nstack('ps')).code).toBe(75);
  });

  it('goes on where it stood when it was killed, and leaves no container', async () => {
    await give(0, 30_000);
    await supervisor.nstack('start', flow);
    await supervisor.until('orders', ({ status }) => (status?.sinks[0]?.out ?? 0) > 1_000);
    await supervisor.kill();
    await give(30_000, 1_000);
    expect((await supervisor.nstack('supervisor', 'start')).code).toBe(0);
    await arrived(31_000);
    const ids = (await done()).map(({ id }) => id);
    expect(new Set(ids)).toEqual(new Set(range(31_000)));
    // What the kill made come again came in order.
    expect([...new Set(ids)]).toEqual(range(31_000));
    expect(await containersOf(service)).toHaveLength(1);
    const { stdout } = await supervisor.nstack('history', 'orders');
    expect(stdout).toMatch(/running/);
  });

  it('replaces what carries a workflow when that is killed, and says so', async () => {
    await give(0, 20_000);
    await supervisor.nstack('start', flow);
    await supervisor.until('orders', ({ status }) => (status?.sinks[0]?.out ?? 0) > 100);
    const owner = await readFile(join(supervisor.state, 'workflows/orders/data-path.owner'), 'utf8');
    process.kill(Number(owner.split('.')[2]), 'SIGKILL');
    await supervisor.until('orders', ({ restarts, state }) => restarts === 1 && state === 'running');
    await arrived(20_000);
    expect([...new Set((await done()).map(({ id }) => id))]).toEqual(range(20_000));
    expect((await supervisor.nstack('history', 'orders')).stdout).toContain('SIGKILL');
  });

  it('keeps dead letters, shows them, sends them again and forgets them', async () => {
    await give(0, 3);
    await give(3, 1, 'fail');
    await give(4, 1, 'fail once');
    await appendFile(join(supervisor.folder, 'orders.ndjson'), 'no order\n');
    await supervisor.nstack('start', flow, '--attempts=1');
    await supervisor.until('orders', ({ deadLetters, status }) => deadLetters === 3 && status?.pending === 0);
    const listed = await supervisor.nstack('dead-letters', 'list', 'orders');
    expect(listed.stdout).toContain('order 3 cannot be done');
    const shown = await supervisor.nstack('dead-letters', 'show', 'orders', '2', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ stage: service, attempts: 1 });
    const letters = async () =>
      jsonLines((await supervisor.nstack('dead-letters', 'list', 'orders', '--json')).stdout);
    const unread = (await letters()).find(({ stage }) => stage?.startsWith('file'));
    expect(unread).toMatchObject({ place: 'orders.ndjson:6' });

    const replayed = await supervisor.nstack('dead-letters', 'replay', 'orders', '--all');
    expect(replayed.stdout + replayed.stderr).toMatch(/1/);
    expect((await done()).map(({ id }) => id)).toEqual([0, 1, 2, 4]);
    await supervisor.until('orders', ({ deadLetters }) => deadLetters === 2);
    expect((await supervisor.nstack('dead-letters', 'drop', 'orders', '--all')).code).toBe(0);
    expect(await letters()).toEqual([]);
  });

  it('pauses, also over a restart of its own, and resumes', async () => {
    await give(0, 10);
    await supervisor.nstack('start', flow);
    await out(10);
    expect((await supervisor.nstack('pause', 'orders')).stdout).toBe('orders v1 paused\n');
    await supervisor.kill();
    await supervisor.nstack('supervisor', 'start');
    await supervisor.until('orders', ({ state }) => state === 'paused');
    await give(10, 10);
    expect((await supervisor.nstack('resume', 'orders')).stdout).toBe('orders v1 running\n');
    await out(10);
    expect((await done()).map(({ id }) => id)).toEqual(range(20));
  });

  it('goes on with a new version where the old one stood, and with the one that ran after a kill', async () => {
    await give(0, 10);
    await supervisor.nstack('start', flow);
    await out(10);
    const second = flow.replace('done.ndjson', 'second.ndjson');
    expect((await supervisor.nstack('start', second)).stdout).toBe('orders v2 running\n');
    await give(10, 10);
    await out(10);
    const ids = [...(await done()), ...(await done('second.ndjson'))].map(({ id }) => id);
    expect([...ids].sort((a, b) => a - b)).toEqual(range(20));
    const client = supervisor.client();
    const third = flow.replace('done.ndjson', 'third.ndjson');
    await client.define({ text: third, file: '<workflow>', folder: supervisor.folder });
    client.close();
    await supervisor.kill();
    await supervisor.nstack('supervisor', 'start');
    const { version } = await supervisor.until('orders', ({ state }) => state === 'running');
    expect(version).toBe(2);
    expect((await supervisor.nstack('start', 'orders')).stdout).toBe('orders v3 running\n');
  });

  it('notes the way of every batch where it is asked to', async () => {
    await give(0, 200);
    await supervisor.nstack('start', flow, '--trace');
    await out(200);
    await supervisor.nstack('stop', 'orders');
    const traced = await supervisor.nstack('trace', 'orders');
    expect(traced.stdout).toMatch(
      /file\/orders\.ndjson .*: 200 messages, ended after [\d.]+ ms\n {2}Watched\.Trouble: 200 in/,
    );
    expect(JSON.parse((await supervisor.nstack('trace', 'orders', '--json')).stdout)).toMatchObject({
      count: 200,
      nodes: [
        { node: service, in: 200, out: 200 },
        { node: 'file/done.ndjson', in: 200, out: 200 },
      ],
    });
  });

  it('begins anew what has ended, and goes on with what was stopped', async () => {
    await give(0, 20);
    const text = `copy = file/orders.ndjson -> ${service} -> file/copied.ndjson`;
    await supervisor.nstack('start', text);
    await supervisor.until('copy', ({ state }) => state === 'ended');
    expect(await done('copied.ndjson')).toHaveLength(20);
    await supervisor.nstack('start', 'copy');
    await supervisor.until('copy', ({ state, outcome }) => state === 'ended' && outcome?.out === 20);
    expect(await done('copied.ndjson')).toHaveLength(40);
  });

  it('does not let a workflow that fails touch another, and tells what is wrong with it', async () => {
    await give(0, 10);
    await supervisor.nstack('start', flow);
    const bad = await supervisor.nstack('start', `w = file/missing.ndjson -> ${service} -> file/x.ndjson`);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('missing.ndjson');
    const wrong = await supervisor.nstack('start', 'v = file/orders.ndjson -> Watched.Truble -> log');
    expect(wrong.stderr).toContain(`did you mean "${service}"?`);
    expect(wrong.code).toBe(1);
    expect((await supervisor.nstack('start', 'nobody')).stderr).toContain('there is no workflow "nobody"');
    await out(10);
    expect((await supervisor.nstack('ps')).stdout).toMatch(/w +v1 +failed/);
  });

  it('gets over an engine that takes its instances away', async () => {
    await give(0, 5_000);
    await supervisor.nstack('start', flow);
    await out(5_000);
    const [container = ''] = await containersOf(service);
    await docker('rm', '-f', container);
    await give(5_000, 100);
    await out(5_100);
    expect((await done()).map(({ id }) => id)).toEqual(range(5_100));
  });
});

describe('nstack shell', () => {
  it('runs a script, and ends with the code of its first fault', async () => {
    await give(0, 3);
    const script = [
      '// a comment',
      `part = ${service}`,
      'w = file/orders.ndjson { follow = true } ->',
      '  part -> file/done.ndjson',
      'start w',
      'ps',
      'stop w',
      'bogus',
      'ps --all',
    ];
    const running = start(['shell'], {
      cwd: supervisor.folder,
      env: supervisor.env,
      input: script.join('\n'),
    });
    const ended = await running.ended;
    expect(ended.stdout).toMatch(
      /part is a part.*\nw version 1.*\nw v1 running\nNAME[^\n]*\nw +v1 +running[^\n]*\nw v1 stopped\n$/,
    );
    expect(ended.stderr).toContain('there is no command "bogus"');
    expect(ended.stderr).toContain('line 8: the script ends here');
    expect(ended.code).toBe(1);
  });
});
