import { isUtf8 } from 'node:buffer';
import { readElements, readMembers, type Span } from '../../../src/bridge/json-spans.ts';
import type { Type } from '../../../src/types/index.ts';
import { differenceOf } from '../same-value.ts';

/** What became of one message: the JSON of its result, or the code of its error. */
export type Message = { readonly value: string } | { readonly code: number };

/** What a shim has said to one frame. */
export type Verdict =
  | { readonly kind: 'refused'; readonly id: number | null; readonly code: number }
  | { readonly kind: 'result'; readonly id: number; readonly value: string }
  | { readonly kind: 'block'; readonly id: number; readonly messages: readonly Message[] }
  | { readonly kind: 'silent' }
  | { readonly kind: 'breach'; readonly message: string };

export function readVerdict(answers: readonly Buffer[]): Verdict {
  const [frame, ...more] = answers;
  if (frame === undefined) return { kind: 'silent' };
  if (more.length > 0) return breach(`${answers.length} answers: ${answers.join(' and ')}`);
  if (!isUtf8(frame)) return breach(`an answer that is no UTF-8: ${frame.toString('latin1')}`);
  try {
    return readAnswer(frame);
  } catch (error) {
    return breach(`${error}: ${frame}`);
  }
}

function readAnswer(frame: Buffer): Verdict {
  const { id, error } = JSON.parse(frame.toString('utf8')) as {
    readonly id: number | null;
    readonly error?: { readonly code: number; readonly message: string };
  };
  if (error?.code === 0) return breach(error.message);
  if (error !== undefined) return { kind: 'refused', id, code: error.code };
  const members = readMembers(frame, 0, ['jsonrpc', 'id', 'result']);
  const result = 'message' in members ? undefined : members.spans.get('result');
  if (id === null || result === undefined) return breach(`neither a result nor an error: ${frame}`);
  return readBlock(frame, id, result) ?? { kind: 'result', id, value: textOf(frame, result) };
}

function readBlock(frame: Buffer, id: number, result: Span): Verdict | undefined {
  const members = readMembers(frame, result.start, ['items', 'failed']);
  const items = 'message' in members ? undefined : members.spans.get('items');
  if ('message' in members || items === undefined || frame[items.start] !== 0x5b) return undefined;
  const values = readElements(frame, items, Number.POSITIVE_INFINITY).map((span) => textOf(frame, span));
  const failures = members.spans.get('failed');
  const failed = failures === undefined ? [] : (JSON.parse(textOf(frame, failures)) as Failure[]);
  const codes = new Map(failed.map(({ index, error }) => [index, error.code]));
  const messages: Message[] = [];
  for (let index = 0; index < values.length + failed.length; index++) {
    const code = codes.get(index);
    messages.push(code === undefined ? { value: values[index - countBelow(codes, index)] ?? '' } : { code });
  }
  return { kind: 'block', id, messages };
}

interface Failure {
  readonly index: number;
  readonly error: { readonly code: number };
}

function countBelow(codes: ReadonlyMap<number, number>, index: number): number {
  let count = 0;
  for (const failed of codes.keys()) if (failed < index) count++;
  return count;
}

function textOf(frame: Buffer, { start, end }: Span): string {
  return frame.toString('utf8', start, end);
}

function breach(message: string): Verdict {
  return { kind: 'breach', message };
}

/** Why two verdicts about a function with such results are not the same; undefined where they are. */
export function verdictsDiffer(type: Type, one: Verdict, other: Verdict): string | undefined {
  if (one.kind === 'block' && other.kind === 'block' && one.id === other.id) {
    if (one.messages.length !== other.messages.length) return 'they are of unlike length';
    return one.messages
      .map((message, index) => messagesDiffer(type, message, other.messages[index] as Message))
      .find((difference) => difference !== undefined);
  }
  if (one.kind === 'result' && other.kind === 'result' && one.id === other.id)
    return valuesDiffer(type, one.value, other.value);
  return one.kind !== 'breach' && JSON.stringify(one) === JSON.stringify(other)
    ? undefined
    : 'they are unlike';
}

function messagesDiffer(type: Type, one: Message, other: Message): string | undefined {
  if ('value' in one && 'value' in other) return valuesDiffer(type, one.value, other.value);
  return 'code' in one && 'code' in other && one.code === other.code ? undefined : 'they are unlike';
}

/** As `differenceOf` says, with keys in any order and Timestamps cut to the microseconds that code has. */
export function valuesDiffer(type: Type, one: string, other: string): string | undefined {
  if (one === other) return undefined;
  try {
    return differenceOf(type, canonicalText(one), canonicalText(other));
  } catch (error) {
    return String(error);
  }
}

/** The same JSON with sorted keys, of each the last value, and Timestamps cut to microseconds; numbers as they are written. */
export function canonicalText(text: string): string {
  return written(
    JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
      typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value,
    ),
  );
}

const finerTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})\d+(Z|[+-]\d\d:\d\d)$/;

function written(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.replace(finerTime, '$1$2'));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (value instanceof NumberText) return value.text;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, inner]) => `${JSON.stringify(key)}:${written(inner)}`).join(',')}}`;
}

/** A number with all its digits. */
class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
