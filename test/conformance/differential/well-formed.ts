import { isUtf8 } from 'node:buffer';

/** Whether bytes are JSON as the protocol knows it: UTF-8, one text, no lone surrogate spelt by an escape; of any depth. */
export function isWellFormed(bytes: Uint8Array): boolean {
  if (!isUtf8(bytes)) return false;
  const text = Buffer.from(bytes).toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  // Behind an escape that is none of a surrogate, or one of a pair, nothing may be left of a surrogate.
  const lone = /\\u[dD][89a-fA-F][0-9a-fA-F]{2}/;
  return !lone.test(
    text.replace(
      /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u(?![dD][89a-fA-F])....|[^u])/g,
      ' ',
    ),
  );
}
