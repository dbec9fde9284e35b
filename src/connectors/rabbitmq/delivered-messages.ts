import type { ConsumeMessage } from 'amqplib';

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
  let waiting: ConsumeMessage[] = [];
  let at = 0;
  let bytes = 0;
  let meanSize: number | undefined;

  function forget(): void {
    waiting = [];
    at = 0;
    bytes = 0;
  }

  return {
    add(message) {
      const { length } = message.content;
      waiting.push(message);
      bytes += length;
      meanSize = meanSize === undefined ? length : meanSize + (length - meanSize) / sizeMemory;
    },
    next() {
      const message = waiting[at++];
      if (message === undefined || at === waiting.length) {
        forget();
        return message;
      }
      bytes -= message.content.length;
      return message;
    },
    forget,
    get count() {
      return waiting.length - at;
    },
    get bytes() {
      return bytes;
    },
    get meanSize() {
      return meanSize;
    },
  };
}
