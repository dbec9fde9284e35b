import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlockResult, rpcCodes } from '../../../src/bridge/index.ts';
import { keyHash } from '../../../src/core/index.ts';
import { arrayOf, type Block, createBlock, type Run } from '../../../src/supervisor/data-path/block.ts';
import type { DeadLetter } from '../../../src/supervisor/data-path/journal.ts';
import { createKeyedStage } from '../../../src/supervisor/data-path/keyed-stage.ts';
import { type Lane, LaneLost } from '../../../src/supervisor/data-path/lane.ts';
import { createBook, createLedger } from '../../../src/supervisor/data-path/ledger.ts';
import { compileValidator } from '../../../src/types/index.ts';
import type { CallOrder } from '../../../src/workflow/index.ts';
import { runs } from '../../support/runs.ts';

const json = compileValidator({ kind: 'json' }, 'input');

/** What the service does with a message: fails so many times, or takes the instance with it. */
interface Message {
  readonly id: number;
  readonly key: string;
  readonly fails?: number;
  readonly kills?: number;
}

interface Call {
  readonly lane: number;
  /** Of the instance that it was at. */
  readonly life: object;
  readonly message: Message;
  readonly how: 'done' | 'failed' | 'killed';
}

/** An instance that works one message after the other, each in a turn of its own, and says what it did. */
function createInstance(
  lane: number,
  calls: Call[],
  blocks: number[],
  gate = Promise.resolve(),
  turns = true,
  stops = false,
): Lane {
  let inFlight = 0;
  let working: Promise<unknown> = Promise.resolve();
  let life = {};
  const tried = new Map<number, number>();

  async function workBlock(messages: readonly Message[], stopAtFailure: boolean): Promise<BlockResult> {
    const failed: { index: number; error: { code: number; message: string } }[] = [];
    const done: string[] = [];
    for (const [index, message] of messages.entries()) {
      if (stopAtFailure && failed.length > 0) {
        failed.push({ index, error: { code: rpcCodes.notBegun, message: 'not begun' } });
        continue;
      }
      await gate;
      if (turns || index === 0) await new Promise(setImmediate);
      const tries = (tried.get(message.id) ?? 0) + 1;
      tried.set(message.id, tries);
      if (tries <= (message.kills ?? 0)) {
        calls.push({ lane, life, message, how: 'killed' });
        life = {};
        throw new LaneLost('died', true);
      }
      const fails = tries <= (message.fails ?? 0);
      calls.push({ lane, life, message, how: fails ? 'failed' : 'done' });
      if (fails) failed.push({ index, error: { code: -32000, message: 'not yet' } });
      else done.push(`"${message.id}"`);
    }
    const items = Buffer.from(`[${done.join(',')}]`);
    const scan = json.scanArray(items, 0, items.length);
    if ('kind' in scan) throw new Error('no array');
    const { count, starts, ends } = scan;
    return { items, count, starts: starts.slice(0, count), ends: ends.slice(0, count), failed };
  }

  return {
    ready: async () => {},
    async send(pieces, count, { stopAtFailure = false } = {}) {
      inFlight++;
      const messages: Message[] = JSON.parse(`[${Buffer.concat([...pieces]).toString()}]`);
      expect(messages).toHaveLength(count);
      blocks.push(count);
      const begun = life;
      const result = working.then(() => {
        if (life !== begun) throw new LaneLost('died', false);
        if (!stops) expect(stopAtFailure).toBe(false);
        return workBlock(messages, stopAtFailure);
      });
      working = result.catch(() => {});
      try {
        return { result: await result, milliseconds: 0.1 };
      } finally {
        inFlight--;
      }
    },
    get inFlight() {
      return inFlight;
    },
    stopsAtFailure: stops,
    close: async () => {},
  };
}

