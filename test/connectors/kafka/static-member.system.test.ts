import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { OpenContext, Source } from '../../../src/connectors/index.ts';
import { instanceIdOf } from '../../../src/connectors/kafka/source/instance-id.ts';
import { startKafka, type TestKafka } from '../../support/brokers/kafka.ts';
import { failureOf, messagesOf } from '../support.ts';
import {
  committedOffsets,
  connectionTo,
  contextFor,
  freshName,
  pull,
  sendOutside,
  testSource,
} from './kafka-support.ts';

let broker: TestKafka;

beforeAll(async () => {
  broker = await startKafka();
});
afterAll(() => broker?.stop());

/** A member that dies is missed for a minute; nothing here may take that long. */
const session = 60_000;
const soon = 3_000;

function contextOf(topic: string, stateFolder: string | undefined): OpenContext {
  const connection = connectionTo(broker.bootstrap, { timeouts: { session } });
  return contextFor(broker, { topic }, { connection, ...(stateFolder !== undefined && { stateFolder }) });
}

const numbered = (from: number, to: number, partitions = 1) =>
  Array.from({ length: to - from }, (_, at) => ({
    value: `${from + at}`,
    partition: (from + at) % partitions,
  }));

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

/** Reads in a process of its own; resolves when that has read so many messages. */
async function startChild(context: OpenContext, count: number): Promise<ChildProcess> {
  const { log: _, ...plain } = context;
  const script = new URL('./reader-child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, JSON.stringify(plain)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let left = count;
  for await (const _line of createInterface({ input: child.stdout })) if (--left === 0) break;
  if (left > 0) throw new Error('the reader has ended');
  child.stdout.resume();
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Reads and commits until the test is over; `seen` grows. */
function follow(source: Source): { readonly seen: Set<unknown>; readonly partitions: Set<string> } {
  const followed = { seen: new Set<unknown>(), partitions: new Set<string>() };
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  void (async () => {
    for await (const batch of source.read(stop.signal)) {
      for (const message of messagesOf([batch])) followed.seen.add(message);
      followed.partitions.add(batch.partition ?? '');
      await source.commit(batch.position, batch.partition ?? '');
    }
  })();
  return followed;
}

async function describeGroup(topic: string) {
  const admin = await broker.admin();
  const { groups } = await admin.describeGroups([`nstack-w-${topic}`]).finally(() => admin.disconnect());
  return groups[0];
}

describe('a member that has a state folder', () => {
  it('reads on at once where one was killed', async () => {
    const topic = freshName();
    await broker.createTopic(topic, 2);
    await sendOutside(broker, topic, numbered(0, 100, 2));
    const context = contextOf(topic, '/state/a');
    await kill(await startChild(context, 100));
    await sendOutside(broker, topic, numbered(100, 200, 2));
    const { seen } = follow(await testSource(context));
    await expect.poll(() => range(100, 200).filter((n) => !seen.has(n)), { timeout: soon }).toEqual([]);
  });

  it('is gone from its group as soon as it is closed', async () => {
    const topic = freshName();
    await broker.createTopic(topic);
    await sendOutside(broker, topic, numbered(0, 10));
    const first = await testSource(contextOf(topic, '/state/a'));
    await pull(first, 10);
    await first.close();
    expect((await describeGroup(topic))?.members).toEqual([]);
    await sendOutside(broker, topic, numbered(10, 20));
    const started = Date.now();
    expect(messagesOf(await pull(await testSource(contextOf(topic, '/state/b')), 10))).toEqual(range(10, 20));
    expect(Date.now() - started).toBeLessThan(soon);
  });

  it('stops and commits nothing when another has taken its place', async () => {
    const topic = freshName();
    await broker.createTopic(topic);
    await sendOutside(broker, topic, numbered(0, 2_000));
    const context = contextOf(topic, '/state/a');
    const old = await testSource(context);
    const batches = old.read(new AbortController().signal)[Symbol.asyncIterator]();
    const held = await batches.next();
    const young = await testSource(context);
    const youngBatches = young.read(new AbortController().signal)[Symbol.asyncIterator]();
    expect(messagesOf([(await youngBatches.next()).value ?? expect.fail()])[0]).toBe(0);
    await old.commit(held.value?.position, held.value?.partition ?? '');
    const failure = await failureOf(
      (async () => {
        while ((await batches.next()).done !== true);
      })(),
    );
    expect(failure.code).toBe('broker-unavailable');
    expect(failure.message).toContain(`has taken our place in the group nstack-w-${topic}`);
    expect(failure.message).toContain(instanceIdOf(context));
    await old.close();
    expect((await committedOffsets(broker, `nstack-w-${topic}`, topic))[0]).toBe(-1);
    expect((await describeGroup(topic))?.members).toHaveLength(1);
  });

  it('shares with members that have none, and comes back without disturbing them', async () => {
    const topic = freshName();
    await broker.createTopic(topic, 4);
    const others = follow(await testSource(contextOf(topic, undefined)));
    await expect.poll(async () => (await describeGroup(topic))?.state, { timeout: 10_000 }).toBe('Stable');
    const started = startChild(contextOf(topic, '/state/a'), 1);
    let sent = 0;
    const send = async () => {
      await sendOutside(broker, topic, numbered(sent, sent + 40, 4));
      sent += 40;
    };
    // Until the newcomer has read something of its own.
    for (let isStarted = false; !isStarted; ) {
      await send();
      isStarted = await Promise.race([started.then(() => true), send().then(() => false)]);
    }
    const before = (await describeGroup(topic))?.members.map(({ memberId }) => memberId).sort();
    await kill(await started);
    others.partitions.clear();
    const back = await testSource(contextOf(topic, '/state/a'));
    const ours = follow(back);
    const from = sent;
    await send();
    const missing = () => range(from, sent).filter((n) => !ours.seen.has(n) && !others.seen.has(n));
    await expect.poll(missing, { timeout: soon }).toEqual([]);
    expect([ours.partitions.size, others.partitions.size]).toEqual([2, 2]);
    const after = (await describeGroup(topic))?.members.map(({ memberId }) => memberId).sort();
    expect(after?.filter((id) => before?.includes(id))).toHaveLength(1);
    await back.close();
    await send();
    await expect.poll(missing, { timeout: 10_000 }).toEqual([]);
  });
});

describe('the id of a member', () => {
  const idOf = (more: Partial<OpenContext>) =>
    instanceIdOf({ ...contextFor(broker, { topic: 't' }), workflow: 'my/flow', stateFolder: '/s', ...more });

  it('stays the same for a state folder, and is of each source and copy alone', () => {
    expect(idOf({})).toMatch(/^nstack-my_flow-[0-9a-f]{8}$/);
    expect(idOf({})).toBe(idOf({}));
    expect(new Set([idOf({}), idOf({ stateFolder: '/z' }), idOf({ node: 1 }), idOf({ node: 2 })]).size).toBe(
      4,
    );
  });

  it('is none where nothing is to come back', () => {
    expect(idOf({ durable: false })).toBeUndefined();
  });
});
