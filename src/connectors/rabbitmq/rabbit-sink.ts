import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Message } from 'amqplib';
import { NstackError } from '../../core/index.ts';
import type { Format, Sink, SinkBatch, Undelivered } from '../connector.ts';
import { messagePayload } from '../records/message-payload.ts';
import { createConfirmRing } from './confirm-ring.ts';
import type { Link } from './link.ts';
import { createFieldReader } from './message-field.ts';
import { createPublishFrames, type HeaderValue, numberHeader, type PublishFrames } from './publish-frames.ts';
import { setUpTopology, type Topology } from './queue-setup.ts';
import { openSession } from './session.ts';
import type { RabbitSettings } from './settings.ts';

export interface RabbitSinkOptions {
  readonly settings: RabbitSettings;
  readonly topology: Topology;
  /** Where messages go: an exchange, '' for the queue named by the key, and a routing key, which `keyField` of a message may give. */
  readonly exchange: string;
  readonly key: string;
  readonly keyField: string | undefined;
  readonly idField: string | undefined;
  readonly persistent: boolean;
  /** Whether a message that the exchange has no queue for is given up on; without, the broker drops it. */
  readonly mandatory: boolean;
  readonly headers: Readonly<Record<string, HeaderValue>>;
  readonly format: Format;
  /** `rabbitMQ/orders` */
  readonly shown: string;
  readonly title: string;
  readonly log: (line: string) => void;
}

/** A batch on its way. */
interface Write {
  readonly batch: SinkBatch;
  /** Number of its first message, of all that the sink was given. */
  readonly firstNumber: number;
  /** How many of its messages wait for the broker's word, or to be sent. */
  open: number;
  readonly undelivered: Undelivered[];
  readonly resolve: (undelivered: readonly Undelivered[]) => void;
  readonly reject: (error: NstackError) => void;
}

interface Unsent {
  readonly write: Write;
  readonly index: number;
}

/** Messages that may wait for the broker's word. */
const mostUnconfirmed = 16 * 1024;
/** Frames that go to the socket at once. */
const fullChunk = 64 * 1024;
const refusalPauses = { first: 50, most: 10_000 };

/**
 * A queue or an exchange as a sink, with publisher confirms. It connects when it is made, and again whenever the broker was away; what was not confirmed is
 * then sent again, in its order, before anything else.
 */
