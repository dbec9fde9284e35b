import { randomBytes } from 'node:crypto';
import type { Format } from '../connector.ts';
import { messagePayload } from '../records/message-payload.ts';
import { createFieldReader } from './message-field.ts';
import { numberOf, type Outbound } from './outgoing.ts';

/** A message as it is published; or why it cannot be, in one clause. */
export type Composed =
  | { readonly payload: Buffer; readonly key: Buffer; readonly id: Buffer }
  | { readonly message: string };

export interface ComposeOptions {
  /** Routing key, which `keyField` of a message may give instead. */
  readonly key: string;
  readonly keyField: string | undefined;
  readonly idField: string | undefined;
  readonly format: Format;
}

/** Makes what puts messages together. `largest` is the broker's limit for a payload, in bytes. */
export function createComposer({ key: fixedKey, keyField, idField, format }: ComposeOptions) {
  const routingKey = { text: Buffer.from(fixedKey) };
  const readKey = keyField === undefined ? undefined : createFieldReader(keyField);
  const readId = idField === undefined ? undefined : createFieldReader(idField);
  /** Tells this sink's messages from those of all others, so that a number makes an id. */
  const prefix = `${randomBytes(9).toString('base64url')}-`;

  return (outbound: Outbound, largest: number): Composed => {
    const { batch } = outbound.write;
    const { index } = outbound;
    const payload = messagePayload(batch, index, format);
    if (payload.length > largest)
      return { message: `longer than the largest message of the broker, ${largest} bytes` };
    const key = readKey?.(batch, index) ?? routingKey;
    if ('message' in key) return { message: `no routing key: ${key.message}` };
    const id = readId?.(batch, index) ?? { text: Buffer.from(prefix + numberOf(outbound), 'latin1') };
    if ('message' in id) return { message: `no message id: ${id.message}` };
    return { payload, key: key.text, id: id.text };
  };
}

/** What the broker is told about the content. */
export const contentOf = {
  json: { contentType: 'application/json' },
  text: { contentType: 'text/plain', contentEncoding: 'utf-8' },
  bytes: { contentType: 'application/octet-stream' },
} as const;
