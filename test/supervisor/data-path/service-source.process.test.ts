import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { createPeer } from '../../../src/bridge/index.ts';
import type { SourceBatch } from '../../../src/connectors/index.ts';
import type { OpenInstance } from '../../../src/supervisor/data-path/lane.ts';
import { createServiceSource } from '../../../src/supervisor/data-path/service-source.ts';
import { compileValidator, parseApi, type Type } from '../../../src/types/index.ts';

// The services are real child processes (test/fixtures/children/source-service.mjs) that die, fail and wait.

const program = new URL('../../fixtures/children/source-service.mjs', import.meta.url).pathname;
const { api } = parseApi('ticks : Void -> { n: Integer }');
const output: Type = api?.functions[0]?.output ?? { kind: 'json' };
const limits = { message: 1_000_000, depth: 256 };
const origin = 9007199254740992n;
const at = (n: number) => String(origin + BigInt(n));

interface How {
  readonly total?: number;
  readonly die?: number;
  readonly fail?: number;
  readonly misfit?: number;
  readonly unwritten?: number;
  readonly wait?: number;
  readonly deaf?: boolean;
  readonly none?: boolean;
}

const cleaning: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0)) await clean();
});

/** A source over children, one after the other as they are told here; the last one stands for all that follow. */
function start(
  children: readonly How[],
  options: { positions?: Record<string, unknown>; rows?: number } = {},
) {
  const told: string[] = [];
  const logs: string[] = [];
  let opened = 0;
  let alive = 0;
  const open = async (): Promise<OpenInstance> => {
    const how = children[Math.min(opened++, children.length - 1)];
    const child = spawn(process.execPath, [program, JSON.stringify(how)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    alive++;
    const exited = new Promise((resolve) => child.once('exit', resolve)).then(() => alive--);
    const peer = createPeer({
      input: child.stdout,
      output: child.stdin,
      results: () => compileValidator(output, 'result'),
      limits,
      onEvent: (event) => event.kind === 'log' && told.push(event.message),
    });
    const service = { name: 'Ticks', version: '1.0.0' };
    await peer.initialize({ protocol: 1, service, parameters: {}, api: {}, limits }, { timeout: 10_000 });
    return {
      peer,
      async close() {
        await peer.shutdown({ timeout: 1_000 }).catch(() => {});
        peer.close();
        child.kill('SIGKILL');
        await exited;
      },
    };
  };
  const source = createServiceSource({
    label: 'Ticks',
    functionName: 'ticks',
    positions: options.positions,
    open,
    log: (line) => logs.push(line),
    ...(options.rows === undefined ? {} : { rows: options.rows }),
  });
  cleaning.push(() => source.close());
  return { source, told, logs, opened: () => opened, alive: () => alive };
}

async function all(batches: AsyncIterable<SourceBatch>): Promise<readonly SourceBatch[]> {
  const found: SourceBatch[] = [];
  for await (const batch of batches) found.push(batch);
  return found;
}

const numbers = (batches: readonly SourceBatch[]): readonly number[] =>
  batches.flatMap(({ items }) =>
    (JSON.parse(`[${Buffer.concat(items).toString()}]`) as { n: number }[]).map(({ n }) => n),
  );
const upTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const never = new AbortController().signal;

describe('a service as a source', () => {
  it('gives every item in order, with the position after each batch, and ends', async () => {
    const { source, told } = start([{ total: 1_200 }]);
    const batches = await all(source.read(never));
    expect(numbers(batches)).toEqual(upTo(1_200));
    expect(batches.map(({ count, position }) => [count, position])).toEqual([
      [512, at(512)],
      [512, at(1_024)],
      [176, at(1_200)],
    ]);
    expect(told).toEqual(['next 512 on', 'next 512 on', 'next 512 on', 'next 512 on']);
    expect(source.progress()).toMatchObject({ unit: 'messages', done: 1_200 });
  });

  it('goes on from what was committed, digit by digit', async () => {
    const { source, told } = start([{ total: 20 }], { positions: { '': at(13) } });
    expect(numbers(await all(source.read(never)))).toEqual(upTo(20, 14));
    expect(told[0]).toBe(`next 512 ${at(13)}`);
  });

  it('is replaced when it dies, and goes on without a gap or a message twice', async () => {
    const { source, told, logs, opened } = start([{ die: 301 }, { total: 700, die: 650 }, { total: 700 }]);
    expect(numbers(await all(source.read(never)))).toEqual(upTo(700));
    expect(opened()).toBe(3);
    expect(told).toContain(`next 512 ${at(300)}`);
    expect(told).toContain(`next 512 ${at(649)}`);
    expect(logs).toHaveLength(2);
    expect(logs[0]).toBe(`Ticks: closed its output; it is begun again from ${at(300)}`);
  });

  it('begins anew, in the same instance, when the source itself fails', async () => {
    const { source, told, logs, opened } = start([{ total: 100, fail: 41 }]);
    expect(numbers(await all(source.read(never)))).toEqual(upTo(100));
    expect(opened()).toBe(1);
    expect(told.slice(0, 3)).toEqual(['next 512 on', 'next 512 on', `next 512 ${at(40)}`]);
    expect(logs).toEqual([`Ticks: no more for now; it is begun again from ${at(40)}`]);
  });

  it('says beside the good items which do not fit, and where they were', async () => {
    const { source } = start([{ total: 10, misfit: 4, unwritten: 7 }]);
    const [batch] = await all(source.read(never));
    expect(numbers([batch as SourceBatch])).toEqual([1, 2, 3, 5, 6, 8, 9, 10]);
    expect(batch?.count).toBe(8);
    expect(batch?.position).toBe(at(10));
    expect(
      batch?.rejected.map((one) => ({ ...one, payload: Buffer.from(one.payload).toString() })),
    ).toMatchObject([
      { payload: '"misfit 4"', place: `Ticks, position ${at(4)}`, after: 3 },
      { payload: '', message: 'NaN', place: `Ticks, position ${at(7)}`, after: 5 },
    ]);
  });

  it('asks for nothing while nobody pulls', async () => {
    const { source, told } = start([{}]);
    const batches = source.read(never)[Symbol.asyncIterator]();
    await batches.next();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(told).toEqual(['next 512 on']);
    await batches.next();
    expect(told).toHaveLength(2);
  });

  it('tells the service what is confirmed, of the run that is under way alone', async () => {
    const { source, told } = start([{ die: 11 }, { total: 30 }]);
    const batches = source.read(never)[Symbol.asyncIterator]();
    await batches.next();
    await source.commit(at(10), '');
    await batches.next();
    await source.commit(at(30), '');
    expect(told.filter((line) => line.startsWith('ack'))).toEqual([`ack ${at(10)}`, `ack ${at(30)}`]);

    const other = start([{ die: 11 }, { total: 30 }]);
    const later = other.source.read(never)[Symbol.asyncIterator]();
    await later.next();
    await later.next();
    await other.source.commit(at(10), '');
    await other.source.commit(at(30), '');
    expect(other.told.filter((line) => line.startsWith('ack'))).toEqual([`ack ${at(30)}`]);
  });

  it('lives with a service that fails to hear what is confirmed', async () => {
    const { source, logs } = start([{ total: 5, deaf: true }]);
    await all(source.read(never));
    await source.commit(at(5), '');
    expect(logs).toEqual([`Ticks: was told that ${at(5)} is confirmed, and failed: deaf`]);
  });

  it('ends when it is stopped, also while it waits, and is closed in order', async () => {
    const { source, told } = start([{ wait: 3 }]);
    const stop = new AbortController();
    const found: SourceBatch[] = [];
    const reading = (async () => {
      for await (const batch of source.read(stop.signal)) found.push(batch);
    })();
    while (told.filter((line) => line.startsWith('next')).length < 2) await new Promise(setImmediate);
    stop.abort();
    await reading;
    expect(numbers(found)).toEqual([1, 2, 3]);
    await source.commit(at(3), '');
    await source.close();
    await source.close();
    expect(told).toEqual(['next 512 on', 'next 512 on', 'cancel', `ack ${at(3)}`, 'shutdown']);
  });

  it('ends when it is closed while it waits', async () => {
    const { source, told } = start([{ wait: 1 }]);
    const reading = all(source.read(never));
    while (told.length < 2) await new Promise(setImmediate);
    await source.close();
    expect(numbers(await reading)).toEqual([1]);
  });

  it('reads as many as it is asked for', async () => {
    const { source, told } = start([{}], { rows: 600 });
    expect(numbers(await all(source.read(never)))).toEqual(upTo(600));
    expect(told).toEqual(['next 512 on', 'next 88 on']);
    expect(source.progress()).toMatchObject({ done: 600, total: 600 });
  });

  it('fails where the service has no sources, and says what to do', async () => {
    const { source } = start([{ none: true }]);
    await expect(all(source.read(never))).rejects.toMatchObject({
      code: 'service-failed',
      message: 'Ticks cannot be read from: there is no function next',
      hint: expect.stringContaining('build it again'),
    });
  });

  it('fails at once where the first instance does not come up', async () => {
    const source = createServiceSource({
      label: 'Ticks',
      functionName: 'ticks',
      positions: undefined,
      open: () => Promise.reject(new Error('no such image')),
      log: () => {},
    });
    await expect(all(source.read(never))).rejects.toThrow('no such image');
  });

  it('leaves no instance behind that was being opened when it was closed', async () => {
    const { source, alive } = start([{ total: 1_200 }]);
    const reading = all(source.read(never));
    await source.close();
    expect(await reading).toEqual([]);
    expect(alive()).toBe(0);
  });
});
