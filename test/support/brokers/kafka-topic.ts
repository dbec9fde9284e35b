import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';

/** Milliseconds in which a broker makes a topic. */
const limit = 30_000;

/**
 * Creates a topic; resolves when each of its partitions has a leader. kafkajs's own waiting fails where the broker, which learns of topics from its controller, has
 * not heard of the one that it was just asked to make.
 */
export async function createTopic(
  kafka: Kafka,
  topic: string,
  numPartitions = 1,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const admin = kafka.admin();
  await admin.connect();
  try {
    const topics = [{ topic, numPartitions, replicationFactor: 1, configEntries }];
    await admin.createTopics({ waitForLeaders: false, topics });
    const end = Date.now() + limit;
    while ((await ledPartitions(admin, topic)) < numPartitions) {
      if (Date.now() > end) throw new Error(`the topic ${topic} has no leaders after ${limit} ms`);
      await pause(20);
    }
  } finally {
    await admin.disconnect();
  }
}

async function ledPartitions(admin: Admin, topic: string): Promise<number> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.filter(({ leader }) => leader >= 0).length ?? 0;
  } catch (error) {
    const { type } = error as { readonly type?: string };
    if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'LEADER_NOT_AVAILABLE') return 0;
    throw error;
  }
}