export function createRabbitSink(options: RabbitSinkOptions): Sink {
  const { settings, shown } = options;
  const isQueue = options.exchange === '';
  const mandatory = options.mandatory && !isQueue;
  const ring = createConfirmRing<Write>(mostUnconfirmed);
  const routingKey = Buffer.from(options.key);
  const readKey = options.keyField === undefined ? undefined : createFieldReader(options.keyField);
  const readId = options.idField === undefined ? undefined : createFieldReader(options.idField);
  /** Tells this sink's messages from those of all others, so that a number makes an id. */
  const prefix = `${randomBytes(9).toString('base64url')}-`;
  const writes = new Set<Write>();
  /** Batches that are not sent whole yet, and how far the first of them is. */
  let queue: Write[] = [];
  let cursor = 0;
  /** Sent once, and to be sent again before the others. */
  let again: Unsent[] = [];
  let againAt = 0;
  /** What the broker gave back, by number; its confirmation follows. */
  const returned = new Map<number, string>();
  let link: Link | undefined;
  let frames: PublishFrames | undefined;
  let isHeld = false;
  let refusals = 0;
  let largest = Number.POSITIVE_INFINITY;
  let given = 0;
  let failure: NstackError | undefined;
  const ended = new AbortController();

  function settle(write: Write, index: number, message?: string): void {
    if (message !== undefined) write.undelivered.push({ index, message, attempts: 1 });
    if (--write.open > 0) return;
    writes.delete(write);
    write.resolve(write.undelivered.sort((a, b) => a.index - b.index));
  }

  function confirmed(write: Write, index: number): void {
    const number = write.firstNumber + index;
    const why = returned.get(number);
    if (why !== undefined) returned.delete(number);
    settle(write, index, why);
  }

  function nextUnsent(): Unsent | undefined {
    const repeated = again[againAt];
    if (repeated !== undefined) {
      againAt++;
      if (againAt === again.length) {
        again = [];
        againAt = 0;
      }
      return repeated;
    }
    const write = queue[0];
    if (write === undefined) return undefined;
    const index = cursor++;
    if (cursor === write.batch.count) {
      queue.shift();
      cursor = 0;
    }
    return { write, index };
  }

  /** Sends what waits, until nothing does, or the broker or the socket has enough. */
  function pump(): void {
    if (link === undefined || frames === undefined) return;
    while (!isHeld && !ring.isFull) {
      const unsent = nextUnsent();
      if (unsent === undefined) break;
      publish(frames, unsent);
      if (frames.length >= fullChunk) flush(link, frames);
    }
    if (frames.length > 0) flush(link, frames);
  }

  function publish(into: PublishFrames, { write, index }: Unsent): void {
    const payload = messagePayload(write.batch, index, options.format);
    if (payload.length > largest) {
      settle(write, index, `longer than the largest message of the broker, ${largest} bytes`);
      return;
    }
    const key = readKey?.(write.batch, index) ?? { text: routingKey };
    if ('message' in key) {
      settle(write, index, `no routing key: ${key.message}`);
      return;
    }
    const number = write.firstNumber + index;
    const id = readId?.(write.batch, index) ?? { text: Buffer.from(prefix + number, 'latin1') };
    if ('message' in id) {
      settle(write, index, `no message id: ${id.message}`);
      return;
    }
    into.add(key.text, payload, id.text, mandatory ? number : undefined);
    ring.add(write, index);
  }

  function flush(to: Link, from: PublishFrames): void {
    if (to.send(from.take())) return;
    isHeld = true;
    void to.drained().then(() => goOn(to));
  }

  function goOn(of: Link): void {
    if (link !== of) return;
    isHeld = false;
    pump();
  }

  /** A full queue that refuses, or a broker in trouble: nothing is sent for a while, so that order suffers little. */
  function onRefused(of: Link): void {
    if (isHeld) return;
    isHeld = true;
    const length = Math.min(refusalPauses.first * 2 ** refusals++, refusalPauses.most);
    if (refusals % 8 === 1) options.log(`${shown}: the broker refuses messages; they are sent again`);
    void pause(length, undefined, { signal: ended.signal }).then(
      () => goOn(of),
      () => {},
    );
  }

  /** Comes before the confirmation. */
  function onReturned(of: Link, { fields, properties }: Message): void {
    if (link !== of) return;
    if (isQueue) {
      // The queue was deleted: nothing is confirmed any more on this link, and the next one makes it again.
      link = undefined;
      void of.close(queueGone(options.key));
      return;
    }
    const { replyText } = fields as unknown as { readonly replyText: string };
    const number = Number(properties.headers?.[numberHeader]);
    const key = JSON.stringify(fields.routingKey);
    returned.set(number, `the exchange ${fields.exchange} has no queue for the key ${key} (${replyText})`);
  }

  async function setUp(opened: Link): Promise<void> {
    await setUpTopology(opened, options.topology);
    const { channel } = opened;
    // The client keeps books of its own on what is sent through it.
    channel.removeAllListeners('ack');
    channel.removeAllListeners('nack');
    channel.on('ack', ({ deliveryTag, multiple }) => {
      if (link !== opened) return;
      refusals = 0;
      ring.settle(deliveryTag, multiple, confirmed);
      pump();
    });
    channel.on('nack', ({ deliveryTag, multiple }) => {
      if (link !== opened) return;
      ring.settle(deliveryTag, multiple, (write, index) => again.push({ write, index }));
      onRefused(opened);
    });
    channel.on('return', (message) => onReturned(opened, message));
    frames = createPublishFrames({
      channel: opened.channelNumber,
      frameMax: opened.frameMax,
      exchange: options.exchange,
      mandatory: mandatory || isQueue,
      persistent: options.persistent,
      headers: options.headers,
      ...contentOf[options.format],
    });
    isHeld = false;
    link = opened;
    pump();
  }

  /** True: what the broker closed the channel for is taken out. */
  function onLost(reason: unknown): boolean {
    link = undefined;
    const rest = again.slice(againAt);
    again = [];
    againAt = 0;
    ring.reset((write, index) => again.push({ write, index }));
    // What was refused before is older than what waits in the ring, or as good as.
    again = [...again, ...rest].sort(byNumber);
    returned.clear();
    const limit = /message size \d+ is larger than configured max size (\d+)/.exec(String(reason))?.[1];
    if (limit !== undefined) largest = Number(limit);
    return limit !== undefined;
  }

  function fail(error: NstackError): void {
    failure ??= error;
    for (const write of writes) write.reject(failure);
    writes.clear();
    queue = [];
    again = [];
  }

  const session = openSession({
    settings,
    shown,
    title: options.title,
    confirms: true,
    log: options.log,
    setUp,
    onLost,
    onFailed: fail,
  });

  return {
    where: shown,
    write(batch) {
      if (failure !== undefined) return Promise.reject(failure);
      if (batch.count === 0) return Promise.resolve();
      const { promise, resolve, reject } = Promise.withResolvers<readonly Undelivered[]>();
      const write = { batch, firstNumber: given, open: batch.count, undelivered: [], resolve, reject };
      given += batch.count;
      writes.add(write);
      queue.push(write);
      pump();
      return promise;
    },
    async finish() {
      ended.abort();
      await session.close();
    },
    async abandon() {
      ended.abort();
      fail(new NstackError('interrupted', `${shown}: writing was given up`));
      await session.close();
    },
  };
}

function queueGone(queue: string): NstackError {
  return new NstackError('broker-unavailable', `the queue ${queue} is gone`);
}

function byNumber(a: Unsent, b: Unsent): number {
  return a.write.firstNumber + a.index - (b.write.firstNumber + b.index);
}

const contentOf = {
  json: { contentType: 'application/json' },
  text: { contentType: 'text/plain', contentEncoding: 'utf-8' },
  bytes: { contentType: 'application/octet-stream' },
} as const;
