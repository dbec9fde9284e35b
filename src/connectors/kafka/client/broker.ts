import type KafkajsBroker from 'kafkajs/src/broker/index.js';
import assigner from 'kafkajs/src/consumer/assignerProtocol.js';
import type { KafkaBroker } from './kafka-client.ts';

/** The protocol name under which members of any client share out partitions; Java's consumers offer it too. */
const protocol = 'range';
const { MemberAssignment, MemberMetadata } = assigner;

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
    async join({ group, memberId, topic, sessionTimeout, rebalanceTimeout }) {
      const joined = await broker.joinGroup({
        groupId: group,
        memberId,
        sessionTimeout,
        rebalanceTimeout,
        groupProtocols: [
          { name: protocol, metadata: MemberMetadata.encode({ version: 1, topics: [topic] }) },
        ],
      });
      const members = joined.members.map((member) => ({
        memberId: member.memberId,
        topics: MemberMetadata.decode(member.memberMetadata).topics,
      }));
      return {
        memberId: joined.memberId,
        generation: joined.generationId,
        members: joined.leaderId === joined.memberId ? members : undefined,
      };
    },
    async sync(group, { memberId, generation }, assignments) {
      const { memberAssignment } = await broker.syncGroup({
        groupId: group,
        memberId,
        generationId: generation,
        groupAssignment: [...assignments].map(([member, assignment]) => ({
          memberId: member,
          memberAssignment: MemberAssignment.encode({ version: 1, assignment }),
        })),
      });
      return MemberAssignment.decode(memberAssignment)?.assignment ?? {};
    },
    heartbeat: async (groupId, memberId, groupGenerationId) =>
      void (await broker.heartbeat({ groupId, memberId, groupGenerationId })),
    leave: async (groupId, memberId) => void (await broker.leaveGroup({ groupId, memberId })),
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
