import type { Format, SinkBatch } from '../connector.ts';

const lineFeed = 0x0a;
const comma = 0x2c;
const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;

/**
 * A batch as lines, one a message, each with its line feed. The batch's bytes are changed. `json`: the JSON texts. `text`: what a JSON
 * string says; a text with a line break in it, or one that begins with a quote, stays a JSON string, so that a line is always one message
 * and can be told apart. `bytes`: what the base64 says. What is no string is written as JSON in all three.
 */
export function linesOf(batch: SinkBatch, format: Format): Uint8Array {
  if (batch.count === 0) return new Uint8Array(0);
  return format === 'json' ? jsonLines(batch) : Buffer.concat(decodedLines(batch, format));
}

/** In place: the commas between the elements become line feeds, and so does the bracket at the end. */
function jsonLines({ items, count, starts, ends }: SinkBatch): Uint8Array {
  for (let index = 1; index < count; index++) {
    const end = ends[index - 1] ?? 0;
    const next = starts[index] ?? 0;
    // White space may stand around the comma; it may stay, but for line feeds.
    if (next !== end + 1 || items[end] !== comma) items.fill(space, end, next);
    items[end] = lineFeed;
  }
  const end = ends[count - 1] ?? 0;
  items[end] = lineFeed;
  return items.subarray(starts[0], end + 1);
}

const lineEnd = Buffer.of(lineFeed);

function decodedLines({ items, count, starts, ends }: SinkBatch, format: 'text' | 'bytes'): Uint8Array[] {
  const bytes = Buffer.from(items.buffer, items.byteOffset, items.length);
  const lines: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const element = bytes.subarray(starts[index], ends[index]);
    if (element[0] !== quote) lines.push(element);
    else
      lines.push(format === 'text' ? textOf(element) : Buffer.from(element.toString('latin1', 1), 'base64'));
    lines.push(lineEnd);
  }
  return lines;
}

function textOf(element: Buffer): Uint8Array {
  if (!element.includes(backslash)) return element.subarray(1, element.length - 1);
  const text: unknown = JSON.parse(element.toString('utf8'));
  return typeof text !== 'string' || /^"|[\r\n]/.test(text) ? element : Buffer.from(text);
}
