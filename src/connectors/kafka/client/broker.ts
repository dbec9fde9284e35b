import type KafkajsBroker from 'kafkajs/src/broker/index.js';
import type { KafkaBroker } from './kafka-client.ts';

/** Our words over kafkajs's broker. */
export function createBroker(id: number, broker: KafkajsBroker): KafkaBroker {
  return {
    id,
    send: ({ apiKey, apiVersion, apiName, body, wait, read }) =>
      broker.connectionPool.send({
        request: { apiKey, apiVersion, apiName, encode: async () => encoded(body) },
        response: {
          decode: async (payload) => ({ payload }),
          parse: async (decoded) => read((decoded as { payload: Buffer }).payload),
        },
        ...(wait !== undefined && { requestTimeout: wait + 30_000 }),
        logResponseError: false,
      }),
    async listOffsets(topic, partitions) {
      const { responses } = await broker.listOffsets({
        replicaId: -1,
        isolationLevel: 1,
        topics: [{ topic, partitions }],
      });
      return responses.flatMap((found) =>
        found.partitions.map(({ partition, offset }) => ({ partition, offset: Number(offset) })),
      );
    },
    initProducer: (transactionalId, transactionTimeout) =>
      broker.initProducerId({ transactionalId, transactionTimeout }),
    addPartitions: async (transaction, topic, partitions) =>
      void (await broker.addPartitionsToTxn({ ...transaction, topics: [{ topic, partitions }] })),
    addOffsets: async (transaction, groupId) =>
      void (await broker.addOffsetsToTxn({ ...transaction, groupId })),
    endTransaction: async (transaction, how) =>
      void (await broker.endTxn({ ...transaction, transactionResult: how === 'commit' })),
  };
}

/** As much of kafkajs's encoder as is asked of it, without another copy. */
function encoded(body: Buffer): { readonly buf: Buffer; readonly buffer: Buffer } {
  return { buf: body, buffer: body };
}
