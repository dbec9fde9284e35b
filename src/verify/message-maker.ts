import { NstackError } from '../core/index.ts';
import { compileValidator, printType, type Type } from '../types/index.ts';
import { pathOf } from './find-number.ts';
import type { Marker } from './marker.ts';
import { fieldsFor, type Gap, type Part, partsOfTemplate, partsOfType } from './message-parts.ts';

export interface MessageOptions {
  /** What the workflow's first stage takes. */
  readonly type: Type;
  readonly marker: Marker;
  readonly lanes: number;
  readonly seed: number;
  /** The whole message, with `{n}` and `{lane}` in it. */
  readonly template?: string;
  /** Field that gets the number. */
  readonly sequence?: string;
  /** Field that gets the name of the lane. */
  readonly key?: string;
}

/** The JSON of the message with that number. */
export type MessageMaker = (number: number) => string;

/** Throws `usage` where the type and the options give no message that carries a number, and `value-invalid` where a template does not fit the type. */
export function createMessageMaker(options: MessageOptions): MessageMaker {
  const { type, marker, lanes } = options;
  const variants = partsOf(options);
  const fill = (gap: Gap, number: number): string => {
    switch (gap) {
      case 'text':
        return marker.text(number);
      case 'integer':
        return String(marker.integer(number));
      case 'lane':
        return `lane-${number % lanes}`;
      case 'lane-number':
        return String(number % lanes);
      default:
        return gap satisfies never;
    }
  };
  const make: MessageMaker = (number) => {
    let json = '';
    for (const part of variants[number % variants.length] ?? [])
      json += 'gap' in part ? fill(part.gap, number) : part.literal;
    return json;
  };
  checkFit(make(0), type);
  return make;
}

function partsOf(options: MessageOptions): readonly (readonly Part[])[] {
  const { type, template, sequence, key, lanes, seed } = options;
  if (template !== undefined) {
    const parts = partsOfTemplate(template, isText(type));
    if (!parts.some((part) => 'gap' in part && (part.gap === 'text' || part.gap === 'integer')))
      throw new NstackError('usage', 'the template has no {n}, where the number of the message goes', {
        hint: "Write it where it comes out again: --template='{n} /cart 1200'.",
      });
    if (lanes > 1 && key !== undefined && !template.includes('{lane}'))
      throw new NstackError('usage', 'the template has no {lane}, which --key asks for', {
        hint: 'Write it in place of the key: it becomes lane-0, lane-1, ...',
      });
    return [parts];
  }
  const candidates = fieldsFor(type);
  if (sequence === undefined && !candidates.includes(''))
    throw new NstackError('usage', `${printType(type)} does not say where the number of a message goes`, {
      hint:
        candidates.length === 0
          ? 'Write the message with {n} in it: --template.'
          : `Name the field with --sequence: ${candidates.join(', ')}; or write the message with {n} in it: --template.`,
    });
  return partsOfType(
    type,
    [
      { path: sequence === undefined ? [] : pathOf(sequence), of: 'number' },
      ...(key === undefined ? [] : [{ path: pathOf(key), of: 'lane' } as const]),
    ],
    seed,
  );
}

function isText(type: Type): boolean {
  return type.kind === 'named' ? isText(type.target) : type.kind === 'text';
}

function checkFit(message: string, type: Type): void {
  const bytes = Buffer.from(message);
  const fault = compileValidator(type, 'input').check(bytes, 0, bytes.length);
  if (fault === undefined) return;
  throw new NstackError(
    'value-invalid',
    `the message ${message} is no ${printType(type)}: ${fault.message}`,
    {
      hint: 'Change --template so that it fits the first stage.',
    },
  );
}
