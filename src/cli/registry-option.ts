import { NstackError } from '../core/index.ts';
import type { CliContext, CliOption, CliOptions } from './command.ts';

export const registryOption: CliOption = {
  flags: '--registry <registry>',
  description: 'host of the registry, and a path where it has one (default: $NSTACK_REGISTRY)',
};

/** The registry that is named, by the flag or the environment; undefined where none is. */
export function namedRegistry({ env }: CliContext, options: CliOptions): string | undefined {
  const named = options.registry ?? env.NSTACK_REGISTRY;
  return typeof named === 'string' && named !== '' ? named : undefined;
}

/** The same, where there must be one; fails with `usage`. `example` is a whole command line. */
export function neededRegistry(context: CliContext, options: CliOptions, example: string): string {
  const named = namedRegistry(context, options);
  if (named !== undefined) return named;
  throw new NstackError('usage', 'no registry is named', { hint: `${example}, or set NSTACK_REGISTRY` });
}
