import type { ConsumeMessage } from 'amqplib';
import { NstackError } from '../../core/index.ts';
import type { DeliveredMessages } from './delivered-messages.ts';
import type { Link } from './link.ts';

/** Has the broker deliver the messages of a queue on one link, as many as there is room for. */
export interface QueueConsumer {
  /** Resolves when the broker delivers. */
  start(): Promise<void>;
  /** Lets the broker go on where it was told to stop, and asks for another number of messages where their size says so. */
  regulate(): void;
}

export interface QueueConsumerOptions {
  readonly link: Link;
  readonly queue: string;
  readonly delivered: DeliveredMessages;
  /** Most messages that the broker hands over before they are committed; undefined: as their size allows. */
  readonly prefetch: number | undefined;
  /** Most messages that are wanted at all. */
  readonly most: number;
  readonly onDelivery: (message: ConsumeMessage) => void;
}

/**
 * Payloads that wait to be read: beyond `most` the broker is told to stop, below `few` to go on. It has sent more by then: beyond `bound`, where messages have
 * become larger all at once, the link is given up, and the next one is asked for fewer.
 */
const waitingBytes = { few: 8 * 1024 * 1024, most: 32 * 1024 * 1024, bound: 128 * 1024 * 1024 };
/** More than `most` made no difference to the speed; the first messages show how large they are. */
const prefetches = { first: 8, most: 2_000 };

export function createQueueConsumer(options: QueueConsumerOptions): QueueConsumer {
  const { link, queue, delivered } = options;
  const { channel } = link;
  let state: 'none' | 'open' | 'held' = 'none';
  /** Ours, since messages of the consumer before still come when the next one has begun. */
  let consumers = 0;
  let prefetch = wantedPrefetch();

  function wantedPrefetch(): number {
    if (options.prefetch !== undefined) return options.prefetch;
    if (delivered.meanSize === undefined) return prefetches.first;
    const fitting = Math.floor(waitingBytes.most / (delivered.meanSize + 1));
    return Math.max(1, Math.min(prefetches.most, fitting));
  }

  async function start(): Promise<void> {
    state = 'open';
    await channel.prefetch(Math.min(prefetch, options.most));
    await channel.consume(queue, onMessage, { consumerTag: tagOf(++consumers) });
  }

  /** A null is the broker's word that the consumer is over: the queue is gone, or its node. */
  function onMessage(message: ConsumeMessage | null): void {
    if (message === null) {
      void link.close(consumerOver(queue));
      return;
    }
    options.onDelivery(message);
    if (delivered.bytes > waitingBytes.most) hold();
    if (delivered.bytes > waitingBytes.bound && options.prefetch === undefined)
      void link.close(tooLarge(queue));
  }

  /** Messages that were delivered stay ours to commit; the channel is asked in order. */
  function hold(): void {
    if (state !== 'open') return;
    state = 'held';
    // It fails where the channel is lost, which is told elsewhere.
    channel.cancel(tagOf(consumers)).catch(() => {});
  }

  return {
    start,
    regulate() {
      const wanted = wantedPrefetch();
      if (wanted > prefetch * 2 || wanted < prefetch / 2) hold();
      if (state !== 'held' || delivered.bytes > waitingBytes.few) return;
      prefetch = wanted;
      start().catch(() => {});
    },
  };
}

function tagOf(consumer: number): string {
  return `nstack-${consumer}`;
}

function consumerOver(queue: string): NstackError {
  return new NstackError('broker-unavailable', `the queue ${queue} is gone, or its node`);
}

function tooLarge(queue: string): NstackError {
  return new NstackError(
    'broker-unavailable',
    `the messages of ${queue} have become large, and too many of them are on their way`,
  );
}
