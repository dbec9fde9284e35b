import { isUtf8 } from 'node:buffer';
import { excerpt } from './excerpt.ts';

/** Why bytes are no frame, in words that follow "the service". */
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

/** Chunks smaller than this are gathered in one buffer, so that a service that writes byte by byte costs no object a byte. */
const smallChunk = 4 * 1024;
const gathered = 64 * 1024;
/** Bytes of a frame that is too long, for the message. */
const shownOfLong = 64;

/**
 * Cuts a stream of bytes at 0x0A into frames of at most `limit` bytes, line feed apart. Memory is bounded by the limit: an overlong frame is
 * a fault while it comes, not when it ends.
 */
export function createFrameReader(limit: number, onFrame: (frame: Buffer) => void): FrameReader {
  let parts: Buffer[] = [];
  let left = 0;
  let small = Buffer.alloc(0);
  let smallUsed = 0;

  function keep(part: Buffer): void {
    left += part.length;
    if (part.length >= smallChunk) {
      flushSmall();
      parts.push(part);
      return;
    }
    if (small.length - smallUsed < part.length) {
      flushSmall();
      // A frame's first remainder is seldom followed by another small one: it gets what it needs, later ones get room.
      small = Buffer.allocUnsafeSlow(parts.length === 0 ? smallChunk : gathered);
    }
    smallUsed += part.copy(small, smallUsed);
  }

  function flushSmall(): void {
    if (smallUsed > 0) parts.push(small.subarray(0, smallUsed));
    small = small.subarray(smallUsed);
    smallUsed = 0;
  }

  function whole(last: Buffer): Buffer {
    if (left === 0) return last;
    flushSmall();
    const frame = Buffer.concat([...parts, last], left + last.length);
    parts = [];
    left = 0;
    return frame;
  }

  function tooLong(last: Buffer): FrameFault {
    flushSmall();
    const beginning = (parts[0] ?? last).subarray(0, shownOfLong);
    return `sent a frame of more than ${limit} bytes, which begins with: ${excerpt(beginning)}`;
  }

  function finish(last: Buffer): FrameFault | undefined {
    if (left + last.length > limit) return tooLong(last);
    const frame = whole(last);
    if (frame.length === 0) return 'sent an empty frame';
    if (!isUtf8(frame)) return notUtf8(frame);
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
      if (from < chunk.length) keep(from === 0 ? chunk : chunk.subarray(from));
      return left > limit ? tooLong(chunk) : undefined;
    },
    get left() {
      return left;
    },
  };
}

function notUtf8(frame: Buffer): FrameFault {
  // What decodes to U+FFFD comes back as other bytes, and everything before it as it was.
  const mended = Buffer.from(frame.toString('utf8'));
  let at = 0;
  while (frame[at] === mended[at]) at++;
  return `sent a frame that is not UTF-8 at byte ${at}: ${excerpt(frame, at)}`;
}
