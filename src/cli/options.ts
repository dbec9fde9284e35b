import { NstackError } from '../core/index.ts';
import type { CliOption, CliOptions } from './command.ts';

export const connectionsOption: CliOption = {
  flags: '--connections <file>',
  description:
    'the connections file (default: $NSTACK_CONNECTIONS, then connections.yaml of your config folder)',
};

export const policyOption: CliOption = {
  flags: '--policy <file>',
  description:
    'who must have signed what runs (default: $NSTACK_POLICY, then policy.yaml of your config folder)',
};

/** A flag's value as a whole number of at least 1; undefined where it was not given. */
export function wholeNumber(options: CliOptions, name: string): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^[1-9][0-9]{0,14}$/.test(value)) return Number(value);
  throw new NstackError(
    'usage',
    `--${name} takes a whole number of at least 1, not ${JSON.stringify(value)}`,
  );
}
