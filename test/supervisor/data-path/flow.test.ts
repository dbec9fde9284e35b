import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sink, SinkBatch, Source, SourceBatch } from '../../../src/connectors/index.ts';
import { NstackError } from '../../../src/core/index.ts';
import { type Block, settleRuns } from '../../../src/supervisor/data-path/block.ts';
import { createFlow, type FlowOptions } from '../../../src/supervisor/data-path/flow.ts';
import type { DeadLetterKeeper } from '../../../src/supervisor/data-path/journal.ts';
import { createBook } from '../../../src/supervisor/data-path/ledger.ts';
import { createReplayer, type ReplayLetter } from '../../../src/supervisor/data-path/replay.ts';
import { defaultRetry, type PlanNode } from '../../../src/workflow/index.ts';

// Flows without services: how they begin, end, and take dead letters meanwhile.

const side = {
  kind: 'connector',
  connector: 'list',
  parameters: {},
  type: { kind: 'json' },
  format: 'json',
} as const;

const sourceNode = (label: string, to: number): PlanNode => ({ kind: 'source', label, from: side, to: [to] });
const sinkNode: PlanNode = { kind: 'sink', label: 'out', into: side };
const straight = [sourceNode('in', 1), sinkNode];

function batchOf(position: number, ...messages: readonly string[]): SourceBatch {
  return { items: [Buffer.from(messages.join(','))], count: messages.length, rejected: [], position };
}

/** Gives its batches, then waits for its end, or for `until`. */
function listSource(batches: readonly SourceBatch[], until: Promise<void> = new Promise(() => {})): Source {
  const closing = Promise.withResolvers<void>();
  return {
    async *read(signal) {
      yield* batches;
      signal.addEventListener('abort', () => closing.resolve());
      await Promise.race([until, closing.promise]);
    },
    async commit() {},
    async close() {
      closing.resolve();
    },
    progress: () => ({ unit: 'messages', done: 0, total: undefined }),
  };
}

/** Confirms nothing while its gate is shut. */
function listSink() {
  const got: string[] = [];
  const sink: Sink & { gate: Promise<void>; readonly got: string[] } = {
    got,
    gate: Promise.resolve(),
    where: 'a list',
    async write({ items, count, starts, ends }: SinkBatch) {
      await sink.gate;
      for (let index = 0; index < count; index++)
        got.push(Buffer.from(items.subarray(starts[index], ends[index])).toString());
      return [];
    },
    async finish() {},
    async abandon() {},
  };
  return sink;
}

function listKeeper(keep: DeadLetterKeeper['keep'] = async () => {}) {
  const keeper = { count: 0, where: 'a list', close: async () => {} };
  return {
    ...keeper,
    keep,
  };
}

function flowOf(
  nodes: readonly PlanNode[],
  sources: readonly Source[],
  more: Partial<Pick<FlowOptions, 'deadLetters' | 'openInstance' | 'onRunning'>> = {},
) {
  const sink = listSink();
  const running = Promise.withResolvers<void>();
  const flow = createFlow({
    plan: { name: 'test', text: '', nodes },
    sources: new Map(sources.entries()),
    sinks: new Map([[nodes.length - 1, sink]]),
    deadLetters: listKeeper(),
    retry: defaultRetry,
    openInstance: () => Promise.reject(new Error('there are no services here')),
    onReplaced: () => {},
    onRunning: running.resolve,
    ...more,
  });
  return { flow, sink, running: running.promise };
}

function letterOf(id: number, text: string): ReplayLetter {
  const error = { code: 1, message: 'no' };
  return { id, stage: 'out', error, attempts: 1, payload: Buffer.from(text), json: true };
}

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
});

