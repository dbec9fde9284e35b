/** What all messages of a sink have in common. */
export interface PublishOptions {
  readonly channel: number;
  readonly frameMax: number;
  readonly exchange: string;
  readonly mandatory: boolean;
  readonly persistent: boolean;
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly headers: Readonly<Record<string, HeaderValue>>;
}

export type HeaderValue = string | number | boolean;

/** Name of the header by which a message that the broker gives back is known. */
export const numberHeader = 'nstack-number';

/**
 * Writes basic.publish as AMQP 0-9-1 has it (section 4.2, and the content class basic): a method frame, a header frame and body frames for each message, one after
 * the other in one buffer. A client's way, an object and three buffers a message, costs several times as much.
 */
export interface PublishFrames {
  /** Appends one message. `number` goes into a header where it is given. */
  add(
    routingKey: Buffer,
    payload: Uint8Array,
    messageId: Buffer | undefined,
    number: number | undefined,
  ): void;
  readonly length: number;
  /** The frames since the last take; the bytes are the caller's. */
  take(): Buffer;
}

const frames = { method: 1, header: 2, body: 3, end: 0xce, overhead: 8 } as const;
const basicPublish = Buffer.of(0, 60, 0, 40, 0, 0);
const basicClass = Buffer.of(0, 60, 0, 0);
const flags = {
  contentType: 0x8000,
  contentEncoding: 0x4000,
  headers: 0x2000,
  deliveryMode: 0x1000,
  messageId: 0x80,
};
const capacity = 128 * 1024;
/** All of a message's frames but what the caller gives: envelopes, fixed fields, lengths. */
const fixedBytes = 64;

export function createPublishFrames(options: PublishOptions): PublishFrames {
  const exchange = shortText(options.exchange);
  const bits = options.mandatory ? 1 : 0;
  const contentType = shortText(options.contentType);
  const contentEncoding = shortText(options.contentEncoding ?? '');
  const entries = Buffer.concat(Object.entries(options.headers).map(headerEntry));
  const numberName = shortText(numberHeader);
  const deliveryMode = options.persistent ? 2 : 1;
  const mostBody = options.frameMax - frames.overhead;
  const commonBytes =
    fixedBytes +
    exchange.length +
    contentType.length +
    contentEncoding.length +
    entries.length +
    numberName.length;
  let held = Buffer.allocUnsafeSlow(capacity);
  let length = 0;

  function reserve(more: number): void {
    if (length + more <= held.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(capacity, 2 * length, length + more));
    held.copy(grown, 0, 0, length);
    held = grown;
  }

  function put(bytes: Uint8Array): void {
    held.set(bytes, length);
    length += bytes.length;
  }

  function putShort(bytes: Uint8Array): void {
    held[length++] = bytes.length;
    put(bytes);
  }

  /** Answers where the frame's payload begins. */
  function begin(type: number): number {
    held[length] = type;
    held.writeUInt16BE(options.channel, length + 1);
    length += 7;
    return length;
  }

  function end(start: number): void {
    held.writeUInt32BE(length - start, start - 4);
    held[length++] = frames.end;
  }

  function putHeaders(number: number | undefined): void {
    const size = entries.length + (number === undefined ? 0 : numberName.length + 9);
    length = held.writeUInt32BE(size, length);
    put(entries);
    if (number === undefined) return;
    put(numberName);
    held[length++] = 0x6c;
    length = held.writeBigInt64BE(BigInt(number), length);
  }

  return {
    add(routingKey, payload, messageId, number) {
      const bodies = Math.ceil(payload.length / mostBody);
      reserve(
        commonBytes +
          routingKey.length +
          (messageId?.length ?? 0) +
          payload.length +
          bodies * frames.overhead,
      );
      const method = begin(frames.method);
      put(basicPublish);
      put(exchange);
      putShort(routingKey);
      held[length++] = bits;
      end(method);

      const hasHeaders = entries.length > 0 || number !== undefined;
      const header = begin(frames.header);
      put(basicClass);
      length = held.writeUInt32BE(0, length);
      length = held.writeUInt32BE(payload.length, length);
      length = held.writeUInt16BE(
        flags.contentType |
          (contentEncoding.length > 1 ? flags.contentEncoding : 0) |
          (hasHeaders ? flags.headers : 0) |
          flags.deliveryMode |
          (messageId === undefined ? 0 : flags.messageId),
        length,
      );
      put(contentType);
      if (contentEncoding.length > 1) put(contentEncoding);
      if (hasHeaders) putHeaders(number);
      held[length++] = deliveryMode;
      if (messageId !== undefined) putShort(messageId);
      end(header);

      for (let at = 0; at < payload.length; at += mostBody) {
        const body = begin(frames.body);
        put(payload.subarray(at, at + mostBody));
        end(body);
      }
    },
    get length() {
      return length;
    },
    take() {
      const taken = held.subarray(0, length);
      // The next frames go into what is left of it.
      held = held.subarray(length);
      length = 0;
      return taken;
    },
  };
}

/** With its length before it. */
function shortText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function headerEntry([name, value]: [string, HeaderValue]): Buffer {
  return Buffer.concat([shortText(name), headerValue(value)]);
}

/** A long string, a boolean, a long integer or a double, each behind its letter. */
function headerValue(value: HeaderValue): Buffer {
  if (typeof value === 'boolean') return Buffer.of(0x74, value ? 1 : 0);
  const bytes = Buffer.alloc(9);
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    bytes.write('S');
    bytes.writeUInt32BE(text.length, 1);
    return Buffer.concat([bytes.subarray(0, 5), text]);
  }
  if (Number.isSafeInteger(value)) {
    bytes.write('l');
    bytes.writeBigInt64BE(BigInt(value), 1);
  } else {
    bytes.write('d');
    bytes.writeDoubleBE(value, 1);
  }
  return bytes;
}
