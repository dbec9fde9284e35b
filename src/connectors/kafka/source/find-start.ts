import { setTimeout as pauseFor } from 'node:timers/promises';
import { type CommittedOffset, offsetFetchRequest } from '../client/group-requests.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { throwKafkaError } from '../client/protocol-error.ts';
import type { ShutOut } from './kafka-origin.ts';

/** Where to begin in a partition of which the group remembers nothing: ListOffsets' own numbers, or milliseconds since 1970. */
export type From = 'earliest' | 'latest' | number;

/** UNSTABLE_OFFSET_COMMIT */
const unstable = 88;
export const endOfPartition = -1;
export const beginOfPartition = -2;

export interface StartOptions {
  readonly client: KafkaClient;
  readonly group: string;
  readonly topic: string;
  readonly from: From;
  readonly shutOut: ShutOut | undefined;
}

/** Where the group stands in each of the partitions. */
export async function findStarts(
  { client, group, topic, from, shutOut }: StartOptions,
  partitions: readonly number[],
): Promise<readonly CommittedOffset[]> {
  if (partitions.length === 0) return [];
  const coordinator = await client.coordinator('group', group);
  let committed = await coordinator.send(offsetFetchRequest({ group, topic, partitions }));
  // A transaction with a position in it is still open. It is about to end by itself, or whoever began it is dead.
  for (let tries = 0; tries < 10; tries++) {
    const open = committed.filter(({ errorCode }) => errorCode === unstable);
    if (open.length === 0) break;
    await pauseFor(100);
    if (tries === 1 && shutOut !== undefined)
      await Promise.all(open.map(({ partition }) => shutOut(partition)));
    committed = await coordinator.send(offsetFetchRequest({ group, topic, partitions }));
  }
  for (const { errorCode } of committed) if (errorCode !== 0) throwKafkaError(errorCode);
  const unknown = committed.filter(({ offset }) => offset < 0).map(({ partition }) => partition);
  const found = await findOffsets(client, topic, unknown, timestampOf(from));
  // A time that no message is as young as: those to come are.
  const later = unknown.filter((partition) => (found.get(partition) ?? -1) < 0);
  const ends = await findOffsets(client, topic, later, endOfPartition);
  return committed.map(({ partition, offset, leaderEpoch }) =>
    offset >= 0
      ? { partition, offset, leaderEpoch }
      : { partition, offset: ends.get(partition) ?? found.get(partition) ?? 0, leaderEpoch: -1 },
  );
}

function timestampOf(from: From): number {
  return from === 'earliest' ? beginOfPartition : from === 'latest' ? endOfPartition : from;
}

/** The offset of each partition at that time, asked of the leaders. */
export async function findOffsets(
  client: KafkaClient,
  topic: string,
  partitions: readonly number[],
  timestamp: number,
): Promise<ReadonlyMap<number, number>> {
  const offsets = new Map<number, number>();
  if (partitions.length === 0) return offsets;
  const { topics } = await client.metadata([topic], false);
  const known = topics[0];
  if (known === undefined || known.errorCode !== 0) throwKafkaError(known?.errorCode ?? 3);
  const byLeader = Map.groupBy(
    partitions,
    (partition) => known.partitions.find(({ id }) => id === partition)?.leader ?? -1,
  );
  for (const [leader, wanted] of byLeader) {
    if (leader < 0) throwKafkaError(5);
    const broker = await client.broker(leader);
    const found = await broker.listOffsets(
      topic,
      wanted.map((partition) => ({ partition, timestamp })),
    );
    for (const { partition, offset } of found) offsets.set(partition, offset);
  }
  return offsets;
}
