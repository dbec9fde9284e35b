import { isUtf8 } from 'node:buffer';
import { compileValidator, skipSpace, type Type } from '../../types/index.ts';
import { describeFault } from '../records/describe-fault.ts';

/** How a body is to be taken: by what it says of itself, else by the format. */
export type BodyKind = 'json' | 'text' | 'bytes';

/** The message that a body is, as JSON on one line; or in one clause why it is none. */
export type ReadMessage = { readonly text: Buffer } | { readonly fault: string };

/** Reads the body of a request with one message. The bytes are changed: a line feed in JSON becomes a space. */
export interface MessageReader {
  read(body: Buffer, kind: BodyKind): ReadMessage;
  /** `wrapped`: as {@link read}, and `{"params": message}` is taken for the message, as NStack had it. */
  readWrapped(body: Buffer, kind: BodyKind): ReadMessage & { readonly wrapped: boolean };
}

const [openBrace, closeBrace, colon] = [0x7b, 0x7d, 0x3a];
const [lineFeed, carriageReturn, space] = [0x0a, 0x0d, 0x20];
const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf);
const paramsKey = Buffer.from('"params"');

export function createMessageReader(type: Type): MessageReader {
  const validator = compileValidator(type, 'input');
  const mayBeWrapped = !hasParams(type);

  function readJson(bytes: Buffer, start: number, end: number): ReadMessage {
    if (!isUtf8(bytes)) return { fault: 'not valid UTF-8' };
    const fault = validator.check(bytes, start, end);
    if (fault !== undefined) return { fault: describeFault(fault, start) };
    const text = bytes.subarray(start, end);
    blankLineEnds(text);
    return { text };
  }

  function read(body: Buffer, kind: BodyKind): ReadMessage {
    if (kind === 'bytes') return { text: Buffer.from(`"${body.toString('base64')}"`) };
    const bytes = body.subarray(0, 3).equals(byteOrderMark) ? body.subarray(3) : body;
    if (kind === 'json')
      return bytes.length === 0 ? { fault: 'an empty body' } : readJson(bytes, 0, bytes.length);
    return isUtf8(bytes)
      ? { text: Buffer.from(JSON.stringify(bytes.toString())) }
      : { fault: 'not valid UTF-8' };
  }

  return {
    read,
    readWrapped(body, kind) {
      const inner = mayBeWrapped ? findParams(body) : undefined;
      if (inner === undefined) return { ...read(body, kind), wrapped: false };
      const message = readJson(body, inner.start, inner.end);
      if ('text' in message) return { ...message, wrapped: true };
      // A text may look like that.
      return kind === 'json'
        ? { fault: `params: ${message.fault}`, wrapped: true }
        : { ...read(body, kind), wrapped: false };
    },
  };
}

/** Whether a message of this type could itself be an object with `params`. */
function hasParams(type: Type): boolean {
  switch (type.kind) {
    case 'named':
      return hasParams(type.target);
    case 'optional':
      return hasParams(type.item);
    case 'record':
      return type.fields.some(({ name }) => name === 'params');
    case 'sum':
      return type.cases.some(({ name }) => name === 'params');
    default:
      return type.kind === 'json' || type.kind === 'map';
  }
}

/** Where the value stands in `{"params": value}`; undefined where the body does not begin and end like that. */
function findParams(body: Buffer): { readonly start: number; readonly end: number } | undefined {
  const open = skipSpace(body, 0);
  if (body[open] !== openBrace) return undefined;
  const key = skipSpace(body, open + 1);
  if (!body.subarray(key, key + paramsKey.length).equals(paramsKey)) return undefined;
  const after = skipSpace(body, key + paramsKey.length);
  const end = body.lastIndexOf(closeBrace);
  if (body[after] !== colon || end < after || skipSpace(body, end + 1) !== body.length) return undefined;
  return { start: after + 1, end };
}

/** Legal outside of strings alone, and strings were checked: every one of them is white space. */
function blankLineEnds(text: Buffer): void {
  for (const sign of [lineFeed, carriageReturn])
    for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) text[at] = space;
}
