import { isUtf8 } from 'node:buffer';

/** Why bytes are no frame, in words that follow the name of the instance. */
export type FrameFault = string;

export interface FrameReader {
  /**
   * Takes one chunk. Calls `onFrame` with each whole frame, without its line feed; a frame that lies within one chunk is a view of it,
   * nothing is copied. Answers a fault as soon as the bytes can be no frame; the reader must not be used after that.
   */
  push(chunk: Buffer): FrameFault | undefined;
  /** Bytes of a frame that has not ended. */
  readonly left: number;
}

/**
 * Cuts a stream of bytes at 0x0A into frames of at most `limit` bytes. Memory is bounded by the limit: an overlong frame is a fault while it
 * comes, not when it ends.
 */
export function createFrameReader(limit: number, onFrame: (frame: Buffer) => void): FrameReader {
  let parts: Buffer[] = [];
  let left = 0;

  function finish(part: Buffer): FrameFault | undefined {
    const frame = left === 0 ? part : Buffer.concat([...parts, part], left + part.length);
    parts = [];
    left = 0;
    if (frame.length === 0) return 'sent an empty frame';
    if (frame.length > limit) return `sent a frame of more than ${limit} bytes`;
    if (!isUtf8(frame)) return `sent a frame that is not UTF-8: ${excerpt(frame)}`;
    onFrame(frame);
    return undefined;
  }

  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        const fault = finish(chunk.subarray(from, at));
        if (fault !== undefined) return fault;
        from = at + 1;
      }
      if (from < chunk.length) {
        parts.push(from === 0 ? chunk : chunk.subarray(from));
        left += chunk.length - from;
      }
      return left > limit ? `sent a frame of more than ${limit} bytes` : undefined;
    },
    get left() {
      return left;
    },
  };
}

/** The first bytes of a frame for a message to people; what is not printable ASCII is shown as an escape. */
export function excerpt(frame: Uint8Array): string {
  const shown = Buffer.from(frame.subarray(0, 80))
    .toString('latin1')
    .replaceAll(
      /[^\x20-\x7e]/g,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
  return frame.length > 80 ? `${shown}... (${frame.length} bytes)` : shown;
}
