import type { Readable } from 'node:stream';

/** A body that is read whole has at most so many bytes; more than that no honest registry sends. */
export async function boundedBody(body: Readable, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > most) {
      body.destroy();
      throw new Error(`it sent more than ${most} bytes where that is the most`);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The same as JSON of an object; fails where it is none. */
export async function boundedJson(body: Readable, most: number): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await boundedBody(body, most);
  return jsonObject(bytes);
}

export function jsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new Error('it sent something else than a JSON object');
}
