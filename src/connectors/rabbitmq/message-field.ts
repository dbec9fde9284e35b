import { NstackError } from '../../core/index.ts';
import { printType, type Type } from '../../types/index.ts';
import type { SinkBatch } from '../connector.ts';

/** AMQP's short texts: routing keys and message ids. */
const mostBytes = 255;

/** The text that a field of a message holds, or why it holds none. */
export type FieldText = { readonly text: Buffer } | { readonly message: string };

/** Reads a field by its path, `customer.id`, of messages of a batch. Integers and booleans are their text. */
export function createFieldReader(path: string): (batch: SinkBatch, index: number) => FieldText {
  const names = path.split('.');
  return ({ items, starts, ends }, index) => {
    const json = Buffer.from(items.buffer, items.byteOffset, items.length).toString(
      'utf8',
      starts[index],
      ends[index],
    );
    let value = JSON.parse(json, keepIntegers);
    for (const name of names) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    if (value instanceof IntegerText) value = value.text;
    if (typeof value === 'boolean') value = String(value);
    if (typeof value !== 'string') return { message: `${path} is missing, or no text` };
    const text = Buffer.from(value);
    return text.length <= mostBytes
      ? { text }
      : { message: `${path} has ${text.length} bytes, and may have ${mostBytes}` };
  };
}

/** Throws `connector-invalid` unless messages of that type have such a field: a text, an integer or a boolean. */
export function checkField(path: string, type: Type, what: string): void {
  let at = bare(type);
  for (const name of path.split('.')) {
    if (at.kind === 'json' || at.kind === 'sum') return;
    const item = at.kind === 'map' ? at.item : undefined;
    const found = at.kind === 'record' ? at.fields.find((field) => field.name === name)?.type : item;
    if (found === undefined) {
      throw new NstackError('connector-invalid', `${what}: ${printType(type)} has no field ${path}`, {
        hint: 'Name a field of the messages; one inside another is written outer.inner.',
      });
    }
    at = bare(found);
  }
  if (['text', 'integer', 'boolean', 'timestamp', 'json'].includes(at.kind)) return;
  throw new NstackError('connector-invalid', `${what}: ${path} is ${printType(at)}, and has to be Text`, {
    hint: 'A Text, an Integer, a Boolean or a Timestamp can be used.',
  });
}

function bare(type: Type): Type {
  if (type.kind === 'named') return bare(type.target);
  return type.kind === 'optional' ? bare(type.item) : type;
}

/** Digits beyond what a JavaScript number holds. */
class IntegerText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function keepIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined && /^-?\d+$/.test(context.source)
    ? new IntegerText(context.source)
    : value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