describe('dead letters that are sent again', () => {
  it('are refused once the workflow is being stopped, and the workflow ends', async () => {
    const { flow, sink, running } = flowOf(straight, [listSource([batchOf(1, '1')])]);
    const gate = Promise.withResolvers<void>();
    sink.gate = gate.promise;
    const ended = flow.run();
    await running;
    while (flow.status().pending === 0) await new Promise(setImmediate);
    flow.stop();
    while (flow.status().phase !== 'draining') await new Promise(setImmediate);
    const replayed = flow.replay([letterOf(7, '2')]);
    gate.resolve();
    await expect(replayed).rejects.toThrow('is ending');
    expect(await ended).toMatchObject({ how: 'stopped', in: 1, out: 1, lost: 0 });
    expect(sink.got).toEqual(['1']);
  });

  it('arrive before the workflow ends, where they were sent before its sources did', async () => {
    const over = Promise.withResolvers<void>();
    const { flow, sink, running } = flowOf(straight, [listSource([], over.promise)]);
    const gate = Promise.withResolvers<void>();
    sink.gate = gate.promise;
    const ended = flow.run();
    await running;
    // More than the sink takes at once.
    const letters = Array.from({ length: 50 }, (_, id) => letterOf(id, `${id}`));
    const replayed = flow.replay(letters);
    over.resolve();
    while (flow.status().phase !== 'draining') await new Promise(setImmediate);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    gate.resolve();
    expect((await replayed).ended).toHaveLength(50);
    expect(await ended).toMatchObject({ how: 'complete', lost: 0 });
    expect(sink.got).toHaveLength(50);
  });

  it('do not make the count of what is lost wrong', async () => {
    const over = Promise.withResolvers<void>();
    const { flow, running } = flowOf(straight, [listSource([batchOf(1, '1', '2')], over.promise)]);
    const ended = flow.run();
    await running;
    await flow.replay([letterOf(7, '3'), letterOf(8, '4'), letterOf(9, '5')]);
    over.resolve();
    expect(await ended).toMatchObject({ in: 2, out: 5, lost: 0 });
  });

  it('go with the key that they came with, by which stages keep its order', async () => {
    const taken: Block[] = [];
    const inlet = {
      async push(block: Block) {
        taken.push(block);
        settleRuns(block.runs, 'confirmed');
      },
      async end() {},
    };
    const plan = { name: 'test', text: '', nodes: [sinkNode] };
    const { replay } = createReplayer(plan, new Map([[0, inlet]]), createBook());
    expect((await replay([{ ...letterOf(7, '1'), key: -7 }, letterOf(8, '2')])).ended).toEqual([7, 8]);
    expect(taken.map(({ runs }) => runs[0]?.keys)).toEqual([Int32Array.of(-7), undefined]);
  });

  it('are refused while the workflow starts, as what a user can wait for', async () => {
    const { flow } = flowOf(straight, [listSource([])]);
    const refused: unknown = await flow.replay([letterOf(7, '1')]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NstackError);
    expect(refused).toMatchObject({ code: 'usage' });
  });
});

describe('a flow', () => {
  it('runs until the last of its sources ends', async () => {
    const over = Promise.withResolvers<void>();
    const nodes = [sourceNode('short', 2), sourceNode('long', 2), sinkNode];
    const sources = [listSource([batchOf(1, '1')], Promise.resolve()), listSource([], over.promise)];
    const { flow, sink, running } = flowOf(nodes, sources);
    const ended = flow.run();
    await running;
    while (sink.got.length === 0) await new Promise(setImmediate);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(flow.status().phase).toBe('running');
    flow.pause();
    expect(flow.status().phase).toBe('paused');
    flow.resume();
    over.resolve();
    expect(await ended).toMatchObject({ how: 'complete', in: 1, out: 1, lost: 0 });
  });

  it('fails with what the journal said, also while its sink takes nothing more', async () => {
    const rejected = [{ payload: Buffer.from('x'), message: 'no JSON', place: 'in:1', after: 0 }];
    const batches = Array.from({ length: 20 }, (_, nth) => batchOf(nth, '1'));
    const last = { ...batchOf(20, '1'), rejected };
    const { flow, sink } = flowOf(straight, [listSource([...batches.slice(0, 8), last, ...batches])], {
      deadLetters: listKeeper(async () => {
        await new Promise(setImmediate);
        throw new NstackError('file-unwritable', 'the disk is full');
      }),
    });
    sink.gate = new Promise(() => {});
    await expect(flow.run()).rejects.toThrow('the disk is full');
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    expect(unhandled).toEqual([]);
  });
});
