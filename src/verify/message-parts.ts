import { NstackError, nearestWord } from '../core/index.ts';
import { sampleValues, type Type } from '../types/index.ts';

/** A message as JSON with gaps: `text` is the number within a JSON string, `integer` the number as such, `lane` the name of its lane, `lane-number` its number. */
export type Part = { readonly literal: string } | { readonly gap: Gap };
export type Gap = 'text' | 'integer' | 'lane' | 'lane-number';

/** Which field of a message a gap takes the place of. */
export interface Slot {
  readonly path: readonly string[];
  readonly of: 'number' | 'lane';
}

/** How many different messages are made of a type. */
const variants = 64;

/** Messages of a type, with values of all its kinds around the slots. Throws `usage` where the type has no such field. */
export function partsOfType(type: Type, slots: readonly Slot[], seed: number): readonly (readonly Part[])[] {
  const samples = new Map<Type, readonly string[]>();

  function sampleOf(part: Type, variant: number): string {
    const known = samples.get(part) ?? sampleValues(part, seed, variants);
    samples.set(part, known);
    return known[variant] ?? 'null';
  }

  function fill(at: Type, path: readonly string[], variant: number): readonly Part[] {
    const within = slots.filter((slot) => path.every((name, index) => slot.path[index] === name));
    if (within.length === 0) return [{ literal: sampleOf(at, variant) }];
    const own = within.find((slot) => slot.path.length === path.length);
    const real = unwrapped(at);
    const deeper = within.find((slot) => slot.path.length > path.length);
    if (own !== undefined && deeper === undefined) return gapOf(real, own);
    if (real.kind !== 'record') throw noField(deeper as Slot, path.length, []);
    for (const slot of within) {
      const known = real.fields.map(({ name }) => name);
      if (!known.includes(slot.path[path.length] ?? '')) throw noField(slot, path.length, known);
    }
    const members = real.fields.flatMap((field, index): readonly Part[] => [
      { literal: `${index === 0 ? '' : ','}${JSON.stringify(field.name)}:` },
      ...fill(field.type, [...path, field.name], variant),
    ]);
    return [{ literal: '{' }, ...members, { literal: '}' }];
  }

  return Array.from({ length: variants }, (_, variant) => fill(type, [], variant));
}

/** The message of a user's own making: a JSON text, or a plain one where the type is Text, with `{n}` and `{lane}` in it. */
export function partsOfTemplate(template: string, isText: boolean): readonly Part[] {
  const json = isText ? JSON.stringify(template) : template;
  const parts: Part[] = [];
  let inString = false;
  let from = 0;
  for (let at = 0; at < json.length; at++) {
    if (inString && json[at] === '\\') at++;
    else if (json[at] === '"') inString = !inString;
    const [word] = /^\{(n|lane)\}/.exec(json.slice(at, at + 6)) ?? [];
    if (word === undefined) continue;
    parts.push({ literal: json.slice(from, at) }, { gap: gapIn(word, inString) });
    from = at + word.length;
    at = from - 1;
  }
  return [...parts, { literal: json.slice(from) }];
}

function gapIn(word: string, inString: boolean): Gap {
  if (word === '{n}') return inString ? 'text' : 'integer';
  return inString ? 'lane' : 'lane-number';
}

/** Fields that could carry a number. */
export function fieldsFor(type: Type, path = ''): readonly string[] {
  const real = unwrapped(type);
  if (real.kind === 'text' || real.kind === 'integer') return [path];
  if (real.kind !== 'record') return [];
  return real.fields.flatMap((field) =>
    fieldsFor(field.type, path === '' ? field.name : `${path}.${field.name}`),
  );
}

function unwrapped(type: Type): Type {
  if (type.kind === 'named') return unwrapped(type.target);
  return type.kind === 'optional' ? unwrapped(type.item) : type;
}

function gapOf({ kind }: Type, { path, of }: Slot): readonly Part[] {
  if (kind === 'text')
    return [{ literal: '"' }, { gap: of === 'number' ? 'text' : 'lane' }, { literal: '"' }];
  if (kind === 'integer') return [{ gap: of === 'number' ? 'integer' : 'lane-number' }];
  const field = path.length === 0 ? 'the message' : `the field ${path.join('.')}`;
  throw new NstackError('usage', `${field} carries no ${of}: it is neither Text nor Integer`, {
    hint: 'Name another field, or write the whole message as --template.',
  });
}

function noField({ path, of }: Slot, depth: number, known: readonly string[]): NstackError {
  const name = path[depth] ?? '';
  const near = nearestWord(name, known);
  const has = known.length === 0 ? 'it has no fields' : `there are ${known.join(', ')}`;
  return new NstackError(
    'usage',
    `the message has no field ${path.slice(0, depth + 1).join('.')} for the ${of}: ${has}`,
    near === undefined ? {} : { hint: `Did you mean ${near}?` },
  );
}
