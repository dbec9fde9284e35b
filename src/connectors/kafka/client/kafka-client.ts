import type { ClusterMetadata } from './metadata-request.ts';
import type { RawRequest } from './raw-request.ts';

export interface ProducerIdentity {
  readonly producerId: string;
  readonly producerEpoch: number;
}

/**
 * One broker. Each request resolves with its answer or rejects: with an error that has Kafka's `type` where the broker says no, or
 * otherwise when the connection is lost or nothing comes in time; `failureKind` tells them apart. Requests of one broker are answered
 * in the order they were sent, but for fetches, which have a connection of their own. Nothing is retried.
 */
export interface KafkaBroker {
  readonly id: number;
  send<T>(request: RawRequest<T>): Promise<T>;
  /** The first offset whose message is as young as the time (milliseconds since 1970), -1: the end, -2: the beginning. */
  listOffsets(
    topic: string,
    wanted: readonly { readonly partition: number; readonly timestamp: number }[],
  ): Promise<readonly { readonly partition: number; readonly offset: number }[]>;
  /** A transactional id ends what an earlier holder of it has begun, and shuts that one out. */
  initProducer(transactionalId: string | null, transactionTimeout: number): Promise<ProducerIdentity>;
  addPartitions(transaction: Transaction, topic: string, partitions: readonly number[]): Promise<void>;
  addOffsets(transaction: Transaction, group: string): Promise<void>;
  endTransaction(transaction: Transaction, how: 'commit' | 'abort'): Promise<void>;
}

export interface Transaction extends ProducerIdentity {
  readonly transactionalId: string;
}

/**
 * A cluster: finds brokers and connects to them when they are asked for. Nothing is retried but the choice of a broker that knows
 * the cluster. After a failure of the kind `connection` the broker has to be dropped; the next request connects again.
 */
export interface KafkaClient {
  metadata(topics: readonly string[] | null, mayCreate: boolean): Promise<ClusterMetadata>;
  /** A broker by its number, of those that `metadata` told of. */
  broker(id: number): Promise<KafkaBroker>;
  /** The broker that keeps a group or a transactional id. */
  coordinator(kind: 'group' | 'transaction', key: string): Promise<KafkaBroker>;
  drop(id: number): void;
  /** Closes all connections at once; requests under way reject. May be called twice. */
  close(): void;
}
