import { durationHint, parseDuration } from '../manifest/index.ts';
import type { Findings } from '../types/index.ts';
import type { StageSettings } from './plan.ts';
import type { Binding } from './syntax-tree.ts';

/** What braces can say of any stage: names of parameters, unless the service has one of that name itself. */
export const settingNames = ['replicas', 'timeout', 'attempts'] as const satisfies (keyof StageSettings)[];

const day = 24 * 3_600_000;

/** The settings among the bindings of a stage; what is wrong with them is reported. */
export function readSettings(
  bindings: ReadonlyMap<string, Binding>,
  names: readonly (keyof StageSettings)[],
  findings: Findings,
): StageSettings {
  const settings: { -readonly [name in keyof StageSettings]: number } = {};
  for (const name of names) {
    const binding = bindings.get(name);
    if (binding === undefined) continue;
    const value = readers[name](binding);
    if (typeof value === 'number') settings[name] = value;
    else findings.error('wrong-parameter', binding.value.span, `${name} must be ${value.words}`, value);
  }
  return settings;
}

interface Fault {
  readonly words: string;
  readonly hint?: string | undefined;
}

const readers: Readonly<Record<keyof StageSettings, (binding: Binding) => number | Fault>> = {
  replicas: (binding) => wholeNumber(binding, 64),
  attempts: (binding) => wholeNumber(binding, 1000),
  timeout: ({ value }) => {
    const written = value.kind === 'number' ? Number(value.text) : value.kind === 'text' ? value.text : '';
    const duration = parseDuration(written);
    if (duration !== undefined && duration >= 1 && duration <= day) return duration;
    const hint = duration === undefined ? durationHint(written) : undefined;
    return { words: 'a number of seconds, or a text such as "30s", from 1ms to 24h', hint };
  },
};

function wholeNumber({ value }: Binding, most: number): number | Fault {
  const isWhole = value.kind === 'number' && /^[1-9][0-9]{0,8}$/.test(value.text);
  const count = isWhole ? Number(value.text) : 0;
  return count >= 1 && count <= most ? count : { words: `a whole number from 1 to ${most}` };
}
