import type { Connection } from '../connector.ts';
import { kafkaError } from './client/kafka-failure.ts';
import { openClient } from './client/open-client.ts';
import { readSettings } from './settings.ts';

/** Looks at the cluster: `cluster 4L6g3nShT: 3 brokers (a:9092, b:9092, c:9092), 17 topics`. */
export async function testConnection(connection: Connection, signal: AbortSignal): Promise<string> {
  const settings = readSettings(connection);
  const client = await openClient(settings, settings.clientId ?? 'nstack');
  const stop = () => client.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    const { brokers, topics, clusterId } = await client.metadata(null, false);
    const own = topics.filter(({ isInternal }) => !isInternal).length;
    const addresses = brokers.map(({ host, port }) => `${host}:${port}`).join(', ');
    return `cluster ${clusterId}: ${counted(brokers.length, 'broker')} (${addresses}), ${counted(own, 'topic')}`;
  } catch (error) {
    signal.throwIfAborted();
    throw kafkaError(
      error,
      settings.brokers.map(({ host, port }) => `${host}:${port}`).join(', '),
      connection.name,
    );
  } finally {
    signal.removeEventListener('abort', stop);
    client.close();
  }
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
