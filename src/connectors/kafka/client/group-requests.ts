import type { Membership } from './membership.ts';
import type { RawRequest } from './raw-request.ts';
import { createWireReader, createWireWriter } from './wire.ts';

export interface CommittedOffset {
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
}

export interface PartitionError {
  readonly partition: number;
  readonly errorCode: number;
}

export function offsetCommitRequest(options: {
  readonly group: string;
  readonly topic: string;
  readonly membership: Membership;
  readonly offsets: readonly CommittedOffset[];
}): RawRequest<readonly PartitionError[]> {
  const w = createWireWriter();
  w.string(options.group);
  w.int32(options.membership.generation);
  w.string(options.membership.memberId);
  w.string(options.membership.instanceId ?? null);
  w.array([options.topic], (topic) => {
    w.string(topic);
    w.array(options.offsets, ({ partition, offset, leaderEpoch }) => {
      w.int32(partition);
      w.int64(offset);
      w.int32(leaderEpoch);
      w.string(null);
    });
  });
  return {
    apiKey: 8,
    apiVersion: 7,
    apiName: 'OffsetCommit',
    body: w.done(),
    read(response) {
      const r = createWireReader(response);
      r.int32();
      const topics = r.array(() => {
        r.string();
        return r.array(() => ({ partition: r.int32(), errorCode: r.int16() }));
      });
      return topics.flat();
    },
  };
}

/** Offsets that a group has committed; -1 where it has none. Offsets within an open transaction are an error that passes (88). */
export function offsetFetchRequest(options: {
  readonly group: string;
  readonly topic: string;
  readonly partitions: readonly number[];
}): RawRequest<readonly (CommittedOffset & PartitionError)[]> {
  const w = createWireWriter();
  w.tags();
  w.compactString(options.group);
  w.compactArray([options.topic], (topic) => {
    w.compactString(topic);
    w.compactArray(options.partitions, (partition) => w.int32(partition));
    w.tags();
  });
  w.int8(1);
  w.tags();
  return {
    apiKey: 9,
    apiVersion: 7,
    apiName: 'OffsetFetch',
    body: w.done(),
    read(response) {
      const r = createWireReader(response);
      r.tags();
      r.int32();
      const topics = r.compactArray(() => {
        r.compactString();
        const partitions = r.compactArray(() => {
          const found = { partition: r.int32(), offset: r.int64(), leaderEpoch: r.int32() };
          r.compactString();
          const errorCode = r.int16();
          r.tags();
          return { ...found, errorCode };
        });
        r.tags();
        return partitions;
      });
      const errorCode = r.int16();
      if (errorCode === 0) return topics.flat();
      return options.partitions.map((partition) => ({ partition, offset: -1, leaderEpoch: -1, errorCode }));
    },
  };
}

/** Offsets of a group as part of a transaction; refused where the membership is not the group's present one. */
export function txnOffsetCommitRequest(options: {
  readonly transactionalId: string;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly group: string;
  readonly topic: string;
  readonly membership: Membership;
  readonly offsets: readonly CommittedOffset[];
}): RawRequest<readonly PartitionError[]> {
  const w = createWireWriter();
  w.tags();
  w.compactString(options.transactionalId);
  w.compactString(options.group);
  w.int64(BigInt(options.producerId));
  w.int16(options.producerEpoch);
  w.int32(options.membership.generation);
  w.compactString(options.membership.memberId);
  w.compactString(options.membership.instanceId ?? null);
  w.compactArray([options.topic], (topic) => {
    w.compactString(topic);
    w.compactArray(options.offsets, ({ partition, offset, leaderEpoch }) => {
      w.int32(partition);
      w.int64(offset);
      w.int32(leaderEpoch);
      w.compactString(null);
      w.tags();
    });
    w.tags();
  });
  w.tags();
  return {
    apiKey: 28,
    apiVersion: 3,
    apiName: 'TxnOffsetCommit',
    body: w.done(),
    read(response) {
      const r = createWireReader(response);
      r.tags();
      r.int32();
      const topics = r.compactArray(() => {
        r.compactString();
        const partitions = r.compactArray(() => {
          const found = { partition: r.int32(), errorCode: r.int16() };
          r.tags();
          return found;
        });
        r.tags();
        return partitions;
      });
      return topics.flat();
    },
  };
}
