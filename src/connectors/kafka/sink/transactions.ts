import { NstackError } from '../../../core/index.ts';
import type { SinkTransactions } from '../../connector.ts';
import { createBackoff } from '../client/backoff.ts';
import { failureKind } from '../client/kafka-failure.ts';
import type { KafkaPosition } from '../source/claims.ts';
import type { KafkaOrigin } from '../source/kafka-origin.ts';
import {
  createTransactionalWriter,
  type TransactionalWriter,
  type TransactionsOptions,
} from './transactional-writer.ts';

/**
 * Transactions from topic to topic, one transactional id for each partition that is read (`nstack-WORKFLOW-TOPIC-PARTITION`), so that whoever gets the
 * partition next shuts out whoever had it. Positions are committed under the source's membership of its group (KIP-447): one that
 * has lost the partition cannot commit, also before its successor has begun.
 */
export function createTransactions(
  options: TransactionsOptions,
): SinkTransactions & { close(reason: unknown): void } {
  const writers = new Map<string, TransactionalWriter>();

  function writerOf(origin: KafkaOrigin, partition: string): TransactionalWriter {
    const present = writers.get(partition);
    if (present !== undefined) return present;
    const transactionalId = `nstack-${options.workflow}-${partition}`;
    const made = createTransactionalWriter({
      ...options,
      transactionalId,
      origin,
      sourcePartition: numberOf(partition),
    });
    writers.set(partition, made);
    return made;
  }

  /** Asks until there is an answer: a broker may die between two questions. */
  async function patiently<T>(ask: () => Promise<T>): Promise<T> {
    const backoff = createBackoff();
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (failureKind(error) === 'final' || options.life.aborted) throw options.toError(error);
        options.trouble.failed(error);
        await backoff.pause(options.life);
      }
    }
  }

  return {
    async check(origin) {
      const what = `kafka/${options.topic}: guarantee = "exactly-once"`;
      if (!isKafkaOrigin(origin))
        throw new NstackError('connector-invalid', `${what} needs a source that is a Kafka topic too`, {
          hint: 'Leave out `guarantee`: messages are then delivered at least once.',
        });
      await options.untilReady();
      origin.shutOutBy((partition) => writerOf(origin, `${origin.topic}-${partition}`).shutOut());
      const clusterId = await patiently(async () => (await options.client.metadata([], false)).clusterId);
      if ((await patiently(origin.clusterId)) === clusterId) return;
      throw new NstackError('connector-invalid', `${what}: kafka/${origin.topic} is in another cluster`, {
        hint: 'A transaction spans one cluster. Leave out `guarantee`: messages are then delivered at least once.',
      });
    },
    continues: (before, next) => (before as KafkaPosition).claim === (next as KafkaPosition).claim,
    async begin(origin, partition) {
      if (!isKafkaOrigin(origin)) throw new NstackError('defect', 'begin without check');
      await options.untilReady();
      return writerOf(origin, partition).begin();
    },
    close(reason) {
      for (const writer of writers.values()) writer.close(reason);
    },
  };
}

function isKafkaOrigin(origin: unknown): origin is KafkaOrigin {
  return typeof origin === 'object' && origin !== null && 'system' in origin && origin.system === 'kafka';
}

/** Number of the partition in `clicks-3`. */
function numberOf(partition: string): number {
  return Number(partition.slice(partition.lastIndexOf('-') + 1));
}
