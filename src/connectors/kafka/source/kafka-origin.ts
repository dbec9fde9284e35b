import type { Membership } from '../client/membership.ts';
import type { KafkaPosition } from './claims.ts';

export type ShutOut = (partition: number) => Promise<void>;

/** What a Kafka sink needs to know of a Kafka source to confirm its positions in a transaction: a source's `origin`. */
export interface KafkaOrigin {
  readonly system: 'kafka';
  readonly group: string;
  readonly topic: string;
  /** Asked once, first: from then on transactions alone commit positions. */
  clusterId(): Promise<string>;
  /** The sink's way to give up what an earlier owner of the partition has left open, and to shut that one out; the source has use of it where the group's position waits for that. */
  shutOutBy(shutOut: ShutOut): void;
  membership(): Membership | undefined;
  owns(partition: number, position: KafkaPosition): boolean;
  /** A transaction has committed the position. */
  confirmed(partition: number, position: KafkaPosition): void;
}
