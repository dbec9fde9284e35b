import type { Format, SinkBatch } from '../connector.ts';

const quote = 0x22;
const backslash = 0x5c;

/**
 * What a broker's message holds of one element of a batch. `json`: its JSON text as it stands. `text`: what the JSON string says; `bytes`: what the base64 says. What is
 * no string is its JSON in all three. A view of the batch's bytes wherever it can be.
 */
export function messagePayload(batch: SinkBatch, index: number, format: Format): Buffer {
  const { items } = batch;
  const start = batch.starts[index] ?? 0;
  const end = batch.ends[index] ?? 0;
  if (format === 'json' || items[start] !== quote)
    return Buffer.from(items.buffer, items.byteOffset + start, end - start);
  const inner = Buffer.from(items.buffer, items.byteOffset + start + 1, end - start - 2);
  if (format === 'bytes') return Buffer.from(inner.toString('latin1'), 'base64');
  if (!inner.includes(backslash)) return inner;
  const text: unknown = JSON.parse(`"${inner.toString('utf8')}"`);
  return Buffer.from(String(text));
}
