import { nearestWord } from '../core/index.ts';
import { durationHint, parseDuration } from '../manifest/quantity.ts';
import { type Findings, missingField, type Type } from '../types/index.ts';
import type { CallOrder, StageSettings } from './plan.ts';
import type { Binding } from './syntax-tree.ts';

/** What braces can say of any stage: names of parameters, unless the service has one of that name itself. */
const settingNames = ['replicas', 'timeout', 'attempts', 'order'] as const satisfies (keyof StageSettings)[];

/** Those of a function that takes `input`: a source's calls have no order. */
export function settingsFor(input: Type): readonly (keyof StageSettings)[] {
  return settingNames.filter((name) => name !== 'order' || input.kind !== 'void');
}

const day = 24 * 3_600_000;

/** The settings among the bindings of a stage that takes `input`; what is wrong with them is reported. */
export function readSettings(
  bindings: ReadonlyMap<string, Binding>,
  names: readonly (keyof StageSettings)[],
  input: Type,
  findings: Findings,
): StageSettings {
  const settings: { [name: string]: number | string } = {};
  for (const name of names) {
    const binding = bindings.get(name);
    if (binding === undefined) continue;
    const value = readers[name](binding, input);
    if (typeof value !== 'object') settings[name] = value;
    else findings.error('wrong-parameter', binding.value.span, `${name} ${value.words}`, value);
  }
  return settings;
}

interface Fault {
  readonly words: string;
  readonly hint?: string | undefined;
}

type Reader<T> = (binding: Binding, input: Type) => T | Fault;

const readers: { readonly [name in keyof StageSettings]-?: Reader<NonNullable<StageSettings[name]>> } = {
  replicas: (binding) => wholeNumber(binding, 64),
  attempts: (binding) => wholeNumber(binding, 1000),
  timeout: ({ value }) => {
    const written = value.kind === 'number' ? Number(value.text) : value.kind === 'text' ? value.text : '';
    const duration = parseDuration(written);
    if (duration !== undefined && duration >= 1 && duration <= day) return duration;
    const hint = duration === undefined ? durationHint(written) : undefined;
    return { words: 'must be a number of seconds, or a text such as "30s", from 1ms to 24h', hint };
  },
  order: ({ value }, input) => readOrder(value.kind === 'text' ? value.text : '', input),
};

function wholeNumber({ value }: Binding, most: number): number | Fault {
  const isWhole = value.kind === 'number' && /^[1-9][0-9]{0,8}$/.test(value.text);
  const count = isWhole ? Number(value.text) : 0;
  return count >= 1 && count <= most ? count : { words: `must be a whole number from 1 to ${most}` };
}

function readOrder(written: string, input: Type): CallOrder | Fault {
  if (written === 'key' || written === 'partition') return written;
  const [, path] = /^\.([^.]+(?:\.[^.]+)*)$/.exec(written) ?? [];
  if (path === undefined) {
    const words = 'must be "key", "partition", or a field of the message such as ".user.id"';
    const isField = /^[^.]/.test(written) && missingField(written, input) === undefined;
    const near = isField ? `.${written}` : nearestWord(written, ['key', 'partition']);
    return { words, hint: near === undefined ? undefined : `did you mean ${JSON.stringify(near)}?` };
  }
  const missing = missingField(path, input);
  if (missing === undefined) return `.${path}`;
  const { text, near } = missing;
  return {
    words: `= ${JSON.stringify(written)}: ${text}`,
    hint: near === undefined ? undefined : `did you mean ${JSON.stringify(near)}?`,
  };
}
