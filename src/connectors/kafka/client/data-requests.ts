import type { RawRequest } from './raw-request.ts';
import { createWireReader, createWireWriter, type WireReader } from './wire.ts';

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
