/** The beginning of an answer that is written as the protocol shows it: `{"jsonrpc":"2.0","id":7,"result":`. */
export interface QuickHead {
  readonly id: number;
  /** Offset of the result. */
  readonly start: number;
}

const prefix = Buffer.from('{"jsonrpc":"2.0","id":');
const resultKey = Buffer.from(',"result":');
const mostDigits = 15;

/** Undefined: the frame is written in another way, or is no answer; the slow reader says which. */
export function readQuickHead(frame: Buffer): QuickHead | undefined {
  if (!holds(frame, prefix, 0)) return undefined;
  const first = prefix.length;
  let p = first;
  let id = 0;
  for (let c = frame[p]; c !== undefined && c >= 0x30 && c <= 0x39 && p < first + mostDigits; c = frame[++p])
    id = id * 10 + c - 0x30;
  const digits = p - first;
  if (digits === 0 || (digits > 1 && frame[first] === 0x30) || !holds(frame, resultKey, p)) return undefined;
  return { id, start: p + resultKey.length };
}

/** Whether frame[at...] begins with the bytes. */
export function holds(frame: Buffer, bytes: Buffer, at: number): boolean {
  if (at + bytes.length > frame.length) return false;
  for (let i = 0; i < bytes.length; i++) if (frame[at + i] !== bytes[i]) return false;
  return true;
}
