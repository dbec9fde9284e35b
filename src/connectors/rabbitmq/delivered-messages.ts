import type { ConsumeMessage } from 'amqplib';
import { createFifo } from './fifo.ts';

/** What the broker has delivered and nobody has read yet, in its order. */
export interface DeliveredMessages {
  add(message: ConsumeMessage): void;
  /** Takes the oldest out. */
  next(): ConsumeMessage | undefined;
  forget(): void;
  readonly count: number;
  /** Of their payloads. */
  readonly bytes: number;
  /** Bytes of a payload of late, on average; undefined before the first. */
  readonly meanSize: number | undefined;
}

/** How many messages the mean looks back on. */
const sizeMemory = 32;

export function createDeliveredMessages(): DeliveredMessages {
  const waiting = createFifo<ConsumeMessage>();
  let bytes = 0;
  let meanSize: number | undefined;

  return {
    add(message) {
      const { length } = message.content;
      waiting.push(message);
      bytes += length;
      meanSize = meanSize === undefined ? length : meanSize + (length - meanSize) / sizeMemory;
    },
    next() {
      const message = waiting.shift();
      bytes -= message?.content.length ?? 0;
      return message;
    },
    forget() {
      waiting.drain();
      bytes = 0;
    },
    get count() {
      return waiting.length;
    },
    get bytes() {
      return bytes;
    },
    get meanSize() {
      return meanSize;
    },
  };
}
