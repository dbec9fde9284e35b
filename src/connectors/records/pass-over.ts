import { NstackError } from '../../core/index.ts';
import { type ByteInput, mapChunks } from './byte-input.ts';

const lineFeed = 0x0a;

/**
 * The same input from behind its first `bytes` on, which a run before this one has read. The last of them is a line feed, which may be missing
 * where nothing follows; otherwise the input is not the one that was read, and reading throws. `shown` is its name for messages.
 */
export function passOver(input: ByteInput, bytes: number, shown: string): ByteInput {
  return bytes === 0 ? input : mapChunks(input, (chunks) => rest(chunks, input, bytes, shown));
}

async function* rest(
  chunks: AsyncIterable<Buffer>,
  input: ByteInput,
  bytes: number,
  shown: string,
): AsyncGenerator<Buffer, void, undefined> {
  let left = bytes;
  for await (const chunk of chunks) {
    const passed = Math.min(left, chunk.length);
    left -= passed;
    if (passed > 0 && left === 0 && chunk[passed - 1] !== lineFeed)
      throw changed(shown, `a line ended at byte ${bytes}, and now none does`);
    // The last byte is not left out, since it is looked at.
    if (left > 1 && input.skip !== undefined) left -= input.skip(left - 1);
    if (passed < chunk.length) yield chunk.subarray(passed);
  }
  if (left > 1) throw changed(shown, `it is shorter than the ${bytes} bytes that were read`);
}

/** The error of an input that is not the one that earlier runs have read. */
export function changed(shown: string, how: string): NstackError {
  return new NstackError('file-unreadable', `${shown} was changed since it was read: ${how}`, {
    hint: 'Put the old file back; or delete the workflow and start it again, which reads the new one from its beginning.',
  });
}
