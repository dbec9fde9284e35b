import { NstackError, nearestWord } from '../../core/index.ts';
import type { Target } from '../target.ts';
import { type CommandFault, commandFault } from './command.ts';
import { cutFault } from './cut.ts';
import { dataPathFault } from './data-path.ts';
import { diskFault } from './disk.ts';
import type { Fault } from './fault.ts';
import { freezeFault } from './freeze.ts';
import { serviceFault } from './service.ts';
import { supervisorFault } from './supervisor.ts';

/** The kinds that have a name of their own; the user's commands come on top. */
export const faultKinds = ['service', 'freeze', 'data-path', 'supervisor', 'disk', 'cut'] as const;

export interface WantedFaults {
  readonly kinds: readonly string[];
  readonly commands: readonly CommandFault[];
  /** Absolute; for `disk`. */
  readonly diskFolder?: string;
}

/** Throws `usage` for a kind that there is not, and where a wanted one lacks what it needs. */
export function createFaults(
  { kinds, commands, diskFolder }: WantedFaults,
  target: Target,
): readonly Fault[] {
  const named = kinds.map((kind): Fault => {
    switch (kind) {
      case 'service':
        return serviceFault(target);
      case 'freeze':
        return freezeFault(target);
      case 'data-path':
        return dataPathFault(target);
      case 'supervisor':
        return supervisorFault(target);
      case 'cut':
        return cutFault(target);
      case 'disk':
        if (diskFolder !== undefined) return diskFault(target, diskFolder);
        throw new NstackError('usage', 'the fault disk needs a folder on the disk that is to be full', {
          hint: 'Name it: --disk=FOLDER.',
        });
      default:
        throw unknown(kind);
    }
  });
  return [...named, ...commands.map(commandFault)];
}

function unknown(kind: string): NstackError {
  const near = nearestWord(kind, faultKinds);
  return new NstackError('usage', `there is no fault ${JSON.stringify(kind)}`, {
    hint: near === undefined ? `There are ${faultKinds.join(', ')}.` : `Did you mean ${near}?`,
  });
}
