import type { Type } from '../../../types/index.ts';
import type { Format } from '../../connector.ts';

const quote = 0x22;
const backslash = 0x5c;
const nullText = Buffer.from('null');

/** The value of a record for a message, which is one JSON text; undefined is Kafka's null, a tombstone. */
export type ValueOf = (message: Buffer) => Buffer | undefined;

/**
 * `json`: the JSON text. `text`: what a JSON string says. `bytes`: what its base64 says. What is no string is written as JSON in all three; a null that
 * is the missing value of an optional, or (), is a tombstone.
 */
export function createValueOf(format: Format, type: Type): ValueOf {
  const hasTombstones = mayBeMissing(type);
  return (message) => {
    if (hasTombstones && message.equals(nullText)) return undefined;
    if (format === 'json' || message[0] !== quote) return message;
    if (format === 'bytes') return Buffer.from(message.toString('latin1', 1, message.length - 1), 'base64');
    return message.includes(backslash)
      ? Buffer.from(String(JSON.parse(message.toString())))
      : message.subarray(1, -1);
  };
}

/** Whether null says that there is no value; in Json it is one. */
export function mayBeMissing(type: Type): boolean {
  if (type.kind === 'named') return mayBeMissing(type.target);
  return type.kind === 'optional' || type.kind === 'unit';
}
