import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sink, SinkBatch } from '../../../src/connectors/index.ts';
import { type Block, createBlock, messageBytes } from '../../../src/supervisor/data-path/block.ts';
import { compose } from '../../../src/supervisor/data-path/compose.ts';
import { createConcatOutlet } from '../../../src/supervisor/data-path/concat-outlet.ts';
import type { DeadLetter } from '../../../src/supervisor/data-path/journal.ts';
import { type Book, createBook, createLedger } from '../../../src/supervisor/data-path/ledger.ts';
import { mergeResults } from '../../../src/supervisor/data-path/worked.ts';
import { compileValidator } from '../../../src/types/index.ts';
import { defaultRetry, type PlanNode } from '../../../src/workflow/index.ts';

// Graphs without services: what splits, filters and joins do to messages and to their deliveries.

const json = compileValidator({ kind: 'json' }, 'input');
const side = {
  kind: 'connector',
  connector: 'array',
  parameters: {},
  type: { kind: 'json' },
  format: 'json',
} as const;
const source = (...to: number[]): PlanNode => ({ kind: 'source', label: 'in', from: side, to });
const sinkNode = (label: string): PlanNode => ({ kind: 'sink', label, into: side });

interface ListSink extends Sink {
  readonly got: string[];
}

/** A sink that gives up on the messages that are `"bad"`. */
function listSink(): ListSink {
  const got: string[] = [];
  return {
    got,
    where: 'a list',
    async write({ items, count, starts, ends }: SinkBatch) {
      const texts = Array.from({ length: count }, (_, index) =>
        Buffer.from(items.subarray(starts[index], ends[index])).toString(),
      );
      const bad = texts.flatMap((text, index) => (text === '"bad"' ? [index] : []));
      got.push(...texts.filter((text) => text !== '"bad"'));
      return bad.map((index) => ({ index, message: 'no', attempts: 1 }));
    },
    async finish() {},
    async abandon() {},
  };
}

function run(nodes: readonly PlanNode[]) {
  const sinks = new Map(nodes.flatMap((node, index) => (node.kind === 'sink' ? [[index, listSink()]] : [])));
  const letters: DeadLetter[] = [];
  const committed: unknown[] = [];
  const book: Book = createBook();
  const inlets = compose({
    plan: { name: 'test', text: '', nodes },
    lanes: new Map(),
    sinks,
    stageCounts: new Map(),
    sinkCounts: new Map([...sinks.keys()].map((index) => [index, { label: '', out: 0 }])),
    deadLetters: {
      keep: async (letter) => void letters.push(letter),
      count: 0,
      where: '',
      close: async () => {},
    },
    retry: defaultRetry,
    json,
    origin: undefined,
    onTransacted: () => {},
    onFailure: (error) => {
      throw error;
    },
  });
  const ledger = createLedger(book, (position) => committed.push(position));
  return {
    letters,
    committed,
    book,
    got: (index: number) => sinks.get(index)?.got ?? [],
    async give(node: number, messages: readonly string[], position: unknown = 1): Promise<void> {
      const batch = ledger.open(messages.length, position, '');
      const pieces = [Buffer.from(messages.join(','))];
      await inlets.get(node)?.push(createBlock(pieces, messages.length, [{ batch, count: messages.length }]));
    },
    async end(...heads: number[]): Promise<void> {
      await Promise.all(heads.map((head) => inlets.get(head)?.end()));
      await ledger.drained();
    },
  };
}

it('gives what a list holds the key of the list', async () => {
  const batch = createLedger(createBook(), () => {}).open(3, 1, '');
  const given: Block[] = [];
  const outlet = createConcatOutlet(
    { push: async (block) => void given.push(block), end: async () => {} },
    json,
  );
  const keys = Int32Array.of(7, 8, 0);
  await outlet.push(createBlock([Buffer.from('[1,2],[],[3]')], 3, [{ batch, count: 3, keys }]));
  expect(given.flatMap(({ runs }) => runs.flatMap((run) => [...(run.keys ?? [])]))).toEqual([7, 7, 0]);
});