interface Setting {
  readonly lanes: number;
  readonly order: CallOrder;
  readonly withKeys?: boolean;
  /** Whether each message has a turn of the event loop of its own, and not each block. */
  readonly turns?: boolean;
  /** Whether instances heed `stopAtFailure`. */
  readonly stops?: boolean;
  readonly gates?: readonly Promise<void>[];
}

/** Pushes batches through a stage; each is of the partition with its number, modulo `partitions`. */
async function carry(
  batches: readonly (readonly Message[])[],
  { lanes, order, withKeys = false, turns = true, stops = false, gates = [] }: Setting,
  partitions = 1,
) {
  const calls: Call[] = [];
  const blocks: number[] = [];
  const dead: DeadLetter[] = [];
  const left: { partition: string; id: number }[] = [];
  const sent = batches.flat();
  const book = createBook();
  const ledger = createLedger(book, () => {});
  const failure = Promise.withResolvers<never>();
  const counts = { label: 'Work', in: 0, out: 0, dead: 0, retries: 0, replaced: 0, waiting: 0 };
  const stage = createKeyedStage({
    label: 'Work',
    lanes: Array.from({ length: lanes }, (_, lane) =>
      createInstance(lane, calls, blocks, gates[lane], turns, stops),
    ),
    order,
    outlet: {
      async push(block) {
        const { text, starts, ends } = arrayOf(block, json);
        const keys = block.runs.flatMap(({ batch, count, keys }) =>
          Array.from({ length: count }, (_, at) => ({
            partition: batch.sequence.partition,
            key: keys?.[at],
          })),
        );
        for (let index = 0; index < block.count; index++) {
          const id = Number(JSON.parse(Buffer.from(text.subarray(starts[index], ends[index])).toString()));
          const message = sent[id];
          if (withKeys) expect(keys[index]?.key).toBe(keyHash(Buffer.from(message?.key ?? '')));
          left.push({ partition: keys[index]?.partition ?? '', id });
        }
        for (const { batch, count } of block.runs) batch.settle(count, 'confirmed');
      },
      async end() {},
    },
    deadLetters: {
      count: 0,
      where: 'a list',
      close: async () => {},
      async keep(letter) {
        dead.push(letter);
      },
    },
    retry: { attempts: 3, backoff: 1, longestBackoff: 1, jitter: 0 },
    json,
    counts,
    onFailure: failure.reject,
  });
  const blockOf = (messages: readonly Message[], nth: number): Block => {
    const batch = ledger.open(messages.length, nth, String(nth % partitions));
    const run: Run = { batch, count: messages.length };
    const keys = Int32Array.from(messages, ({ key }) => keyHash(Buffer.from(key)));
    const text = messages.map((message) => JSON.stringify(message)).join(',');
    return createBlock([Buffer.from(text)], messages.length, [withKeys ? { ...run, keys } : run]);
  };
  const pushed = (async () => {
    for (const [nth, messages] of batches.entries()) await stage.push(blockOf(messages, nth));
    await stage.end();
  })();
  const over = Promise.race([pushed, failure.promise]);
  return { over, calls, blocks, dead, left, book, counts };
}

/**
 * Each key's messages in order, one through before the next begins, all at one instance; one that takes the place of another may begin with messages that the other
 * had not answered.
 */
function expectInOrder(calls: readonly Call[], groupOf: (message: Message) => string): void {
  for (const [group, own] of Map.groupBy(calls, ({ message }) => groupOf(message))) {
    expect(new Set(own.map(({ lane }) => lane)).size, group).toBe(1);
    for (const ofOne of Map.groupBy(own, ({ life }) => life).values()) {
      const ids = ofOne.map(({ message }) => message.id);
      expect(ids, group).toEqual(ids.toSorted((a, b) => a - b));
    }
  }
}

const kinds = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  fails: fc.constantFrom(0, 0, 0, 0, 1, 2, 3),
  kills: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 3),
});

