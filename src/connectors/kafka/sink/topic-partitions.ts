import { createBackoff } from '../client/backoff.ts';
import type { KafkaClient } from '../client/kafka-client.ts';
import { throwKafkaError } from '../client/protocol-error.ts';
import type { TroubleLog } from '../client/trouble-log.ts';

/** The partitions of a topic that is written to, and who leads them. */
export interface TopicPartitions {
  /** Rejects with what the broker says; a topic that is not there is made, where the broker does that by itself. */
  look(): Promise<void>;
  /** Looks until the partitions are known or the signal aborts; rejects where `isFinal` says so. */
  ready(signal: AbortSignal, isFinal: (error: unknown) => boolean): Promise<void>;
  /** Undefined where it is not known at present. */
  leaderOf(partition: number): number | undefined;
  forgetLeader(partition: number): void;
  /** 0: not known yet. */
  readonly count: number;
}

export function createTopicPartitions(
  client: KafkaClient,
  topic: string,
  trouble: TroubleLog,
): TopicPartitions {
  const leaders = new Map<number, number>();
  let count = 0;

  async function look(): Promise<void> {
    const { topics } = await client.metadata([topic], true);
    const found = topics[0];
    if (found === undefined || found.errorCode !== 0) throwKafkaError(found?.errorCode ?? 3);
    count = found.partitions.length;
    for (const { id, leader } of found.partitions) if (leader >= 0) leaders.set(id, leader);
  }

  return {
    look,
    async ready(signal, isFinal) {
      for (const backoff = createBackoff(); count === 0 && !signal.aborted; await backoff.pause(signal)) {
        try {
          await look();
          trouble.worked();
          return;
        } catch (error) {
          if (signal.aborted) return;
          if (isFinal(error)) throw error;
          trouble.failed(error);
        }
      }
    },
    leaderOf: (partition) => leaders.get(partition),
    forgetLeader: (partition) => void leaders.delete(partition),
    get count() {
      return count;
    },
  };
}