describe('a workflow that is a graph', () => {
  it('gives every branch each message, and commits when all branches have it', async () => {
    const flow = run([source(1, 2), sinkNode('a'), sinkNode('b')]);
    await flow.give(0, ['1', '2']);
    await flow.end(0);
    expect([flow.got(1), flow.got(2)]).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(flow.committed).toEqual([1]);
    expect(flow.book).toMatchObject({ read: 2, split: 2, confirmed: 4 });
  });

  it('takes the messages of several sources, and ends when all have', async () => {
    const flow = run([source(2), source(2), sinkNode('both')]);
    await flow.give(0, ['1']);
    await flow.give(1, ['2']);
    await flow.end(0, 1);
    expect(flow.got(2)).toEqual(['1', '2']);
  });

  it('drops missing values, and ends their deliveries', async () => {
    const flow = run([source(1), { kind: 'filter', to: [2] }, sinkNode('out')]);
    await flow.give(0, ['null', '1', 'null', '"null"', '0']);
    await flow.give(0, ['null'], 2);
    await flow.end(0);
    expect(flow.got(2)).toEqual(['1', '"null"', '0']);
    expect(flow.book).toMatchObject({ dropped: 3, confirmed: 3 });
    expect(flow.committed).toEqual([1, 2]);
  });

  it('unpacks lists byte for byte, empty ones to nothing', async () => {
    const flow = run([source(1), { kind: 'concat', to: [2] }, sinkNode('out')]);
    await flow.give(0, ['[1.0, {"a":[1,2]}]', '[]', '[ 9007199254740993 ]', '[[3],"x,y"]']);
    await flow.end(0);
    expect(flow.got(2)).toEqual(['1.0', '{"a":[1,2]}', '9007199254740993', '[3]', '"x,y"']);
    expect(flow.book).toMatchObject({ read: 4, split: 2, dropped: 1, confirmed: 5 });
    expect(flow.committed).toEqual([1]);
  });

  it('keeps what a sink gives up on as a dead letter of that sink', async () => {
    const flow = run([source(1), sinkNode('picky')]);
    await flow.give(0, ['1', '"bad"', '2']);
    await flow.end(0);
    expect(flow.got(1)).toEqual(['1', '2']);
    expect(flow.letters).toMatchObject([{ stage: 'picky', attempts: 1, error: { message: 'no' } }]);
    expect(flow.book).toMatchObject({ confirmed: 2, dead: 1 });
    expect(flow.committed).toEqual([1]);
  });

  it('accounts for every message, whatever lists and missing values there are', async () => {
    const element = fc.constantFrom('null', '1', '"bad"', '{"n":[null]}');
    const lists = fc.array(fc.array(element, { maxLength: 5 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(lists, async (messages) => {
        const flow = run([
          source(1),
          { kind: 'concat', to: [2, 4] },
          { kind: 'filter', to: [3] },
          sinkNode('present'),
          sinkNode('all'),
        ]);
        for (const [index, list] of messages.entries()) await flow.give(0, [`[${list.join(',')}]`], index);
        await flow.end(0);
        const all = messages.flat();
        const good = all.filter((text) => text !== '"bad"');
        expect(flow.got(4)).toEqual(good);
        expect(flow.got(3)).toEqual(good.filter((text) => text !== 'null'));
        const { read, split, confirmed, dead, dropped } = flow.book;
        expect(read + split).toBe(confirmed + dead + dropped);
        expect(flow.committed.at(-1)).toBe(messages.length - 1);
      }),
    );
  });
});

describe('results that are put back in their places', () => {
  it('stand where their messages stood, and those that are gone are named', () => {
    const verdicts = fc.array(fc.constantFrom('done', 'mended', 'gone'), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(verdicts, (each) => {
        const indices = each.flatMap((verdict, index) => (verdict === 'done' ? [] : [index]));
        const done = blockOf(each.flatMap((verdict, index) => (verdict === 'done' ? [index] : [])));
        const mended = blockOf(each.flatMap((verdict, index) => (verdict === 'mended' ? [index] : [])));
        const gone = indices.flatMap((index, nth) => (each[index] === 'gone' ? [nth] : []));
        const merged = mergeResults(
          { count: each.length, done, indices, mended: { results: mended, gone } },
          json,
        );
        const expected = each.flatMap((verdict, index) => (verdict === 'gone' ? [] : [String(index)]));
        expect(textsOf(merged.results)).toEqual(expected);
        expect(merged.gone).toEqual(each.flatMap((verdict, index) => (verdict === 'gone' ? [index] : [])));
      }),
    );
  });
});

const batch = createLedger(createBook(), () => {}).open(1_000, 0, '');

function blockOf(values: readonly number[]): Block | undefined {
  if (values.length === 0) return undefined;
  return createBlock([Buffer.from(values.join(','))], values.length, [{ batch, count: values.length }]);
}

function textsOf(block: Block | undefined): string[] {
  return Array.from({ length: block?.count ?? 0 }, (_, index) =>
    block === undefined ? '' : Buffer.from(messageBytes(block, index, json)).toString(),
  );
}
