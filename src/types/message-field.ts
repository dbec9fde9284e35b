import { nearestWord } from '../core/index.ts';
import { skipSpace } from './scan-json.ts';
import type { Type } from './type.ts';

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const openBracket = 0x5b;

/** The bytes of a message's field: the text of a string, the JSON of anything else, undefined where there is none or null. */
export type FieldReader = (message: Buffer) => Buffer | undefined;

/** `path` is a field, or fields of fields with dots between. The messages are valid JSON. */
export function createFieldReader(path: string): FieldReader {
  const names = path.split('.').map((name) => Buffer.from(JSON.stringify(name)));

  return (message) => {
    let at = skipSpace(message, 0);
    for (const name of names) {
      at = findField(message, at, name);
      if (at < 0) return undefined;
    }
    const value = message.subarray(at, endOfValue(message, at));
    if (value[0] !== quote) return value.equals(nullText) ? undefined : value;
    return value.includes(backslash)
      ? Buffer.from(String(JSON.parse(value.toString())))
      : value.subarray(1, -1);
  };
}

const nullText = Buffer.from('null');

/** Where the value of a field begins, of the last that has the name; -1 where there is none, or no record. */
function findField(bytes: Buffer, from: number, name: Buffer): number {
  if (bytes[from] !== openBrace) return -1;
  let found = -1;
  let at = skipSpace(bytes, from + 1);
  while (bytes[at] === quote) {
    const end = endOfValue(bytes, at);
    const value = skipSpace(bytes, skipSpace(bytes, end) + 1);
    if (isNamed(bytes, at, end, name)) found = value;
    at = skipSpace(bytes, skipSpace(bytes, endOfValue(bytes, value)) + 1);
  }
  return found;
}

/** Whether the text of a name, in its quotation marks, is that name. Nearly none has an escape. */
function isNamed(bytes: Buffer, start: number, end: number, name: Buffer): boolean {
  let same = 0;
  if (end - start === name.length) while (same < name.length && bytes[start + same] === name[same]) same++;
  if (same === name.length) return true;
  for (let at = start; at < end; at++)
    if (bytes[at] === backslash)
      return JSON.parse(bytes.toString('utf8', start, end)) === JSON.parse(name.toString());
  return false;
}

function endOfValue(bytes: Buffer, from: number): number {
  const first = bytes[from];
  if (first === quote) return endOfString(bytes, from);
  let at = from;
  if (first !== openBrace && first !== openBracket) {
    // A number or a word ends at a comma, a bracket or white space.
    for (; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === 0x2c || byte === 0x5d || byte === 0x7d || byte <= 0x20) break;
    }
    return at;
  }
  for (let depth = 0; at < bytes.length; ) {
    const byte = bytes[at];
    if (byte === quote) {
      at = endOfString(bytes, at);
      continue;
    }
    at++;
    if (byte === openBrace || byte === openBracket) depth++;
    else if ((byte === 0x7d || byte === 0x5d) && --depth === 0) break;
  }
  return at;
}

function endOfString(bytes: Buffer, from: number): number {
  let at = from + 1;
  for (; at < bytes.length && bytes[at] !== quote; at++) if (bytes[at] === backslash) at++;
  return at + 1;
}

/** Why messages of the type can have no such field, as a clause, and the nearest name that they have; undefined where they may have it. */
export function missingField(
  path: string,
  type: Type,
): { readonly text: string; readonly near: string | undefined } | undefined {
  let at: Type = type;
  for (const name of path.split('.')) {
    while (at.kind === 'optional' || at.kind === 'named') at = at.kind === 'optional' ? at.item : at.target;
    if (at.kind === 'json' || at.kind === 'map' || at.kind === 'sum') return undefined;
    const fields = at.kind === 'record' ? at.fields : [];
    const field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) {
      const known = fields.map((one) => one.name);
      const has = known.length === 0 ? 'they have no fields' : `there are ${known.join(', ')}`;
      return { text: `the messages have no field ${name}: ${has}`, near: nearestWord(name, known) };
    }
    at = field.type;
  }
  return undefined;
}
