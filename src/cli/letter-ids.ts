import { NstackError } from '../core/index.ts';
import type { CliOptions } from './command.ts';

/** The dead letters that are meant: ids, or undefined for `--all`. Neither, or both, is an error, so that none is meant by mistake. */
export function letterIds(
  written: readonly string[],
  options: CliOptions,
  doing: string,
): readonly number[] | undefined {
  const all = options.all === true;
  if (all && written.length === 0) return undefined;
  if (all) throw new NstackError('usage', 'ids and --all are given together', { hint: 'Give one of them.' });
  if (written.length === 0) {
    throw new NstackError('usage', `nothing says which dead letters to ${doing}`, {
      hint: 'Give their ids, as `nstack dead-letters list` shows them, or --all.',
    });
  }
  return written.map(letterId);
}

export function letterId(written: string): number {
  if (/^\d{1,15}$/.test(written)) return Number(written);
  throw new NstackError('usage', `the id of a dead letter is a number, not ${JSON.stringify(written)}`);
}
