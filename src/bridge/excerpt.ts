const before = 32;
const most = 96;

/**
 * Some bytes of a frame for a message to people: those around `offset`, what is not printable ASCII as an escape, at most 96 of them with
 * the frame's whole length beside.
 */
export function excerpt(frame: Uint8Array, offset = 0): string {
  const start = frame.length <= most ? 0 : Math.max(0, Math.min(offset - before, frame.length - most));
  const end = Math.min(frame.length, start + most);
  const shown = Buffer.from(frame.subarray(start, end))
    .toString('latin1')
    .replaceAll(
      /[^\x20-\x7e]/g,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
  if (end - start === frame.length) return shown;
  return `${start > 0 ? '...' : ''}${shown}${end < frame.length ? '...' : ''} (${frame.length} bytes)`;
}
