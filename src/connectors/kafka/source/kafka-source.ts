import type { Source, SourceBatch } from '../../connector.ts';
import { createBackoff } from '../client/backoff.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { createTroubleLog } from '../client/trouble-log.ts';
import type { Codec } from '../records/codecs.ts';
import type { Messages } from '../records/message-reader.ts';
import { createRecordCursor, createRun, type RecordRun } from '../records/record-cursor.ts';
import { type Claim, createClaims, type KafkaPosition } from './claims.ts';
import { createCommitter } from './committer.ts';
import { createFetcher } from './fetcher.ts';
import { beginOfPartition, type From, findOffsets, findStarts } from './find-start.ts';
import { createGroupMember } from './group-member.ts';
import type { KafkaOrigin, ShutOut } from './kafka-origin.ts';

export interface KafkaSourceOptions {
  readonly client: KafkaClient;
  readonly topic: string;
  readonly group: string;
  /** Under which it comes back to its group; undefined where it does not. */
  readonly instanceId: string | undefined;
  readonly from: From;
  readonly rows: number;
  /** Whether the keys of messages are asked for. */
  readonly keys: boolean;
  readonly sessionTimeout: number;
  readonly codecs: readonly (Codec | undefined)[];
  /** Turns records into messages; the place is `clicks/3`. */
  readMessages(run: RecordRun, place: string): Messages;
  toError(error: unknown): unknown;
  log(line: string): void;
}

/** Messages of a batch, at most; a run ends before at 64 KiB. */
const batchMessages = 512;

/**
 * Messages of a topic, as a member of a consumer group: partitions come and go with the group's other members. What the group gives to another
 * member is first finished and committed, as far as that comes about within a third of the rebalance timeout; what was handed over
 * and is not confirmed by then comes again there.
 */
