import { createWireReader, createWireWriter, type WireReader } from './wire.ts';

/**
 * A request whose bytes are our own, because kafkajs has none of that version or makes an object a message of it. Versions are the oldest with
 * what is needed: Kafka 2.5 speaks all of them, and so does 4.
 */
export interface RawRequest<T> {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  readonly body: Buffer;
  /** How long the broker may take on top of the usual timeout, in milliseconds. */
  readonly wait?: number;
  read(response: Buffer): T;
}

/** The versions above, by API key, for the check that a broker knows them. */
export const rawVersions: Readonly<Record<number, number>> = { 0: 8, 1: 11, 3: 8, 8: 7, 9: 7, 28: 3 };

export interface PartitionFetch {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: number }[];
  readonly records: Buffer;
}

const readCommitted = 1;

export function fetchRequest(options: {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: number }[];
  readonly maxWait: number;
  readonly maxBytes: number;
  readonly maxBytesPerPartition: number;
}): RawRequest<readonly PartitionFetch[]> {
  const w = createWireWriter();
  w.int32(-1);
  w.int32(options.maxWait);
  w.int32(1);
  w.int32(options.maxBytes);
  w.int8(readCommitted);
  w.int32(0);
  w.int32(-1);
  w.array([options.topic], (topic) => {
    w.string(topic);
    w.array(options.partitions, ({ partition, offset }) => {
      w.int32(partition);
      w.int32(-1);
      w.int64(offset);
      w.int64(-1);
      w.int32(options.maxBytesPerPartition);
    });
  });
  w.array([], () => {});
  w.string('');
  return {
    apiKey: 1,
    apiVersion: 11,
    apiName: 'Fetch',
    body: w.done(),
    wait: options.maxWait,
    read(response) {
      const r = createWireReader(response);
      r.int32();
      const errorCode = r.int16();
      r.int32();
      const topics = r.array(() => {
        r.string();
        return r.array(() => readFetched(r));
      });
      if (errorCode === 0) return topics.flat();
      return options.partitions.map(({ partition }) => ({
        partition,
        errorCode,
        highWatermark: -1,
        aborted: [],
        records: Buffer.alloc(0),
      }));
    },
  };
}

function readFetched(r: WireReader): PartitionFetch {
  const partition = r.int32();
  const errorCode = r.int16();
  r.int64();
  // What may be read: up to the oldest open transaction.
  const highWatermark = r.int64();
  r.int64();
  const aborted = r.array(() => ({ producerId: r.bigint64(), firstOffset: r.int64() }));
  r.int32();
  return { partition, errorCode, highWatermark, aborted, records: r.bytes() };
}

export interface PartitionProduced {
  readonly partition: number;
  readonly errorCode: number;
  readonly recordErrors: readonly { readonly index: number; readonly message: string | null }[];
  readonly message: string | null;
}

/** `acks` is always all. */
export function produceRequest(options: {
  readonly topic: string;
  readonly transactionalId: string | null;
  readonly timeout: number;
  readonly batches: readonly { readonly partition: number; readonly records: Buffer }[];
}): RawRequest<readonly PartitionProduced[]> {
  const size = options.batches.reduce((sum, { records }) => sum + records.length + 16, 0);
  const w = createWireWriter(size + 512);
  w.string(options.transactionalId);
  w.int16(-1);
  w.int32(options.timeout);
  w.array([options.topic], (topic) => {
    w.string(topic);
    w.array(options.batches, ({ partition, records }) => {
      w.int32(partition);
      w.bytes(records);
    });
  });
  return {
    apiKey: 0,
    apiVersion: 8,
    apiName: 'Produce',
    body: w.done(),
    read(response) {
      const r = createWireReader(response);
      const topics = r.array(() => {
        r.string();
        return r.array(() => {
          const partition = r.int32();
          const errorCode = r.int16();
          r.int64();
          r.int64();
          r.int64();
          const recordErrors = r.array(() => ({ index: r.int32(), message: r.string() }));
          return { partition, errorCode, recordErrors, message: r.string() };
        });
      });
      return topics.flat();
    },
  };
}

export interface CommittedOffset {
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
}

export interface Membership {
  readonly memberId: string;
  readonly generation: number;
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
  w.string(null);
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
  w.compactString(null);
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

export interface ClusterMetadata {
  readonly clusterId: string;
  readonly brokers: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  readonly topics: readonly {
    readonly errorCode: number;
    readonly name: string;
    readonly isInternal: boolean;
    readonly partitions: readonly {
      readonly id: number;
      readonly leader: number;
      readonly errorCode: number;
    }[];
  }[];
}

/** `topics` null: all of them. */
export function metadataRequest(
  topics: readonly string[] | null,
  mayCreate: boolean,
): RawRequest<ClusterMetadata> {
  const w = createWireWriter();
  if (topics === null) w.int32(-1);
  else w.array(topics, (topic) => w.string(topic));
  w.int8(mayCreate ? 1 : 0);
  w.int8(0);
  w.int8(0);
  return {
    apiKey: 3,
    apiVersion: 8,
    apiName: 'Metadata',
    body: w.done(),
    read(response) {
      const r = createWireReader(response);
      r.int32();
      const brokers = r.array(() => {
        const broker = { id: r.int32(), host: r.string() ?? '', port: r.int32() };
        r.string();
        return broker;
      });
      const clusterId = r.string() ?? '';
      r.int32();
      const read = r.array(() => {
        const topic = { errorCode: r.int16(), name: r.string() ?? '', isInternal: r.bool() };
        const partitions = r.array(() => {
          const partition = { errorCode: r.int16(), id: r.int32(), leader: r.int32() };
          r.int32();
          for (let list = 0; list < 3; list++) r.array(r.int32);
          return partition;
        });
        r.int32();
        return { ...topic, partitions };
      });
      return { clusterId, brokers, topics: read };
    },
  };
}
