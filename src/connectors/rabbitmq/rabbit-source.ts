import type { Channel, ConsumeMessage } from 'amqplib';
import { NstackError } from '../../core/index.ts';
import type { Source, SourceBatch } from '../connector.ts';
import type { MessageBatcher } from '../records/message-batcher.ts';
import type { Link } from './link.ts';
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

const fullBatch = { messages: 512, bytes: 64 * 1024 };
/** Payloads that wait here to be read: beyond `most` the broker is told to stop, below `few` to go on. */
const waitingBytes = { most: 32 * 1024 * 1024, few: 8 * 1024 * 1024 };
/** More than `most` made no difference to the speed; the first messages show how large they are. */
const prefetches = { first: 32, most: 2_000 };
/** How many messages the mean of their sizes looks back on. */
const sizeMemory = 32;
const lagInterval = 1_000;

/**
 * A queue as a source, connected from the first read to `close`. Messages stay the broker's until they are committed: what was not comes
 * again, to us after a new connection, or to whoever reads the queue next.
 */
export function createRabbitSource(options: RabbitSourceOptions): Source {
  const { settings, topology, batcher, rows, shown } = options;
  const { queue } = topology;
  /** Delivered and not read yet. */
  let waiting: ConsumeMessage[] = [];
  let next = 0;
  let heldBytes = 0;
  let session: Session | undefined;
  let link: Link | undefined;
  let consumer: 'none' | 'open' | 'held' = 'none';
  let prefetch = options.prefetch ?? prefetches.first;
  /** Bytes of a message of late. */
  let size = 0;
  let epoch = 0;
  let committed = 0;
  let done = 0;
  let isOver = false;
  let failure: NstackError | undefined;
  let wake = () => {};
  const lag = createLag(queue, () => link);

  async function setUp(opened: Link): Promise<void> {
    await setUpTopology(opened, topology);
    epoch++;
    committed = 0;
    link = opened;
    if (!isOver) await consume(opened.channel);
  }

  async function consume(channel: Channel): Promise<void> {
    consumer = 'open';
    await channel.prefetch(Math.min(prefetch, rows - done));
    await channel.consume(queue, (message) => onDelivery(channel, message));
  }

  /** A null is the broker's word that the consumer is over: the queue is gone, or its node. */
  function onDelivery(channel: Channel, message: ConsumeMessage | null): void {
    if (message === null) {
      if (link?.channel === channel) void link.close(consumerOver(queue));
      return;
    }
    if (isOver) return;
    const { length } = message.content;
    waiting.push(message);
    heldBytes += length;
    size += size === 0 ? length : (length - size) / sizeMemory;
    if (heldBytes > waitingBytes.most) hold(channel, message.fields.consumerTag);
    wake();
  }

  /** Messages that were delivered stay ours to commit; the channel is asked in order. */
  function hold(channel: Channel, tag: string): void {
    if (consumer !== 'open') return;
    consumer = 'held';
    // It fails where the channel is lost, which is told elsewhere.
    channel.cancel(tag).catch(() => {});
  }

  /** Lets the broker go on where it was told to stop, and asks for another number of messages where their size says so. */
  function regulate(tag: string): void {
    if (link === undefined || isOver) return;
    const wanted = wantedPrefetch();
    const isFar = wanted > prefetch * 2 || wanted < prefetch / 2;
    if (isFar) hold(link.channel, tag);
    if (consumer !== 'held' || heldBytes > waitingBytes.few) return;
    prefetch = wanted;
    consume(link.channel).catch(() => {});
  }

  function wantedPrefetch(): number {
    if (options.prefetch !== undefined) return options.prefetch;
    return Math.max(1, Math.min(prefetches.most, Math.floor(waitingBytes.most / (size + 1))));
  }

  function forget(): void {
    waiting = [];
    next = 0;
    heldBytes = 0;
  }

  function takeBatch(): SourceBatch | undefined {
    let last: ConsumeMessage | undefined;
    while (next < waiting.length && done < rows) {
      const message = waiting[next++];
      if (message === undefined) break;
      const { content, fields, properties } = message;
      batcher.add(content, () => `${queue}#${properties.messageId ?? fields.deliveryTag}`);
      heldBytes -= content.length;
      last = message;
      done++;
      if (batcher.messages >= fullBatch.messages || batcher.bytes >= fullBatch.bytes) break;
    }
    if (last === undefined) return undefined;
    if (next === waiting.length) forget();
    regulate(last.fields.consumerTag);
    const position: RabbitPosition = { epoch, tag: last.fields.deliveryTag };
    return { ...batcher.drain(), position };
  }

  /** No more messages; commits still work. */
  function end(): void {
    isOver = true;
    session?.settle();
    forget();
    wake();
  }

  async function* read(signal: AbortSignal): AsyncGenerator<SourceBatch, void, undefined> {
    if (isOver || signal.aborted || rows === 0) return;
    signal.addEventListener('abort', end, { once: true });
    session = openSession({
      settings,
      shown,
      title: options.title,
      confirms: false,
      log: options.log,
      setUp,
      onLost() {
        link = undefined;
        consumer = 'none';
        // They come again, and a commit of theirs would mean others.
        forget();
        wake();
        return false;
      },
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
      const messages = lag.read();
      return {
        unit: 'messages',
        done,
        total: rows === Number.POSITIVE_INFINITY ? undefined : rows,
        ...(messages === undefined ? {} : { lag: messages + waiting.length - next }),
      };
    },
  };
}

function consumerOver(queue: string): NstackError {
  return new NstackError('broker-unavailable', `the queue ${queue} is gone, or its node`);
}

/** Messages that wait in the queue, asked for at most once a second, and only when somebody wants to know. */
function createLag(queue: string, link: () => Link | undefined) {
  let known: number | undefined;
  let asked = 0;

  function ask(): void {
    const now = performance.now();
    if (now - asked < lagInterval && asked > 0) return;
    asked = now;
    link()
      ?.apart((channel) => channel.checkQueue(queue))
      .then(
        ({ messageCount }) => {
          known = messageCount;
        },
        () => {
          known = undefined;
        },
      );
  }

  return {
    read(): number | undefined {
      ask();
      return known;
    },
  };
}
