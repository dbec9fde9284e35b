import { type ByteInput, mapChunks } from './byte-input.ts';

const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf);

/** The same input without the UTF-8 byte order mark that it may begin with. */
export function skipByteOrderMark(input: ByteInput): ByteInput {
  return mapChunks(input, withoutByteOrderMark, input.skip);
}

async function* withoutByteOrderMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let head: Buffer = Buffer.alloc(0);
  let isStart = true;
  for await (const chunk of chunks) {
    if (!isStart) {
      yield chunk;
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < byteOrderMark.length && byteOrderMark.subarray(0, head.length).equals(head)) continue;
    isStart = false;
    const rest = head.subarray(head.subarray(0, 3).equals(byteOrderMark) ? byteOrderMark.length : 0);
    if (rest.length > 0) yield rest;
  }
  if (isStart && head.length > 0) yield head;
}
