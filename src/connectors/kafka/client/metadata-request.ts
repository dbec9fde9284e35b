import type { RawRequest } from './raw-request.ts';
import { createWireReader, createWireWriter } from './wire.ts';

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