export function createKafkaSource(options: KafkaSourceOptions): Source {
  const { client, topic, group, rows, codecs, log } = options;
  const claims = createClaims();
  const reading = new AbortController();
  const life = new AbortController();
  let failure: { readonly reason: unknown } | undefined;
  const trouble = createTroubleLog(`kafka/${topic}`, log);
  const run = createRun(Math.min(batchMessages, rows), options.keys);
  let wakeReader: () => void = () => {};
  let wakeDrain: () => void = () => {};
  let shutOut: ShutOut | undefined;
  let isMissed = false;
  let isHeld = true;
  let handedOver = 0;
  let turn = 0;
  let started: Promise<void> | undefined;
  let closing: Promise<void> | undefined;

  function fail(error: unknown): void {
    failure ??= { reason: options.toError(error) };
    wakeReader();
  }

  /** The membership is lost for good: nothing is read or confirmed any more. */
  function lose(error: unknown): void {
    hold(true);
    claims.keepOnly(new Set());
    wakeDrain();
    fail(error);
  }

  const fetcher = createFetcher({
    client,
    topic,
    claims: claims.all,
    trouble,
    signal: reading.signal,
    onFetched: () => wakeReader(),
    onFailure: fail,
    onOutOfRange,
  });

  const member = createGroupMember({
    client,
    group,
    instanceId: options.instanceId,
    topic,
    sessionTimeout: options.sessionTimeout,
    trouble,
    onMissing() {
      if (!isMissed) log(`kafka/${topic}: there is no such topic; waiting for it`);
      isMissed = true;
    },
    async onAssigned(partitions, kept) {
      const mine = new Set(kept ? partitions : []);
      releaseAll((claim) => !mine.has(claim.partition));
      claims.keepOnly(mine);
      const fresh = partitions.filter((partition) => !claims.all.has(partition));
      claims.add(await findStarts({ client, group, topic, from: options.from, shutOut }, fresh));
      hold(false);
      committer.schedule();
    },
    async onRebalance(signal) {
      hold(true);
      const { promise, resolve } = Promise.withResolvers<void>();
      wakeDrain = () => claims.areConfirmed() && resolve();
      wakeDrain();
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
      await promise;
      wakeDrain = () => {};
      await committer.flush().catch(trouble.failed);
    },
  });

  const committer = createCommitter(claims, member.commit, trouble.failed);

  const origin: KafkaOrigin = {
    system: 'kafka',
    group,
    topic,
    async clusterId() {
      // Who asks is about to confirm positions by transactions; a commit beside them might be late, and take one back.
      committer.stop();
      return (await client.metadata([], false)).clusterId;
    },
    shutOutBy(given) {
      shutOut = given;
    },
    membership: () => member.membership,
    owns: claims.owns,
    confirmed(partition, position) {
      if (claims.confirm(partition, position))
        claims.committed([{ partition, offset: position.offset, leaderEpoch: position.leaderEpoch }]);
      wakeDrain();
    },
  };

  function hold(held: boolean): void {
    isHeld = held;
    fetcher.hold(held);
    if (!held) wakeReader();
  }

  function releaseAll(which: (claim: Claim) => boolean): void {
    for (const claim of claims.all.values()) {
      if (!which(claim)) continue;
      fetcher.release(claim.cursorBytes);
      for (const { chunk } of claim.waiting) fetcher.release(chunk.records.length);
    }
  }

  /** What the group's offset names is not there: it was deleted before it was read, or the topic was made anew. */
  async function onOutOfRange(claim: Claim): Promise<void> {
    const begin =
      (await findOffsets(client, topic, [claim.partition], beginOfPartition)).get(claim.partition) ?? 0;
    log(
      `kafka/${topic}: ${topic}/${claim.partition} has no offset ${claim.fetched} (its messages were deleted before they were read, ` +
        `or the topic was made anew): going on with its first, ${begin}`,
    );
    if (claims.all.get(claim.partition) !== claim) return;
    releaseAll((other) => other === claim);
    claims.add([{ partition: claim.partition, offset: begin, leaderEpoch: -1 }]);
  }

  /** The next messages of some partition, each in turn; undefined while nothing has come. */
  function nextBatch(): SourceBatch | undefined {
    if (isHeld) return undefined;
    const all = [...claims.all.values()];
    for (let tries = 0; tries < all.length; tries++) {
      const claim = all[turn++ % all.length] as Claim;
      const batch = batchOf(claim);
      if (batch !== undefined) return batch;
    }
    return undefined;
  }

  function batchOf(claim: Claim): SourceBatch | undefined {
    for (;;) {
      if (claim.cursor === undefined) {
        const waiting = claim.waiting.shift();
        if (waiting === undefined) return undefined;
        claim.cursor = createRecordCursor(waiting.chunk, waiting.from, codecs);
        claim.cursorBytes = waiting.chunk.records.length;
      }
      const left = rows - handedOver;
      if (!claim.cursor.next(left < run.starts.length ? smaller(left) : run)) {
        claim.cursor = undefined;
        fetcher.release(claim.cursorBytes);
        claim.cursorBytes = 0;
        fetcher.wake();
        continue;
      }
      const filled = left < run.starts.length ? last : run;
      claim.read = filled.nextOffset;
      const messages = options.readMessages(filled, `${topic}/${claim.partition}`);
      if (messages.count + messages.rejected.length === 0) {
        committer.schedule();
        continue;
      }
      return asBatch(claim, filled, messages);
    }
  }

  let last = run;
  /** For the end of a limited number of messages. */
  function smaller(most: number): RecordRun {
    last = createRun(most, options.keys);
    return last;
  }

  function asBatch(claim: Claim, { nextOffset, leaderEpoch }: RecordRun, messages: Messages): SourceBatch {
    claim.handedOver = nextOffset;
    handedOver += messages.count + messages.rejected.length;
    const position: KafkaPosition = { offset: nextOffset, leaderEpoch, claim: claim.claim };
    return { ...messages, partition: `${topic}-${claim.partition}`, position };
  }

  /** A close that the broker does not answer ends after a while; what was not committed comes again. */
  async function close(): Promise<void> {
    reading.abort();
    wakeReader();
    committer.stop();
    if (started !== undefined) {
      const backoff = createBackoff();
      const limit = AbortSignal.timeout(closeLimit);
      const leaving = (async () => {
        for (; !limit.aborted && member.membership !== undefined; await backoff.pause(limit)) {
          if (
            await committer.flush().then(
              () => claims.uncommitted().length === 0,
              () => false,
            )
          )
            break;
        }
        await member.leave().catch(() => {});
      })();
      await Promise.race([
        leaving,
        new Promise((resolve) => limit.addEventListener('abort', resolve, { once: true })),
      ]);
    }
    // Nothing is ours any more: a transaction that is still open does not commit.
    claims.keepOnly(new Set());
    life.abort();
    client.close();
    await started?.catch(() => {});
  }

  async function* read(signal: AbortSignal): AsyncGenerator<SourceBatch, void, undefined> {
    const stop = () => {
      reading.abort();
      wakeReader();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      while (!reading.signal.aborted && handedOver < rows) {
        started ??= member.run(life.signal).catch(lose);
        const batch = nextBatch();
        if (batch !== undefined) {
          yield batch;
          continue;
        }
        const { promise, resolve } = Promise.withResolvers<void>();
        wakeReader = resolve;
        fetcher.wake();
        if (failure === undefined) await promise;
        if (failure !== undefined) throw failure.reason;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      reading.abort();
    }
  }

  return {
    read,
    origin,
    async commit(position, partition) {
      claims.confirm(partitionOf(partition), position as KafkaPosition);
      wakeDrain();
      committer.schedule();
    },
    close: () => (closing ??= close()),
    progress() {
      let lag = 0;
      for (const { end, handedOver: at } of claims.all.values()) lag += Math.max(0, end - at);
      const total = rows === Number.POSITIVE_INFINITY ? undefined : rows;
      return { unit: 'messages', done: handedOver, total, lag };
    },
  };
}

const closeLimit = 10_000;

/** Number of the partition in `clicks-3`. */
function partitionOf(name: string): number {
  return Number(name.slice(name.lastIndexOf('-') + 1));
}
