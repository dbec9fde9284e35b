import { createBackoff } from '../client/backoff.ts';
import { fetchRequest, type PartitionFetch } from '../client/data-requests.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { failureKind } from '../client/kafka-failure.ts';
import { throwKafkaError, typeOfCode } from '../client/protocol-error.ts';
import type { TroubleLog } from '../client/trouble-log.ts';
import { endOf } from '../records/record-batch.ts';
import type { Claim } from './claims.ts';

export interface FetcherOptions {
  readonly client: KafkaClient;
  readonly topic: string;
  readonly claims: ReadonlyMap<number, Claim>;
  readonly trouble: TroubleLog;
  readonly signal: AbortSignal;
  /** Something was fetched. */
  onFetched(): void;
  onFailure(error: unknown): void;
  /** The broker has not (or no longer) what the claim asks for. */
  onOutOfRange(claim: Claim): Promise<void>;
}

/**
 * Keeps fetching what the claims ask for, one request at a time a leader, until so many bytes wait to be read. Every request asks for all
 * partitions of its leader, in turn first, so that none starves.
 */
export interface Fetcher {
  /** Claims have come, or bytes were read: fetches go on where they may. */
  wake(): void;
  /** Bytes of a chunk that nobody needs any more. */
  release(bytes: number): void;
  /** Nothing is fetched while it is held. */
  hold(held: boolean): void;
}

/** Fetches go on while fewer bytes than this wait; one answer a leader may come on top. */
const readAhead = 4 * 1024 * 1024;
const answerBytes = 4 * 1024 * 1024;
const partitionBytes = 1024 * 1024;
/** How long a broker may wait for messages before it answers with none. */
const maxWait = 500;

export function createFetcher(options: FetcherOptions): Fetcher {
  const { client, topic, claims, trouble, signal } = options;
  const backoff = createBackoff();
  const busy = new Set<number>();
  const leaders = new Map<number, number>();
  let isLooking = false;
  let waiting = 0;
  let held = false;
  let turn = 0;

  function wake(): void {
    if (signal.aborted || held || waiting >= readAhead) return;
    const byLeader = new Map<number, Claim[]>();
    let isUnknown = false;
    for (const claim of claims.values()) {
      const leader = leaders.get(claim.partition);
      if (leader === undefined) isUnknown = true;
      else if (!busy.has(leader)) byLeader.set(leader, [...(byLeader.get(leader) ?? []), claim]);
    }
    for (const [leader, wanted] of byLeader) void fetchFrom(leader, wanted);
    if (isUnknown) void look();
  }

  /** Asks who leads which partition. */
  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      const { topics } = await client.metadata([topic], false);
      const found = topics[0];
      if (found === undefined || found.errorCode !== 0) throwKafkaError(found?.errorCode ?? 3);
      for (const { id, leader } of found.partitions) if (leader >= 0) leaders.set(id, leader);
      if ([...claims.keys()].some((partition) => !leaders.has(partition))) throwKafkaError(5);
    } catch (error) {
      await failed(error);
    }
    isLooking = false;
    wake();
  }

  async function failed(error: unknown): Promise<void> {
    if (signal.aborted) return;
    if (failureKind(error) === 'final') options.onFailure(error);
    trouble.failed(error);
    await backoff.pause(signal);
  }

  async function fetchFrom(leader: number, wanted: readonly Claim[]): Promise<void> {
    busy.add(leader);
    try {
      const start = turn++ % wanted.length;
      const inTurn = [...wanted.slice(start), ...wanted.slice(0, start)];
      const broker = await client.broker(leader);
      const answers = await broker.send(
        fetchRequest({
          topic,
          partitions: inTurn.map(({ partition, fetched }) => ({ partition, offset: fetched })),
          maxWait,
          maxBytes: answerBytes,
          maxBytesPerPartition: partitionBytes,
        }),
      );
      let wentWrong: unknown;
      for (const answer of answers) {
        const claim = inTurn.find(({ partition }) => partition === answer.partition);
        // It may have gone to another member, or have come anew, while the answer was under way.
        if (claim === undefined || claims.get(answer.partition) !== claim) continue;
        try {
          await take(claim, answer);
        } catch (error) {
          leaders.delete(answer.partition);
          wentWrong = error;
        }
      }
      if (wentWrong !== undefined) throw wentWrong;
      backoff.reset();
      trouble.worked();
    } catch (error) {
      if (!signal.aborted && failureKind(error) === 'connection') client.drop(leader);
      for (const { partition } of wanted) leaders.delete(partition);
      await failed(error);
    }
    busy.delete(leader);
    wake();
  }

  async function take(
    claim: Claim,
    { errorCode, highWatermark, aborted, records }: PartitionFetch,
  ): Promise<void> {
    if (errorCode !== 0) {
      if (typeOfCode(errorCode) === 'OFFSET_OUT_OF_RANGE') return options.onOutOfRange(claim);
      throwKafkaError(errorCode);
    }
    claim.end = highWatermark;
    const next = endOf(records, claim.fetched);
    if (next === claim.fetched) return;
    claim.waiting.push({ chunk: { records, aborted }, from: claim.fetched });
    claim.fetched = next;
    waiting += records.length;
    options.onFetched();
  }

  return {
    wake,
    release(bytes) {
      waiting -= bytes;
    },
    hold(now) {
      held = now;
      if (!held) wake();
    },
  };
}
