import { createHash } from 'node:crypto';

/** `sha256:...` of bytes, or of a text in UTF-8. */
export function digestOf(content: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** nstack names and checks content by sha256 alone, as every registry does. */
export function isDigest(text: unknown): text is string {
  return typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text);
}

/** The digits of a digest alone, whatever else it may hold: files are named after them. */
export function hexOf(digest: string): string {
  return digest.replace(/^sha256:/, '').replaceAll(/[^0-9a-f]/g, '');
}
