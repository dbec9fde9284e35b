import { setTimeout as pause } from 'node:timers/promises';
import type { Message } from 'amqplib';
import { growingPause, NstackError } from '../../core/index.ts';
import type { Composed } from './compose-message.ts';
import { createConfirmRing } from './confirm-ring.ts';
import type { Link } from './link.ts';
import { numberOf, type Outbound, type Outgoing, type Write } from './outgoing.ts';
import { numberHeader, type PublishFrames } from './publish-frames.ts';

/** Sends what is outgoing on one link, and takes the broker's word for it. It lives as long as the link. */
export interface Publisher {
  /** Sends what waits, until nothing does, or the broker or the socket has enough. */
  pump(): void;
  /** Messages that wait for the broker's word. */
  readonly unconfirmed: number;
  /** The link is gone: what was not confirmed is to be sent again, by another publisher. */
  end(): void;
}

export interface PublisherOptions {
  readonly link: Link;
  readonly frames: PublishFrames;
  readonly outgoing: Outgoing;
  readonly compose: (outbound: Outbound) => Composed;
  /** The queue that messages go to, which the broker gives back when it is gone. Undefined: they go to an exchange. */
  readonly queue: string | undefined;
  /** Whether messages are numbered, so that those that the broker gives back are known. */
  readonly numbered: boolean;
  /** The broker said yes to something. */
  readonly onConfirmed: () => void;
  /** The broker said no, for the first time and now and then after it. */
  readonly onRefused: () => void;
}

/** Messages that may wait for the broker's word. */
const mostUnconfirmed = 16 * 1024;
/** Frames that go to the socket at once. */
const fullChunk = 64 * 1024;
const refusalPauses = { first: 50, longest: 10_000 };

export function createPublisher(options: PublisherOptions): Publisher {
  const { link, frames, outgoing, compose, queue, numbered } = options;
  const ring = createConfirmRing<Write>(mostUnconfirmed);
  /** What the broker gave back, by number; its confirmation follows. */
  const returned = new Map<number, string>();
  const ended = new AbortController();
  let isHeld = false;
  let refusals = 0;

  function pump(): void {
    if (ended.signal.aborted) return;
    while (!isHeld && !ring.isFull) {
      const outbound = outgoing.next();
      if (outbound === undefined) break;
      publish(outbound);
      if (frames.length >= fullChunk) flush();
    }
    if (frames.length > 0) flush();
  }

  function publish(outbound: Outbound): void {
    const { write, index } = outbound;
    const composed = compose(outbound);
    if ('message' in composed) {
      outgoing.settle(write, index, composed.message);
      return;
    }
    frames.add(composed.key, composed.payload, composed.id, numbered ? numberOf(outbound) : undefined);
    ring.add(write, index);
  }

  function flush(): void {
    isHeld = !link.send(frames.take(), goOn);
  }

  function goOn(): void {
    isHeld = false;
    pump();
  }

  function confirmed(write: Write, index: number): void {
    const number = numberOf({ write, index });
    const why = returned.get(number);
    if (why !== undefined) returned.delete(number);
    outgoing.settle(write, index, why);
  }

  /** A full queue that refuses, or a broker in trouble: nothing is sent for a while, so that order suffers little. */
  function holdBack(): void {
    if (isHeld) return;
    isHeld = true;
    const length = growingPause(++refusals, refusalPauses);
    if (refusals % 8 === 1) options.onRefused();
    void pause(length, undefined, { signal: ended.signal }).then(goOn, () => {});
  }

  /** Comes before the confirmation. */
  function onReturned({ fields, properties }: Message): void {
    if (ended.signal.aborted) return;
    if (queue !== undefined) {
      // It was deleted: nothing is confirmed any more on this link, and the next one makes it again.
      end();
      void link.close(queueGone(queue));
      return;
    }
    const { replyText } = fields as unknown as { readonly replyText: string };
    const number = Number(properties.headers?.[numberHeader]);
    const key = JSON.stringify(fields.routingKey);
    returned.set(number, `the exchange ${fields.exchange} has no queue for the key ${key} (${replyText})`);
  }

  function end(): void {
    if (ended.signal.aborted) return;
    ended.abort();
    ring.reset(outgoing.repeat);
    outgoing.sortRepeated();
  }

  const { channel } = link;
  // The client keeps books of its own on what is sent through it.
  channel.removeAllListeners('ack');
  channel.removeAllListeners('nack');
  channel.on('ack', ({ deliveryTag, multiple }) => {
    if (ended.signal.aborted) return;
    refusals = 0;
    options.onConfirmed();
    ring.settle(deliveryTag, multiple, confirmed);
    pump();
  });
  channel.on('nack', ({ deliveryTag, multiple }) => {
    if (ended.signal.aborted) return;
    ring.settle(deliveryTag, multiple, outgoing.repeat);
    holdBack();
  });
  channel.on('return', onReturned);

  return {
    pump,
    get unconfirmed() {
      return ring.size;
    },
    end,
  };
}

function queueGone(queue: string): NstackError {
  return new NstackError('broker-unavailable', `the queue ${queue} is gone`);
}