describe('a stage whose calls are in order', () => {
  it('calls the messages of a key one after the other, at one instance, whatever fails and dies, and loses none', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(kinds, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom<CallOrder>('key', '.key'),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        async (shapes, lanes, order, partitions, stops) => {
          let id = 0;
          const batches = shapes.map((batch) => batch.map((one) => ({ id: id++, ...one })));
          const ran = await carry(batches, { lanes, order, withKeys: order === 'key', stops }, partitions);
          await ran.over;
          // Partitions are taken in any order: across them a key has no order of its own.
          const calls = partitions === 1 ? ran.calls : ran.calls.filter(({ how }) => how === 'done');
          if (partitions === 1) expectInOrder(calls, ({ key }) => key);
          const fatal = batches
            .flat()
            .filter(({ fails, kills }) => fails >= 3 || kills >= 3 || fails + kills >= 3);
          expect(ran.dead.length).toBeLessThanOrEqual(
            fatal.length + batches.flat().filter(({ kills }) => kills > 0).length,
          );
          for (let partition = 0; partition < partitions; partition++) {
            const own = ran.left.filter((one) => one.partition === String(partition)).map((one) => one.id);
            expect(own).toEqual(own.toSorted((a, b) => a - b));
          }
          expect(ran.left.length + ran.dead.length).toBe(id);
          for (const { payload, key } of ran.dead) {
            const message: Message = JSON.parse(Buffer.from(payload).toString());
            expect(key).toBe(order === 'key' ? keyHash(Buffer.from(message.key)) : undefined);
          }
          expect(ran.book).toMatchObject({ read: id, confirmed: ran.left.length, dead: ran.dead.length });
        },
      ),
      runs(60),
    );
  });

  it('keeps the order of a partition where that is asked for, or where messages have no key', async () => {
    const batches = Array.from({ length: 12 }, (_, nth) =>
      Array.from({ length: 5 }, (_, at) => ({ id: nth * 5 + at, key: 'x', fails: at === 2 ? 1 : 0 })),
    );
    for (const [order, stops] of [
      ['partition', true],
      ['partition', false],
      ['key', true],
      ['.missing', false],
    ] as const) {
      const ran = await carry(batches, { lanes: 3, order, stops }, 3);
      await ran.over;
      expectInOrder(ran.calls, ({ id }) => String(Math.floor(id / 5) % 3));
      expect(new Set(ran.calls.map(({ lane }) => lane)).size).toBe(3);
    }
  });

  it('lets other keys pass while a message is tried again', async () => {
    const gate = Promise.withResolvers<void>();
    const keys = Array.from({ length: 40 }, (_, nth) => `key ${nth}`);
    const laneOf = (key: string) => (keyHash(Buffer.from(key)) >>> 0) % 2;
    const batch = keys.map((key, id) => ({ id, key }));
    const ran = await carry([batch, batch.map(({ id, key }) => ({ id: id + 40, key }))], {
      lanes: 2,
      order: '.key',
      gates: [gate.promise],
    });
    const others = keys.filter((key) => laneOf(key) === 1).length;
    while (ran.calls.length < 2 * others) await new Promise(setImmediate);
    expect(ran.calls.every(({ lane }) => lane === 1)).toBe(true);
    gate.resolve();
    await ran.over;
    expect(ran.left.map(({ id }) => id)).toEqual(Array.from({ length: 80 }, (_, id) => id));
  });

  it('sends many keys in one block, and many messages of one key where the service stops at a failure', async () => {
    for (const [keys, stops] of [
      [500, false],
      [2, true],
    ] as const) {
      const batches = Array.from({ length: 20 }, (_, nth) =>
        Array.from({ length: 500 }, (_, at) => ({ id: nth * 500 + at, key: `key ${at % keys}` })),
      );
      const ran = await carry(batches, { lanes: 2, order: '.key', turns: false, stops });
      await ran.over;
      expect(Math.max(...ran.blocks)).toBeGreaterThan(100);
    }
  });
});
