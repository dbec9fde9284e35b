import type { Type } from '../../../src/types/index.ts';
import { limits } from '../session.ts';
import type { Subject } from './subject.ts';
import { canonicalText } from './verdict.ts';

/** Where a language may say something else of an input than the hub, and why. */
interface Exception {
  readonly language: string;
  readonly reason: string;
  readonly about: (subject: Subject, json: Buffer) => boolean;
  /** What may be found wrong then: of an input by itself, of one in a frame. */
  readonly fault: RegExp;
}

const exceptions: readonly Exception[] = [
  {
    language: 'python',
    reason:
      'msgspec does not look at what it passes over, unknown fields and values that a later one of the same key replaces: how deep they are, and how long an Integer within Json',
    about: ({ input }, json) =>
      holds(input, 'json')
        ? isBeyondLimits(json) && !isBeyondLimits(whatCounts(json))
        : depthOf(json) > limits.depth,
    fault: /^accepted|unlike/,
  },
  {
    language: 'python',
    reason: 'msgspec reads -0 as the Integer 0, so that a Double loses its sign',
    about: ({ input }, json) => holds(input, 'double') && /-0(?![\d.eE])/.test(json.toString('latin1')),
    fault: /^\$.*: \{"(?:integer":"0"|double":0)\} became \{"double":0\}$/s,
  },
  {
    language: 'java',
    reason: 'the offsets of java.time end at 18 hours: a Timestamp with another one is told in UTC',
    about: (_subject, json) => farTime.test(json.toString('latin1')),
    fault: /^\$|unlike/,
  },
  {
    language: 'java',
    reason: 'and where it is in UTC in the year 0 or 10000, it cannot be told',
    about: (_subject, json) =>
      /"(?:0001-01-01|9999-12-31)T/.test(json.toString('latin1')) && farTime.test(json.toString('latin1')),
    fault: /^refused/,
  },
];

/** A Timestamp with an offset of more than 18 hours. */
const farTime = /\d\d:\d\d(?:\.\d+)?[+-](?:18:(?!00)|19:|2[0-3]:)\d\d"/;

/** Why a fault of one of the languages is none, for a message or a frame that holds it; undefined: it is one. */
export function exceptionTo({ subject, json, languages }: Heard, fault: string): string | undefined {
  const found = exceptions.find(
    (one) => languages.includes(one.language) && one.fault.test(fault) && one.about(subject, json),
  );
  return found?.reason;
}

export interface Heard {
  readonly subject: Subject;
  readonly json: Buffer;
  readonly languages: readonly string[];
}

/** Whether the type has a part of the kind. */
function holds(type: Type, kind: Type['kind']): boolean {
  if (type.kind === kind) return true;
  switch (type.kind) {
    case 'named':
      return holds(type.target, kind);
    case 'optional':
    case 'list':
    case 'map':
      return holds(type.item, kind);
    case 'tuple':
      return type.items.some((item) => holds(item, kind));
    case 'record':
      return type.fields.some((field) => holds(field.type, kind));
    case 'sum':
      return type.cases.some((one) => holds(one.type, kind));
    default:
      return false;
  }
}

function isBeyondLimits(json: Buffer): boolean {
  return depthOf(json) > limits.depth || /\d{1001}/.test(json.toString('latin1'));
}

/** Of each key the last value. */
function whatCounts(json: Buffer): Buffer {
  return Buffer.from(canonicalText(json.toString('utf8')));
}

function depthOf(json: Buffer): number {
  let depth = 0;
  let deepest = 0;
  for (const [sign] of json.toString('latin1').matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (sign === '[' || sign === '{') deepest = Math.max(deepest, ++depth);
    if (sign === ']' || sign === '}') depth--;
  }
  return deepest;
}
