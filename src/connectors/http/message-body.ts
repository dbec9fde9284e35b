import type { Format, SinkBatch } from '../connector.ts';

const quote = 0x22;

export const contentTypes: Readonly<Record<Format, string>> = {
  json: 'application/json',
  text: 'text/plain; charset=utf-8',
  bytes: 'application/octet-stream',
};

/** A message of a batch as a body: its JSON, or what a JSON string says. */
export function bodyOf({ items, starts, ends }: SinkBatch, index: number, format: Format): Uint8Array {
  const element = Buffer.from(items.buffer, items.byteOffset, items.length).subarray(
    starts[index],
    ends[index],
  );
  if (format === 'json' || element[0] !== quote) return element;
  const text = JSON.parse(element.toString('utf8')) as string;
  return Buffer.from(text, format === 'text' ? 'utf8' : 'base64');
}
