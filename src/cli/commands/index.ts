import type { CliCommand } from '../command.ts';

/** Every command, in the order of `nstack --help`. */
export const commands: readonly CliCommand[] = [];
