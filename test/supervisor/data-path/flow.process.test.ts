import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPeer } from '../../../src/bridge/index.ts';
import type { Sink, SinkBatch, Source, SourceBatch } from '../../../src/connectors/index.ts';
import { NstackError } from '../../../src/core/index.ts';
import { parseManifest } from '../../../src/manifest/index.ts';
import { createDeadLetterFile } from '../../../src/supervisor/data-path/dead-letters.ts';
import { createFlow, type Flow } from '../../../src/supervisor/data-path/flow.ts';
import type { OpenInstance } from '../../../src/supervisor/data-path/lane.ts';
import { compileValidator, parseApi, type Type } from '../../../src/types/index.ts';
import { defaultRetry, type Plan, type PlanNode } from '../../../src/workflow/index.ts';

// The services are real child processes that die, hang and fail (test/fixtures/children/block-service.mjs); the source and the sink are
// arrays, so that a test can see every message.

interface Message {
  readonly id: number;
  readonly do?: string;
  readonly times?: number;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flow-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const program = new URL('../../fixtures/children/block-service.mjs', import.meta.url).pathname;
const { api } = parseApi('work : Json -> { id: Integer, seen: Integer }');
const output: Type = api?.functions[0]?.output ?? { kind: 'json' };

async function openChild(): Promise<OpenInstance> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const peer = createPeer({
    input: child.stdout,
    output: child.stdin,
    results: () => compileValidator(output, 'result'),
    limits: { message: 1_000_000, depth: 256 },
    onEvent: () => {},
  });
  const limits = { message: 1_000_000, depth: 256 };
  await peer.initialize(
    { protocol: 1, service: { name: 'Work', version: '1.0.0' }, parameters: {}, api: {}, limits },
    { timeout: 10_000 },
  );
  return {
    peer,
    async close() {
      peer.close();
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function planOf(manifestText: string, stages = 1): Plan {
  const { manifest } = parseManifest(manifestText, 'nstack.yaml');
  if (manifest === undefined) throw new Error('the test manifest is wrong');
  const service = {
    kind: 'service',
    service: 'Work',
    version: '1.0.0',
    image: '',
    function: 'work',
    input: { kind: 'json' },
    output,
    parameters: {},
    settings: {},
    manifest,
  } as const;
  return graph([
    { kind: 'source', label: 'array', from: side, to: [1] },
    ...Array.from({ length: stages }, (_, nth): PlanNode => {
      return { kind: 'stage', label: 'Work', service, to: [nth + 2] };
    }),
    { kind: 'sink', label: 'array', into: side },
  ]);
}

const side = {
  kind: 'connector',
  connector: 'array',
  parameters: {},
  type: { kind: 'json' },
  format: 'json',
} as const;

function graph(nodes: readonly PlanNode[]): Plan {
  return { name: 'test', text: '', nodes };
}

class ArraySource implements Source {
  readonly batches: readonly (readonly Message[])[];
  readonly committed: unknown[] = [];
  pulled = 0;

  constructor(batches: readonly (readonly Message[])[]) {
    this.batches = batches;
  }

  async *read(): AsyncGenerator<SourceBatch> {
    for (const messages of this.batches) {
      const position = ++this.pulled;
      yield {
        items: [Buffer.from(messages.map((one) => JSON.stringify(one)).join(','))],
        count: messages.length,
        rejected: [],
        position,
      };
    }
  }

  async commit(position: unknown): Promise<void> {
    this.committed.push(position);
  }

  async close(): Promise<void> {}

  progress() {
    return { unit: 'messages', done: this.pulled, total: this.batches.length } as const;
  }
}

class ArraySink implements Sink {
  readonly where = 'an array';
  readonly results: { id: number; seen: number }[] = [];
  ending: string | undefined;
  gate: Promise<void> = Promise.resolve();

  async write({ items, count, starts, ends }: SinkBatch): Promise<readonly []> {
    for (let index = 0; index < count; index++) {
      this.results.push(JSON.parse(Buffer.from(items.subarray(starts[index], ends[index])).toString()));
    }
    await this.gate;
    return [];
  }

  async finish(how: string): Promise<void> {
    this.ending = how;
  }

  async abandon(): Promise<void> {
    this.ending = 'abandoned';
  }
}

function start(
  plan: Plan,
  batches: readonly (readonly Message[])[],
  openInstance: () => Promise<OpenInstance> = openChild,
) {
  const source = new ArraySource(batches);
  const sink = new ArraySink();
  const replaced: string[] = [];
  const path = join(folder, 'dead.ndjson');
  const flow: Flow = createFlow({
    plan,
    sources: new Map([[0, source]]),
    sinks: new Map([[plan.nodes.length - 1, sink]]),
    retry: defaultRetry,
    deadLetters: createDeadLetterFile(path, plan.name),
    openInstance,
    onReplaced: (_node, reason) => replaced.push(reason),
  });
  const letters = async () =>
    (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { flow, source, sink, replaced, letters };
}

const manifest = 'name: Work\nstack: python\napi: |\n  work : Json -> { id: Integer, seen: Integer }\n';

function numbered(
  count: number,
  special: Record<number, Omit<Message, 'id'>> = {},
  batchSize = 100,
): Message[][] {
  const messages = Array.from({ length: count }, (_, id) => ({ id, ...special[id] }));
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, nth) =>
    messages.slice(nth * batchSize, (nth + 1) * batchSize),
  );
}

const ids = (sink: ArraySink) => sink.results.map(({ id }) => id);
const without = (count: number, ...gone: number[]) =>
  Array.from({ length: count }, (_, id) => id).filter((id) => !gone.includes(id));

describe('a running workflow', () => {
  it('carries every message through its stages, in order, and commits every position', async () => {
    const { flow, sink, source } = start(planOf(manifest, 2), numbered(2_000));
    const outcome = await flow.run();
    expect(outcome).toMatchObject({ how: 'complete', in: 2_000, out: 2_000, deadLetters: 0, lost: 0 });
    expect(ids(sink)).toEqual(without(2_000));
    expect(source.committed.at(-1)).toBe(20);
    expect(sink.ending).toBe('complete');
  });

  it('keeps the order over several instances of a stage', async () => {
    const { flow, sink } = start(planOf(`${manifest}replicas: 3\n`), numbered(3_000));
    await flow.run();
    expect(ids(sink)).toEqual(without(3_000));
  });

  it('tries a failing message again, in its place', async () => {
    const { flow, sink } = start(
      planOf(manifest),
      numbered(300, { 7: { do: 'fail', times: 1 }, 250: { do: 'fail', times: 2 } }),
    );
    const outcome = await flow.run();
    expect(outcome).toMatchObject({ out: 300, deadLetters: 0, lost: 0 });
    expect(ids(sink)).toEqual(without(300));
    expect(sink.results[250]?.seen).toBe(3);
    expect(flow.status().stages[0]?.retries).toBe(3);
  });

  it('makes a message that fails each time a dead letter with its error, and lets the others pass', async () => {
    const { flow, sink, letters } = start(
      planOf(manifest),
      numbered(300, { 0: { do: 'fail' }, 299: { do: 'fail' } }),
    );
    const outcome = await flow.run();
    expect(outcome).toMatchObject({ in: 300, out: 298, deadLetters: 2, lost: 0 });
    expect(ids(sink)).toEqual(without(300, 0, 299));
    expect(await letters()).toMatchObject([
      {
        stage: 'Work',
        attempts: 3,
        message: { id: 0, do: 'fail' },
        error: { code: -32000, message: 'Error: message 0', data: { stack: 'at user code' } },
      },
      { message: { id: 299 } },
    ]);
  });

  it('does not try a result again that does not fit the declared type', async () => {
    const { flow, sink, letters } = start(planOf(manifest), numbered(50, { 20: { do: 'misfit' } }));
    await flow.run();
    expect(ids(sink)).toEqual(without(50, 20));
    expect(await letters()).toMatchObject([{ attempts: 1, error: { code: -32001 } }]);
  });

  it('replaces an instance that dies, finds the message that kills it, and loses no other', async () => {
    const { flow, sink, letters, replaced } = start(planOf(manifest), numbered(400, { 123: { do: 'die' } }));
    const outcome = await flow.run();
    expect(outcome).toMatchObject({ in: 400, out: 399, deadLetters: 1, lost: 0 });
    expect(ids(sink)).toEqual(without(400, 123));
    expect(await letters()).toMatchObject([{ message: { id: 123 }, error: { code: -32004 } }]);
    expect(replaced.length).toBeGreaterThanOrEqual(3);
  });

  it('starts another instance when one is lost before it has come up', async () => {
    let opened = 0;
    const { flow, sink, replaced } = start(
      planOf(manifest),
      numbered(200, { 5: { do: 'die' } }),
      async () => {
        if (++opened === 2) throw new NstackError('service-failed', 'ended with exit code 137');
        return openChild();
      },
    );
    expect(await flow.run()).toMatchObject({ in: 200, out: 199, deadLetters: 1, lost: 0 });
    expect(ids(sink)).toEqual(without(200, 5));
    expect(replaced).toContain('did not come up: ended with exit code 137');
  });

  it('ends a call that hangs after its timeout and goes on with the others', async () => {
    const { flow, sink, letters } = start(
      planOf(`${manifest}limits: { timeout: 200ms }\n`),
      numbered(40, { 11: { do: 'hang' } }),
    );
    const outcome = await flow.run();
    expect(outcome).toMatchObject({ out: 39, deadLetters: 1, lost: 0 });
    expect(ids(sink)).toEqual(without(40, 11));
    expect((await letters())[0].error.message).toContain('200 ms');
  });

  it('fails when every instance dies, and leaves no result behind', async () => {
    const all = Object.fromEntries(without(100).map((id) => [id, { do: 'die' }]));
    const { flow, sink } = start(planOf(manifest), numbered(100, all));
    await expect(flow.run()).rejects.toThrow('instances in a row were lost');
    expect(sink.ending).toBe('abandoned');
  });

  it('stops reading while the sink is slow', async () => {
    const { flow, sink, source } = start(planOf(manifest), numbered(100_000));
    const gate = Promise.withResolvers<void>();
    sink.gate = gate.promise;
    const running = flow.run();
    let before = -1;
    while (source.pulled !== before || source.pulled === 0) {
      before = source.pulled;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(source.pulled).toBeLessThan(200);
    gate.resolve();
    expect(await running).toMatchObject({ out: 100_000, lost: 0 });
  });

  it('finishes what was read when it is stopped, and says that it was', async () => {
    const { flow, sink, source } = start(planOf(manifest), numbered(100_000));
    const gate = Promise.withResolvers<void>();
    sink.gate = gate.promise;
    const running = flow.run();
    while (source.pulled === 0) await new Promise(setImmediate);
    flow.stop();
    gate.resolve();
    const outcome = await running;
    expect(outcome.how).toBe('stopped');
    expect(outcome.in).toBeLessThan(100_000);
    expect(outcome).toMatchObject({ lost: 0, out: outcome.in });
    expect(sink.ending).toBe('stopped');
  });

  it('gives up at once when it must, and leaves no result behind', async () => {
    const { flow, sink } = start(planOf(manifest), numbered(100, { 3: { do: 'hang' } }));
    const running = flow.run();
    flow.stopNow(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(sink.ending).toBe('abandoned');
  });

  it('tries the failed messages of a block again together, and the others not', async () => {
    const special = Object.fromEntries(
      Array.from({ length: 60 }, (_, nth) => [nth * 3, { do: 'fail', times: 1 }]),
    );
    const { flow, sink } = start(planOf(manifest), numbered(200, special));
    await flow.run();
    expect(ids(sink)).toEqual(without(200));
    expect(sink.results.map(({ seen }) => seen)).toEqual(
      without(200).map((id) => (special[id] === undefined ? 1 : 2)),
    );
  });

  it('reads nothing more while it is paused, finishes what was read, and goes on', async () => {
    const { flow, sink, source } = start(planOf(manifest), numbered(50_000));
    const running = flow.run();
    while (sink.results.length === 0) await new Promise(setImmediate);
    flow.pause();
    while (flow.status().pending > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const pulled = source.pulled;
    expect(flow.status().phase).toBe('paused');
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    expect(flow.status().sources[0]?.in).toBe(sink.results.length);
    expect(source.pulled).toBeLessThanOrEqual(pulled + 1);
    flow.resume();
    expect(await running).toMatchObject({ how: 'complete', out: 50_000, lost: 0 });
    expect(ids(sink)).toEqual(without(50_000));
  });

  it('can be stopped while it is paused', async () => {
    const { flow, sink } = start(planOf(manifest), numbered(50_000));
    const running = flow.run();
    while (sink.results.length === 0) await new Promise(setImmediate);
    flow.pause();
    flow.stop();
    const outcome = await running;
    expect(outcome).toMatchObject({ how: 'stopped', lost: 0, out: outcome.in });
  });

  it('lets other partitions pass while one waits for a message that hangs', async () => {
    const held = numbered(20, { 0: { do: 'hang' } }, 20);
    const { flow, sink, source } = start(planOf(`${manifest}replicas: 2\nlimits: { timeout: 1s }\n`), []);
    source.read = async function* () {
      const of = (messages: readonly Message[], partition: string, position: number) => ({
        items: [Buffer.from(messages.map((one) => JSON.stringify(one)).join(','))],
        count: messages.length,
        rejected: [],
        position,
        partition,
      });
      yield of(held[0] ?? [], 'held', 1);
      for (let nth = 1; nth <= 200; nth++) {
        const messages = Array.from({ length: 20 }, (_, index) => ({ id: nth * 100 + index }));
        yield of(messages, 'free', nth);
      }
    };
    const outcome = await flow.run();
    expect(outcome).toMatchObject({ in: 4_020, out: 4_019, deadLetters: 1, lost: 0 });
    const free = ids(sink).filter((id) => id >= 100);
    expect(free).toEqual([...free].sort((a, b) => a - b));
    expect(ids(sink).filter((id) => id < 100)).toEqual(without(20, 0));
    // Those behind the hanging message were read first, and came when others had passed them.
    expect(ids(sink).indexOf(1)).toBeGreaterThan(20);
  });

  it('confirms what a service has taken that is a sink', async () => {
    const plan = planOf(manifest);
    const nodes = plan.nodes.flatMap((node): PlanNode[] => {
      if (node.kind === 'sink') return [];
      return [node.kind === 'stage' ? { ...node, to: [] } : node];
    });
    const { flow, source } = start({ ...plan, nodes }, numbered(500));
    expect(await flow.run()).toMatchObject({ in: 500, out: 500, lost: 0 });
    expect(flow.status().sinks).toEqual([{ label: 'Work', out: 500 }]);
    expect(source.committed.at(-1)).toBe(5);
  });

  it('sends dead letters once more to the stage that gave them up', async () => {
    const { flow, sink, source, letters } = start(planOf(manifest), [[{ id: 1, do: 'fail', times: 4 }]]);
    const gate = Promise.withResolvers<void>();
    const { read } = source;
    source.read = async function* () {
      yield* read.call(source);
      await gate.promise;
    };
    const running = flow.run();
    await expect.poll(letters).toHaveLength(1);
    const [letter] = await letters();
    const payload = Buffer.from(JSON.stringify(letter.message));
    const again = { id: 7, stage: 'Work', error: letter.error, attempts: 3, payload, json: true };
    expect(await flow.replay([again])).toEqual({ ended: [7], failed: 0, refused: [] });
    expect(ids(sink)).toEqual([1]);
    expect(await flow.replay([{ ...again, stage: 'Gone' }])).toMatchObject({ refused: [{ id: 7 }] });
    gate.resolve();
    await running;
  });
});
