import { isUtf8 } from 'node:buffer';
import type { Diagnostic } from '../core/index.ts';
import { Findings } from '../types/index.ts';

/** Largest nstack.yaml, or other YAML file of nstack's, in bytes. */
export const largestManifest = 1024 * 1024;

/** What kind of file a YAML text is, for the messages about it. */
export interface TextKind {
  /** Begins sentences and ends them: `a manifest`. */
  readonly noun: string;
  /** Whether messages may repeat a text of unknown meaning: not where it could be a password in the wrong place. */
  readonly quotable: boolean;
  readonly hints: { readonly tooLarge: string; readonly severalDocuments: string };
}

export const manifestText: TextKind = {
  noun: 'a manifest',
  quotable: true,
  hints: {
    tooLarge: 'data belongs in files of its own, named under "files"',
    severalDocuments: 'a service is one folder with one nstack.yaml',
  },
};

/** A text that was checked to be one, and the findings about it so far. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly kind: TextKind;
  readonly findings: Findings;
}

/**
 * Bytes of a YAML file as text, a byte order mark removed. What is no plain UTF-8 text is one diagnostic: an editor's wrong
 * encoding, a binary file, a control character that a terminal would obey.
 */
export function decodeSource(
  bytes: Uint8Array | string,
  file: string,
  kind: TextKind,
): Source | readonly Diagnostic[] {
  const size = typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length;
  if (size > largestManifest) return [tooLarge(file, size, kind)];
  const encoding = typeof bytes === 'string' ? undefined : otherEncoding(bytes);
  const decoded = encoding !== undefined ? '' : typeof bytes === 'string' ? bytes : decodeUtf8(bytes);
  const text = decoded.replace(/^\ufeff/, '');
  const findings = new Findings(text, { file, line: 1, column: 0, indent: 0 });
  const fault = (message: string, offset: number) => {
    findings.error('encoding', { start: offset, end: offset + 1 }, message, {
      hint: 'save the file as plain UTF-8 text',
    });
    return findings.diagnostics;
  };
  if (encoding !== undefined) return fault(`${file} is ${encoding}, not UTF-8`, 0);
  if (typeof bytes !== 'string' && !isUtf8(bytes)) {
    return fault(
      'the text is no UTF-8 from here on',
      firstInvalid(bytes, decoded) - (decoded.length - text.length),
    );
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  const control = text.search(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\p{Surrogate}/u);
  if (control === -1) return { file, text, kind, findings };
  const code = text.charCodeAt(control).toString(16).toUpperCase().padStart(4, '0');
  return fault(`the character U+${code} may not stand in ${kind.noun}`, control);
}

export function tooLarge(file: string, size: number, { hints }: TextKind): Diagnostic {
  return {
    code: 'too-large',
    severity: 'error',
    message: `${file} has ${size} bytes, and may have ${largestManifest} at most`,
    place: { file, line: 1, column: 1 },
    hint: hints.tooLarge,
  };
}

function decodeUtf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function otherEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32' : 'UTF-16';
  if (a === 0xfe && b === 0xff) return 'UTF-16';
  if (a === 0 && b === 0) return 'UTF-32';
  return bytes.length > 1 && (a === 0) !== (b === 0) ? 'UTF-16' : undefined;
}

/** Offset in `text` of the first U+FFFD that stands for bytes that are no UTF-8. */
function firstInvalid(bytes: Uint8Array, text: string): number {
  let seen = 0;
  let byte = 0;
  for (const { index } of text.matchAll(/\ufffd/g)) {
    byte += Buffer.byteLength(text.slice(seen, index));
    seen = index;
    if (bytes[byte] !== 0xef || bytes[byte + 1] !== 0xbf || bytes[byte + 2] !== 0xbd) return index;
  }
  return 0;
}
