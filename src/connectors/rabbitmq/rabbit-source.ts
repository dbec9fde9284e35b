import type { ConsumeMessage } from 'amqplib';
import { keyHash, type NstackError } from '../../core/index.ts';
import type { Source, SourceBatch } from '../connector.ts';
import type { MessageBatcher } from '../records/message-batcher.ts';
import { createDeliveredMessages } from './delivered-messages.ts';
import type { Link } from './link.ts';
import { nobodyReads } from './nobody-reads.ts';
import { createQueueConsumer, type QueueConsumer } from './queue-consumer.ts';
import { createQueueLag } from './queue-lag.ts';
import { setUpTopology, type Topology } from './queue-setup.ts';
import { openSession, type Session } from './session.ts';
import type { RabbitSettings } from './settings.ts';

export interface RabbitSourceOptions {
  readonly settings: RabbitSettings;
  readonly topology: Topology & { readonly queue: string };
  readonly batcher: MessageBatcher;
  /** Most messages that the broker hands over before they are committed; undefined: as their size allows. */
  readonly prefetch: number | undefined;
  readonly rows: number;
  /** Whether the keys of messages, their routing keys, are asked for. */
  readonly keys: boolean;
  /** `rabbitMQ/orders` */
  readonly shown: string;
  readonly title: string;
  readonly log: (line: string) => void;
}

/** A delivery tag counts within its channel: the epoch says which of the source's channels that was. */
interface RabbitPosition {
  readonly epoch: number;
  readonly tag: number;
}

/**
 * A broker may see the end of a connection later than we do, in milliseconds: until then it keeps what it handed out on it, and would give the next one what comes after. Where others
 * read too there is no order to keep.
 */
const brokerPatience = 2_000;
const fullBatch = { messages: 512, bytes: 64 * 1024 };

/**
 * A queue as a source, connected from the first read to `close`. Messages stay the broker's until they are committed: what was not comes
 * again, to us after a new connection, or to whoever reads the queue next.
 */
export function createRabbitSource(options: RabbitSourceOptions): Source {
  const { topology, batcher, rows, shown } = options;
  const { queue } = topology;
  const delivered = createDeliveredMessages();
  let session: Session | undefined;
  let link: Link | undefined;
  let consumer: QueueConsumer | undefined;
  let epoch = 0;
  let wasAlone = false;
  let committed = 0;
  let done = 0;
  let isOver = false;
  let failure: NstackError | undefined;
  let wake = () => {};
  const lag = createQueueLag(queue, () => link);

  async function setUp(opened: Link): Promise<void> {
    await setUpTopology(opened, topology);
    wasAlone = await nobodyReads(opened, queue, wasAlone ? brokerPatience : 0);
    if (isOver) return;
    epoch++;
    committed = 0;
    link = opened;
    const { prefetch } = options;
    const most = rows - done;
    consumer = createQueueConsumer({ link, queue, delivered, prefetch, most, onDelivery });
    await consumer.start();
  }

  function onDelivery(message: ConsumeMessage): void {
    if (isOver) return;
    delivered.add(message);
    wake();
  }

  function onLost(): boolean {
    link = undefined;
    consumer = undefined;
    // They come again, and a commit of theirs would mean others.
    delivered.forget();
    wake();
    return false;
  }

  function takeBatch(): SourceBatch | undefined {
    let tag: number | undefined;
    const keys: number[] = [];
    while (done < rows && batcher.messages < fullBatch.messages && batcher.bytes < fullBatch.bytes) {
      const message = delivered.next();
      if (message === undefined) break;
      const { content, fields, properties } = message;
      const fits = batcher.add(content, () => `${queue}#${properties.messageId ?? fields.deliveryTag}`);
      if (fits && options.keys) keys.push(keyHash(Buffer.from(fields.routingKey)));
      tag = fields.deliveryTag;
      done++;
    }
    if (tag === undefined) return undefined;
    consumer?.regulate();
    const position: RabbitPosition = { epoch, tag };
    return { ...batcher.drain(), position, ...(options.keys ? { keys: Int32Array.from(keys) } : {}) };
  }

  /** No more messages; commits still work. */
  function end(): void {
    isOver = true;
    consumer = undefined;
    session?.settle();
    delivered.forget();
    wake();
  }

  async function* read(signal: AbortSignal): AsyncGenerator<SourceBatch, void, undefined> {
    if (isOver || signal.aborted || rows === 0) return;
    signal.addEventListener('abort', end, { once: true });
    session = openSession({
      settings: options.settings,
      shown,
      title: options.title,
      confirms: false,
      log: options.log,
      setUp,
      onLost,
      onFailed(error) {
        failure = error;
        wake();
      },
    });
    try {
      while (!isOver && done < rows) {
        const batch = takeBatch();
        if (batch !== undefined) yield batch;
        else if (failure !== undefined) throw failure;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  return {
    read,
    async commit(position) {
      const { epoch: of, tag } = position as RabbitPosition;
      if (link === undefined || of !== epoch || tag <= committed) return;
      committed = tag;
      link.acknowledge(tag);
    },
    async close() {
      end();
      await session?.close();
    },
    progress() {
      const messages = lag();
      return {
        unit: 'messages',
        done,
        total: rows === Number.POSITIVE_INFINITY ? undefined : rows,
        ...(messages === undefined ? {} : { lag: messages + delivered.count }),
      };
    },
  };
}
