import type { Channel } from 'amqplib';
import type { Link } from './link.ts';

export type QueueType = 'classic' | 'quorum';

/** What is made where it is missing. */
export interface Topology {
  readonly queue?: string;
  readonly queueType?: QueueType;
  readonly exchange?: string;
  /** Undefined: the exchange has to be there. */
  readonly exchangeType?: string;
  /** Routing keys that bind the queue to the exchange. */
  readonly keys: readonly string[];
  /** False: the queue has to be there. */
  readonly declare: boolean;
}

/**
 * Sees to it that queue, exchange and bindings are there. What is there already is taken as it is, whatever its properties, so that those who run
 * the broker may shape it. Throws what the broker says.
 */
export async function setUpTopology(link: Link, topology: Topology): Promise<void> {
  const { queue, exchange, exchangeType, keys, declare } = topology;
  if (exchange !== undefined) {
    await ensure(
      link,
      (channel) => channel.checkExchange(exchange),
      exchangeType === undefined
        ? undefined
        : (channel) => channel.assertExchange(exchange, exchangeType, { durable: true }),
    );
  }
  if (queue === undefined) return;
  await ensure(
    link,
    (channel) => channel.checkQueue(queue),
    declare ? (channel) => channel.assertQueue(queue, queueOptions(link, topology.queueType)) : undefined,
  );
  if (exchange === undefined) return;
  for (const key of keys) await link.apart((channel) => channel.bindQueue(queue, exchange, key));
}

/** Throws what the broker says of what is missing and will not be made. Makes nothing. */
export async function checkTopology(link: Link, topology: Topology): Promise<void> {
  const { queue, exchange, exchangeType, declare } = topology;
  if (exchange !== undefined && exchangeType === undefined)
    await link.apart((channel) => channel.checkExchange(exchange));
  if (queue !== undefined && !declare) await link.apart((channel) => channel.checkQueue(queue));
}

async function ensure(
  link: Link,
  check: (channel: Channel) => Promise<unknown>,
  make: ((channel: Channel) => Promise<unknown>) | undefined,
): Promise<void> {
  try {
    await link.apart(check);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 404;
    if (make === undefined || !isMissing) throw error;
    await link.apart(make);
  }
}

function queueOptions(link: Link, type: QueueType | undefined) {
  if (type === undefined) return { durable: true };
  // From 4.0 on a quorum queue drops a message that came back twenty times, as it does whenever a consumer's connection is lost.
  const unlimited = type === 'quorum' && isFrom4(link.server) ? { 'x-delivery-limit': -1 } : {};
  return { durable: true, arguments: { 'x-queue-type': type, ...unlimited } };
}

function isFrom4(server: string): boolean {
  return Number(/\s(\d+)\./.exec(server)?.[1] ?? 0) >= 4;
}
